"""Keeping summaries in step: each step is summed up in its own transaction, here and nowhere else.

Steps of escalations, cases, goals and structural escalations come in as a journal of the engine, so that no service
function has to think of it. Measurements are summed up when their rows are flushed, because one can take the place of
another within one transaction. A subject from before there were summaries is passed over: see `rebuild`.

Order of locks on PostgreSQL: the subject's own row, the household, rows of summaries.
"""

from collections.abc import Callable, Iterable
from functools import cache
from typing import Any, cast

from sqlalchemy import (
    Connection,
    Table,
    Update,
    bindparam,
    delete,
    event,
    exists,
    func,
    insert,
    literal_column,
    select,
    true,
    update,
)
from sqlalchemy.orm import Session, sessionmaker

from wijkteam.cases.model import Household, HouseholdCase
from wijkteam.engine.running import Step
from wijkteam.engine.vocabulary import Vocabulary
from wijkteam.escalation.model import Escalation, StructuralEscalation
from wijkteam.figures.folding import (
    LOOKED_BACK_AT,
    Told,
    case_moved,
    case_opened,
    escalation_asked,
    escalation_moved,
    goal_ended,
    levels_changed,
    never_was,
)
from wijkteam.figures.model import CaseFact, ChangeFact, EscalationFact, GoalFact
from wijkteam.measuring.model import Measurement, scores_of
from wijkteam.plans.model import Goal

_ESCALATION, _CASE = cast(Table, EscalationFact.__table__), cast(Table, CaseFact.__table__)
_GOAL, _CHANGE = cast(Table, GoalFact.__table__), cast(Table, ChangeFact.__table__)
_HOME = cast(Table, Household.__table__)
_BUURT = select(_HOME.c.buurt_code).where(_HOME.c.id == bindparam("household")).with_for_update(key_share=True)
"""The buurt of a household, which nobody else sums up a beginning or an end for until this transaction ends."""
_HOUSEHOLD = select(HouseholdCase.household_id).where(HouseholdCase.id == bindparam("case"))
_BEFORE = select(*(_ESCALATION.c[name] for name in LOOKED_BACK_AT)).where(
    _ESCALATION.c.escalation_id == bindparam("subject")
)
_OTHERS = {
    table: select(exists().where(table.c.household_id == bindparam("household"))) for table in (_ESCALATION, _CASE)
}
_NOT_ALONE = {
    table: update(table)
    .where(table.c.household_id == bindparam("household"), table.c.alone == true())
    .values(alone=False)
    for table in (_ESCALATION, _CASE)
}
_CAME_BACK = update(_CASE).where(
    _CASE.c.household_id == bindparam("household"),
    _CASE.c.closed_at <= bindparam("at", type_=_CASE.c.closed_at.type),
    _CASE.c.returned_at.is_(None) | (_CASE.c.returned_at > bindparam("at", type_=_CASE.c.closed_at.type)),
)
_NEXT = select(func.min(_CASE.c.opened_at), func.min(_CASE.c.opened_on)).where(
    _CASE.c.household_id == bindparam("household"),
    _CASE.c.case_id != bindparam("subject"),
    _CASE.c.opened_at >= bindparam("at", type_=_CASE.c.opened_at.type),
)


_INSTRUMENTS = select(_CHANGE.c.instrument).where(_CHANGE.c.case_id == bindparam("case")).distinct()


class FigureJournal:
    """Sums up each step that figures count."""

    def record(self, step: Step, vocabulary: Vocabulary) -> None:
        """Bring the summary of the subject up to date in the caller's transaction."""
        keep = _KEEPERS.get(step.workflow.workflow)
        if keep is not None:
            keep(step, step.situation.work.session)


def _told(step: Step) -> Told:
    return Told(step.state_to, step.actor.person_id is None, step.at, step.changes)


def _begin(connection: Connection, table: Table, household: int) -> dict[str, Any]:
    """Hold the household, and say what a new row of it tells: its buurt, and whether it is the only one."""
    buurt = connection.execute(_BUURT, {"household": household}).scalar()
    others = bool(connection.execute(_OTHERS[table], {"household": household}).scalar())
    if others:
        connection.execute(_NOT_ALONE[table], {"household": household})
    return {"household_id": household, "buurt_code": buurt, "alone": not others}


def _keep_escalation(step: Step, session: Session) -> None:
    connection, subject, told = session.connection(), step.subject, _told(step)
    if step.state_from is None:
        household = connection.execute(_HOUSEHOLD, {"case": subject.case_id}).scalar()
        if household is not None:
            whose = _begin(connection, _ESCALATION, household)
            connection.execute(insert(_ESCALATION), {"escalation_id": subject.id, **escalation_asked(told), **whose})
        return
    before = connection.execute(_BEFORE, {"subject": subject.id}).mappings().one_or_none()
    changed = escalation_moved(dict(before), told) if before is not None else {}
    if changed:
        given = {f"new_{name}": value for name, value in changed.items()}
        connection.execute(_moving(frozenset(changed)), {"subject": subject.id, **given})


@cache
def _moving(names: frozenset[str]) -> Update:
    """Sets these columns of the summary of one escalation; the same statement each time, so that it is made once."""
    new: dict[str, Any] = {name: bindparam(f"new_{name}") for name in sorted(names)}
    return update(_ESCALATION).where(_ESCALATION.c.escalation_id == bindparam("subject")).values(new)


def _keep_structural(step: Step, session: Session) -> None:
    behind = sorted(str(step.fields.get("behind", "")).split()) if step.state_from is None else []
    if behind:
        which = _ESCALATION.c.escalation_id.in_(behind)
        session.connection().execute(update(_ESCALATION).where(which).values(structural=True))


def _keep_case(step: Step, session: Session) -> None:
    subject, told = step.subject, _told(step)
    if step.state_from is None:
        connection, values = session.connection(), case_opened(told)
        values |= _begin(connection, _CASE, values["household_id"])
        if not values["alone"]:
            came = {"returned_at": values["opened_at"], "returned_on": values["opened_on"]}
            whose = {"household": values["household_id"], "at": values["opened_at"]}
            connection.execute(_CAME_BACK.values(came), whose)
        connection.execute(insert(_CASE), {"case_id": subject.id, **values})
        return
    if never_was([told]):
        _forget(session.connection(), subject.id, subject.household_id)
        return
    changed = case_moved(told)
    if changed:
        connection = session.connection()
        if changed.get("closed_at") is not None:
            connection.execute(_BUURT, {"household": subject.household_id})
            whose = {"household": subject.household_id, "subject": subject.id, "at": changed["closed_at"]}
            at, on = connection.execute(_NEXT, whose).one()
            changed |= {"returned_at": at, "returned_on": on}
        connection.execute(update(_CASE).where(_CASE.c.case_id == subject.id).values(changed))


def _forget(connection: Connection, case_id: str, household: int) -> None:
    """Let go of a case that never was, and say anew of the others of its household what followed from it."""
    connection.execute(_BUURT, {"household": household})
    connection.execute(delete(_CASE).where(_CASE.c.case_id == case_id))
    theirs = update(_CASE).where(_CASE.c.household_id == household)
    connection.execute(theirs.values(alone=~others(_CASE)))
    came = {"returned_at": next_case("opened_at"), "returned_on": next_case("opened_on")}
    connection.execute(theirs.where(_CASE.c.closed_at.is_not(None)).values(came))


def others(table: Table) -> Any:
    """Whether there is another row of the same household."""
    other, key = table.alias("other"), next(iter(table.primary_key)).name
    return (
        exists(literal_column("1"))
        .where(other.c.household_id == table.c.household_id, other.c[key] != table.c[key])
        .correlate(table)
    )


def next_case(column: str) -> Any:
    """When the next case of the household began, after this one was closed."""
    other = _CASE.alias("next_one")
    return (
        select(func.min(other.c[column]))
        .where(other.c.household_id == _CASE.c.household_id, other.c.case_id != _CASE.c.case_id)
        .where(other.c.opened_at >= _CASE.c.closed_at)
        .correlate(_CASE)
        .scalar_subquery()
    )


def _keep_goal(step: Step, session: Session) -> None:
    if step.changes.get("ended_at") is not None:
        connection, values = session.connection(), goal_ended(step.subject.tracked(), step.state_to)
        whose = connection.execute(_HOUSEHOLD, {"case": step.subject.case_id}).scalar()
        told = {"goal_id": step.subject.id, "household_id": whose, **(values or {})}
        connection.execute(insert(_GOAL), told)


_KEEPERS: dict[str, Callable[[Step, Session], None]] = {
    Escalation.workflow: _keep_escalation,
    StructuralEscalation.workflow: _keep_structural,
    HouseholdCase.workflow: _keep_case,
    Goal.workflow: _keep_goal,
}


def keep_measured(open_session: sessionmaker[Session]) -> None:
    """Let every session that is opened here sum up the measurements that it writes."""
    event.listen(open_session, "after_flush", _after_flush)


def _after_flush(session: Session, _context: Any) -> None:
    changed = {
        (row.case_id, row.instrument, row.resident_id)
        for row in (*session.new, *session.dirty)
        if isinstance(row, Measurement)
    }
    for case_id, instrument, resident_id in sorted(changed, key=str):
        renew_changes(session.connection(), case_id, instrument, resident_id)


_TAKEN = (
    select(Measurement.scores)
    .where(Measurement.case_id == bindparam("case"), Measurement.instrument == bindparam("by"))
    .where(Measurement.ended_at.is_(None))
    .order_by(Measurement.taken_on, Measurement.opened_at, Measurement.id)
)


def renew_changes(connection: Connection, case_id: str, instrument: str, resident_id: str | None) -> None:
    """Sum up anew what was measured in a case with one instrument of one person, or of the household."""
    connection.execute(select(_CASE.c.case_id).where(_CASE.c.case_id == case_id).with_for_update())
    mine = Measurement.resident_id.is_(None) if resident_id is None else Measurement.resident_id == resident_id
    taken = connection.execute(_TAKEN.where(mine), {"case": case_id, "by": instrument}).scalars().all()
    key = {"case_id": case_id, "instrument": instrument, "measured": resident_id or ""}
    connection.execute(delete(_CHANGE).where(*(_CHANGE.c[name] == value for name, value in key.items())))
    rows = change_rows(key, list(taken))
    if rows:
        connection.execute(insert(_CHANGE), rows)
    told = measured_with(connection.execute(_INSTRUMENTS, {"case": case_id}).scalars())
    connection.execute(
        update(_CASE).where(_CASE.c.case_id == case_id, _CASE.c.measured.is_distinct_from(told)).values(measured=told)
    )


def measured_with(instruments: Iterable[str]) -> str | None:
    """Instruments as the summary of a case names them; None where there are none."""
    return " ".join(sorted(set(instruments))) or None


def change_rows(key: dict[str, str], scores: list[str]) -> list[dict[str, Any]]:
    """The summary of scores that stand, in the order in which they were taken."""
    if len(scores) < 2:
        return []
    changed = levels_changed(scores_of(scores[0]), scores_of(scores[-1]))
    return [
        {**key, "domain": domain, "first_level": first, "latest_level": latest}
        for domain, (first, latest) in changed.items()
    ]
