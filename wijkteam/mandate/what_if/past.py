"""Past requests as the replay sees them, and how their waits are measured. Pure.

How a wait is measured. A request goes through *rounds*. A round begins when the asker asks, and ends with the
answer: granted, granted with a change, or refused. The wait of a round is all time in between, in calendar days
and exact to the second: nights, weekends and holidays count, because a resident waits through them. A question
back from the approver, a second pair of eyes, climbing and handing on do not end a round.

A request that was refused and asked again has two rounds or more, and its wait is their sum. The time between a
refusal and asking again lies with the asker, and does not count; `Wait.first_to_last` shows what it would come to if
it did. A request that the asker took back before an answer waited until then. One that still lies with the approver
waited until the last moment that is known (`History.seen_until`), and is told apart as open. What was written and never
asked has no round and is no part of the figures.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from wijkteam.people.acting import Holding

NO_TIME = timedelta()


class Answer(StrEnum):
    """How a round ended."""

    GRANTED = "granted"
    CHANGED = "changed"
    """Granted with another amount or with conditions."""
    REFUSED = "refused"
    TAKEN_BACK = "taken_back"
    """By the asker, before an answer: to change it, or for good."""
    OPEN = "open"


GRANTING = frozenset({Answer.GRANTED, Answer.CHANGED})


@dataclass(frozen=True)
class HeldFor:
    """A function that the asker held, and from when until when; both ends included."""

    holding: Holding
    valid_from: date
    valid_until: date | None

    def on(self, day: date) -> bool:
        """Whether it was held on this day."""
        return self.valid_from <= day and (self.valid_until is None or day <= self.valid_until)


@dataclass(frozen=True)
class Asker:
    """Who asked, with every function ever held."""

    person_id: int
    civil_servant: bool
    held: tuple[HeldFor, ...]

    def holdings(self, day: date) -> tuple[Holding, ...]:
        """What the asker held on this day."""
        return tuple(each.holding for each in self.held if each.on(day))


@dataclass(frozen=True)
class Round:
    """From asking until the answer. Amounts in cents; moments in UTC."""

    asked_at: datetime
    amount: int | None
    answer: Answer
    ended_at: datetime | None = None
    """None while it is open."""
    decided_amount: int | None = None
    agreed_at: tuple[datetime, ...] = ()
    """When each colleague agreed who did, in order."""
    steps: int = 0
    """Steps that others than the asker took in it: looking along, asking back, handing on, answering."""
    answered_by: int | None = None
    """The person who gave the answer."""

    def waited(self, seen_until: datetime) -> timedelta:
        """How long the answer took; up to the last known moment where there is none yet."""
        return max(NO_TIME, (self.ended_at or seen_until) - self.asked_at)

    @property
    def lowered_by(self) -> int:
        """By how many cents the answer lowered the amount."""
        if self.answer is not Answer.CHANGED or self.amount is None or self.decided_amount is None:
            return 0
        return max(0, self.amount - self.decided_amount)


@dataclass(frozen=True)
class PastRequest:
    """One request that was asked at least once."""

    id: str
    number: str | None
    """Its number in the imported log; None for the municipality's own."""
    power: str
    asker: Asker
    team_id: int | None
    household_id: int | None
    rounds: tuple[Round, ...]

    @property
    def asked_at(self) -> datetime:
        """When it was first asked."""
        return self.rounds[0].asked_at


@dataclass(frozen=True)
class PastDecision:
    """A decision that was taken, within a request or without one; amount in cents."""

    power: str
    at: datetime
    amount: int | None
    household_id: int | None
    request_id: str | None


@dataclass(frozen=True)
class History:
    """What was asked in a period (Dutch calendar days, by the first time of asking), as far as it is known."""

    source: str | None
    """The imported log; None for the municipality's own requests."""
    first: date
    last: date
    seen_until: datetime
    """The last moment that is known: now, or the last step in the imported log."""
    requests: tuple[PastRequest, ...]
    never_asked: tuple[str, ...] = ()
    """Written in the period and never asked: their numbers or ids."""
    decisions: tuple[PastDecision, ...] = ()
    """All about households, for what was spent on each."""
    deviating: frozenset[str] = frozenset()
    """Numbers of requests whose log holds steps that the workflow does not allow; those steps are left out."""
    functions: tuple[tuple[int, tuple[str, ...]], ...] = ()
    """The functions that persons ever held, by person number."""

    @property
    def powers(self) -> tuple[str, ...]:
        """The powers that were asked for, by code."""
        return tuple(sorted({each.power for each in self.requests}))


@dataclass(frozen=True)
class Wait:
    """How long somebody waited in some rounds of a request."""

    for_answers: timedelta
    """The sum of the waits of the rounds: the measure of all figures."""
    first_to_last: timedelta
    """From the first asking until the last answer, so with the time that the request lay with the asker in between."""


def wait(rounds: tuple[Round, ...], seen_until: datetime) -> Wait:
    """The wait over consecutive rounds of one request."""
    waits = [each.waited(seen_until) for each in rounds]
    if not rounds:
        return Wait(NO_TIME, NO_TIME)
    last = rounds[-1].ended_at or seen_until
    return Wait(sum(waits, NO_TIME), max(NO_TIME, last - rounds[0].asked_at))
