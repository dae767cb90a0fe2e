"""Where: early warnings by stated rules, and wijken whose average hides a problem buurt."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binomtest, poisson

from wijkteam.reckoning.spread import RARE, Buurt, WrongBuurt, spreads, stands_out
from wijkteam.reckoning.tipping import Area, Kind, lower_share, outlooks, rises, stays_high

QUIET = (6, 8, 7, 6, 7, 8, 6, 7, 8, 7, 6, 7)


def area(code: str, counts: tuple[int, ...], still_open: int = 2) -> Area:
    asked = sum(counts[-3:])
    return Area(code, counts, asked, asked, still_open)


def test_three_periods_of_rising_out_of_the_limits_are_a_warning() -> None:
    (found,) = outlooks([area("BU01", (*QUIET, 9, 12, 16))])
    assert found.warnings == (Kind.RISING,)


@pytest.mark.parametrize("last", [(7, 8, 9), (9, 16, 15), (16, 9, 12)], ids=["within limits", "falls", "fell"])
def test_a_rise_within_the_limits_or_that_is_over_is_none(last: tuple[int, ...]) -> None:
    assert outlooks([area("BU01", (*QUIET, *last))])[0].warnings == ()


def test_eight_periods_above_what_was_usual_are_a_warning() -> None:
    assert Kind.RUN in outlooks([area("BU01", (*QUIET, *[8] * 8))])[0].warnings
    assert Kind.RUN not in outlooks([area("BU01", (*QUIET, *[8] * 7, 6))])[0].warnings


def test_far_more_open_than_elsewhere_is_a_warning_and_a_little_more_is_not() -> None:
    elsewhere = [area(f"BU{number}", QUIET, 3) for number in range(10, 16)]
    many, some = area("BU01", QUIET, 15), area("BU02", QUIET, 5)
    found = {each.code: each.warnings for each in outlooks([many, some, *elsewhere])}
    assert found["BU01"] == (Kind.OPEN,)
    assert found["BU02"] == ()


def test_an_area_of_few_households_is_neither_warned_for_nor_cleared() -> None:
    few = Area("BU01", (*QUIET, 9, 12, 16), 4, 37, 30)
    assert [(each.known, each.warnings) for each in outlooks([few])] == [(False, ())]
    hidden = outlooks([area("BU01", (*QUIET, 9, 12, 16))], withheld={"BU01"})
    assert [(each.known, each.warnings) for each in hidden] == [(False, ())]


def test_areas_with_warnings_stand_first() -> None:
    found = outlooks([area("BU01", QUIET), area("BU02", (*QUIET, 9, 12, 16))])
    assert [each.code for each in found] == ["BU02", "BU01"]


def test_of_areas_that_do_not_change_few_are_warned_for() -> None:
    made_up = random.Random(3)
    rows = [[sum(made_up.random() < 0.02 for _ in range(400)) for _ in range(24)] for _ in range(400)]
    assert sum(rises(row) for row in rows) <= 4
    assert sum(stays_high(row) for row in rows) <= 8


@given(st.integers(0, 80), st.integers(0, 80))
def test_the_lower_end_of_a_share_is_that_of_wilson(part: int, rest: int) -> None:
    found = lower_share(part, part + rest)
    if part + rest:
        interval = binomtest(part, part + rest).proportion_ci(0.99, method="wilson")
        assert found == pytest.approx(interval.low, abs=1e-9)
    else:
        assert found == 0


TOWN = [Buurt(f"BU{wijk}{number}", f"WK{wijk}", 1000, 20) for wijk in "BCD" for number in range(4)]


def test_a_wijk_that_hides_a_problem_buurt_is_flagged() -> None:
    rich = [Buurt("BUA0", "WKA", 1000, 48), *(Buurt(f"BUA{number}", "WKA", 1000, 9) for number in (1, 2, 3))]
    first, *others = spreads([*rich, *TOWN])
    assert (first.wijk, first.hides) == ("WKA", ("BUA0",))
    assert (first.rate, first.lowest, first.highest) == (18.8, 9.0, 48.0)
    assert all(each.hides == () for each in others)


def test_a_wijk_that_stands_out_itself_hides_nothing() -> None:
    poor = [Buurt(f"BUA{number}", "WKA", 1000, 60) for number in range(4)]
    assert all(each.hides == () for each in spreads([*poor, *TOWN]))


def test_a_small_buurt_with_a_high_rate_may_be_chance() -> None:
    small = [Buurt("BUA0", "WKA", 120, 6), Buurt("BUA1", "WKA", 2000, 38)]
    assert all(each.hides == () for each in spreads([*small, *TOWN]))


def test_a_buurt_that_is_withheld_is_never_named() -> None:
    rich = [Buurt("BUA0", "WKA", 1000, 48), Buurt("BUA1", "WKA", 3000, 27)]
    found = {each.wijk: each for each in spreads([*rich, *TOWN], withheld={"BUA0"})}["WKA"]
    assert found.hides == () and found.highest == 9.0
    few = [Buurt("BUA0", "WKA", 20, 4), Buurt("BUA1", "WKA", 3000, 27)]
    assert {each.wijk: each.highest for each in spreads([*few, *TOWN])}["WKA"] == 9.0


def test_more_households_than_live_there_are_refused() -> None:
    with pytest.raises(WrongBuurt):
        spreads([Buurt("BU", "WK", 3, 4)])


@given(st.integers(1, 3000), st.integers(0, 90), st.integers(1, 9000), st.integers(0, 300))
def test_standing_out_is_what_exact_chance_says(living: int, counted: int, rest: int, elsewhere: int) -> None:
    chance = float(poisson.sf(counted - 1, living * elsewhere / rest))
    found = stands_out(living, counted, living + rest, counted + elsewhere)
    assert found == (chance < RARE) or chance == pytest.approx(RARE, rel=1e-6)
