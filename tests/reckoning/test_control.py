"""Noise is never called a change, and a change is not taken for noise."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wijkteam.reckoning.control import FEWEST_PERIODS, RUN, Signal, chart, limits_of

COUNTS = st.lists(st.integers(0, 200), min_size=FEWEST_PERIODS, max_size=36)
WORKED = [39, 41, 41, 41, 43, 44, 41, 42, 40, 41, 44, 40]
"""Twelve values reckoned out by hand: mean 497/12, moving ranges 2 0 0 2 1 3 1 2 1 3 4, together 19 over 11."""


def rows(counts: list[int]) -> list[tuple[str, int | None]]:
    return [(str(number), count) for number, count in enumerate(counts)]


def test_limits_are_the_mean_and_two_point_sixty_six_times_the_mean_moving_range() -> None:
    found = limits_of(WORKED)
    assert found is not None
    assert found.mean == pytest.approx(497 / 12)
    assert found.high - found.mean == pytest.approx(2.66 * 19 / 11)
    assert found.mean - found.low == pytest.approx(2.66 * 19 / 11)


def test_ordinary_movement_is_no_change() -> None:
    assert chart(rows(WORKED)).changes == ()


def test_one_month_far_above_is_a_change_and_its_neighbours_are_not() -> None:
    made = chart(rows([*WORKED, 70, 41, 42]))
    assert [(point.count, point.signals) for point in made.changes] == [(70, (Signal.ABOVE,))]


def test_the_eighth_in_a_row_on_one_side_is_a_change_and_the_seventh_is_not() -> None:
    made = chart(rows([*WORKED, *[43] * RUN]), baseline=len(WORKED))
    assert [point.period for point in made.changes] == ["19"]
    assert made.changes[0].signals == (Signal.RUN_ABOVE,)


def test_one_month_far_off_does_not_make_all_others_a_change() -> None:
    level = [20 + month % 3 for month in range(14)]
    assert [point.count for point in chart(rows([*level, 61])).changes] == [61]


def test_what_lies_on_the_median_neither_counts_in_a_row_nor_ends_it() -> None:
    counts = rows([*WORKED, 43, 43, 43, 43, 41, 43, 43, 43, 43])
    assert [point.period for point in chart(counts, baseline=len(WORKED)).changes] == ["20"]


def test_a_rise_within_the_limits_is_noise() -> None:
    assert chart(rows([*WORKED, 40, 41, 42, 43]), baseline=len(WORKED)).changes == ()


def test_of_fewer_than_twelve_periods_nothing_is_called_a_change() -> None:
    made = chart(rows([1] * 10 + [500]))
    assert made.limits is None
    assert made.changes == ()


def test_a_month_that_may_not_be_told_ends_a_run_and_stands_in_no_limit() -> None:
    counts: list[tuple[str, int | None]] = [*rows(WORKED), *rows([43] * 7), ("gap", None), ("after", 43)]
    made = chart(counts, baseline=len(WORKED))
    assert made.limits == limits_of(WORKED)
    assert made.changes == ()


@given(COUNTS)
def test_limits_hold_the_mean_and_never_lie_below_nothing(counts: list[int]) -> None:
    found = limits_of(counts)
    assert found is not None and 0 <= found.low <= found.mean <= found.high


@given(st.integers(0, 50), st.integers(FEWEST_PERIODS, 40))
def test_what_never_moves_never_changes(count: int, periods: int) -> None:
    assert chart(rows([count] * periods)).changes == ()


@given(COUNTS, st.integers(1, 100))
def test_so_many_more_every_month_is_the_same_movement(counts: list[int], more: int) -> None:
    def above(row: list[int]) -> list[str]:
        return [point.period for point in chart(rows(row)).points if Signal.ABOVE in point.signals]

    lower, higher = limits_of(counts), limits_of([each + more for each in counts])
    assert lower is not None and higher is not None
    assert higher.high == pytest.approx(lower.high + more)
    assert above(counts) == above([each + more for each in counts])


@pytest.mark.parametrize("mean", [6, 20, 80])
def test_chance_alone_is_called_a_change_for_fewer_than_one_month_in_fifty(mean: int) -> None:
    made_up = random.Random(mean)
    called = months = 0
    for _ in range(100):
        counts = [sum(made_up.random() < mean / 1000 for _ in range(1000)) for _ in range(24)]
        called += len(chart(rows(counts)).changes)
        months += len(counts)
    assert called / months < 0.02


def test_a_level_that_doubles_is_found_within_a_few_months() -> None:
    made_up = random.Random(7)
    before = [20 + made_up.randint(-4, 4) for _ in range(18)]
    after = [40 + made_up.randint(-4, 4) for _ in range(6)]
    changes = chart(rows([*before, *after]), baseline=18).changes
    assert changes and int(changes[0].period) in (18, 19)
