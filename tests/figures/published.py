"""What anybody can read off the report: each published figure as a sum of cells, told or kept back.

A table that is new in the report has to be read here too: what is not known here fails.
"""

from collections.abc import Callable, Hashable, Iterator
from dataclasses import dataclass, field
from itertools import product

from tests.figures.attacker import Attacker
from tests.figures.little_town import DOMAINS, HOMES, INGREDIENTS, INSTRUMENT, KINDS, OUTCOMES, RUNGS, YEARS
from tests.figures.test_safe import BARRIERS, PLACES
from wijkteam.figures.pieces import FATES, NOWHERE
from wijkteam.figures.safe import ASKED
from wijkteam.figures.telling import Scope
from wijkteam.reports.figures import Cell, EscalationReport, Table
from wijkteam.reports.withholding import TOTAL

Cells = list[Hashable]
ALL_YEARS = (*YEARS, "later")
NO_CELLS = {"gain": "rates of a data file", "imported_requests": "logs of elsewhere, without households"}
"""Tables that count no household of this municipality, and what they are made of."""


def homes_in(place: str) -> list[str]:
    """Where who is counted in a wijk or buurt lives; everywhere for an empty text."""
    return [home for home in HOMES if place in ("", home, PLACES.wijk(home))]


def asked(year: Hashable, place: str, barrier: str, rung: str, column: str) -> Cells:
    """The cells of a count of escalations."""
    if column == "waits":
        return [cell for each in ALL_YEARS for cell in asked(each, place, barrier, rung, "open")]
    codes = [code for code in BARRIERS if barrier in ("", code)]
    rungs = [step for step in RUNGS if rung in ("", str(step))]
    columns = FATES if column == ASKED else (column,)
    return [("asked", year, *each) for each in product(homes_in(place), codes, rungs, columns)]


def outcomes(year: int, place: str = "", barrier: str = "", column: str = "all", measured: bool | None = None) -> Cells:
    """The cells of a count of cases with an outcome."""
    found: Cells = []
    for home, outcome, was in product(homes_in(place), OUTCOMES, (True, False)):
        if (column == "both" and outcome == "achieved") or (column in OUTCOMES and column != outcome):
            continue
        if measured in (None, was):
            codes = [""] if outcome == "achieved" else BARRIERS
            found += [("outcome", year, home, outcome, code, was) for code in codes if barrier in ("", code)]
    return found


@dataclass
class Published:
    """Everything that was read so far: figures that were told, and figures that were kept back."""

    attacker: Attacker = field(default_factory=Attacker)
    kept_back: dict[Hashable, Cells] = field(default_factory=dict)
    told: set[tuple[Hashable, ...]] = field(default_factory=set)
    days: dict[tuple[Scope, str], Cell] = field(default_factory=dict)

    def read(self, report: EscalationReport, scope: Scope) -> None:
        """Every table of a report."""
        for table in report.tables:
            code = table.definition.code
            if code in NO_CELLS:
                continue
            reader = READERS.get(code.partition("_")[0] if code.endswith(INSTRUMENT) else code)
            assert reader is not None, f"nobody looked whether {code} gives away what other tables keep back"
            reader(self, table, scope)

    def figure(self, cell: Cell, cells: Cells) -> None:
        """One figure."""
        if cell.withheld:
            assert cell.value is None
            self.kept_back[tuple(cells)] = cells
            self.attacker.withheld(cells)
        else:
            self.told.add(tuple(cells))
            self.attacker.told(cells, int(cell.value or 0))

    def bounds(self) -> None:
        """What anybody knows without a report: a part is never more than its whole."""
        part_of = self.attacker.part_of
        for year, home, code, rung in product(ALL_YEARS, HOMES, BARRIERS, RUNGS):
            base = ("asked", year, home, code, rung)
            part_of([(*base, "in_time")], [(*base, "answered")])
            for column in ("silent", "lowered"):
                part_of([(*base, column)], [(*base, fate) for fate in FATES])
        for wijk, code in product((*PLACES.wijken, NOWHERE), BARRIERS):
            part_of([("waits", wijk, code)], asked("", wijk, code, "", "waits"))
        for year in YEARS:
            part_of([("again", year, "")], asked(year, "", "", "", ASKED), 2)
            for code in BARRIERS:
                part_of([("again", year, code)], asked(year, "", code, "", ASKED), 2)
                part_of([("again", year, code)], [("again", year, "")])


def _year(scope: Scope) -> int:
    return scope.first.year


def _place_and_barrier(scope: Scope) -> tuple[str, str]:
    return scope.wijk or "", scope.barrier or ""


def _escalations(spot: Callable[[str, str, str], tuple[str, str, str]]) -> "Reader":
    def read(seen: Published, table: Table, scope: Scope) -> None:
        for row in table.rows:
            place, barrier, rung = spot(*_place_and_barrier(scope), row.key)
            for column, cell in row.cells.items():
                seen.figure(cell, asked(_year(scope), place, barrier, rung, column))

    return read


def _places(seen: Published, table: Table, scope: Scope) -> None:
    for row in table.rows:
        seen.figure(row.cells["count"], asked(_year(scope), row.key, "", "", ASKED))


def _blocks(seen: Published, table: Table, scope: Scope) -> None:
    """Households that wait; and days, which grow by one a day for each that waits."""
    wijk, _ = _place_and_barrier(scope)
    wijken = [each for each in (*PLACES.wijken, NOWHERE) if wijk in ("", each)]
    for row in table.rows:
        if row.key not in BARRIERS:
            assert row.cells["households"] == Cell(0)
            continue
        seen.figure(row.cells["households"], [("waits", each, row.key) for each in wijken])
        days = row.cells.get("days")
        if days is not None and days.value is not None:
            before = seen.days.setdefault((scope, row.key), days)
            if before.value is not None and before.value != days.value:
                seen.figure(Cell(days.value - before.value), asked(_year(scope), wijk, row.key, "", "open"))


def _repeated(seen: Published, table: Table, scope: Scope) -> None:
    for row in table.rows:
        code = "" if row.key == "all" else row.key
        if code in ("", *BARRIERS):
            seen.figure(row.cells["again"], [("again", _year(scope), code)])


def _months(seen: Published, table: Table, scope: Scope) -> None:
    months: Cells = [("month", row.key) for row in table.rows]
    for row in table.rows:
        seen.figure(row.cells["count"], [("month", row.key)])
    every = asked(_year(scope), "", "", "", ASKED)
    seen.attacker.part_of(months, every)
    seen.attacker.part_of(every, months)


def _together(seen: Published, table: Table, scope: Scope) -> None:
    for row in table.rows:
        one, other = row.key.split("+")
        pair: Cells = [("pair", _year(scope), one, other)]
        seen.figure(row.cells["households"], pair)
        seen.attacker.part_of(pair, [("again", _year(scope), "")])
        for code in (one, other):
            seen.attacker.part_of(pair, asked(_year(scope), "", code, "", ASKED))


def _by_place(seen: Published, table: Table, scope: Scope) -> None:
    for row in table.rows:
        for column, cell in row.cells.items():
            seen.figure(cell, outcomes(_year(scope), "" if row.key == TOTAL else row.key, "", column))


def _not_achieved(seen: Published, table: Table, scope: Scope) -> None:
    for row in table.rows:
        code = "" if row.key == TOTAL else row.key.removeprefix("b ")
        for column, cell in row.cells.items():
            seen.figure(cell, [each for each in outcomes(_year(scope), "", "", column) if code in ("", each[4])])


def _missing(seen: Published, table: Table, scope: Scope) -> None:
    which = {"all": None, "measured": True, "missing": False}
    for row in table.rows:
        for column, cell in row.cells.items():
            seen.figure(cell, outcomes(_year(scope), measured=which[column]))


def _changes(seen: Published, table: Table, scope: Scope) -> None:
    ways = ("better", "same", "worse")
    for row in table.rows:
        for column, cell in row.cells.items():
            found: Cells = [("change", _year(scope), row.key, way) for way in ways if column in ("all", way)]
            seen.figure(cell, found)


def _returns(seen: Published, table: Table, scope: Scope) -> None:
    ends = ("returned", "stayed_away", "too_early")
    for row in table.rows:
        for column, cell in row.cells.items():
            homes = homes_in("" if row.key == TOTAL else row.key)
            ways = [each for each in ends if column in ("all", each)]
            seen.figure(cell, [("closed", _year(scope), *each) for each in product(homes, ways)])


RESULTS, ANSWERS = (*OUTCOMES, "dropped"), ("good", "fair", "bad", "unsaid")


def _goals(seen: Published, table: Table, scope: Scope) -> None:
    own = table.definition.code == "own_answers"
    for row in table.rows:
        for column, cell in row.cells.items():
            domains = [each for each in DOMAINS if row.key in (TOTAL, each)]
            results = [each for each in RESULTS if own or column in ("all", each)]
            answers = [each for each in ANSWERS if not own or column in ("all", each)]
            seen.figure(cell, [("goal", _year(scope), *each) for each in product(domains, results, answers)])


def _tried(seen: Published, table: Table, scope: Scope) -> None:
    by_ingredient, ends = table.definition.code == "ingredients", table.definition.code == "approaches_ended"
    for row in table.rows:
        for column, cell in row.cells.items():
            kinds = [each for each in KINDS if by_ingredient or row.key in (TOTAL, each)]
            states = [each for each in ("continued", "stopped") if not ends or column in ("all", each)]
            results = [each for each in ("helped", "partly", "not_helped") if ends or column in ("all", each)]
            whys = [each for each in (*INGREDIENTS, "unsaid") if not by_ingredient or row.key in (TOTAL, each)]
            seen.figure(cell, [("tried", _year(scope), *each) for each in product(kinds, states, results, whys)])


def _earlier(seen: Published, table: Table, scope: Scope) -> None:
    for row in table.rows:
        for name, year in (("now", _year(scope)), ("before", _year(scope) - 1)):
            if year not in YEARS:
                continue
            wijk, barrier = _place_and_barrier(scope)
            cells = asked(year, wijk, barrier, "", ASKED) if row.key == ASKED else outcomes(year, wijk, "", row.key)
            seen.figure(row.cells[name], cells)
            assert row.cells[name].withheld == row.cells[f"{name}_monthly"].withheld


def _areas(seen: Published, table: Table, scope: Scope) -> None:
    for row in table.rows:
        place = "" if row.key.startswith("GM") else row.key
        seen.figure(row.cells[ASKED], asked(_year(scope), place, "", "", ASKED))
        assert row.cells[ASKED].withheld == row.cells["rate"].withheld


def _curve(seen: Published, table: Table, scope: Scope) -> None:
    """Shares of all that was asked: tests/reckoning proves that no step tells of fewer than five."""


Reader = Callable[[Published, Table, Scope], None]
READERS: dict[str, Reader] = {
    "escalations": _escalations(lambda place, barrier, _key: (place, barrier, "")),
    "per_rung": _escalations(lambda place, barrier, key: (place, barrier, key)),
    "per_barrier": _escalations(lambda place, _barrier, key: (place, key, "")),
    "per_wijk": _escalations(lambda _place, barrier, key: (key, barrier, "")),
    "per_buurt": _escalations(lambda _place, barrier, key: (key, barrier, "")),
    "places": _places,
    "blocks": _blocks,
    "repeated": _repeated,
    "control_chart": _months,
    "together": _together,
    "outcomes": _by_place,
    "not_achieved": _not_achieved,
    "missing": _missing,
    "change": _changes,
    "returns": _returns,
    "goals": _goals,
    "own_answers": _goals,
    "approaches": _tried,
    "approaches_ended": _tried,
    "ingredients": _tried,
    "earlier": _earlier,
    "areas": _areas,
    "waiting_curve": _curve,
}


def unpublished() -> Iterator[tuple[Hashable, Cells]]:
    """What no page tells at all, and nobody should find either: what was asked after the last month that ended."""
    for place, barrier in product(("", *PLACES.wijken, NOWHERE, *HOMES), ("", *BARRIERS)):
        yield ("later", place, barrier), asked("later", place, barrier, "", "open")
