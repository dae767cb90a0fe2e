"""What the event log says of a workflow as a whole: counted in the database, whatever the size of the log."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import (
    CTE,
    ColumnElement,
    Integer,
    SQLColumnExpression,
    Subquery,
    case,
    cast,
    extract,
    func,
    literal,
    null,
    or_,
    select,
    tuple_,
)
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import Session
from sqlalchemy.sql.functions import GenericFunction
from sqlalchemy.types import Float

from wijkteam.cases.model import HouseholdCase
from wijkteam.engine.definition import MIGRATE, Workflow
from wijkteam.events.model import Event
from wijkteam.reports.withholding import Count
from wijkteam.storage.columns import Moment
from wijkteam.storage.subject import SubjectColumns

MOVES = Event.state_from.is_(None) | (Event.state_from != Event.state_to)


@dataclass(frozen=True)
class Span:
    """From a moment on, up to but not including another."""

    start: datetime
    end: datetime

    def holds(self, moment: SQLColumnExpression[datetime]) -> ColumnElement[bool]:
        """Whether a moment falls in it."""
        return (moment >= self.start) & (moment < self.end)


@dataclass(frozen=True)
class Stay:
    """How long subjects stayed in a state, over the stays that ended: how many, of how many households, in days."""

    count: Count
    median: float
    nine_in_ten: float


class DaysBetween(GenericFunction[float]):
    """Days from the first moment to the second, on either database."""

    type = Float()
    inherit_cache = True
    name = "days_between"


@compiles(DaysBetween, "sqlite")
def _days_on_sqlite(element: DaysBetween, compiler: Any, **options: Any) -> str:
    first, second = element.clauses
    return str(compiler.process(func.julianday(second) - func.julianday(first), **options))


@compiles(DaysBetween, "postgresql")
def _days_on_postgresql(element: DaysBetween, compiler: Any, **options: Any) -> str:
    first, second = element.clauses
    return str(compiler.process(extract("epoch", second - first) / 86_400.0, **options))


def behind(kind: str) -> Subquery:
    """Per subject of this kind its id and its household, if there is one.

    A subject that lives under a case stands for the case's household, as in the other reports.
    """
    model: Any = SubjectColumns.kinds[kind]
    if hasattr(model, "household_id"):
        return select(model.id, model.household_id.label("household")).subquery()
    if hasattr(model, "case_id"):
        joined = select(model.id, HouseholdCase.household_id.label("household"))
        return joined.join(HouseholdCase, HouseholdCase.id == model.case_id, isouter=True).subquery()
    return select(model.id, cast(null(), Integer).label("household")).subquery()


def _different(household: ColumnElement[Any], subject: ColumnElement[Any]) -> ColumnElement[int]:
    """How many different households; a subject that has none counts as one of its own."""
    return func.count(household.distinct()) + func.count(case((household.is_(None), subject)).distinct())


def _ended(model: Any, versions: Sequence[Workflow]) -> ColumnElement[bool]:
    """Whether a subject is in a state that its own version of the workflow ends in."""
    return or_(
        *(
            (model.workflow_version == each.version)
            & model.state.in_([name for name, state in each.states.items() if state.final])
            for each in versions
        )
    )


def standing(session: Session, kind: str, versions: Sequence[Workflow], by: str) -> dict[Any, Count]:
    """How many subjects that have not ended there are now, by `state` or `workflow_version`, and None for all."""
    model: Any = SubjectColumns.kinds[kind]
    who = behind(kind)
    running = (
        select(func.count(), _different(who.c.household, who.c.id))
        .select_from(model)
        .join(who, who.c.id == model.id)
        .where(~_ended(model, versions))
    )
    column = getattr(model, by)
    parts = session.execute(running.add_columns(column).group_by(column))
    found: dict[Any, Count] = {value: Count(times, households) for times, households, value in parts}
    times, households = session.execute(running).one()
    return {**found, None: Count(times, households)}


def moves(session: Session, kind: str, span: Span) -> dict[tuple[str, str], Count]:
    """How often each step (the opening too) led into each state in a period, by step and state."""
    return _counted(session, kind, span, MOVES, Event.name, Event.state_to)


def entries(session: Session, kind: str, span: Span) -> dict[tuple[str], Count]:
    """How often each state was entered in a period."""
    return _counted(session, kind, span, MOVES, Event.state_to)


def stayed(session: Session, kind: str, span: Span) -> dict[tuple[str], Count]:
    """How often people took each step that stays where it is, in a period."""
    return _counted(session, kind, span, ~MOVES & Event.actor_id.is_not(None), Event.name)


def missed(session: Session, kind: str, span: Span, on_miss: Collection[tuple[str, str]]) -> dict[tuple[str], Count]:
    """How often the clock acted in a period because a term had ended, by state; `on_miss` says where it does what."""
    acted = Event.actor_id.is_(None) & tuple_(Event.state_from, Event.name).in_(sorted(on_miss))
    return _counted(session, kind, span, acted, Event.state_from)


def _counted(
    session: Session, kind: str, span: Span, which: ColumnElement[bool], *keys: SQLColumnExpression[Any]
) -> dict[Any, Count]:
    who = behind(kind)
    rows = session.execute(
        select(func.count(), _different(who.c.household, who.c.id), *keys)
        .join(who, who.c.id == Event.subject_id)
        .where(Event.subject_kind == kind, Event.name != MIGRATE, span.holds(Event.at), which)
        .group_by(*keys)
    )
    return {tuple(key): Count(times, households) for times, households, *key in rows}


def stays(session: Session, kind: str, span: Span) -> dict[str, Stay]:
    """How long subjects stayed in each state, over the stays that ended in a period."""
    left = func.lead(Event.at).over(partition_by=Event.subject_id, order_by=Event.sequence)
    every = (
        select(Event.subject_id, Event.state_to.label("state"), Event.at.label("entered"), left.label("left"))
        .where(Event.subject_kind == kind, Event.name != MIGRATE, MOVES, Event.at < span.end)
        .cte("every_stay")
    )
    days = DaysBetween(every.c.entered, every.c.left)
    ended = select(every.c.subject_id, every.c.state, days.label("days")).where(every.c.left >= span.start)
    return _lengths(session, kind, ended.cte("stay"))


def waiting(session: Session, kind: str, versions: Sequence[Workflow], now: datetime) -> dict[str, Stay]:
    """How long the subjects that have not ended have been in the state in which they stand now."""
    model: Any = SubjectColumns.kinds[kind]
    days = DaysBetween(model.state_since, literal(now, Moment()))
    found = select(model.id.label("subject_id"), model.state.label("state"), days.label("days"))
    return _lengths(session, kind, found.where(~_ended(model, versions)).cte("stay"))


def _lengths(session: Session, kind: str, stay: CTE) -> dict[str, Stay]:
    """The spread of lengths by state.

    The median is the middle length, or halfway between the two in the middle; `nine_in_ten` is the shortest
    length that nine in ten did not exceed (nearest rank).
    """
    who = behind(kind)
    ranked = (
        select(
            stay.c.state,
            stay.c.days,
            who.c.household,
            who.c.id,
            func.row_number().over(partition_by=stay.c.state, order_by=stay.c.days).label("rank"),
            func.count().over(partition_by=stay.c.state).label("number"),
        )
        .join(who, who.c.id == stay.c.subject_id)
        .subquery()
    )
    middle = ranked.c.rank.between((ranked.c.number + 1) // 2, (ranked.c.number + 2) // 2)
    tenth = ranked.c.rank == (ranked.c.number * 9 + 9) // 10
    rows = session.execute(
        select(
            ranked.c.state,
            func.count(),
            _different(ranked.c.household, ranked.c.id),
            func.avg(case((middle, ranked.c.days))),
            func.max(case((tenth, ranked.c.days))),
        ).group_by(ranked.c.state)
    )
    return {
        state: Stay(Count(times, households), float(median), float(nine_in_ten))
        for state, times, households, median, nine_in_ten in rows
    }
