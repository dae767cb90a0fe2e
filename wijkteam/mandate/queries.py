"""What can be asked of the register, the decisions and the requests."""

from datetime import UTC, date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from wijkteam.mandate.model import Decision, Mandate, MandateRequest, Power
from wijkteam.mandate.verdict import RegisterRow
from wijkteam.people import queries as people
from wijkteam.terms import clock

WAITING = ("asked", "payment_ordered")
"""States in which somebody else than the requester is waited for."""
ENDED = ("paid", "carried_out", "withdrawn")


def register(session: Session, power: str | None = None) -> list[RegisterRow]:
    """The rows of the register, all or those of one power, by number."""
    rows = select(Mandate).order_by(Mandate.number)
    if power is not None:
        rows = rows.where(Mandate.power == power)
    return [as_row(mandate) for mandate in session.scalars(rows)]


def functions_with(session: Session) -> dict[str, frozenset[str]]:
    """For each power, the functions that hold a mandate for it today."""
    today = clock.today()
    found: dict[str, set[str]] = {}
    for row in register(session):
        if row.in_force(today) and row.case_id is None:
            found.setdefault(row.power, set()).add(row.function)
    return {power: frozenset(functions) for power, functions in found.items()}


def as_row(mandate: Mandate) -> RegisterRow:
    """A stored mandate as the verdict needs it."""
    return RegisterRow(**{name: getattr(mandate, name) for name in RegisterRow.__dataclass_fields__})


def powers(session: Session) -> dict[str, str]:
    """Dutch titles of all powers, by code."""
    return {code: title for code, title in session.execute(select(Power.code, Power.title_nl).order_by(Power.code))}


def spent_on_household(session: Session, household_id: int | None, power: str, day: date) -> int:
    """What was decided for a household under a power in the calendar year of this day, in cents."""
    if household_id is None:
        return 0
    start = datetime(day.year, 1, 1, tzinfo=clock.NETHERLANDS).astimezone(UTC)
    end = datetime(day.year + 1, 1, 1, tzinfo=clock.NETHERLANDS).astimezone(UTC)
    spent = session.scalar(
        select(func.sum(Decision.amount)).where(
            Decision.household_id == household_id,
            Decision.power == power,
            Decision.decided_at >= start,
            Decision.decided_at < end,
        )
    )
    return int(spent or 0)


def spent_under_case_rows(session: Session, case_id: str | None, power: str) -> dict[int, int]:
    """What was decided under each mandate for this one case, in cents."""
    if case_id is None:
        return {}
    rows = session.execute(
        select(Decision.mandate_id, func.sum(Decision.amount))
        .join(Mandate, Mandate.id == Decision.mandate_id)
        .where(Mandate.case_id == case_id, Mandate.power == power)
        .group_by(Decision.mandate_id)
    )
    return {row: int(spent or 0) for row, spent in rows}


def decisions_of_case(session: Session, case_id: str) -> list[Decision]:
    """The decisions taken in a case, newest first."""
    return list(
        session.scalars(
            select(Decision).where(Decision.case_id == case_id).order_by(Decision.decided_at.desc(), Decision.id.desc())
        )
    )


def requests_of_case(session: Session, case_id: str) -> list[MandateRequest]:
    """The mandate requests of a case, newest first."""
    return list(
        session.scalars(
            select(MandateRequest).where(MandateRequest.case_id == case_id).order_by(MandateRequest.opened_at.desc())
        )
    )


def open_requests(session: Session) -> list[MandateRequest]:
    """The municipality's own requests that wait for somebody, oldest first; imported history is left out."""
    return list(
        session.scalars(
            select(MandateRequest)
            .where(MandateRequest.source.is_(None), MandateRequest.state.in_(WAITING))
            .order_by(MandateRequest.opened_at)
        )
    )


def requests_by(session: Session, person_id: int) -> list[MandateRequest]:
    """The unfinished requests that a person made, oldest first."""
    return list(
        session.scalars(
            select(MandateRequest)
            .where(
                MandateRequest.requester_id == person_id,
                MandateRequest.source.is_(None),
                MandateRequest.state.not_in(ENDED),
            )
            .order_by(MandateRequest.opened_at)
        )
    )


def nearest_who_can(session: Session, power: str, amount: int | None, team_id: int | None) -> str | None:
    """The function with the smallest mandate that would cover this, with who holds it today; None when nobody."""
    today = clock.today()
    wide_enough = [
        row
        for row in register(session, power)
        if row.in_force(today)
        and row.case_id is None
        and row.team_id in (None, team_id)
        and (row.ceiling_per_decision is None or amount is None or amount <= row.ceiling_per_decision)
    ]
    for row in sorted(wide_enough, key=lambda each: (each.ceiling_per_decision or 10**15, each.id)):
        found = people.holders(session, row.function, team_id)
        if found:
            title = people.function_title(session, row.function)
            return f"{title} ({', '.join(person.name for person in found[:3])})"
    return None


def find_request(session: Session, request_id: str) -> MandateRequest | None:
    """The request with that id."""
    return session.get(MandateRequest, request_id, populate_existing=True)
