"""Days that Royal Decrees have put on a par with recognised holidays: dated facts with their source."""

from collections.abc import Iterable
from datetime import date

import yaml
from pydantic import BaseModel, ConfigDict, Field, StrictBool

from wijkteam.shipped import folder

FILE = "equated_days.yaml"


class Decree(BaseModel):
    """One decree under Algemene termijnenwet art. 3(3), and the days that it names."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    decree: str = Field(min_length=1)
    source: str = Field(min_length=1)
    verified: StrictBool
    """Whether somebody read the source, and not only remembered it."""
    days: list[date] = Field(min_length=1)


class EquatedDays(BaseModel):
    """All decrees that are known."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    decrees: list[Decree]


_known: dict[str, frozenset[date]] = {}
"""Filled at first use: one calendar holds for the whole process, as it does for the whole country."""


def equated_days() -> frozenset[date]:
    """The days in force: those of the municipality's own file where it has one, else the shipped ones."""
    found = _known.get(FILE)
    if found is None:
        text = (folder("workflows") / "terms" / FILE).read_text(encoding="utf-8")
        found = recognise(EquatedDays.model_validate(yaml.safe_load(text)).decrees)
    return found


def recognise(decrees: Iterable[Decree]) -> frozenset[date]:
    """Let these decrees, and no others, be the ones in force; returns their days."""
    _known[FILE] = frozenset(day for each in decrees for day in each.days)
    return _known[FILE]
