"""What a decider needs to see: what is left under which ceiling, and what was decided in comparable cases."""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from statistics import median

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from wijkteam.mandate import queries, service
from wijkteam.mandate.agreeing import Agreement, agreements
from wijkteam.mandate.model import MandateRequest
from wijkteam.mandate.service import AskedDecision
from wijkteam.mandate.verdict import held_by
from wijkteam.people.acting import ActingPerson
from wijkteam.storage.work import Work
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
    """The function of their own in which somebody gets mandate for a case of this team; None when none may.

    Functions in the team go before those in the whole municipality.
    """
    own = [each for each in person.holdings if each.standing_in_for is None and each.team_id in (None, team_id)]
    held = [each for each in own if only in (None, each.function)]
    found = sorted(held, key=lambda each: (each.team_id is None, each.function))
    return found[0].function if found else None


def agreed(request: MandateRequest) -> list[Agreement]:
    """Who agreed with a request, and when."""
    return agreements(request)


def spent_on_household(session: Session, request: MandateRequest) -> int:
    """What was decided for this household under this power, this calendar year, in cents."""
    return queries.spent_on_household(session, request.household_id, request.power, clock.today())


def room(work: Work, person: ActingPerson, asked: AskedDecision) -> list[Room]:
    """For each general row that this person holds for what is asked: its ceilings, and what is left of them.

    Ceilings are those that the verdict goes by, the tightest along the chain, and count what it counts.
    """
    register = service.register_at_now(work, asked.power, asked.case_id)
    question = service.question_of(work, register, replace(asked, amount=asked.amount or 0))
    return [
        Room(
            standing.row.number,
            standing.row.function,
            standing.per_decision,
            None if standing.per_household is None else Left(standing.per_household, question.spent_on_household),
            min(
                (Left(ceiling, question.spent_under.get(row_id, 0)) for row_id, ceiling in standing.per_year),
                key=lambda each: each.left,
                default=None,
            ),
            standing.row.may_pass_on,
        )
        for standing in held_by(register, person, question)
        if standing.row.case_id is None
    ]


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
