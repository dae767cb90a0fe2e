"""Reading summaries of escalations in pieces, as few as the database can make of them.

A household that asked once in the period is in one piece with all others like it. One that asked more often keeps its
number, so that different households can be told apart wherever pieces are put together.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, CompoundSelect, Integer, Subquery, case, cast, func, null, select, union_all
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import Session
from sqlalchemy.sql.functions import GenericFunction

from wijkteam.cases.model import Buurt, Wijk
from wijkteam.figures.model import CaseFact, EscalationFact
from wijkteam.figures.telling import Scope
from wijkteam.reports.withholding import Count

NOWHERE = "unknown"
"""The wijk and the buurt of a household of which that is not known."""
FATES = ("open", "answered", "withdrawn")


class WholeDays(GenericFunction[int]):
    """Whole days from the first day to the second, on either database."""

    type = Integer()
    inherit_cache = True
    name = "whole_days"


@compiles(WholeDays, "sqlite")
def _on_sqlite(element: WholeDays, compiler: Any, **options: Any) -> str:
    first, second = element.clauses
    days = cast(func.julianday(second) - func.julianday(first), Integer)
    return str(compiler.process(days, **options))


@compiles(WholeDays, "postgresql")
def _on_postgresql(element: WholeDays, compiler: Any, **options: Any) -> str:
    first, second = element.clauses
    return f"({compiler.process(second, **options)} - {compiler.process(first, **options)})"


class Month(GenericFunction[int]):
    """The month of a day: twelve times its year and the months before it, on either database."""

    type = Integer()
    inherit_cache = True
    name = "month_of_day"


@compiles(Month, "sqlite")
def _month_on_sqlite(element: Month, compiler: Any, **options: Any) -> str:
    day = compiler.process(element.clauses, **options)
    return f"(CAST(substr({day}, 1, 4) AS INTEGER) * 12 + CAST(substr({day}, 6, 2) AS INTEGER) - 1)"


@compiles(Month, "postgresql")
def _month_on_postgresql(element: Month, compiler: Any, **options: Any) -> str:
    # date_part tells in plain numbers what extract tells in exact ones, which take longer
    day = compiler.process(element.clauses, **options)
    return f"CAST(date_part('year', {day}) * 12 + date_part('month', {day}) - 1 AS INTEGER)"


@dataclass(frozen=True)
class Places:
    """The wijken and buurten of the municipality."""

    wijken: Mapping[str, str]
    buurten: Mapping[str, str]
    wijk_of: Mapping[str, str]

    @staticmethod
    def of(session: Session) -> "Places":
        """As they stand now."""
        buurten = session.execute(select(Buurt.code, Buurt.name, Buurt.wijk_code).order_by(Buurt.code)).all()
        return Places(
            {code: name for code, name in session.execute(select(Wijk.code, Wijk.name).order_by(Wijk.code))},
            {code: name for code, name, _ in buurten},
            {code: wijk for code, _, wijk in buurten},
        )

    def wijk(self, buurt: str) -> str:
        """The wijk in which a buurt lies."""
        return self.wijk_of.get(buurt, NOWHERE)


class Piece(NamedTuple):
    """Escalations that are alike in all of this, asked in one period; of one household, or of as many as there are."""

    buurt: str
    barrier: str
    rung: int
    fate: str
    household: int | None
    number: int
    in_time: int
    silent: int
    """How many climbed by themselves at least once."""
    lowered: int
    """How many went down the ladder at least once."""
    waited: int
    """Seconds waited for an answer, over the times that ended."""


def period_of(column: Any, scope: Scope) -> ColumnElement[bool]:
    """Whether a day falls in the period."""
    return column.between(scope.first, scope.last)  # type: ignore[no-any-return]


class Again(NamedTuple):
    """Which households have more than one row among some, to be joined to them."""

    rows: Subquery
    joined: ColumnElement[bool]

    @property
    def household(self) -> ColumnElement[int | None]:
        """The number of a household that has more of them, nothing of one that has this one alone."""
        return self.rows.c.household_id.label("household")


def again_among(household: Any, *which: ColumnElement[bool]) -> Again:
    """Households that have more than one row of those.

    Joined from the outside, which every planner makes one pass of, whatever the number.
    """
    more = select(household.label("household_id")).where(*which, household.is_not(None))
    rows = more.group_by(household).having(func.count() > 1).subquery("again")
    return Again(rows, rows.c.household_id == household)


def pieces_of(
    fact: type[EscalationFact] | type[CaseFact],
    which: Sequence[ColumnElement[bool]],
    keys: Sequence[Any],
    numbers: Sequence[Any] = (func.count(),),
) -> CompoundSelect[Any]:
    """Asks rows in pieces: by `keys`, then the household where it has more of those rows, then `numbers`.

    Most rows are the only ones that their household ever had, which the summary knows: those need not be joined. Keys
    are best told plainly: of an expression no planner knows how many different values it has.
    """
    once = select(*keys, cast(null(), Integer).label("household"), *numbers).where(*which, fact.alone.is_(True))
    others = (*which, fact.alone.is_(False))
    again = again_among(fact.household_id, *others)
    more = select(*keys, again.household, *numbers).select_from(fact).outerjoin(again.rows, again.joined)
    return union_all(once.group_by(*keys), more.where(*others).group_by(*keys, again.household))


def _times(which: Any) -> ColumnElement[int]:
    return func.sum(case((which, 1), else_=0))


def pieces_asked(session: Session, scope: Scope) -> list[Piece]:
    """The escalations that were asked in the period, of the whole municipality and with every barrier."""
    fact = EscalationFact
    fate = case((fact.fate == "resolved", "answered"), else_=fact.fate).label("fate")
    numbers = (
        func.count(),
        _times(fact.in_time),
        _times(fact.silent > 0),
        _times(fact.lowered > 0),
        func.sum(fact.waited),
    )
    keys = fact.buurt_code, fact.barrier, fact.highest_rung, fate
    rows = session.execute(pieces_of(fact, [period_of(fact.asked_on, scope)], keys, numbers))
    return [Piece._make((row[0] or NOWHERE, *row[1:9], int(row[9]))) for row in rows]


class Waiting(NamedTuple):
    """One escalation that waits for an answer now."""

    household: int
    buurt: str
    barrier: str
    rung: int
    asked_on: date
    since: datetime


def waiting_now(session: Session) -> list[Waiting]:
    """Every escalation that waits for an answer now, whenever it was asked."""
    fact = EscalationFact
    columns = (
        fact.household_id,
        func.coalesce(fact.buurt_code, NOWHERE),
        fact.barrier,
        fact.highest_rung,
        fact.asked_on,
        fact.waiting_since,
    )
    rows = session.execute(select(*columns).where(fact.waiting_since.is_not(None)))
    return [Waiting._make(row) for row in rows]


@dataclass
class Tally:
    """How many there are, and how many different households stand behind them."""

    value: int = 0
    without_number: int = 0
    numbers: set[int] = field(default_factory=set)

    def add(self, number: int, household: int | None) -> None:
        """Put a piece with the others."""
        if number:
            self.value += number
            if household is None:
                self.without_number += number
            else:
                self.numbers.add(household)

    def join(self, other: "Tally") -> None:
        """Put all that was put together elsewhere with these."""
        self.value += other.value
        self.without_number += other.without_number
        self.numbers |= other.numbers

    @property
    def count(self) -> Count:
        """Both, as withholding asks them."""
        return Count(self.value, self.without_number + len(self.numbers))


NOTHING = Count(0, 0)


def tallied(pieces: Iterable[tuple[Any, int | None, int]], key: Callable[[Any], Any]) -> dict[Any, Count]:
    """Pieces put together by key; each comes with whose it is and how many."""
    found: dict[Any, Tally] = {}
    for piece, household, number in pieces:
        found.setdefault(key(piece), Tally()).add(number, household)
    return {each: tally.count for each, tally in found.items()}
