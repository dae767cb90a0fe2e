"""What open data tell: of years that are over, what the report of that year tells, and nothing else.

So whoever reads both learns from the report alone, and what everybody reads is a part of it. Nothing under five
households can be computed back from the report: not from one year, nor from several, nor under its filters. Open data
therefore need no rule of their own, and know no other periods: months or quarters beside the report of their year would
undo what it withholds.

A year that was published is not told anew (see `files`): a count that changed afterwards, by destruction or a
correction, cannot be laid beside the old one.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from wijkteam.figures.escalations import OVERALL, PER_BARRIER, PER_RUNG, PER_WIJK, escalation_figures
from wijkteam.figures.model import CaseFact, EscalationFact
from wijkteam.figures.pieces import NOWHERE
from wijkteam.figures.remembered import Moment
from wijkteam.figures.report import Known, Main, reckon_main
from wijkteam.figures.safe import ASKED
from wijkteam.figures.telling import Scope, Words
from wijkteam.reports.figures import Cell
from wijkteam.reports.withholding import TOTAL

SPLITS = {"wijk": PER_WIJK.code, "barrier": PER_BARRIER.code, "rung": PER_RUNG.code}
"""By which lists escalations are told, and in which table of the report each is."""
ALL = "all"


@dataclass(frozen=True)
class Line:
    """One published figure; `value` is None where it is withheld."""

    period: str
    split: str
    code: str
    value: int | None


Cells = Mapping[str, Mapping[str, Cell]]
"""By list and code; the total stands under `TOTAL` in a list of that name."""


def years_over(session: Session, today: date) -> list[int]:
    """The years that are over, from the first of which something is told."""
    fact = select(func.min(EscalationFact.asked_on)), select(func.min(CaseFact.outcome_on))
    days = [day for day in (session.scalar(each) for each in fact) if day is not None]
    return list(range(min(days).year, today.year)) if days else []


def report_of(session: Session, year: int, known: Known) -> Main:
    """What the report of a whole year tells, as it does itself."""
    return reckon_main(session, _whole(year), known, Moment.of(session))


def _whole(year: int) -> Scope:
    return Scope(date(year, 1, 1), date(year, 12, 31))


def escalations_told(main: Main, words: Words) -> Cells:
    """How often was escalated, by wijk, barrier and rung."""
    figures = {each.definition.code: each for each in escalation_figures(main.reckoning, words)}
    lists = {split: {row.key: row.cells[ASKED] for row in figures[code].rows} for split, code in SPLITS.items()}
    return {TOTAL: {TOTAL: figures[OVERALL.code].rows[0].cells[ASKED]}, **lists}


def outcomes_told(main: Main) -> Cells:
    """What came of cases, by wijk and by outcome."""
    figure = main.cases.under(main.cases.every)[0]
    every = figure.row(TOTAL)
    wijken = {row.key: row.cells[ALL] for row in figure.rows if row.key != TOTAL and row.part_of is None}
    outcomes = {code: cell for code, cell in every.cells.items() if code != ALL}
    return {TOTAL: {TOTAL: every.cells[ALL]}, "wijk": wijken, "outcome": outcomes}


def lines_of(year: int, told: Cells, listed: Mapping[str, Iterable[str]]) -> Iterator[Line]:
    """A year as lines: the total, and each list with every code that it can have; what has no line in it is zero."""
    for split, cells in told.items():
        for code in dict.fromkeys([*listed.get(split, ()), *cells]):
            cell = cells.get(code, Cell(0))
            yield Line(str(year), split, code, None if cell.withheld or cell.value is None else int(cell.value))


UNKNOWN = NOWHERE
"""The code of a wijk that is not known."""
