"""How words and names are made alike before they are compared: the same for both databases, and for every comparison.

Done here and not by the databases: PostgreSQL needs extensions for it that a server need not have, SQLite knows no
Dutch, and what is folded in two places is one day folded in two ways.
"""

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache

import snowballstemmer

PARTICLES = frozenset(
    [
        "a",
        "aan",
        "al",
        "bij",
        "d",
        "da",
        "de",
        "del",
        "den",
        "der",
        "di",
        "du",
        "el",
        "het",
        "ibn",
        "in",
        "la",
        "le",
        "les",
        "op",
        "'s",
        "s",
        "'t",
        "t",
        "te",
        "ten",
        "ter",
        "tot",
        "uit",
        "v",
        "van",
        "vd",
        "vdr",
        "vande",
        "vanden",
        "vander",
        "von",
        "voor",
    ]
)
"""Small words before a surname: people leave them out, shorten them and put them elsewhere."""
HOUSEHOLD_WORDS = frozenset(
    ["dhr", "fam", "familie", "gezin", "heer", "huishouden", "mevr", "mevrouw", "mw", "meneer", "mr"]
)
"""What stands beside a name and is none."""
STANDALONE = str.maketrans(
    {"ß": "ss", "ø": "o", "æ": "ae", "œ": "oe", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ı": "i"}
)
WORD = re.compile(r"[^\W_]+")
LONGEST = 40
"""A word longer than this is cut: nobody types it in full."""
LIKE_A_BSN = re.compile(r"\d(?:[\s.\-]{0,3}\d){7,}")
"""Rows of digits as long as a BSN are never kept nor looked for; there is a page of its own for that, with its log."""
SHORTEST_PREFIX = 3
_DUTCH = snowballstemmer.stemmer("dutch")


def fold(text: str) -> str:
    """Small letters without accents: Müller and muller, Łukasz and lukasz, the letter ĳ and ij."""
    apart = unicodedata.normalize("NFKD", text.casefold())
    bare = "".join(sign for sign in apart if not unicodedata.combining(sign))
    return unicodedata.normalize("NFKC", bare).casefold().translate(STANDALONE)


def tokens(text: str) -> list[str]:
    """The folded words of a text in their order, without rows of digits that could be a BSN."""
    return [each[:LONGEST] for each in WORD.findall(LIKE_A_BSN.sub(" ", fold(text)))]


@lru_cache(maxsize=50_000)
def stem(word: str) -> str:
    """What a Dutch word has in common with its other forms; a row of digits is its own."""
    return word if any(sign.isdigit() for sign in word) else str(_DUTCH.stemWord(word))


def name_parts(text: str) -> list[str]:
    """What counts in a name or an address, in its order: 'Berg, van der', 'v.d. Berg' and 'van den Berg' are alike.

    ij and y are alike. When nothing but small words is left, those count.
    """
    found = [each.replace("ij", "y") for each in tokens(text)]
    chosen = [each for each in found if each not in PARTICLES | HOUSEHOLD_WORDS]
    return chosen or found


@lru_cache(maxsize=50_000)
def trigrams(word: str) -> tuple[str, ...]:
    """The groups of three signs in a word with its ends marked, each once: a typing error leaves most as they were."""
    padded = f"__{word}_"
    return tuple(dict.fromkeys(padded[start : start + 3] for start in range(len(padded) - 2)))


def likeness(one: str, other: str) -> float:
    """How alike two words are by their trigrams: 0 to 1, what they share over what either has."""
    mine, theirs = trigrams(one), trigrams(other)
    shared = len(set(mine).intersection(theirs))
    return shared / (len(mine) + len(theirs) - shared)


def terms_of(names: Iterable[str], texts: Iterable[str]) -> tuple[str, str]:
    """What is kept to be found by: the parts of all names, and all terms (words, stems, trigrams of names).

    Terms of trigrams begin with an extra _, so that they are never taken for words.
    """
    parts = list(dict.fromkeys(part for each in names for part in name_parts(each)))
    words = list(dict.fromkeys(word for each in texts for word in tokens(each)))
    grams = [f"_{gram}" for part in parts for gram in trigrams(part)]
    stems = [stem(word) for word in words]
    return " ".join(parts), " ".join(dict.fromkeys((*parts, *words, *stems, *grams)))
