"""Which passwords are good enough: long, and not made of what anybody would try first. Pure.

No rules about kinds of signs: these make passwords alike (OWASP ASVS 5, 6.2). Instead everything that is easy to
guess is taken away (common passwords and words, the names of the municipality and of the person, digits at the end,
signs in a row), and enough has to be left.
"""

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache
from importlib.resources import files

SHORTEST, LONGEST = 12, 128
LEFT_OVER = 6
"""So many signs at least have to be left when all that is easy to guess is taken away."""
FEWEST_DIFFERENT = 5
SHORTEST_NAME = 3
"""Parts of names that are shorter are not looked for: they stand in too many words by chance."""
SAME_LOOKING = str.maketrans({"0": "o", "1": "i", "3": "e", "4": "a", "5": "s", "7": "t", "@": "a", "$": "s", "!": "i"})
ROWS = ("abcdefghijklmnopqrstuvwxyz", "01234567890", "qwertyuiop", "asdfghjkl", "zxcvbnm", "1q2w3e4r5t6y7u8i9o0p")
SHORTEST_ROW = 4


def normalised(password: str) -> str:
    """The same text for the same signs, however a keyboard makes them (Unicode NFC)."""
    return unicodedata.normalize("NFC", password)


@lru_cache(maxsize=1)
def common() -> frozenset[str]:
    """Common passwords, and the words that they are made of; whole lines of a shipped file."""
    lines = (files("wijkteam.signing_in") / "common_passwords.txt").read_text(encoding="utf-8").splitlines()
    return frozenset(each.strip().casefold() for each in lines if each.strip() and not each.startswith("#"))


def what_is_wrong(password: str, names: Iterable[str] = ()) -> tuple[str, str] | None:
    """Why a password cannot be used, in Dutch and English; None when it is good enough.

    `names` are what belongs to this person and this place: name, e-mail address, municipality.
    """
    text = normalised(password)
    if len(text) < SHORTEST:
        return f"Gebruik ten minste {SHORTEST} tekens.", f"a password needs at least {SHORTEST} characters"
    if len(text) > LONGEST:
        return f"Gebruik ten hoogste {LONGEST} tekens.", f"a password has at most {LONGEST} characters"
    if not text.isprintable():
        return "Gebruik alleen gewone tekens.", "a password has printable characters only"
    if _easy(text.casefold(), names):
        return (
            "Dit wachtwoord is makkelijk te raden. Kies bijvoorbeeld vier woorden die niet bij elkaar horen.",
            "this password is easy to guess; choose for instance four words that do not belong together",
        )
    return None


def _easy(text: str, names: Iterable[str]) -> bool:
    if len(set(text)) < FEWEST_DIFFERENT:
        return True
    taken, start = _bare_common() | _parts(names), _without_end(text)
    return any(_left(_bare(each), taken) < LEFT_OVER for each in (start, start.translate(SAME_LOOKING)))


@lru_cache(maxsize=1)
def _bare_common() -> frozenset[str]:
    bare = {found for each in common() for found in (_bare(each), _bare(_without_end(each)))}
    return frozenset(each for each in bare if len(each) >= SHORTEST_NAME)


def _parts(names: Iterable[str]) -> set[str]:
    """The words of names, bare: of an e-mail address also those before and after the at-sign."""
    found: set[str] = {"wijkteam"}
    for name in names:
        found.add(_bare(name.casefold()))
        found.update(_bare(each) for each in re.split(r"[\W_\d]+", name.casefold()))
    return {each for each in found if len(each) >= SHORTEST_NAME}


def _without_end(text: str) -> str:
    """Without the digits and other signs that people put at the end; what has nothing else stays as it is."""
    return re.sub(r"[\W\d_]+$", "", text) or text


def _bare(text: str) -> str:
    """Without accents, spaces and signs in between."""
    return "".join(each for each in unicodedata.normalize("NFKD", text) if each.isalnum())


def _left(text: str, taken: frozenset[str] | set[str]) -> int:
    """How many signs are left after the longest of these words are taken out, and what stands in a row.

    Words are looked for where they stand next to each other from the start; a word deep in another is left alone.
    """
    rest, at, longest = 0, 0, max(map(len, taken))
    while at < len(text):
        sizes = range(min(longest, len(text) - at), SHORTEST_NAME - 1, -1)
        size = next((each for each in sizes if text[at : at + each] in taken), 0) or _row(text[at:])
        rest += 0 if size else 1
        at += size or 1
    return rest


def _row(text: str) -> int:
    """How many signs at the start stand in a row, on the keyboard or in the alphabet, there or back, or repeat."""
    best = 0
    for row in (*ROWS, *(each[::-1] for each in ROWS)):
        size = 0
        while size < len(text) and text[: size + 1] in row:
            size += 1
        best = max(best, size)
    same = len(text) - len(text.lstrip(text[0]))
    best = max(best, same)
    return best if best >= SHORTEST_ROW or same >= SHORTEST_NAME else 0
