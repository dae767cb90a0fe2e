"""Codes of a list, such as barriers, suggested from what somebody wrote: by counting words, never by choosing."""

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from pydantic import Field, field_validator

from wijkteam.engine.definition import Name, Part
from wijkteam.engine.loading import load_document

MOST_SUGGESTED = 3
WORD = re.compile(r"[a-z0-9]+")


def plain(text: str) -> str:
    """A text in small letters without accents."""
    apart = unicodedata.normalize("NFKD", text.casefold())
    return "".join(sign for sign in apart if not unicodedata.combining(sign))


def words_in(text: str) -> list[str]:
    """The words of a text in small letters without accents, in order."""
    return WORD.findall(plain(text))


class WordFile(Part):
    """Words by which the codes of a list are recognised. Each is the beginning of a word, or of some words in a row.

    `=id` stands for that whole word alone, `~opvang` for every word with it anywhere in it.
    """

    words_of: Name
    source: str
    items: dict[Name, list[str]] = Field(min_length=1)

    @field_validator("items")
    @classmethod
    def _say_something(cls, items: dict[str, list[str]]) -> dict[str, list[str]]:
        for code, listed in items.items():
            for each in listed:
                if not words_in(each):
                    raise ValueError(f"'{each}' of {code} holds no word")
        return items


Words = Mapping[str, Sequence[str]]
"""For each code of a list the words by which it is recognised."""


@dataclass(frozen=True)
class Suggestion:
    """A code that fits a sentence, and the words of the sentence that say so."""

    code: str
    because: tuple[str, ...]


def read_words(folders: Iterable[Path], name: str) -> dict[str, list[str]]:
    """The words for a list, those of all folders together: a municipality adds its own. Raises WrongDefinition."""
    found: dict[str, list[str]] = {}
    for folder in folders:
        path = folder / "words" / f"{name}.yaml"
        if path.is_file():
            for code, listed in load_document(path, WordFile).items.items():
                found.setdefault(code, []).extend(listed)
    return found


def suggest(sentence: str, words: Words) -> list[Suggestion]:
    """At most three codes that fit best, the best first; of two that fit as well, the first of the list.

    What fits is counted: so many words of the sentence are recognised for a code. A word counts once for a code.
    """
    said = words_in(sentence)
    scored = []
    for order, (code, listed) in enumerate(words.items()):
        places = _recognised(said, listed)
        if places:
            shown = dict.fromkeys(said[place] for place in sorted(places))
            scored.append((-len(places), order, Suggestion(code, tuple(shown))))
    return [suggestion for _, _, suggestion in sorted(scored, key=lambda each: each[:2])][:MOST_SUGGESTED]


def _recognised(said: Sequence[str], listed: Iterable[str]) -> set[int]:
    """The places in the sentence that these words recognise."""
    found: set[int] = set()
    for each in listed:
        parts = each.split()
        for start in range(len(said) - len(parts) + 1):
            if all(_fits(said[start + number], part) for number, part in enumerate(parts)):
                found.update(range(start, start + len(parts)))
    return found


@cache
def _bare(part: str) -> str:
    """A part of what stands in the list without its signs; the list is read once and asked of every sentence."""
    return "".join(words_in(part))


def _fits(word: str, part: str) -> bool:
    bare = _bare(part)
    if part.startswith("="):
        return word == bare
    return bare in word if part.startswith("~") else word.startswith(bare)
