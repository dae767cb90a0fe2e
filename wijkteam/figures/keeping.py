"""Making summaries anew from the events, proving that they are what events say, forgetting what is destroyed."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from typing import Any, cast

from sqlalchemy import Table, delete, func, insert, select, text, update
from sqlalchemy.orm import Session

from wijkteam.cases.model import Household, HouseholdCase
from wijkteam.escalation.model import Escalation
from wijkteam.figures import reckoned
from wijkteam.figures.folding import Values
from wijkteam.figures.journal import measured_with, next_case, others
from wijkteam.figures.model import FACTS, CaseFact, ChangeFact, EscalationFact, GoalFact
from wijkteam.plans.model import Goal
from wijkteam.storage.work import Work

_ESCALATION, _CASE = cast(Table, EscalationFact.__table__), cast(Table, CaseFact.__table__)
_GOAL, _CHANGE = cast(Table, GoalFact.__table__), cast(Table, ChangeFact.__table__)
TOGETHER = {_ESCALATION.name: ("alone", "structural"), _CASE.name: ("alone", "returned_at", "returned_on", "measured")}
"""What a summary says that follows from other subjects too."""


@dataclass(frozen=True)
class Kind:
    """One table of summaries, and how its rows are reckoned from events; the subjects given are passed over."""

    table: Table
    subjects: Any
    rows: Callable[[Session, Collection[str]], Iterator[list[Values]]]


KINDS = (
    Kind(_ESCALATION, Escalation, reckoned.escalations),
    Kind(_CASE, HouseholdCase, reckoned.cases),
    Kind(_GOAL, Goal, reckoned.goals),
)


def rebuild(work: Work, done: Callable[[int], None] = lambda _rows: None) -> int:
    """Make all summaries anew from the events, in one transaction; returns how many there are.

    Steps that figures count wait until it is done. Raises CannotOpenPayload.
    """
    with work.transaction() as session:
        _hold(session)
        made = 0
        for kind in KINDS:
            kept = reckoned.erased_ids(session, kind.subjects, kind.table)
            key = next(iter(kind.table.primary_key))
            session.execute(delete(kind.table).where(key.not_in(sorted(kept))))
            made += _write(session, kind.table, kind.rows(session, kept), done) + len(kept)
        session.execute(delete(_CHANGE))
        made += _write(session, _CHANGE, reckoned.changes(session), done)
        _settle_together(session)
        return made


def any_missing(session: Session) -> bool:
    """Whether there are more cases than summaries of cases, as after an upgrade from before there were any."""
    cases = session.scalar(select(func.count()).where(HouseholdCase.undone_at.is_(None))) or 0
    return cases > (session.scalar(select(func.count()).select_from(_CASE)) or 0)


def _hold(session: Session) -> None:
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text(f"LOCK TABLE {', '.join(each.__tablename__ for each in FACTS)} IN EXCLUSIVE MODE"))


def _write(session: Session, table: Table, batches: Iterator[list[Values]], done: Callable[[int], None]) -> int:
    made = 0
    whole = {column.key for column in table.columns}
    for batch in batches:
        if batch:
            session.connection().execute(insert(table), [{n: v for n, v in row.items() if n in whole} for row in batch])
        made += len(batch)
        done(len(batch))
    return made


def _settle_together(session: Session) -> None:
    for table in (_ESCALATION, _CASE):
        if session.get_bind().dialect.name == "postgresql":
            # the planner thinks that what was just filled is empty, and would walk through all of it for each row
            session.execute(text(f"ANALYZE {table.name}"))
        session.execute(update(table).values(alone=~others(table)))
    structural = sorted(reckoned.structural_ids(session))
    session.execute(update(_ESCALATION).values(structural=False))
    for start in range(0, len(structural), reckoned.BATCH):
        which = _ESCALATION.c.escalation_id.in_(structural[start : start + reckoned.BATCH])
        session.execute(update(_ESCALATION).where(which).values(structural=True))
    session.execute(update(_CASE).where(_CASE.c.measured.is_not(None)).values(measured=None))
    for told, ids in _measured(session).items():
        for start in range(0, len(ids), reckoned.BATCH):
            which = _CASE.c.case_id.in_(ids[start : start + reckoned.BATCH])
            session.execute(update(_CASE).where(which).values(measured=told))
    came = {"returned_at": next_case("opened_at"), "returned_on": next_case("opened_on")}
    session.execute(update(_CASE).where(_CASE.c.closed_at.is_not(None)).values(came))
    session.execute(update(_CASE).where(_CASE.c.closed_at.is_(None)).values(returned_at=None, returned_on=None))


def _measured(session: Session) -> dict[str | None, list[str]]:
    """Which cases were measured twice, by what their summaries have to say of it."""
    found: dict[str, list[str]] = defaultdict(list)
    for case_id, instrument in session.execute(select(_CHANGE.c.case_id, _CHANGE.c.instrument).distinct()):
        found[case_id].append(instrument)
    cases: dict[str | None, list[str]] = defaultdict(list)
    for case_id, instruments in found.items():
        cases[measured_with(instruments)].append(case_id)
    return cases


def differences(session: Session, most: int = 1_000) -> list[str]:
    """Where summaries are not what the events say: which subject, and in which columns; `most` of them at most.

    What was erased on purpose cannot be compared and is passed over. Ask with a session that has asked nothing yet:
    on PostgreSQL it then sees one moment of the database, whatever others do meanwhile.
    """
    if session.get_bind().dialect.name == "postgresql":
        session.connection(execution_options={"isolation_level": "REPEATABLE READ"})
    found: list[str] = []
    for line in _all_differences(session):
        found.append(line)
        if len(found) == most:
            break
    return found


def _all_differences(session: Session) -> Iterator[str]:
    for kind in KINDS:
        erased = reckoned.erased_ids(session, kind.subjects, kind.table)
        seen = 0
        for batch in kind.rows(session, erased):
            seen += len(batch)
            yield from _compare(session, kind.table, batch)
        stands = session.scalar(select(func.count()).select_from(kind.table)) or 0
        if stands > seen + len(erased):
            yield f"{kind.table.name}: {stands - seen - len(erased)} more than the events tell of"
    yield from _wrong_changes(session)
    yield from _wrong_together(session)


def _compare(session: Session, table: Table, batch: list[Values]) -> Iterator[str]:
    key = next(iter(table.primary_key))
    rows = session.execute(select(table).where(key.in_([row[key.name] for row in batch])))
    names = [column.name for column in table.columns]
    place = names.index(key.name)
    stored = {row[place]: tuple(row) for row in rows}
    own = [name for name in names if name not in TOGETHER.get(table.name, ())]
    places = [names.index(name) for name in own]
    for row in batch:
        stands = stored.get(row[key.name])
        if stands is None:
            yield f"{table.name} {row[key.name]}: is missing"
            continue
        wrong = sorted(name for name, at in zip(own, places, strict=True) if name in row and stands[at] != row[name])
        if wrong:
            yield f"{table.name} {row[key.name]}: differs in {', '.join(wrong)}"


def _wrong_changes(session: Session) -> Iterator[str]:
    names = [column.name for column in _CHANGE.columns]
    expected = {tuple(row[name] for name in names) for batch in reckoned.changes(session) for row in batch}
    stored = {tuple(row) for row in session.execute(select(_CHANGE))}
    for row in sorted({each[0] for each in expected ^ stored}):
        yield f"{_CHANGE.name} of case {row}: differs"


def _wrong_together(session: Session) -> Iterator[str]:
    for table in (_ESCALATION, _CASE):
        key = next(iter(table.primary_key))
        for each in session.scalars(select(key).where(table.c.alone == others(table)).order_by(key)):
            yield f"{table.name} {each}: differs in alone"
    expected = {case_id: told for told, ids in _measured(session).items() for case_id in ids}
    rows = session.execute(select(_CASE.c.case_id, _CASE.c.measured).where(_CASE.c.measured.is_not(None)))
    stands = {case_id: measured for case_id, measured in rows}
    for each in sorted(case_id for case_id, _told in expected.items() ^ stands.items()):
        yield f"{_CASE.name} {each}: differs in measured"
    structural = reckoned.structural_ids(session)
    told = set(session.scalars(select(_ESCALATION.c.escalation_id).where(_ESCALATION.c.structural)))
    there = set(session.scalars(select(_ESCALATION.c.escalation_id).where(_ESCALATION.c.escalation_id.in_(structural))))
    for each in sorted(told ^ there):
        yield f"{_ESCALATION.name} {each}: differs in structural"
    differ = _CASE.c.returned_at.is_distinct_from(next_case("opened_at"))
    came = select(_CASE.c.case_id).where(_CASE.c.closed_at.is_not(None), differ).order_by(_CASE.c.case_id)
    for each in session.scalars(came):
        yield f"{_CASE.name} {each}: differs in returned_at"


def forget_case(session: Session, case_id: str) -> None:
    """Let go of what was measured in a case that is destroyed, and of where its household lived once that is gone.

    In the caller's transaction, after the household was seen to. Codes and days stay, as they do in the rows of the
    subjects, so that figures over past years stay what they were.
    """
    connection = session.connection()
    connection.execute(delete(_CHANGE).where(_CHANGE.c.case_id == case_id))
    connection.execute(update(_CASE).where(_CASE.c.case_id == case_id).values(measured=None))
    gone = (
        select(Household.id)
        .join(HouseholdCase, HouseholdCase.household_id == Household.id)
        .where(HouseholdCase.id == case_id, Household.buurt_code.is_(None))
    )
    for table in (_ESCALATION, _CASE):
        connection.execute(update(table).where(table.c.household_id.in_(gone)).values(buurt_code=None))
