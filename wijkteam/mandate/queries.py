"""What can be asked of the register, the decisions and the requests."""

from collections.abc import Collection, Iterable, Sequence
from datetime import UTC, date, datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Date, Select, and_, bindparam, false, func, or_, select, true
from sqlalchemy.orm import Session

from wijkteam.engine.ladder import Ladder
from wijkteam.mandate.model import Decision, Mandate, MandateRequest, Power
from wijkteam.mandate.register import Register
from wijkteam.mandate.row import RegisterRow
from wijkteam.people import queries as people
from wijkteam.people.acting import ActingPerson
from wijkteam.storage.among import among
from wijkteam.storage.asking import written_once
from wijkteam.storage.lookups import straight
from wijkteam.terms import clock
from wijkteam.terms.words import Language

PAYER = "payer"
"""The function that pays what was decided."""
WAITING = ("asked", "payment_ordered")
"""States in which somebody else than the requester is waited for."""
ENDED = ("paid", "carried_out", "withdrawn")
ROWS = select(*(getattr(Mandate, name) for name in RegisterRow.__dataclass_fields__)).order_by(
    Mandate.number, Mandate.id
)

_DAY = bindparam("day", type_=Date)
_STANDING = select(Mandate.function, Mandate.team_id).where(
    Mandate.power == bindparam("power"),
    Mandate.valid_from <= _DAY,
    Mandate.valid_until.is_(None) | (Mandate.valid_until >= _DAY),
    Mandate.revoked_at.is_(None) | (Mandate.revoked_at > bindparam("moment", type_=Mandate.revoked_at.type)),
)
"""The rows of a power that stand now, as `RegisterRow.stands_at` says; asked by every page, and so built once."""


def standing_places(session: Session, power: str) -> list[tuple[str, int | None]]:
    """In which function, and in which team (None: in all), somebody holds a row of this power that stands now."""
    asked = {"power": power, "day": clock.today(), "moment": clock.now()}
    rows: Sequence[Any] = straight(session)(_STANDING, asked).all()
    return [(function, team) for function, team in rows]


def register(session: Session, power: str | None = None) -> list[RegisterRow]:
    """The rows of the register with its history, all or those of one power, by number."""
    return _read(session, ROWS if power is None else ROWS.where(Mandate.power == power))


def rows_for(session: Session, power: str, case_id: str | None) -> list[RegisterRow]:
    """The rows that a question about a power (in a case) can meet: mandates for other cases are left out."""
    here = Mandate.case_id.is_(None) if case_id is None else Mandate.case_id.is_(None) | (Mandate.case_id == case_id)
    return _read(session, ROWS.where(Mandate.power == power, here))


def rows_of(session: Session, person: ActingPerson, case_id: str | None) -> list[RegisterRow]:
    """The rows that a person may hold, for whatever power (in a case), with those above them."""
    asked = _held(person.person_id, sorted(person.functions), case_id)
    return _with_those_above(session, [RegisterRow(**row._mapping) for row in session.execute(*asked)])


@written_once
def _held(person_id: int, functions: Any, case_id: str | None) -> Select[*tuple[Any, ...]]:
    mine = (Mandate.person_id == person_id) & (Mandate.case_id == case_id)
    return ROWS.where(among(Mandate.function, functions), Mandate.case_id.is_(None) | mine)


def _with_those_above(session: Session, rows: list[RegisterRow]) -> list[RegisterRow]:
    found = {row.id: row for row in rows}
    while missing := {row.given_under for row in found.values() if row.given_under} - found.keys():
        above = _read(session, ROWS.where(among(Mandate.id, missing)))
        found.update({row.id: row for row in above})
    return list(found.values())


def _read(session: Session, rows: Select[tuple[object, ...]]) -> list[RegisterRow]:
    return [RegisterRow(**row._mapping) for row in session.execute(rows)]


class StaffToday:
    """Who can be reached today, looked up only when somebody is needed."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._found: dict[tuple[str, int | None, date], Sequence[ActingPerson]] = {}

    def reachable(self, function: str, team_id: int | None) -> Sequence[ActingPerson]:
        """See `wijkteam.mandate.register.Staff`."""
        key = (function, team_id, clock.today())
        if key not in self._found:
            self._found[key] = people.reachable(self._session, function, team_id)
        return self._found[key]


def functions_with(session: Session) -> dict[str, frozenset[str]]:
    """For each power, the functions that hold a mandate for it today."""
    found: dict[str, set[str]] = {}
    for standing in Register(register(session), clock.now()).all_standing():
        if standing.row.case_id is None:
            found.setdefault(standing.row.power, set()).add(standing.row.function)
    return {power: frozenset(functions) for power, functions in found.items()}


def as_row(mandate: Mandate) -> RegisterRow:
    """A stored mandate as the verdict needs it."""
    return RegisterRow(**{name: getattr(mandate, name) for name in RegisterRow.__dataclass_fields__})


def powers(session: Session, tongue: Language = "nl") -> dict[str, str]:
    """Titles of all powers, by code."""
    return {code: said for code, said in session.execute(*_powers(tongue=tongue))}


@written_once
def _powers(*, tongue: Language) -> Select[str, str]:
    return select(Power.code, Power.title_en if tongue == "en" else Power.title_nl).order_by(Power.code)


def spent_on_household(session: Session, household_id: int | None, power: str, day: date) -> int:
    """What was decided for a household under a power in the calendar year of this day, in cents."""
    if household_id is None:
        return 0
    spent = session.scalar(
        select(func.sum(Decision.amount)).where(
            Decision.household_id == household_id, Decision.power == power, *_in_year(day)
        )
    )
    return int(spent or 0)


def spent_in_year(session: Session, power: str, team_id: int | None, day: date) -> dict[int, int]:
    """What one team decided under a power in the calendar year of this day, by row, in cents; all teams for None."""
    team = [] if team_id is None else [Decision.team_id == team_id]
    return _by_row(session, Decision.power == power, *_in_year(day), *team)


def spent_in_case(session: Session, power: str, case_id: str) -> dict[int, int]:
    """What was ever decided in a case under a power, by row, in cents."""
    return _by_row(session, Decision.power == power, Decision.case_id == case_id)


def _in_year(day: date) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    """A calendar year as the Netherlands has it."""
    start = datetime(day.year, 1, 1, tzinfo=clock.NETHERLANDS).astimezone(UTC)
    end = datetime(day.year + 1, 1, 1, tzinfo=clock.NETHERLANDS).astimezone(UTC)
    return Decision.decided_at >= start, Decision.decided_at < end


def _by_row(session: Session, *which: ColumnElement[bool]) -> dict[int, int]:
    sums = select(Decision.mandate_id, func.sum(Decision.amount)).where(*which).group_by(Decision.mandate_id)
    return {row_id: int(spent or 0) for row_id, spent in session.execute(sums)}


def known_above(session: Session, row_ids: Iterable[int], known: Collection[int]) -> dict[int, int | None]:
    """For each row the nearest one above it (or itself) that is known; None where there is none."""
    found: dict[int, int | None] = {}
    for row_id in row_ids:
        current: int | None = row_id
        passed: set[int] = set()
        while current is not None and current not in known and current not in passed:
            passed.add(current)
            current = session.scalar(select(Mandate.given_under).where(Mandate.id == current))
        found[row_id] = current if current in known else None
    return found


def hold(session: Session, case_id: str | None, household_id: int | None, row_ids: Iterable[int]) -> None:
    """Keep others from deciding under the same ceilings until this transaction ends; always in the same order.

    On SQLite whoever writes is alone already. The case comes first, as in every step that holds it: so nobody waits
    in a circle.
    """
    if session.get_bind().dialect.name == "sqlite":
        return
    tables = Mandate.metadata.tables
    case, household, mandate = tables["household_case"], tables["household"], tables["mandate"]
    if case_id is not None:
        session.execute(select(case.c.id).where(case.c.id == case_id).with_for_update(read=True, key_share=True))
    if household_id is not None:
        session.execute(select(household.c.id).where(household.c.id == household_id).with_for_update(key_share=True))
    wanted = sorted(set(row_ids))
    if wanted:
        rows = select(mandate.c.id).where(mandate.c.id.in_(wanted)).order_by(mandate.c.id)
        session.execute(rows.with_for_update(key_share=True))


def decisions_of_case(session: Session, case_id: str) -> list[Decision]:
    """The decisions taken in a case, newest first."""
    return list(session.scalars(*_decisions(case_id)))


@written_once
def _decisions(case_id: str) -> Select[Decision]:
    rows = select(Decision).where(Decision.case_id == case_id)
    return rows.order_by(Decision.decided_at.desc(), Decision.id.desc())


def decided_by(session: Session, decision_id: int) -> int | None:
    """The person who took a decision; None when there is no such decision."""
    return session.scalar(select(Decision.decided_by).where(Decision.id == decision_id))


def requests_of_case(session: Session, case_id: str) -> list[MandateRequest]:
    """The mandate requests of a case, newest first."""
    return list(session.scalars(*_of_case(case_id)))


@written_once
def _of_case(case_id: str) -> Select[MandateRequest]:
    return select(MandateRequest).where(MandateRequest.case_id == case_id).order_by(MandateRequest.opened_at.desc())


class Reach(NamedTuple):
    """Where somebody answers requests (from a rung on) or pays them (no rung): in one team, or in all (None)."""

    team_id: int | None
    rung: int | None


def reach_of(person: ActingPerson, ladder: Ladder) -> tuple[Reach, ...]:
    """Where a person answers and pays requests by what they hold."""
    found = set()
    for held in person.holdings:
        rungs = [rung.number for rung in ladder.rungs if rung.function == held.function]
        if rungs:
            found.add(Reach(held.team_id, min(rungs)))
        if held.function == PAYER:
            found.add(Reach(held.team_id, None))
    return tuple(sorted(found, key=lambda each: (each.team_id or 0, each.rung or 0)))


def waiting_for(person: ActingPerson, ladder: Ladder) -> Select[Any]:
    """The question for the requests that this person can answer or pay now, and did not ask; oldest first.

    The same as `Grounds.may_answer_request` says of each, asked of the database; imported history is left out.
    """
    return rows_waiting(person.person_id, reach_of(person, ladder))


def rows_waiting(person_id: int, reach: Iterable[Reach]) -> Select[Any]:
    """As `waiting_for`, for whoever answers and pays there."""
    request, asked_here = MandateRequest, []
    for each in reach:
        here = true() if each.team_id is None else request.team_id == each.team_id
        state = request.state == "payment_ordered" if each.rung is None else request.state == "asked"
        asked_here.append(and_(state, here) if each.rung is None else and_(state, request.rung >= each.rung, here))
    rows = select(request).where(request.source.is_(None), among(request.state, WAITING), or_(false(), *asked_here))
    return rows.where(request.requester_id != person_id).order_by(request.opened_at, request.id)


def unfinished_of(person_id: int) -> Select[Any]:
    """The question for the unfinished requests that a person made, oldest first."""
    request = MandateRequest
    mine = request.requester_id == person_id, request.source.is_(None), ~among(request.state, ENDED)
    return select(request).where(*mine).order_by(request.opened_at, request.id)


def requests_by(session: Session, person_id: int) -> list[MandateRequest]:
    """The unfinished requests that a person made, oldest first."""
    return list(session.scalars(unfinished_of(person_id)))


def find_request(session: Session, request_id: str) -> MandateRequest | None:
    """The request with that id."""
    return session.get(MandateRequest, request_id, populate_existing=True)
