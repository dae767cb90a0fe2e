"""What things cost society, who pays them, and what to compare: dated figures with their source, in a data file.

The file is `benefit.yaml` among the figures; a municipality puts its own under this name in its folder of definitions.
"""

from collections import Counter
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Annotated

from pydantic import Field, StrictBool, StrictInt, model_validator

from wijkteam.engine.definition import Name, Part, Text

FILE = "benefit.yaml"
WHOLE = 100
Euros = Annotated[Decimal, Field(ge=0, le=Decimal(10**9), decimal_places=2)]
Number = Annotated[Decimal, Field(ge=0, le=Decimal(10**6), decimal_places=2)]
Percent = Annotated[StrictInt, Field(ge=1, le=WHOLE)]


class Spread(Part):
    """Three figures instead of one: the lowest that is likely, the most likely, the highest that is likely."""

    low: Number
    middle: Number
    high: Number

    @model_validator(mode="after")
    def _rises(self) -> "Spread":
        if not self.low <= self.middle <= self.high:
            raise ValueError("low, middle and high must rise")
        return self


class Price(Part):
    """The same in euros."""

    low: Euros
    middle: Euros
    high: Euros

    @model_validator(mode="after")
    def _rises(self) -> "Price":
        if not self.low <= self.middle <= self.high:
            raise ValueError("low, middle and high must rise")
        return self


class Rate(Part):
    """What one unit of something costs, in euros of `year`, and who pays which part of it in per cent."""

    code: Name
    title: Text
    unit: Text
    euros: Price
    year: int = Field(ge=1990, le=2200)
    paid_by: dict[Name, Percent] = Field(min_length=1)
    source: str = Field(min_length=1, max_length=400)
    assumed: StrictBool = False
    """Whether any of it is an assumption: no source gives all three figures and who pays."""
    valid_from: date
    valid_until: date | None = None

    @model_validator(mode="after")
    def _adds_up(self) -> "Rate":
        if sum(self.paid_by.values()) != WHOLE:
            raise ValueError("the parts in paid_by must add up to 100")
        if self.valid_until is not None and self.valid_until < self.valid_from:
            raise ValueError("valid_until lies before valid_from")
        return self

    def holds_on(self, day: date) -> bool:
        """Whether it is in force on that day."""
        return self.valid_from <= day and (self.valid_until is None or day <= self.valid_until)


class Use(Part):
    """How much of something one household takes in the whole period: assumed, unless a source says so."""

    rate: Name
    number: Spread
    source: str | None = Field(default=None, min_length=1, max_length=400)

    @property
    def assumed(self) -> bool:
        """Whether nobody measured it."""
        return self.source is None


class Comparison(Part):
    """Muddling on against breaking through, for one household over so many months."""

    code: Name
    title: Text
    months: StrictInt = Field(ge=1, le=24)
    """No longer than two years: nothing is discounted."""
    muddling: list[Use] = Field(max_length=50)
    breaking: list[Use] = Field(max_length=50)

    @model_validator(mode="after")
    def _each_once(self) -> "Comparison":
        for uses in (self.muddling, self.breaking):
            twice = [rate for rate, count in Counter(use.rate for use in uses).items() if count > 1]
            if twice:
                raise ValueError(f"{twice[0]} stands twice on one side")
        return self


class BenefitTable(Part):
    """The whole file; see workflows/figures/benefit.yaml."""

    figures: Name
    source: str = Field(min_length=1, max_length=400)
    parties: dict[Name, Text] = Field(min_length=1)
    rates: list[Rate]
    comparisons: list[Comparison]

    @model_validator(mode="after")
    def _hangs_together(self) -> "BenefitTable":
        for wrong in self._wrong():
            raise ValueError(wrong)
        return self

    def _wrong(self) -> Iterator[str]:
        codes = {rate.code for rate in self.rates}
        for rate in self.rates:
            yield from (f"{rate.code}: there is no party '{each}'" for each in rate.paid_by if each not in self.parties)
        for number, rate in enumerate(self.rates):
            if any(other.code == rate.code and _overlap(rate, other) for other in self.rates[:number]):
                yield f"{rate.code} has two rates on one day"
        for each in self.comparisons:
            named = [use.rate for use in (*each.muddling, *each.breaking)]
            yield from (f"{each.code}: there is no rate '{rate}'" for rate in named if rate not in codes)
        twice = [code for code, count in Counter(each.code for each in self.comparisons).items() if count > 1]
        yield from (f"two comparisons are called {code}" for code in twice)

    def on(self, day: date) -> dict[str, Rate]:
        """The rates in force on that day, by code."""
        return {rate.code: rate for rate in self.rates if rate.holds_on(day)}

    def comparison(self, code: str) -> Comparison | None:
        """The comparison of that code, or None."""
        return next((each for each in self.comparisons if each.code == code), None)


def _overlap(one: Rate, other: Rate) -> bool:
    return one.valid_from <= (other.valid_until or date.max) and other.valid_from <= (one.valid_until or date.max)
