"""Ladders and lists: data beside the workflows, as definitions of their own."""

from datetime import date, datetime
from typing import Literal

from pydantic import Field, StrictBool, StrictInt, model_validator

from wijkteam.engine.definition import Name, Part, Text
from wijkteam.terms.clock import NETHERLANDS
from wijkteam.terms.term import Clock, Term, read_duration

AN_ORDINARY_MONDAY = datetime(2026, 3, 2, 9, tzinfo=NETHERLANDS)
"""From here the length of two terms is compared that run on different clocks."""


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

    def is_longer_than(self, other: "RungTerm") -> bool:
        """Whether this term ends later than the other, when both begin on an ordinary Monday morning."""
        return self.term().end(AN_ORDINARY_MONDAY) > other.term().end(AN_ORDINARY_MONDAY)


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
    safety_term: RungTerm | None = None
    """The term where someone is in danger; left out: that of the ladder."""
    gives_backing: StrictBool = False
    """Whether who stands here can give backing (rugdekking); where no rung says so, the last one can."""


class BreakthroughLimit(Part):
    """How many breakthroughs one bestuurder may have open at a time, from a day on."""

    at_most: StrictInt = Field(ge=1)
    from_: date = Field(alias="from")
    source: str


class Ladder(Part):
    """Rungs from low to high, numbered from 1 without gaps."""

    ladder: Name
    title: Text
    source: str
    safety_rung: StrictInt = 1
    """Where a question begins when someone is in danger."""
    mandate_for: str = "P3M"
    """How long mandate for one case holds where nobody says until when, as an ISO 8601 duration."""
    safety_term: RungTerm | None = None
    """How long a rung may take where someone is in danger; left out: as long as for other questions."""
    breakthroughs: list[BreakthroughLimit] = []
    """The limit to the breakthroughs of one bestuurder, as it was and is; left out: no limit."""
    rungs: list[Rung] = Field(min_length=1)

    @model_validator(mode="after")
    def _counts_up(self) -> "Ladder":
        if [rung.number for rung in self.rungs] != list(range(1, len(self.rungs) + 1)):
            raise ValueError("rungs must be numbered 1, 2, 3 and so on, from low to high")
        if not 1 <= self.safety_rung <= len(self.rungs):
            raise ValueError(f"safety_rung must be a rung from 1 to {len(self.rungs)}")
        read_duration(self.mandate_for)
        return self

    @model_validator(mode="after")
    def _danger_is_answered_first(self) -> "Ladder":
        for rung in self.rungs:
            if self.term_on(rung.number, in_danger=True).is_longer_than(rung.term):
                raise ValueError(f"on rung {rung.number} safety_term must not be longer than term")
        return self

    def term_on(self, number: int, in_danger: bool) -> RungTerm:
        """How long a rung may take; where someone is in danger that is shorter where the ladder says so."""
        rung = self.rung(number)
        return (rung.safety_term or self.safety_term or rung.term) if in_danger else rung.term

    @property
    def backers(self) -> tuple[Rung, ...]:
        """The rungs whose holders can give backing."""
        return tuple(rung for rung in self.rungs if rung.gives_backing) or (self.rungs[-1],)

    def breakthrough_limit(self, day: date) -> int | None:
        """How many breakthroughs one bestuurder may have open on this day; None when there is no limit."""
        known = sorted(self.breakthroughs, key=lambda each: each.from_)
        if not known:
            return None
        return next((each.at_most for each in reversed(known) if each.from_ <= day), known[0].at_most)

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
