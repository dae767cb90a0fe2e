"""What open data count, and what of it may be shown. Pure but for the two questions to the database.

Why nothing under five households can be computed back:

1. Each period stands alone. Periods do not overlap and no sum over periods is published, so that no two of them can be
   subtracted from one another.
2. Within a period the lists by wijk, by barrier and by rung have one total in common. They are withheld together (see
   `wijkteam.reports.withholding`): a total that one list withholds is withheld in all.
3. Nothing is crossed: not wijk by barrier, no buurt, no team.
4. A period that was published is never counted anew (see `files`): a count that changed afterwards, by destruction or
   a correction, cannot be laid beside the old one.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from wijkteam.cases.model import Buurt, Household, HouseholdCase
from wijkteam.escalation.model import Escalation
from wijkteam.reports.open_data.periods import Period, period_of
from wijkteam.reports.withholding import TOTAL, Count, Counted, withheld_together
from wijkteam.terms import clock

UNKNOWN = "unknown"
COLUMN = "count"


@dataclass(frozen=True)
class Fact:
    """One thing that is counted: of which household, on which day, and its code in each list."""

    household: int
    day: date
    codes: Mapping[str, str]


@dataclass(frozen=True)
class Line:
    """One published figure; `value` is None where it is withheld."""

    period: str
    split: str
    code: str
    value: int | None


def lines_of(
    facts: Iterable[Fact], codes: Mapping[str, Sequence[str]], periods: Sequence[Period], each: str
) -> list[Line]:
    """The figures of these periods: the total, and each list with every code that it can have."""
    by_period: dict[Period, list[Fact]] = defaultdict(list)
    for fact in facts:
        by_period[period_of(fact.day, each)].append(fact)
    return [line for period in periods for line in _of_period(period.code, by_period[period], codes)]


def _of_period(period: str, facts: list[Fact], codes: Mapping[str, Sequence[str]]) -> list[Line]:
    groups = {split: _groups(facts, split, listed) for split, listed in codes.items()}
    tables = [
        Counted({(row, COLUMN): _count(found) for row, found in (*rows.items(), (TOTAL, facts))})
        for rows in groups.values()
    ]
    hidden = withheld_together(tables)
    no_total = any((TOTAL, COLUMN) in places for places in hidden)
    lines = [Line(period, TOTAL, TOTAL, None if no_total else len(facts))]
    for (split, rows), places in zip(groups.items(), hidden, strict=True):
        lines += [
            Line(period, split, row, None if (row, COLUMN) in places else len(found)) for row, found in rows.items()
        ]
    return lines


def _groups(facts: list[Fact], split: str, listed: Sequence[str]) -> dict[str, list[Fact]]:
    found: dict[str, list[Fact]] = {code: [] for code in listed}
    for fact in facts:
        found.setdefault(fact.codes[split], []).append(fact)
    return found


def _count(facts: list[Fact]) -> Count:
    return Count(len(facts), len({fact.household for fact in facts}))


def escalations(session: Session) -> list[Fact]:
    """Every escalation by the day on which it was asked."""
    rows = session.execute(
        select(Household.id, Escalation.opened_at, Buurt.wijk_code, Escalation.barrier, Escalation.highest_rung)
        .join(HouseholdCase, HouseholdCase.id == Escalation.case_id)
        .join(Household, Household.id == HouseholdCase.household_id)
        .outerjoin(Buurt, Buurt.code == Household.buurt_code)
    )
    return [
        Fact(
            household,
            clock.local(opened).date(),
            {"wijk": wijk or UNKNOWN, "barrier": barrier or UNKNOWN, "rung": str(rung)},
        )
        for household, opened, wijk, barrier, rung in rows
    ]


def closed_cases(session: Session) -> list[Fact]:
    """Every closed case by the day on which it was closed."""
    rows = session.execute(
        select(HouseholdCase.household_id, HouseholdCase.closed_at, Buurt.wijk_code, HouseholdCase.outcome)
        .join(Household, Household.id == HouseholdCase.household_id)
        .outerjoin(Buurt, Buurt.code == Household.buurt_code)
        .where(HouseholdCase.closed_at.is_not(None), HouseholdCase.undone_at.is_(None))
    )
    return [
        Fact(household, clock.local(closed).date(), {"wijk": wijk or UNKNOWN, "outcome": outcome or UNKNOWN})
        for household, closed, wijk, outcome in rows
        if closed is not None
    ]
