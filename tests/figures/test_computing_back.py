"""Nobody computes a small group back, also who lays all pages of a period side by side and solves them at once.

What the exports tell is what the tables of the page tell (the one object that both are made of), so that the attacker
reads those tables. Open data have their own total and their own test (tests/reports/test_open_data.py).
"""

from collections.abc import Hashable, Iterator
from datetime import date
from itertools import product
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.figures.attacker import Attacker
from tests.figures.test_safe import BARRIERS, BUURTEN, PLACES, WIJKEN, made_up
from wijkteam.figures.escalations import Reckoning, escalation_figures
from wijkteam.figures.pieces import FATES, NOWHERE, Piece, Waiting
from wijkteam.figures.safe import ASKED, BUURT_NOWHERE, NOW, Counts, Spot
from wijkteam.figures.telling import Figure, Scope, Words
from wijkteam.reports.withholding import FEWEST

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


def pages_of(pieces: list[Piece], waiting: list[Waiting], scope: Scope) -> Iterator[tuple[Scope, Figure]]:
    """Every table of escalations under every filter of one period."""
    whole = Reckoning(scope, PLACES, pieces, waiting, BARRIERS)
    for wijk, barrier in product((None, NOWHERE, *WIJKEN), (None, *BARRIERS)):
        under = Scope(scope.first, scope.last, wijk, barrier)
        for figure in escalation_figures(whole.under(under), WORDS):
            yield under, figure


def spot_of(scope: Scope, code: str, key: str, column: str) -> Spot:
    """Which count a cell of a table is."""
    place, barrier = scope.wijk or "", scope.barrier or ""
    named = {"escalations": (place, barrier, ""), "per_rung": (place, barrier, key), "per_barrier": (place, key, "")}
    axis = named.get(code, (key, barrier, ""))
    return (*axis, column)


def attacker_of(pieces: list[Piece], waiting: list[Waiting], scope: Scope) -> Attacker:
    """Who read all of it."""
    reader = Attacker()
    for under, figure in pages_of(pieces, waiting, scope):
        for row in figure.rows:
            for column, cell in row.cells.items():
                cells = cells_of(spot_of(under, figure.definition.code, row.key, column))
                if cell.withheld:
                    reader.withheld(cells)
                else:
                    reader.told(cells, int(cell.value or 0))
    for base in product(HOMES, BARRIERS, RUNGS):
        reader.part_of([(*base, "in_time")], [(*base, "answered")])
        reader.part_of([(*base, "open")], [(*base, NOW)])
        for column in ("silent", "lowered"):
            reader.part_of([(*base, column)], [(*base, fate) for fate in FATES])
    return reader


def small_of(counts: Counts) -> dict[Hashable, list[Cell]]:
    """What nobody may find."""
    return {spot: cells_of(spot) for spot in counts.hidden if 0 < counts.of(spot).households < FEWEST}


@given(seed=st.integers(0, 10_000), number=st.sampled_from((12, 25, 60, 160, 400)))
@settings(max_examples=25, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
def test_no_small_group_follows_from_all_pages_of_a_period_together(seed: int, number: int) -> None:
    pieces, waiting = made_up(Random(seed), number)
    scope = Scope(_DAY, _DAY)
    counts = Reckoning(scope, PLACES, pieces, waiting, BARRIERS).counts
    small = small_of(counts)
    reader = attacker_of(pieces, waiting, scope)
    assert small.keys() <= counts.hidden
    assert reader.narrowed(small, 2) == {}, "of each at least two values are left, whoever reads whatever"


def test_the_attacker_does_compute_back_what_is_kept_back_alone() -> None:
    reader = Attacker()
    for cells, value in ((("a", "b", "c"), 20), (("a",), 12), (("b",), 7)):
        reader.told(cells, value)
    reader.withheld(("c",))
    assert reader.narrowed({"c": ("c",)}, 2) == {"c": (1, 1)}


def test_the_attacker_finds_what_only_follows_from_nothing_being_below_zero() -> None:
    reader = Attacker()
    for cells, value in ((("a", "b"), 5), (("c", "d"), 5), (("a", "c"), 9)):
        reader.told(cells, value)
    assert reader.narrowed({"a": ("a",)}, 5) == {"a": (4, 5)}
    with pytest.raises(ValueError, match="contradicts itself"):
        reader.told(("a",), 1)
        reader.narrowed({"b": ("b",)}, 2)
