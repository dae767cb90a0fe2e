"""Which barriers come together and which comes first: counts of households, and nothing claimed beyond them."""

from collections.abc import Iterable
from datetime import date, timedelta
from itertools import combinations

import numpy
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.stats import binomtest

from wijkteam.reckoning.snowball import LEVEL, Named, Snowball, is_clear, snowball

DAY = date(2026, 1, 1)
BARRIERS = ("debts", "housing", "waiting_list")


def named(households: Iterable[tuple[str, ...]], start: int = 0) -> list[Named]:
    """Households that each met these barriers, a day after each other."""
    return [
        Named(start + number, barrier, DAY + timedelta(days=place))
        for number, barriers in enumerate(households)
        for place, barrier in enumerate(barriers)
    ]


def test_pairs_are_told_with_their_households_and_who_came_first() -> None:
    found = snowball(named([("debts", "housing")] * 12 + [("debts",)] * 6 + [("housing",)] * 7))
    (pair,) = found.pairs
    assert found.barriers == {"debts": 18, "housing": 19}
    assert pair.households == 12
    assert pair.order is not None and (pair.order.one_first, pair.order.other_first) == (12, 0)
    assert pair.first == "debts"
    assert found.comes_before() == {"debts": ("housing",)}


def test_an_order_that_chance_could_make_is_not_called_one() -> None:
    (pair,) = snowball(named([("debts", "housing")] * 9 + [("housing", "debts")] * 6)).pairs
    assert pair.order is not None and not pair.order.clear
    assert pair.first is None


def test_a_barrier_named_again_counts_once_from_its_first_day() -> None:
    again = [Named(number, "debts", DAY + timedelta(days=9)) for number in range(12)]
    once = named([("debts", "housing")] * 12)
    assert snowball(once + again) == snowball(once)


def test_two_barriers_on_one_day_say_nothing_of_order() -> None:
    same = [Named(number, barrier, DAY) for number in range(8) for barrier in ("debts", "housing")]
    (pair,) = snowball(same).pairs
    assert pair.order is not None and pair.order.same_day == 8 and pair.first is None


def test_a_pair_of_few_households_or_that_leaves_few_with_only_one_is_withheld() -> None:
    few_together = snowball(named([("debts", "housing")] * 3 + [("debts",)] * 9 + [("housing",)] * 9))
    few_apart = snowball(named([("debts", "housing")] * 9 + [("debts",)] * 2 + [("housing",)] * 9))
    assert [pair.households for pair in (*few_together.pairs, *few_apart.pairs)] == [None, None]


def test_what_is_withheld_elsewhere_is_withheld_here_with_all_its_pairs() -> None:
    found = snowball(named([("debts", "housing")] * 12), withheld={"debts"})
    assert found.barriers == {"debts": None, "housing": 12}
    assert found.pairs[0].households is None


def test_nobody_gives_nothing() -> None:
    assert snowball([]) == Snowball({}, ())


@given(st.integers(0, 60), st.integers(0, 60), st.integers(1, 78))
def test_clear_is_what_an_exact_sign_test_says(one: int, other: int, pairs: int) -> None:
    chance = binomtest(one, one + other).pvalue if one + other else 1.0
    assert is_clear(one, other, pairs) == (chance * pairs < LEVEL) or chance * pairs == pytest.approx(LEVEL)


KINDS = [kind for size in (1, 2, 3) for kind in combinations(BARRIERS, size)]


@given(st.tuples(*[st.sampled_from((0, 0, 1, 2, 4, 5, 6, 9)) for _ in KINDS]))
@settings(max_examples=60, deadline=None)
def test_a_withheld_pair_cannot_be_computed_back_from_all_that_is_shown(sizes: tuple[int, ...]) -> None:
    found = snowball(named(kind for kind, size in zip(KINDS, sizes, strict=True) for _ in range(size)))
    kinds = [frozenset(kind) for kind in KINDS]

    def sums(barriers: frozenset[str]) -> list[int]:
        return [int(barriers <= kind) for kind in kinds]

    shown = [(frozenset({each}), count) for each, count in found.barriers.items() if count is not None]
    shown += [(frozenset({each.one, each.other}), each.households) for each in found.pairs if each.households]
    known = [LinearConstraint(numpy.array([sums(barriers)]), count, count) for barriers, count in shown]
    for pair in found.pairs:
        if pair.households is not None:
            continue
        wanted = numpy.array(sums(frozenset({pair.one, pair.other})))
        reach = [
            milp(sign * wanted, constraints=known, integrality=numpy.ones(len(kinds)), bounds=Bounds(0, 200))
            for sign in (1, -1)
        ]
        assert all(each.success for each in reach)
        assert reach[0].fun < -reach[1].fun
