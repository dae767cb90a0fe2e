"""This year beside the year before, for the whole municipality or one wijk: never between people or teams.

Nothing is counted here. Each figure is the very cell that the report of its own year shows, with that year's rules; it
is compared only where both are shown. So whoever lays the two reports side by side knows as much. Of a year that still
runs no shorter part of the year before is told, for such parts could be subtracted: both are told per month instead.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from math import sqrt

from wijkteam.engine.definition import Text
from wijkteam.figures.escalations import OVERALL
from wijkteam.figures.outcome_words import OUTCOME_COLUMNS, OUTCOMES
from wijkteam.figures.safe import ASKED
from wijkteam.figures.telling import LEFT_OUT, Definition, Figure, Row, Scope
from wijkteam.reports.figures import Cell
from wijkteam.reports.withholding import TOTAL

CHANCE = 1.96
"""How many standard deviations a difference has to be, not to be called chance: 1 in 20 is called a change wrongly."""
EARLIER = Definition(
    "earlier",
    Text(nl="Vergeleken met het jaar ervoor", en="Compared with the year before"),
    Text(
        nl="Dezelfde cijfers uit de verslagen van twee jaren. Het lopende jaar is nog niet om: daarom staat het aantal "
        "per maand ernaast. Anders dan toeval: het verschil per maand is groter dan in 19 van de 20 jaren zonder "
        "verandering.",
        en="The same figures from the reports of two years. The running year has not ended: therefore the count per "
        "month stands beside it. Other than chance: the difference per month is larger than in 19 of 20 years "
        "without a change.",
    ),
    Text(
        nl=f"Een verschil zegt niet waardoor het komt. {LEFT_OUT.nl}",
        en=f"A difference does not say what it comes of. {LEFT_OUT.en}",
    ),
)
COLUMNS = {
    "now": Text(nl="Dit jaar", en="This year"),
    "before": Text(nl="Jaar ervoor", en="Year before"),
    "now_monthly": Text(nl="Dit jaar per maand", en="This year per month"),
    "before_monthly": Text(nl="Jaar ervoor per maand", en="Year before per month"),
}
TITLES = {
    ASKED: Text(nl="Opschalingen gevraagd", en="Escalations asked"),
    "all": Text(nl="Casussen met uitkomst", en="Cases with an outcome"),
    **{name: title for name, title in OUTCOME_COLUMNS.items() if name != "all"},
}


def year_before(scope: Scope) -> Scope:
    """The whole year before that of a scope, as its own report tells it."""
    year = scope.first.year - 1
    return replace(scope, first=date(year, 1, 1), last=date(year, 12, 31))


def compared(scope: Scope, now: Mapping[str, Figure], before: Mapping[str, Figure]) -> Figure:
    """The main figures of two reports side by side; figures by code. Under a barrier only what is told by barrier."""
    cells = [(ASKED, _cell(now, OVERALL.code, "all", ASKED), _cell(before, OVERALL.code, "all", ASKED))]
    if scope.barrier is None:
        row = scope.wijk or TOTAL
        cells += [
            (name, _cell(now, OUTCOMES.code, row, name), _cell(before, OUTCOMES.code, row, name))
            for name in OUTCOME_COLUMNS
        ]
    rows = tuple(_row(scope, *each) for each in cells)
    return Figure(EARLIER, scope, rows[0].cells["now"], COLUMNS, rows)


def seen_earlier(figure: Figure) -> Text:
    """What changed by more than chance, in a sentence."""
    nl, en = [], []
    months = figure.scope.last.month
    for row in figure.rows:
        now, before = row.cells["now"].value, row.cells["before"].value
        way = None if now is None or before is None else differs(int(now), months, int(before), 12)
        if way:
            nl.append(f"{row.label.nl.lower()} {'vaker' if way > 0 else 'minder vaak'}")
            en.append(f"{row.label.en.lower()} {'more' if way > 0 else 'less'} often")
    if nl:
        return Text(nl=f"Anders dan toeval: {', '.join(nl)}.", en=f"Other than chance: {', '.join(en)}.")
    if all(row.cells["now"].value is None or row.cells["before"].value is None for row in figure.rows):
        return Text(nl="Er is te weinig om te vergelijken.", en="There is too little to compare.")
    return Text(nl="Geen verschil dat groter is dan toeval.", en="No difference larger than chance.")


def differs(now: int, months_now: int, before: int, months_before: int) -> int:
    """Whether the count per month rose (1) or fell (-1) by more than chance, else 0.

    Given both counts together, how many of them fall in the later period is binomial when nothing changed (Przyborowski
    and Wilenski, Biometrika 31, 1940), here with its normal approximation; under 10 together nothing is said.
    """
    together = now + before
    if together < 10:
        return 0
    share = months_now / (months_now + months_before)
    away = (now - together * share) / sqrt(together * share * (1 - share))
    return 0 if abs(away) < CHANCE else 1 if away > 0 else -1


def _cell(figures: Mapping[str, Figure], code: str, row: str, column: str) -> Cell:
    rows = figures[code].rows if code in figures else ()
    return next((each.cells[column] for each in rows if each.key == row and column in each.cells), Cell(0))


def _row(scope: Scope, name: str, now: Cell, before: Cell) -> Row:
    cells = {
        "now": now,
        "before": before,
        "now_monthly": _monthly(now, scope.last.month),
        "before_monthly": _monthly(before, 12),
    }
    return Row(name, TITLES[name], cells)


def _monthly(cell: Cell, months: int) -> Cell:
    return cell if cell.value is None else Cell(round(cell.value / months, 1))
