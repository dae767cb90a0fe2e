"""Instruments: what can be measured, in which levels and by which rules. They are data, dated and with a version."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal

from pydantic import Field, StrictBool, StrictInt, field_validator, model_validator

from wijkteam.engine.definition import HIGHEST_VERSION, Name, Part, Text
from wijkteam.terms import clock
from wijkteam.terms.duration import WrongTerm, read_duration

FOLDER = "instruments"
Whom = Literal["household", "adult", "youth"]


class Level(Text):
    """One level of the scale: the figure that is kept, and what it is called."""

    code: StrictInt = Field(ge=0, le=100)


class Instrument(Part):
    """A scale with its domains. Higher levels are better, and they stand from low to high."""

    instrument: Name
    version: StrictInt = Field(ge=1, le=HIGHEST_VERSION)
    title: Text
    source: Text
    """Where the domains and levels come from, and whether that was read."""
    valid_from: date
    valid_until: date | None = None
    """Left out: it can be chosen until a newer version begins."""
    of: list[Whom] = Field(min_length=1, max_length=3)
    answered_by: Literal["professional", "resident"]
    all_domains: StrictBool
    not_older_than: str | None = None
    """How old information may be, as an ISO 8601 duration; left out: nothing is said of it."""
    rules: list[Text] = Field(default_factory=list, max_length=10)
    levels: list[Level] = Field(min_length=2, max_length=21)
    domains: dict[Name, Text] = Field(min_length=1, max_length=40)

    @field_validator("not_older_than")
    @classmethod
    def _is_a_length(cls, text: str | None) -> str | None:
        if text is not None:
            try:
                read_duration(text)
            except WrongTerm as wrong:
                raise ValueError(str(wrong)) from wrong
        return text

    @model_validator(mode="after")
    def _can_be_used(self) -> "Instrument":
        codes = [each.code for each in self.levels]
        if codes != sorted(set(codes)):
            raise ValueError("the levels stand from low to high, each code once")
        if self.valid_until is not None and self.valid_until < self.valid_from:
            raise ValueError("it ends before it begins")
        return self

    @property
    def key(self) -> tuple[str, int]:
        """By which name and version a measurement knows it."""
        return self.instrument, self.version

    def level(self, code: int) -> Level | None:
        """The level with that code."""
        return next((each for each in self.levels if each.code == code), None)

    def holds_on(self, day: date) -> bool:
        """Whether it can be measured with on a day."""
        return self.valid_from <= day and (self.valid_until is None or day <= self.valid_until)

    def in_words(self, scores: Mapping[str, int]) -> str:
        """Scores as people read them, a line for each domain."""
        told = []
        for domain, title in self.domains.items():
            if domain in scores:
                level = self.level(scores[domain])
                name = level.nl if level is not None else ""
                figure = str(scores[domain])
                told.append(f"{title.nl}: {figure}" if name in ("", figure) else f"{title.nl}: {figure} ({name})")
        return "\n".join(told)


@dataclass(frozen=True)
class Instruments:
    """All instruments there are, by name and version."""

    known: Mapping[tuple[str, int], Instrument]

    @classmethod
    def of(cls, found: Iterable[Instrument]) -> "Instruments":
        """Those in files, of which no two have the same name and version."""
        return cls({each.key: each for each in found})

    def find(self, name: str, version: int) -> Instrument | None:
        """The one that a measurement was taken with; None when its file is no longer there."""
        return self.known.get((name, version))

    def in_force(self, name: str, day: date | None = None) -> Instrument | None:
        """The newest version of that name that holds on a day, today when left out."""
        on = day or clock.today()
        found = [each for each in self.known.values() if each.instrument == name and each.holds_on(on)]
        return max(found, key=lambda each: (each.valid_from, each.version), default=None)

    def choices(self) -> Iterator[Instrument]:
        """Everything that can be measured with today, the widest first."""
        names = {each.instrument for each in self.known.values()}
        found = [each for each in map(self.in_force, names) if each is not None]
        return iter(sorted(found, key=lambda each: (-len(each.domains), each.instrument)))
