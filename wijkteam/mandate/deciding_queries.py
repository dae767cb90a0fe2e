"""What a decider needs to see: what is left under which ceiling, and what was decided in comparable cases."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from statistics import median

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from wijkteam.mandate import queries
from wijkteam.mandate.agreeing import Agreement, agreements
from wijkteam.mandate.model import Decision, Mandate, MandateRequest
from wijkteam.mandate.verdict import RegisterRow
from wijkteam.people.acting import ActingPerson
from wijkteam.people.model import HeldFunction
from wijkteam.terms import clock

AROUND = 30
"""Amounts of so many percent less or more count as comparable."""
MOST_COMPARED = 20
EXAMPLES = 5


@dataclass(frozen=True)
class Left:
    """One ceiling: how much it is, what is used of it, in cents."""

    ceiling: int
    spent: int

    @property
    def left(self) -> int:
        """What is left, never below nothing."""
        return max(0, self.ceiling - self.spent)


@dataclass(frozen=True)
class Room:
    """What a person may decide under one row, and what is left of it."""

    number: str
    function: str
    per_decision: int | None
    household: Left | None
    """For this household this calendar year."""
    year: Left | None
    """For the whole team this calendar year."""
    may_pass_on: bool


@dataclass(frozen=True)
class Compared:
    """How one comparable request was answered; nothing in it says about whom it was."""

    amount: int | None
    decided_amount: int | None
    refused: bool
    decided_on: date
    took: timedelta

    @property
    def amended(self) -> bool:
        """Whether it was answered with another amount."""
        return not self.refused and self.amount != self.decided_amount


@dataclass(frozen=True)
class Comparison:
    """How comparable requests were answered, the most alike first."""

    found: tuple[Compared, ...]
    all_around: bool
    """Whether all amounts lie within 30% of what is asked; else they are the nearest there are."""

    @property
    def refused(self) -> int:
        """How many were refused."""
        return sum(each.refused for each in self.found)

    @property
    def amended(self) -> int:
        """How many were answered with another amount."""
        return sum(each.amended for each in self.found)

    @property
    def as_asked(self) -> int:
        """How many were answered as asked."""
        return len(self.found) - self.refused - self.amended

    @property
    def median_amount(self) -> int | None:
        """The median of what was decided, in cents; None where nothing was."""
        amounts = [each.decided_amount for each in self.found if each.decided_amount is not None]
        return round(median(amounts)) if amounts else None

    @property
    def median_days(self) -> float | None:
        """The median time from asking to the answer, in days."""
        return round(median(each.took / timedelta(days=1) for each in self.found), 1) if self.found else None

    @property
    def examples(self) -> tuple[Compared, ...]:
        """The few that are most alike."""
        return self.found[:EXAMPLES]


def receiving_function(person: ActingPerson, team_id: int | None, only: str | None) -> str | None:
    """The function in which somebody gets mandate for a case of this team; None when they hold none that may.

    Functions in the team go before those in the whole municipality.
    """
    held = [each for each in person.holdings if each.team_id in (None, team_id) and only in (None, each.function)]
    found = sorted(held, key=lambda each: (each.team_id is None, each.function))
    return found[0].function if found else None


def has_consented(session: Session, person: ActingPerson, function: str, team_id: int | None) -> bool:
    """Whether this person and the employer agreed that mandate is held in this function (Awb 10:4)."""
    today = clock.today()
    held = session.scalars(
        select(HeldFunction).where(HeldFunction.person_id == person.person_id, HeldFunction.function == function)
    )
    return any(
        each.team_id in (None, team_id)
        and each.consented_on is not None
        and each.employer_consented_on is not None
        and max(each.consented_on, each.employer_consented_on) <= today
        for each in held
    )


def agreed(request: MandateRequest) -> list[Agreement]:
    """Who agreed with a request, and when."""
    return agreements(request)


def spent_on_household(session: Session, request: MandateRequest) -> int:
    """What was decided for this household under this power, this calendar year, in cents."""
    return queries.spent_on_household(session, request.household_id, request.power, clock.today())


def room(session: Session, person: ActingPerson, request: MandateRequest) -> list[Room]:
    """For each row under which this person could decide what is asked: its ceilings, and what is left of them."""
    today = clock.today()
    spent = spent_on_household(session, request)
    return [
        Room(
            row.number,
            row.function,
            row.ceiling_per_decision,
            None if row.ceiling_per_household is None else Left(row.ceiling_per_household, spent),
            _left_this_year(session, row, today),
            row.may_pass_on,
        )
        for row in _held_rows(session, person, request, today)
    ]


def _held_rows(session: Session, person: ActingPerson, request: MandateRequest, day: date) -> Sequence[RegisterRow]:
    return [
        row
        for row in queries.register(session, request.power)
        if row.case_id is None
        and row.revoked_at is None
        and row.in_force(day)
        and row.team_id in (None, request.team_id)
        and person.holds(row.function, request.team_id)
    ]


def _left_this_year(session: Session, row: RegisterRow, day: date) -> Left | None:
    ceiling = session.scalar(select(Mandate.ceiling_per_year).where(Mandate.id == row.id))
    if ceiling is None:
        return None
    start = datetime(day.year, 1, 1, tzinfo=clock.NETHERLANDS).astimezone(UTC)
    under = select(Mandate.id).where((Mandate.id == row.id) | (Mandate.given_under == row.id))
    spent = session.scalar(
        select(func.sum(Decision.amount)).where(Decision.mandate_id.in_(under), Decision.decided_at >= start)
    )
    return Left(ceiling, int(spent or 0))


def comparable(session: Session, request: MandateRequest) -> Comparison:
    """How requests for the same power were answered: around the same amount, or else the nearest; newest first."""
    answered = select(MandateRequest).where(
        MandateRequest.power == request.power,
        MandateRequest.id != request.id,
        MandateRequest.decided_at.is_not(None),
        MandateRequest.decided_by.is_not(None),
        MandateRequest.source.is_(None) if request.source is None else MandateRequest.source == request.source,
    )
    newest = answered.order_by(MandateRequest.decided_at.desc(), MandateRequest.id).limit(MOST_COMPARED)
    if request.amount is None:
        return Comparison(tuple(map(_compared, session.scalars(newest))), True)
    margin = request.amount * AROUND // 100
    around = newest.where(MandateRequest.amount.between(request.amount - margin, request.amount + margin))
    found = list(session.scalars(around))
    if len(found) < EXAMPLES:
        apart = func.abs(MandateRequest.amount - request.amount)
        nearest = answered.where(MandateRequest.amount.is_not(None)).order_by(apart, MandateRequest.id).limit(EXAMPLES)
        found = list(session.scalars(nearest))
    within = all(each.amount is not None and abs(each.amount - request.amount) <= margin for each in found)
    return Comparison(tuple(map(_compared, found)), within)


def _compared(request: MandateRequest) -> Compared:
    decided = request.decided_at or request.opened_at
    return Compared(
        request.amount,
        request.decided_amount,
        _was_refused(request),
        clock.local(decided).date(),
        decided - (request.asked_at or request.opened_at),
    )


def _was_refused(request: MandateRequest) -> bool:
    """A refusal stays one when the requester withdraws afterwards."""
    nothing_given = request.decided_amount is None and (request.amount is not None or request.mandate_id is None)
    return request.state == "refused" or (request.state == "withdrawn" and nothing_given)
