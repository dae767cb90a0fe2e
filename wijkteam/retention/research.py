"""Closed cases for research, k-anonymous: every row of the file is the same for at least k households.

The way is Datafly (Sweeney 1997): as long as too many rows are rare, the column with the most different values is made
one step coarser; the last rare rows are left out. All columns count as ones by which somebody could be recognised.

What it does not protect against: whoever knows that a household is in the file, and its year, wijk and duration, learns
its outcome where all such rows have the same one. How many different outcomes there are at the least (l-diversity) is
computed and told, not enforced. Two files of different days laid side by side can tell more than each alone.
"""

import csv
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TextIO

from sqlalchemy import select
from sqlalchemy.orm import Session

from wijkteam.cases.model import Buurt, Household, HouseholdCase
from wijkteam.cases.queries import CLOSED
from wijkteam.events.model import Erasure
from wijkteam.terms import clock

ANY = "*"
COLUMNS = ("year", "wijk", "duration", "outcome", "barrier")
KNOWN_OUTSIDE = ("year", "wijk", "duration")
"""What somebody outside could know of a household."""
LEAST_K = 5
Row = tuple[str, ...]


@dataclass(frozen=True)
class ClosedCase:
    """What of a closed case goes into the file, before it is made coarser."""

    household: int
    year: int
    wijk: str
    days: int
    outcome: str
    barrier: str


def _five_years(year: int) -> str:
    return f"{year // 5 * 5}-{year // 5 * 5 + 4}"


def _months(days: int) -> str:
    for bound, name in ((92, "0-3 months"), (183, "3-6 months"), (366, "6-12 months"), (731, "1-2 years")):
        if days < bound:
            return name
    return "over 2 years"


def _half_year(days: int) -> str:
    return "under 6 months" if days < 183 else "over 6 months"


STEPS: Mapping[str, tuple[Callable[[ClosedCase], str], ...]] = {
    "year": (lambda each: str(each.year), lambda each: _five_years(each.year), lambda each: ANY),
    "wijk": (lambda each: each.wijk or ANY, lambda each: ANY),
    "duration": (lambda each: _months(each.days), lambda each: _half_year(each.days), lambda each: ANY),
    "outcome": (lambda each: each.outcome or ANY, lambda each: ANY),
    "barrier": (lambda each: each.barrier or ANY, lambda each: ANY),
}
"""How each column is written, finer first."""


@dataclass(frozen=True)
class Anonymous:
    """The rows of the file, sorted, and what was done to them."""

    k: int
    rows: list[Row]
    left_out: int
    coarser: Mapping[str, int]
    """Per column how many steps coarser than it could be."""
    least_outcomes: int
    """The fewest different outcomes among rows that are alike in what somebody outside could know; 0 without rows."""


def anonymous(found: Sequence[ClosedCase], k: int) -> Anonymous:
    """Rows of which each is the same for at least k households. Raises ValueError for a k under five."""
    if k < LEAST_K:
        raise ValueError(f"k is at least {LEAST_K}: fewer households than that are never shown")
    levels = dict.fromkeys(COLUMNS, 0)
    while True:
        rows = [(each, _row(each, levels)) for each in found]
        common = _common(rows, k)
        rare = [row for _, row in rows if row not in common]
        column = _finest(rows, levels)
        if len(rare) <= k or column is None:
            break
        levels[column] += 1
    kept = sorted(row for _, row in rows if row in common)
    return Anonymous(k, kept, len(rare), levels, least_outcomes(kept))


def _row(each: ClosedCase, levels: Mapping[str, int]) -> Row:
    return tuple(STEPS[column][levels[column]](each) for column in COLUMNS)


def _common(rows: Iterable[tuple[ClosedCase, Row]], k: int) -> frozenset[Row]:
    """The rows that are the same for at least k households: two cases of one household count once."""
    homes: dict[Row, set[int]] = defaultdict(set)
    for each, row in rows:
        homes[row].add(each.household)
    return frozenset(row for row, households in homes.items() if len(households) >= k)


def _finest(rows: Sequence[tuple[ClosedCase, Row]], levels: Mapping[str, int]) -> str | None:
    """The column with the most different values that can still be made coarser; None when none can."""
    values = {
        column: len({row[place] for _, row in rows})
        for place, column in enumerate(COLUMNS)
        if levels[column] + 1 < len(STEPS[column])
    }
    return max(values, key=lambda column: values[column]) if values else None


def least_outcomes(rows: Iterable[Row]) -> int:
    """l-diversity of the outcome: the fewest different ones within rows that are alike in what can be known."""
    seen: dict[Row, set[str]] = defaultdict(set)
    places = [COLUMNS.index(each) for each in KNOWN_OUTSIDE]
    for row in rows:
        seen[tuple(row[place] for place in places)].add(row[COLUMNS.index("outcome")])
    return min((len(each) for each in seen.values()), default=0)


def closed_cases(session: Session, until: date | None = None) -> list[ClosedCase]:
    """The closed cases that are still there, up to a day."""
    gone = select(Erasure.subject_id).where(Erasure.subject_kind == HouseholdCase.workflow, Erasure.sequence == 0)
    rows = (
        select(HouseholdCase, Buurt.wijk_code)
        .join(Household, Household.id == HouseholdCase.household_id)
        .outerjoin(Buurt, Buurt.code == Household.buurt_code)
        .where(HouseholdCase.state == CLOSED, HouseholdCase.undone_at.is_(None), HouseholdCase.id.not_in(gone))
    )
    found = []
    for case, wijk in session.execute(rows):
        closed = clock.local(case.closed_at or case.state_since).date()
        if until is None or closed <= until:
            days = (closed - clock.local(case.opened_at).date()).days
            found.append(
                ClosedCase(
                    case.household_id, closed.year, wijk or "", days, case.outcome or "", case.outcome_barrier or ""
                )
            )
    return found


def write_csv(made: Anonymous, file: TextIO) -> None:
    """The rows as CSV, in an order that tells nothing."""
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows(made.rows)


def k_of(rows: Iterable[Row]) -> int:
    """The smallest number of times that a row occurs: the k of a file by itself; 0 without rows."""
    return min(Counter(rows).values(), default=0)


def told(made: Anonymous) -> list[str]:
    """What a reader of the file has to know, line by line."""
    coarser = ", ".join(f"{column} {steps}" for column, steps in made.coarser.items() if steps) or "none"
    return [
        f"{len(made.rows)} closed cases; every row is the same for at least {made.k} households",
        f"{made.left_out} cases left out because they were too rare",
        f"columns made coarser, in steps: {coarser}",
        f"rows alike in {', '.join(KNOWN_OUTSIDE)} have at least {made.least_outcomes} different outcomes",
        "not protected: an outcome that all such rows share, and what two files of different days tell together",
    ]
