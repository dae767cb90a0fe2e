"""Waiting is told with what still waits in it, neither dropped nor counted as ended."""

import warnings
from collections.abc import Iterable

import numpy
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from scipy.stats import CensoredData, ecdf

from wijkteam.reckoning.survival import Survival, Waits, WrongWaits, coarse, survival

WAITS = st.builds(Waits, st.integers(0, 60), st.integers(0, 4), st.integers(0, 4))
REMISSION = [(6, 3, 1), (7, 1, 0), (9, 0, 1), (10, 1, 1), (11, 0, 1), (13, 1, 0), (16, 1, 0), (17, 0, 1), (19, 0, 1)]
REMISSION += [(20, 0, 1), (22, 1, 0), (23, 1, 0), (25, 0, 1), (32, 0, 2), (34, 0, 1), (35, 0, 1)]
"""Weeks in remission of 21 patients with 6-mercaptopurine: the worked example of many textbooks (Freireich and others,
Blood 21, 1963; Cox and Oakes, Analysis of Survival Data, 1984, p. 8)."""
PUBLISHED = {6: 0.857, 7: 0.807, 10: 0.753, 13: 0.690, 16: 0.627, 22: 0.538, 23: 0.448}
"""What those books print for it."""


def curve(rows: Iterable[tuple[int, int, int]]) -> Survival:
    return survival(Waits(*row) for row in rows)


def test_a_published_example_gives_the_published_curve_and_median() -> None:
    made = curve(REMISSION)
    assert (made.count, made.ended) == (21, 9)
    assert {step.days: round(step.share, 3) for step in made.steps if step.ended} == PUBLISHED
    assert (made.median.days, made.median.low, made.median.high) == (23, 13, None)


def test_bands_of_a_published_example_are_those_of_the_log_minus_log_scale() -> None:
    bands = {step.days: (round(step.low or 0, 3), round(step.high or 0, 3)) for step in curve(REMISSION).steps}
    assert bands[6] == (0.620, 0.952)
    assert bands[23] == (0.188, 0.680)


def test_by_hand_one_of_four_still_waits_when_another_ends() -> None:
    steps = curve([(1, 1, 0), (2, 0, 1), (3, 1, 0), (4, 0, 1)]).steps
    assert [(step.at_risk, step.share) for step in steps] == [(4, 0.75), (3, 0.75), (2, 0.375), (1, 0.375)]


def test_what_still_waits_makes_waiting_longer_and_never_shorter() -> None:
    dropped = curve([(3, 5, 0), (8, 5, 0)])
    kept = curve([(3, 5, 0), (8, 5, 0), (5, 0, 4), (20, 0, 6)])
    assert dropped.median.days == 3
    assert kept.median.days == 8
    assert kept.still_waiting == 10


def test_a_median_beyond_what_was_seen_is_not_made_up() -> None:
    made = curve([(2, 1, 0), (30, 0, 9)])
    assert made.median.days is None
    assert made.share_after(30) == pytest.approx(0.9)
    assert made.share_after(31) is None


def test_nothing_gives_an_empty_curve() -> None:
    assert curve([]).steps == ()
    assert curve([(4, 0, 0)]).median.days is None


@pytest.mark.parametrize("row", [(-1, 1, 0), (1, -1, 0), (1, 0, -1)])
def test_less_than_nothing_is_refused(row: tuple[int, int, int]) -> None:
    with pytest.raises(WrongWaits):
        curve([row])


@given(st.lists(WAITS, min_size=1, max_size=25))
def test_curve_and_bands_are_those_of_another_maker(waits: list[Waits]) -> None:
    made = survival(waits)
    ended = [each.days for each in waits for _ in range(each.ended)]
    waiting = [each.days for each in waits for _ in range(each.still_waiting)]
    if not ended or len(set(ended + waiting)) < 2:
        return
    other = ecdf(CensoredData(uncensored=ended, right=waiting)).sf
    with numpy.errstate(all="ignore"), warnings.catch_warnings(action="ignore"):
        band = other.confidence_interval(0.95, method="log-log")
    assert [step.share for step in made.steps] == pytest.approx(list(other.probabilities))
    for step, low, high in zip(made.steps, band.low.probabilities, band.high.probabilities, strict=True):
        if step.low is not None:
            assert (step.low, step.high) == pytest.approx((low, high))


@given(st.lists(WAITS, max_size=25))
def test_a_curve_only_falls_and_lies_within_its_band(waits: list[Waits]) -> None:
    steps = survival(waits).steps
    shares = [1.0, *(step.share for step in steps)]
    assert shares == sorted(shares, reverse=True)
    assert all(0 <= step.low <= step.share <= (step.high or 1) <= 1 for step in steps if step.low is not None)


@given(st.lists(WAITS, max_size=25))
def test_grouping_the_same_waits_otherwise_changes_nothing(waits: list[Waits]) -> None:
    apart = [Waits(each.days, 1, 0) for each in waits for _ in range(each.ended)]
    apart += [Waits(each.days, 0, 1) for each in waits for _ in range(each.still_waiting)]
    assert survival(apart) == survival(waits)


@given(st.lists(st.tuples(st.integers(1, 12), st.integers(0, 9), st.booleans()), max_size=60))
@example([(home, 3, True) for home in (1, 1, 1, 1, 2)] + [(home, 9, True) for home in range(3, 9)])
def test_no_step_of_a_coarse_curve_tells_of_fewer_than_five_different_households(
    asked: list[tuple[int, int, bool]],
) -> None:
    shown = coarse(survival(_waits(asked))).steps
    before = -1
    for step in shown:
        since = [each for each in asked if before < each[1] <= step.days]
        for ended in (True, False):
            behind = [home for home, _, was in since if was is ended]
            assert len(behind) == (step.ended if ended else step.left_sight)
            assert not behind or len(set(behind)) >= 5
        left = {home for home, days, _ in asked if days > step.days}
        assert not left or len(left) >= 5
        before = step.days


def _waits(asked: list[tuple[int, int, bool]]) -> Iterable[Waits]:
    """One household counts where it waited shortest."""
    seen: set[int] = set()
    for home, days, ended in sorted(asked, key=lambda each: (each[1], each[2])):
        homes = int(home not in seen)
        seen.add(home)
        yield Waits(days, int(ended), int(not ended), *((homes, 0) if ended else (0, homes)))


@given(st.lists(WAITS, max_size=40))
def test_no_step_of_a_coarse_curve_tells_of_fewer_than_five(waits: list[Waits]) -> None:
    made = survival(waits)
    shown = coarse(made)
    exact = {step.days: step.share for step in made.steps}
    assert all(part == 0 or part >= 5 for step in shown.steps for part in (step.ended, step.left_sight))
    assert all(exact[step.days] == step.share for step in shown.steps)
