"""What a municipality sets about broken glass and about sharing: dated data, checked when it is read."""

from collections.abc import Iterator, Mapping
from datetime import date

from pydantic import Field, StrictBool, StrictInt, model_validator

from wijkteam.engine.definition import Name, Part, Text
from wijkteam.terms import clock

LENGTHS, SHARING_GROUNDS = "glass_lengths", "sharing_grounds"
"""The lists that forms choose from."""


class GlassLength(Part):
    """One choice of how long the glass is broken."""

    code: Name
    hours: StrictInt = Field(ge=1, le=72)
    title: Text


class GlassRule(Part):
    """For how long at most, and how many tries a person has a day; from a day on."""

    longest_hours: StrictInt = Field(ge=1, le=72)
    tries_per_day: StrictInt = Field(ge=1, le=100)
    valid_from: date
    source: str = Field(min_length=1, max_length=300)


class GlassTable(Part):
    """The choices there are, and the rules about them by the day from which they hold."""

    breaking: Name
    lengths: list[GlassLength] = Field(min_length=1, max_length=10)
    rules: list[GlassRule] = Field(min_length=1, max_length=100)

    @model_validator(mode="after")
    def _can_be_used(self) -> "GlassTable":
        if len({each.code for each in self.lengths}) < len(self.lengths):
            raise ValueError("two lengths have the same code")
        shortest = min(each.hours for each in self.lengths)
        if any(rule.longest_hours < shortest for rule in self.rules):
            raise ValueError("a rule leaves no length to choose")
        return self

    def rule(self) -> GlassRule:
        """The rule that holds today: the last one that began; before the first, the first."""
        begun = [each for each in self.rules if each.valid_from <= clock.today()]
        if not begun:
            return min(self.rules, key=lambda each: each.valid_from)
        return max(begun, key=lambda each: each.valid_from)

    def hours(self, code: str) -> int:
        """How many hours a choice is. Raises KeyError."""
        return {each.code: each.hours for each in self.lengths}[code]

    def choices(self) -> Iterator[tuple[str, Text]]:
        """The lengths that can be chosen today, by code."""
        longest = self.rule().longest_hours
        return ((each.code, each.title) for each in self.lengths if each.hours <= longest)

    def as_list(self) -> Mapping[str, Text]:
        """Every length by code, also those that are too long today."""
        return {each.code: each.title for each in self.lengths}


class SharingGround(Part):
    """A law that allows sharing with another organisation, and the days between which it does."""

    code: Name
    title: Text
    law: str = Field(min_length=1, max_length=200)
    article: str = Field(min_length=1, max_length=200)
    valid_from: date | None = None
    """Left out: the law is not in force, and the ground cannot be chosen."""
    valid_until: date | None = None
    source: str | None = Field(default=None, min_length=1, max_length=300)
    """Where the article or its day was read."""
    verified: StrictBool
    """Whether the article itself was read there; else it is from memory, and has to be checked."""
    note: Text | None = None

    @model_validator(mode="after")
    def _lasts(self) -> "SharingGround":
        if self.verified and self.source is None:
            raise ValueError("what is verified has a source")
        if self.valid_until is not None and (self.valid_from is None or self.valid_until < self.valid_from):
            raise ValueError("valid_until lies before valid_from")
        return self

    def holds_on(self, day: date) -> bool:
        """Whether it is in force on that day."""
        return (
            self.valid_from is not None
            and self.valid_from <= day
            and (self.valid_until is None or day <= self.valid_until)
        )


class SharingTable(Part):
    """On which legal grounds cases are shared, and for how long at most."""

    sharing: Name
    longest_days: StrictInt = Field(ge=1, le=3660)
    grounds: list[SharingGround] = Field(min_length=1, max_length=100)

    @model_validator(mode="after")
    def _each_once(self) -> "SharingTable":
        if len({each.code for each in self.grounds}) < len(self.grounds):
            raise ValueError("two grounds have the same code")
        return self

    def ground(self, code: str) -> SharingGround | None:
        """The ground of that code, in force or not."""
        return next((each for each in self.grounds if each.code == code), None)

    def in_force(self, day: date) -> list[SharingGround]:
        """The grounds that can be chosen on a day."""
        return [each for each in self.grounds if each.holds_on(day)]

    def as_list(self) -> Mapping[str, Text]:
        """Every ground by code, with its law and article in the title, also those not in force."""
        return {
            each.code: Text(
                nl=f"{each.title.nl} ({each.law}, {each.article})", en=f"{each.title.en} ({each.law}, {each.article})"
            )
            for each in self.grounds
        }
