"""What waiting costs: dated rates with their source, from a data file."""

from datetime import date
from typing import Literal

from pydantic import Field, StrictBool, StrictInt, model_validator

from wijkteam.engine.definition import Name, Part

FILE = "waiting.yaml"


class WaitingRate(Part):
    """What one household costs for each day that it waits, from a day on."""

    barrier: Name | None = None
    """For which barrier; left out: for each that has no rate of its own."""
    cents_per_day: StrictInt = Field(ge=0, le=100_000_000)
    valid_from: date = Field(alias="from")
    assumed: StrictBool
    """Whether nobody measured it."""
    source: str = Field(min_length=1, max_length=500)


class WaitingCosts(Part):
    """The data file of what waiting costs; see workflows/figures/waiting.yaml."""

    figures: Literal["waiting"] = "waiting"
    rates: list[WaitingRate] = Field(default_factory=list, max_length=500)

    @model_validator(mode="after")
    def _one_a_day(self) -> "WaitingCosts":
        days = [(each.barrier, each.valid_from) for each in self.rates]
        if len(days) != len(set(days)):
            raise ValueError("two rates for one barrier begin on the same day")
        return self

    def on(self, day: date, barrier: str) -> WaitingRate | None:
        """The rate that holds on a day for a barrier: its own, else the general one; None where there is none."""
        begun = sorted((each for each in self.rates if each.valid_from <= day), key=lambda each: each.valid_from)
        own = [each for each in begun if each.barrier == barrier]
        general = [each for each in begun if each.barrier is None]
        return own[-1] if own else general[-1] if general else None
