"""How long terms of the law are, by matter and day: dated facts out of the table of legal terms."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

import yaml

from wijkteam.shipped import folder

FILE = "legal.yaml"


@dataclass(frozen=True)
class Length:
    """How long one legal term is (ISO 8601), by how much it may be extended, and from which day to which."""

    code: str
    within: str
    extension: str | None
    valid_from: date
    valid_until: date | None = None

    def holds_on(self, day: date) -> bool:
        """Whether it is in force on that day."""
        return self.valid_from <= day and (self.valid_until is None or day <= self.valid_until)


_known: dict[str, tuple[Length, ...]] = {}
"""Filled at first use: one law holds for the whole process, as it does for the whole country."""


def length_on(code: str, day: date) -> Length:
    """The length of a legal term that holds on a day. Raises LookupError when the table has none."""
    found = next((each for each in _in_force() if each.code == code and each.holds_on(day)), None)
    if found is None:
        raise LookupError(f"the table of legal terms has no row '{code}' that holds on {day}")
    return found


def recognise(lengths: Iterable[Length]) -> None:
    """Let these lengths, and no others, be the ones in force."""
    _known[FILE] = tuple(lengths)


def _in_force() -> tuple[Length, ...]:
    if FILE not in _known:
        rows = yaml.safe_load((folder("workflows") / "terms" / FILE).read_text(encoding="utf-8"))["legal_terms"]
        recognise(
            Length(
                row["code"],
                row["within"],
                row.get("extension", {}).get("by"),
                row["valid_from"],
                row.get("valid_until"),
            )
            for row in rows
            if row.get("within")
        )
    return _known[FILE]
