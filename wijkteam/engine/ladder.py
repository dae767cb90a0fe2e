"""Ladders and lists: data beside the workflows, as definitions of their own."""

from typing import Literal

from pydantic import Field, StrictInt, model_validator

from wijkteam.engine.definition import Name, Part, Text
from wijkteam.terms.term import Clock, Term, read_duration


class RungTerm(Part):
    """How long a rung may take to answer."""

    within: str
    clock: Clock = Clock.WORKING_DAYS

    @model_validator(mode="after")
    def _can_be_counted(self) -> "RungTerm":
        Term(self.within, self.clock)
        return self

    def term(self) -> Term:
        """The same as a term that can be counted."""
        return Term(self.within, self.clock)


class Rung(Part):
    """One step of a ladder: the function that answers here, and within which term."""

    number: StrictInt = Field(ge=1)
    function: Name
    layer: Text
    term: RungTerm
    phase: StrictInt | None = Field(default=None, ge=1, le=4)
    """The phase of the case (AVE, 1 to 4) that a question on this rung means."""
    unanswered: Literal["climb", "remind"] | None = None
    """What silence leads to; left out: climbing, on the last rung a reminder."""


class Ladder(Part):
    """Rungs from low to high, numbered from 1 without gaps."""

    ladder: Name
    title: Text
    source: str
    safety_rung: StrictInt = 1
    """Where a question begins when someone is in danger."""
    mandate_for: str = "P3M"
    """How long mandate for one case holds where nobody says until when, as an ISO 8601 duration."""
    rungs: list[Rung] = Field(min_length=1)

    @model_validator(mode="after")
    def _counts_up(self) -> "Ladder":
        if [rung.number for rung in self.rungs] != list(range(1, len(self.rungs) + 1)):
            raise ValueError("rungs must be numbered 1, 2, 3 and so on, from low to high")
        if not 1 <= self.safety_rung <= len(self.rungs):
            raise ValueError(f"safety_rung must be a rung from 1 to {len(self.rungs)}")
        read_duration(self.mandate_for)
        return self

    def climbs_from(self, number: int) -> bool:
        """Whether silence on this rung leads up. Raises IndexError when the ladder has no such rung."""
        return number < len(self.rungs) and self.rung(number).unanswered != "remind"

    def rung(self, number: int) -> Rung:
        """The rung of that number. Raises IndexError when the ladder has none."""
        if not 1 <= number <= len(self.rungs):
            raise IndexError(f"ladder {self.ladder} has no rung {number}")
        return self.rungs[number - 1]


class CodeList(Part):
    """A list of codes with titles, such as the barriers."""

    list: Name
    title: Text
    items: dict[Name, Text] = Field(min_length=1)
