"""When two descriptions of a household are so alike that it may be the same one, and by what."""

import re
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from wijkteam.search.folding import likeness, name_parts

SAME_WORD = 0.6
"""From here on two words are taken for one with a typing error; lower would call Janssens and Jansma alike."""
DAY = re.compile(r"(?<!\d)(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})(?!\d)")


class Likeness(StrEnum):
    """By what two households are alike."""

    ADDRESS = "address"
    NAME = "name"
    BIRTH_DATE = "birth_date"


@dataclass(frozen=True)
class Description:
    """Who or where, taken apart: streets with a number, and everything else that counts in a name."""

    addresses: tuple[tuple[str, str], ...]
    names: tuple[str, ...]

    @classmethod
    def of(cls, parts: list[str]) -> "Description":
        """Take the folded parts of a name or an address apart: a word right before a number is a street."""
        numbered = [place for place in range(1, len(parts)) if parts[place][0].isdigit()]
        streets = {place - 1 for place in numbered if not parts[place - 1][0].isdigit()}
        addresses = tuple((parts[place - 1], parts[place]) for place in numbered if place - 1 in streets)
        named = (part for place, part in enumerate(parts) if place not in streets and not part[0].isdigit())
        return cls(addresses, tuple(part for part in named if len(part) > 1))

    @classmethod
    def typed(cls, text: str) -> "Description":
        """The same of what somebody typed; a date in it is no house number."""
        return cls.of(name_parts(DAY.sub(" ", text)))


def days_in(text: str) -> list[date]:
    """The days that are written in a text, such as a date of birth: 12-3-1980, 12/03/1980."""
    found = []
    for day, month, year in DAY.findall(text):
        try:
            found.append(date(int(year), int(month), int(day)))
        except ValueError:
            continue
    return found


def alike_by(one: Description, other: Description) -> set[Likeness]:
    """By what two are alike.

    One name in common says little where both have an address and it is another one; two names say enough.
    """
    found = set()
    if any(
        mine[1] == theirs[1] and likeness(mine[0], theirs[0]) >= SAME_WORD
        for mine in one.addresses
        for theirs in other.addresses
    ):
        found.add(Likeness.ADDRESS)
    shared = sum(any(likeness(mine, theirs) >= SAME_WORD for theirs in other.names) for mine in one.names)
    elsewhere = one.addresses and other.addresses and Likeness.ADDRESS not in found
    if shared >= (2 if elsewhere else 1):
        found.add(Likeness.NAME)
    return found


def surely_alike(one: Description, other: Description) -> bool:
    """Whether it is told to somebody who did not ask: the same address, and no other name on it."""
    by = alike_by(one, other)
    return Likeness.ADDRESS in by and (Likeness.NAME in by or not one.names or not other.names)
