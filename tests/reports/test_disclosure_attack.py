"""Somebody who lays everything side by side that can be asked for, and reckons, learns of no small group.

The attacker knows how the report is made: every sum, that counts are whole, and that nothing withheld is zero. What a
withheld cell can be is found by integer linear programming over all that is shown at once.
"""

from collections import defaultdict
from collections.abc import Collection
from datetime import date

import numpy
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import coo_array

from wijkteam.reports.linked import WHOLE, Breakdown, Cell, Counts, Cube, Shape, cube_of, equations
from wijkteam.reports.periods import days_of_year, years_told
from wijkteam.reports.withholding import FEWEST, TOTAL, Counted, Layout, withheld_counts

WIJK_OF = {"A1": "A", "A2": "A", "B1": "B", "B2": "B"}
PLACES = {**WIJK_OF, "A": TOTAL, "B": TOTAL}
BARRIERS = ("debts", "housing", "waiting")
PARTS = ("answered", "open")
QUARTERS = ("q1", "q2", "q3")
WITHIN: dict[str, str | None] = {"year": None, **dict.fromkeys(QUARTERS, "year")}
TODAY = (
    Breakdown({}, PARTS, True),
    Breakdown(PLACES, PARTS),
    Breakdown(dict.fromkeys(BARRIERS, TOTAL), PARTS),
)
"""What the report shows: the headline, by place, and by barrier."""
SIZES = (0, 0, 0, 1, 2, 3, 5, 8, 15)


def asked(household: int, place: str, barrier: str, part: str, period: str) -> Counts:
    return Counts(household, (place, barrier), part, period)


@st.composite
def towns(draw: st.DrawFn) -> list[Counts]:
    """Households in buurten, each with a barrier in a quarter, some of them again in another one."""
    found: list[Counts] = []
    for place in WIJK_OF:
        for barrier in BARRIERS:
            sizes = draw(st.tuples(*[st.sampled_from(SIZES)] * 3))
            for period, size in zip(QUARTERS, sizes, strict=True):
                still_open = draw(st.integers(0, size))
                for number in range(size):
                    part = "open" if number < still_open else "answered"
                    found.append(asked(len(found), place, barrier, part, period))
    for number in range(min(draw(st.integers(0, 6)), len(found))):
        other = found[number]
        found.append(Counts(other.household, other.rows, other.part, draw(st.sampled_from(QUARTERS))))
    return found


class Attacker:
    """Reckons what each withheld cell can be, from all else of a cube."""

    def __init__(self, cube: Cube, withheld: Collection[Cell]) -> None:
        self.at = {cell: number for number, cell in enumerate(sorted(withheld))}
        sums: list[int] = []
        entries: list[tuple[int, int, int]] = []
        for whole, parts in equations(cube.shape):
            terms: dict[int, int] = defaultdict(int)
            known = 0
            for cell, sign in ((whole, -1), *((part, 1) for part in parts)):
                if cell in self.at:
                    terms[self.at[cell]] += sign
                else:
                    known += sign * cube.counts[cell].value
            if terms:
                entries += [(len(sums), column, sign) for column, sign in terms.items()]
                sums.append(-known)
        rows, columns, signs = zip(*entries, strict=True) if entries else ((), (), ())
        matrix = coo_array((signs, (rows, columns)), shape=(len(sums), len(self.at)))
        self.known = [LinearConstraint(matrix.tocsr(), sums, sums)] if sums else []

    def end(self, cell: Cell, sign: int) -> int:
        """The least (1) or the most (-1) that a cell can be."""
        goal = numpy.zeros(len(self.at))
        goal[self.at[cell]] = sign
        found = milp(goal, constraints=self.known, integrality=numpy.ones(len(self.at)), bounds=Bounds(1, 5000))
        assert found.success, found.message
        return round(sign * found.fun)

    def learned(self, cells: Collection[Cell]) -> list[Cell]:
        """Those of which one value is left."""
        return [cell for cell in cells if self.end(cell, 1) == self.end(cell, -1)]


def small(cube: Cube) -> list[Cell]:
    return [cell for cell, count in cube.counts.items() if 0 < count.households < FEWEST]


def withheld_page_by_page(cube: Cube) -> set[Cell]:
    """What is withheld when each period is judged by itself: how the report did it before."""
    found: set[Cell] = set()
    for breakdown in cube.shape.breakdowns:
        for period in cube.shape.within:
            cells = {(row, part): Cell(row, part, period) for row in breakdown.rows for part in breakdown.columns}
            layout = Layout(
                breakdown.above, WHOLE if breakdown.whole else None, breakdown.parts if breakdown.whole else ()
            )
            counted = Counted({place: cube.counts[cell] for place, cell in cells.items()}, layout)
            found |= {cells[place] for place in withheld_counts(counted)}
    return found


def a_town(**sizes: int) -> list[Counts]:
    """So many households with debts, answered, in a buurt and a quarter: A1_q1=8."""
    rows = [name.split("_") for name, size in sizes.items() for _ in range(size)]
    return [asked(number, place, "debts", "answered", period) for number, (place, period) in enumerate(rows)]


OVERLAPPING = a_town(A1_q1=20, A1_q2=3, A1_q3=30, A2_q1=25, A2_q2=40, A2_q3=20, B1_q1=30, B1_q2=30, B1_q3=30)


def test_periods_judged_one_by_one_give_a_small_cell_away_so_the_attack_works() -> None:
    cube = cube_of(OVERLAPPING, Shape(TODAY, WITHIN))
    before = withheld_page_by_page(cube)
    assert Cell("A1", "answered", "q2") in Attacker(cube, before).learned(
        [each for each in small(cube) if each in before]
    )


def test_judged_together_the_same_town_gives_nothing_away() -> None:
    cube = cube_of(OVERLAPPING, Shape(TODAY, WITHIN))
    assert Attacker(cube, cube.hidden).learned(small(cube)) == []
    assert cube.told(Cell(TOTAL, "answered", "year")) == 228


def test_another_period_is_told_only_as_a_sum_of_what_is_shown() -> None:
    cube = cube_of(OVERLAPPING, Shape(TODAY, WITHIN))
    assert cube.told_over(TOTAL, "answered", ("q1", "q2")) == 148
    assert cube.told_over("A1", "answered", ("q1", "q2")) is None


@pytest.mark.parametrize(
    ("first", "last", "told"),
    [
        (date(2026, 1, 1), date(2026, 11, 28), (2026,)),
        (date(2026, 3, 2), date(2026, 3, 2), (2026,)),
        (date(2024, 12, 31), date(2026, 1, 1), (2024, 2025, 2026)),
        (date(2027, 5, 1), date(2028, 5, 1), (2026,)),
        (date(2026, 5, 1), date(2024, 5, 1), (2024,)),
    ],
)
def test_whatever_days_are_asked_a_report_is_about_whole_years(first: date, last: date, told: tuple[int, ...]) -> None:
    assert years_told(first, last, date(2026, 11, 28)) == told


def test_the_running_year_counts_up_to_its_last_ended_month() -> None:
    assert days_of_year(2026, date(2026, 11, 28)) == (date(2026, 1, 1), date(2026, 10, 31))
    assert days_of_year(2025, date(2026, 11, 28)) == (date(2025, 1, 1), date(2025, 12, 31))
    assert years_told(date(2026, 1, 1), date(2026, 1, 9), date(2026, 1, 9)) == (2025,)


SLOW = [HealthCheck.large_base_example, HealthCheck.too_slow, HealthCheck.data_too_large]


@given(town=towns())
@settings(max_examples=12, deadline=None, suppress_health_check=SLOW, phases=[Phase.explicit, Phase.generate])
def test_over_all_tables_and_periods_together_no_small_cell_is_computed_back(town: list[Counts]) -> None:
    cube = cube_of(town, Shape(TODAY, WITHIN))
    assert set(small(cube)) <= cube.hidden
    assert Attacker(cube, cube.hidden).learned(small(cube)) == []


@given(town=towns())
@settings(max_examples=8, deadline=None, suppress_health_check=SLOW, phases=[Phase.explicit, Phase.generate])
def test_whoever_kept_all_earlier_reports_learns_no_more(town: list[Counts]) -> None:
    seen: frozenset[Cell] = frozenset()
    for ended in range(1, len(QUARTERS) + 1):
        so_far = QUARTERS[:ended]
        within: dict[str, str | None] = dict.fromkeys(so_far)
        if ended == len(QUARTERS):
            within = WITHIN
        cube = cube_of([each for each in town if each.period in so_far], Shape(TODAY, within), seen)
        seen |= cube.shown
    still_unknown = set(cube.counts) - seen
    assert set(small(cube)) <= still_unknown
    assert Attacker(cube, still_unknown).learned(small(cube)) == []


@given(town=towns())
@settings(max_examples=30, deadline=None, suppress_health_check=SLOW)
def test_a_zero_is_always_told_and_nothing_is_told_wrong(town: list[Counts]) -> None:
    cube = cube_of(town, Shape(TODAY, WITHIN))
    for cell, count in cube.counts.items():
        told = cube.told(cell)
        assert told == count.value or (told is None and count.value > 0)
