"""Nobody computes a small group back, whoever lays everything that is published side by side and solves it at once.

What is asked of the product: no figure that was kept back because of 1 to 4 households can be pinned to one value, by
who knows every page of every year under every filter, on one day and on the next. Within one table at least five values
are left (tests/reports/test_withholding.py). What the exports and the API tell is what the tables of the page tell.
"""

import csv
import io
import json
from collections import Counter
from collections.abc import Hashable, Iterator
from datetime import date, timedelta
from itertools import product
from random import Random

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from tests.conftest import Town
from tests.figures.attacker import Attacker, Contradiction
from tests.figures.little_town import AT, YEARS, LittleTown
from tests.figures.published import Published, unpublished
from tests.figures.test_figures_twice import one_town
from tests.figures.test_safe import BARRIERS, BUURTEN, PLACES, WIJKEN, made_up
from tests.plumbing.templates import SQLiteTemplates
from wijkteam.assembly import House
from wijkteam.figures.escalations import Reckoning, escalation_figures
from wijkteam.figures.outcome import Drawn, over_the_same_cases
from wijkteam.figures.outcome_words import (
    NOT_ACHIEVED,
    NOT_ACHIEVED_COLUMNS,
    OUTCOME_COLUMNS,
    OUTCOMES,
)
from wijkteam.figures.pieces import FATES, NOWHERE, Piece
from wijkteam.figures.safe import ASKED, BUURT_NOWHERE, Spot
from wijkteam.figures.telling import Figure, Scope, Words
from wijkteam.keys.ring import KeyRing
from wijkteam.reports.exports import as_csv, as_json
from wijkteam.reports.figures import EscalationReport
from wijkteam.reports.periods import days_of_year
from wijkteam.reports.sheets import sheets_of
from wijkteam.reports.withholding import FEWEST, TOTAL, Count
from wijkteam.terms import clock
from wijkteam.web.report import make_report

RUNGS = ("1", "2", "4")
HOMES = (*BUURTEN, BUURT_NOWHERE)
Cell = tuple[str, str, str, str]
WORDS = Words({}, {})
_DAY = date(2026, 1, 1)


def cells_of(spot: Spot) -> list[Cell]:
    """The finest cells that a count adds up."""
    place, barrier, rung, column = spot
    homes = [home for home in HOMES if place in ("", home, PLACES.wijk(home))]
    columns = FATES if column == ASKED else (column,)
    return [
        (home, code, step, each)
        for home, code, step, each in product(homes, BARRIERS, RUNGS, columns)
        if barrier in ("", code) and rung in ("", step)
    ]


def pages_of(whole: Reckoning) -> Iterator[tuple[Scope, Figure]]:
    """Every table of escalations under every filter of one period."""
    for wijk, barrier in product((None, NOWHERE, *WIJKEN), (None, *BARRIERS)):
        under = Scope(_DAY, _DAY, wijk, barrier)
        for figure in escalation_figures(whole.under(under), WORDS):
            yield under, figure


def spot_of(scope: Scope, code: str, key: str, column: str) -> Spot:
    """Which count a cell of a table is."""
    place, barrier = scope.wijk or "", scope.barrier or ""
    named = {"escalations": (place, barrier, ""), "per_rung": (place, barrier, key), "per_barrier": (place, key, "")}
    axis = named.get(code, (key, barrier, ""))
    return (*axis, column)


def attacker_of(whole: Reckoning) -> Attacker:
    """Who read all of it."""
    reader = Attacker()
    for under, figure in pages_of(whole):
        for row in figure.rows:
            for column, cell in row.cells.items():
                cells = cells_of(spot_of(under, figure.definition.code, row.key, column))
                if cell.withheld:
                    reader.withheld(cells)
                else:
                    reader.told(cells, int(cell.value or 0))
    for base in product(HOMES, BARRIERS, RUNGS):
        reader.part_of([(*base, "in_time")], [(*base, "answered")])
        for column in ("silent", "lowered"):
            reader.part_of([(*base, column)], [(*base, fate) for fate in FATES])
    return reader


def truth_of(pieces: list[Piece]) -> dict[Hashable, int]:
    """What each cell really is."""
    found: Counter[Hashable] = Counter()
    for piece in pieces:
        home = BUURT_NOWHERE if piece.buurt == NOWHERE else piece.buurt
        flags = {"in_time": piece.in_time, "silent": piece.silent, "lowered": piece.lowered}
        for column, number in {piece.fate: piece.number, **flags}.items():
            found[home, piece.barrier, str(piece.rung), column] += number
    return found


@given(seed=st.integers(0, 10_000), number=st.sampled_from((12, 25, 60, 160, 400)))
@example(seed=1333, number=160)
@settings(max_examples=10, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
def test_no_small_group_follows_from_all_pages_of_a_period_together(seed: int, number: int) -> None:
    pieces, waiting = made_up(Random(seed), number)
    whole = Reckoning(Scope(_DAY, _DAY), PLACES, pieces, waiting, BARRIERS)
    counts = whole.counts
    small: dict[Hashable, list[Cell]] = {
        spot: cells_of(spot) for spot, count in counts.found.items() if 0 < count.households < FEWEST
    }
    assert small.keys() <= counts.hidden
    assert attacker_of(whole).found(small, truth_of(pieces)) == {}, "at least one other value is left"


def reports_of(house: House, session: Session, days: int) -> Iterator[tuple[EscalationReport, Scope]]:
    """Every page of both years: under all filters on the first day, and once more by wijk a day later."""
    barriers = (None, *BARRIERS) if days == 0 else (None,)
    for year, wijk, barrier in product(YEARS, (None, *WIJKEN), barriers):
        scope = Scope(*days_of_year(year, clock.today()), wijk, barrier)
        yield make_report(house, session, "Voorbeeldstad", scope).report, scope


def everything_of(town: Town, seed: int, households: int) -> tuple[Published, dict[Hashable, int]]:
    """All that a town of so many households publishes in two years, and which small figures of it can be computed."""
    little = LittleTown(Random(seed), households)
    seen = Published()
    little.write(town.clockwork().session)
    town.close()
    for days in (0, 1):
        with clock.standing_at(AT + timedelta(days=days)):
            for report, scope in reports_of(town.house, town.clockwork().session, days):
                seen.read(report, scope)
                if scope.wijk is None and scope.barrier is None:
                    exports_tell_the_same(report)
        town.close()
    seen.bounds()
    wanted = seen.kept_back | dict(unpublished())
    small = {name: cells for name, cells in wanted.items() if 0 < little.households_behind(cells) < FEWEST}
    for cells in seen.told:
        assert not 0 < little.households_behind(cells) < FEWEST, f"{cells[0]} and more were told of a small group"
    return seen, seen.attacker.found(small, little.cells)


def exports_tell_the_same(report: EscalationReport) -> None:
    """What is taken along is what the tables of the page tell, no figure more and none that is kept back."""
    told = {
        (table.definition.code, row.key.strip(), column, cell.value, cell.withheld)
        for table in report.tables
        for row in table.rows
        for column, cell in row.cells.items()
    }
    tidy = {
        (line["table"], line["key"].removeprefix("'"), line["column"], line["value"], line["withheld"] == "1")
        for line in csv.DictReader(io.StringIO(as_csv(report)))
    }
    assert tidy == {(*place, "" if value is None else str(value), away) for *place, value, away in told}
    written = {
        (table["code"], row["key"], column, row[column]["value"], row[column]["withheld"])
        for table in json.loads(as_json(report))["tables"]
        for row in table["rows"]
        for column in table["columns"]
    }
    assert written == told
    for table, (_, lines) in zip(report.tables, list(sheets_of(report))[1:], strict=True):
        expected = [["·" if cell.withheld else cell.value for cell in row.cells.values()] for row in table.rows]
        assert [list(line[2:]) for line in lines[4:]] == expected


@pytest.mark.usefixtures("law_in_force")
@pytest.mark.parametrize(("seed", "households"), [(2, 60), (1, 160)])
def test_no_small_group_follows_from_all_tables_of_all_years_under_all_filters_on_two_days(
    sqlite_templates: SQLiteTemplates, first_house: House, first_ring: KeyRing, seed: int, households: int
) -> None:
    """More towns: `python -m tests.bench computing_back`."""
    with one_town(sqlite_templates, first_house, first_ring) as town:
        seen, found = everything_of(town, seed, households)
    assert found == {}
    assert len(seen.told) > 100 and len(seen.kept_back) > 50, "there was something to reckon with"


def test_who_did_not_achieve_is_not_told_where_that_is_all_but_a_few_who_did() -> None:
    outcomes = {"all": 20, "achieved": 3, "partly": 7, "not_achieved": 10}
    failed = {"both": 17, "partly": 7, "not_achieved": 10}
    drawn = [
        Drawn.of(OUTCOMES, OUTCOME_COLUMNS, {(TOTAL, name): Count(each, each) for name, each in outcomes.items()}),
        Drawn.of(
            NOT_ACHIEVED, NOT_ACHIEVED_COLUMNS, {(TOTAL, name): Count(each, each) for name, each in failed.items()}
        ),
    ]
    reader = Attacker()
    parts = {"all": ["achieved", "partly", "not_achieved"], "both": ["partly", "not_achieved"]}
    for each, hidden in zip(drawn, over_the_same_cases(drawn), strict=True):
        for place, count in each.counts.items():
            cells = parts.get(place[1], [place[1]])
            if place in hidden:
                reader.withheld(cells)
            else:
                reader.told(cells, count.value)
    assert reader.found({"achieved": ["achieved"]}, {**outcomes}) == {}


def test_the_attacker_does_compute_back_what_is_kept_back_alone() -> None:
    reader = Attacker()
    for cells, value in ((("a", "b", "c"), 20), (("a",), 12), (("b",), 7)):
        reader.told(cells, value)
    reader.withheld(("c",))
    truth: dict[Hashable, int] = {"a": 12, "b": 7, "c": 1}
    assert reader.found({"c": ("c",)}, truth) == {"c": 1}
    with pytest.raises(Contradiction):
        reader.found({"c": ("c",)}, {**truth, "c": 2})
    with pytest.raises(Contradiction):
        reader.told(("a",), 11)


def test_the_attacker_finds_what_only_follows_from_whole_numbers_and_nothing_being_below_zero() -> None:
    reader = Attacker()
    for cells, value in ((("a", "b"), 5), (("c", "d"), 5), (("a", "c"), 10)):
        reader.told(cells, value)
    truth: dict[Hashable, int] = {"a": 5, "b": 0, "c": 5, "d": 0}
    assert reader.found({"a": ("a",), "d": ("d",)}, truth) == {"a": 5, "d": 0}
    halves = Attacker()
    halves.part_of(("x",), ("y",), 2)
    halves.told(("y",), 3)
    halves.withheld(("x",))
    assert halves.found({"x": ("x",)}, {"x": 1, "y": 3}) == {"x": 1}, "one and a half household there is not"
    halves.told(("y", "z"), 4)
    halves.part_of(("w",), ("y",))
    assert halves.found({"w": ("w",), "z": ("z",)}, {"x": 1, "y": 3, "z": 1, "w": 2}) == {"z": 1}
