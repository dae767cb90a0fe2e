"""The citizen service number (BSN): what is one, how it is shown, and where one may hide in a text. Pure."""

import re

WEIGHTS = (9, 8, 7, 6, 5, 4, 3, 2, -1)
"""The 11-proof of the BSN: the weighed sum of its nine digits is a multiple of eleven."""
DIGITS = len(WEIGHTS)
SHOWN = 3
IN_TEXT = re.compile(r"(?<![\d.])(?:\d{8,9}|\d{3}([ .-])\d{3}\1\d{3}|\d{4}([ .-])\d{2}\2\d{3})(?![.,]?\d)", re.ASCII)
"""Eight or nine digits in a row, or nine in groups as people write them (123 456 789, 1234.56.789)."""
MASK = "•••••••••"


def is_bsn(number: str) -> bool:
    """Whether nine digits pass the 11-proof; all zeros pass it as well, but are nobody's."""
    if len(number) != DIGITS or not (number.isascii() and number.isdigit()) or not int(number):
        return False
    return sum(weight * int(digit) for weight, digit in zip(WEIGHTS, number, strict=True)) % 11 == 0


def read_bsn(text: str) -> str | None:
    """The number that a person filled in, as nine digits; None when it is no BSN.

    Spaces, dots and dashes between digits do not matter, and eight digits get the zero that was left out in front.
    """
    digits = re.sub(r"[\s.-]", "", text)
    if len(digits) == DIGITS - 1:
        digits = "0" + digits
    return digits if is_bsn(digits) else None


def masked(number: str) -> str:
    """How a number is shown: only its last three digits."""
    return f"•••••• {number[-SHOWN:]}"


def looks_like_bsn(text: str | None) -> bool:
    """Whether a text holds a number that can be a BSN; by chance one in eleven numbers of that length can."""
    return any(read_bsn(found.group()) is not None for found in IN_TEXT.finditer(text or ""))


def without_bsn(text: str) -> str:
    """The text with everything masked that can be a BSN: the last net under what is logged."""
    return IN_TEXT.sub(lambda found: MASK if read_bsn(found.group()) is not None else found.group(), text)
