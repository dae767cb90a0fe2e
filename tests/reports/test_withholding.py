"""Small groups of households cannot be read from a report, nor computed back from it."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wijkteam.reports.network import Place
from wijkteam.reports.withholding import (
    FEWEST,
    TOTAL,
    Count,
    Counted,
    Layout,
    WrongCounts,
    withheld_counts,
    withheld_together,
)

PARTS = ("answered", "open")
COLUMNS = ("opened", *PARTS, "late")
SIZES = (0, 1, 1, 2, 3, 4, 5, 6, 9)
"""Households that asked in one buurt: mostly few, for that is where it can go wrong."""
FATES = ((True, False), (True, False), (True, False), (False, False), (False, True), (True, True))
BUURTEN = ("A1", "A2", "A3", "B1", "B2", "C1")


@dataclass(frozen=True)
class Asked:
    """One escalation: of which household, in which row, and what became of it."""

    household: int
    row: str
    answered: bool = True
    late: bool = False


def wijk_of(buurt: str) -> str:
    return buurt[0]


def behind(asked: list[Asked], place: Place) -> list[Asked]:
    row, column = place
    within = [each for each in asked if row in (TOTAL, each.row, wijk_of(each.row))]
    return [
        each
        for each in within
        if {"opened": True, "answered": each.answered, "open": not each.answered, "late": each.late}[column]
    ]


def households(asked: list[Asked], places: tuple[Place, ...]) -> int:
    return len({each.household for place in places for each in behind(asked, place)})


def counted(
    asked: list[Asked], rows: tuple[str, ...], columns: tuple[str, ...] = COLUMNS, *, wijken: bool = True
) -> Counted:
    """The table of these escalations with its totals, per row or per buurt and wijk."""
    above = {row: wijk_of(row) for row in rows} if wijken else {}
    places = product([*rows, *sorted(set(above.values())), TOTAL], columns)
    counts = {place: Count(len(behind(asked, place)), households(asked, (place,))) for place in places}
    whole = "opened" if set(PARTS) <= set(columns) else None
    portions = {"late": "opened"} if "late" in columns else {}
    return Counted(counts, Layout(above, whole, PARTS if whole else (), portions))


def of_sizes(**sizes: int) -> Counted:
    """A table of one column, with so many households in each row that asked once."""
    names = [name for name, count in sizes.items() for _ in range(count)]
    asked = [Asked(number, name) for number, name in enumerate(names)]
    return counted(asked, tuple(sizes), ("opened",), wijken=False)


def rows_of(places: frozenset[Place]) -> set[str]:
    return {row for row, _ in places}


def small_places(table: Counted) -> set[Place]:
    return {place for place, count in table.counts.items() if 0 < count.households < FEWEST}


@st.composite
def households_in(draw: st.DrawFn, buurten: tuple[str, ...]) -> list[Asked]:
    """Households, each living in one buurt, that asked once and a few of them more often."""
    asked = []
    household = 0
    for buurt in buurten:
        for _ in range(draw(st.sampled_from(SIZES))):
            household += 1
            for _ in range(draw(st.sampled_from((1, 1, 1, 2, 3)))):
                answered, late = draw(st.sampled_from(FATES))
                asked.append(Asked(household, buurt, answered, late))
    return asked


Equation = dict[Place, int]


def equations(table: Counted) -> list[Equation]:
    """What a reader knows to be true of every such table: each of these adds up to zero."""
    rows = list(dict.fromkeys(row for row, _ in table.counts))
    columns = list(dict.fromkeys(column for _, column in table.counts))
    found: list[Equation] = []
    for above, column in product(rows, columns):
        under = [row for row in rows if row != TOTAL and table.layout.above.get(row, TOTAL) == above]
        if under:
            found.append({(above, column): -1, **{(row, column): 1 for row in under}})
    if table.layout.whole is not None:
        for row in rows:
            found.append({(row, table.layout.whole): -1, **{(row, part): 1 for part in table.layout.parts}})
    return found


def possible_values(table: Counted, hidden: frozenset[Place]) -> dict[Place, set[int]]:
    """By trying everything: what hidden counts could be, for a reader who knows that hidden means above zero.

    Each is tried one lower, as it is, and one higher: if anything else is possible, then so is one of these.
    An equation is checked as soon as all that is hidden in it has a value.
    """
    order = sorted(hidden)
    closing: dict[Place, list[Equation]] = {place: [] for place in order}
    for equation in equations(table):
        if hidden & equation.keys():
            closing[max(hidden & equation.keys())].append(equation)
    values = {place: count.value for place, count in table.counts.items()}
    seen: dict[Place, set[int]] = {place: set() for place in order}

    def attempt(number: int) -> None:
        if number == len(order):
            for place in order:
                seen[place].add(values[place])
            return
        place = order[number]
        truth = table.counts[place].value
        for value in range(max(1, truth - 1), truth + 2):
            values[place] = value
            if all(sum(values[at] * sign for at, sign in each.items()) == 0 for each in closing[place]):
                attempt(number + 1)
        values[place] = truth

    attempt(0)
    return seen


def rank(matrix: list[list[int]]) -> int:
    """Rank of a small matrix, by elimination in whole numbers."""
    rows, found = [list(row) for row in matrix], 0
    for column in range(len(rows[0]) if rows else 0):
        place = next((number for number in range(found, len(rows)) if rows[number][column]), None)
        if place is None:
            continue
        rows[found], rows[place] = rows[place], rows[found]
        head = rows[found][column]
        for number in range(found + 1, len(rows)):
            factor = rows[number][column]
            rows[number] = [a * head - b * factor for a, b in zip(rows[number], rows[found], strict=True)]
        found += 1
    return found


def computable_sums(table: Counted, hidden: frozenset[Place]) -> Iterator[tuple[Place, ...]]:
    """Every set of hidden counts whose sum follows from what is shown."""
    order = sorted(hidden)
    matrix = [[each.get(place, 0) for place in order] for each in equations(table)]
    known = rank(matrix)
    for choice in product((0, 1), repeat=len(order)):
        if any(choice) and rank([*matrix, list(choice)]) == known:
            yield tuple(place for place, taken in zip(order, choice, strict=True) if taken)


@given(households_in(BUURTEN))
@settings(deadline=None)
def test_no_count_on_one_to_four_households_is_shown(asked: list[Asked]) -> None:
    table = counted(asked, BUURTEN)
    assert small_places(table) <= withheld_counts(table)


@given(households_in(("A1", "A2", "B1")))
@settings(deadline=None, max_examples=150)
def test_a_withheld_small_count_could_have_more_than_one_value(asked: list[Asked]) -> None:
    table = counted(asked, ("A1", "A2", "B1"), COLUMNS[:3])
    possible = possible_values(table, withheld_counts(table))
    assert all(len(values) > 1 for values in possible.values())


@given(st.lists(st.sampled_from((0, 1, 1, 1, 1, 5, 8)), min_size=4, max_size=8))
@settings(deadline=None, max_examples=150)
def test_many_counts_of_one_are_not_given_away_by_being_above_zero(sizes: list[int]) -> None:
    table = of_sizes(**{f"row{number}": size for number, size in enumerate(sizes)})
    possible = possible_values(table, withheld_counts(table))
    assert all(len(possible[place]) > 1 for place in small_places(table))


@given(households_in(("A1", "A2", "B1", "B2")))
@settings(deadline=None, max_examples=150)
def test_every_sum_that_can_be_computed_with_a_withheld_count_covers_enough_households(
    asked: list[Asked],
) -> None:
    table = counted(asked, ("A1", "A2", "B1", "B2"), ("opened",))
    for places in computable_sums(table, withheld_counts(table)):
        assert households(asked, places) >= FEWEST


@given(households_in(("A1", "B1")))
@settings(deadline=None, max_examples=100)
def test_a_household_in_several_columns_covers_a_sum_once(asked: list[Asked]) -> None:
    table = counted(asked, ("A1", "B1"), COLUMNS[:3], wijken=False)
    for places in computable_sums(table, withheld_counts(table)):
        assert households(asked, places) >= FEWEST


@given(st.lists(st.tuples(st.integers(0, 12), st.sampled_from("ABCD")), max_size=40))
@settings(deadline=None, max_examples=100)
def test_a_household_in_several_rows_covers_a_sum_once(found: list[tuple[int, str]]) -> None:
    asked = [Asked(household, row) for household, row in found]
    table = counted(asked, ("A", "B", "C", "D"), ("opened",), wijken=False)
    for places in computable_sums(table, withheld_counts(table)):
        assert households(asked, places) >= FEWEST


@given(households_in(BUURTEN))
@settings(deadline=None)
def test_a_zero_is_always_shown(asked: list[Asked]) -> None:
    table = counted(asked, BUURTEN)
    assert all(table.counts[place].value for place in withheld_counts(table))


@given(households_in(BUURTEN))
@settings(deadline=None)
def test_withholding_what_is_withheld_already_withholds_no_more(asked: list[Asked]) -> None:
    table = counted(asked, BUURTEN)
    once = withheld_counts(table)
    assert withheld_counts(table, once) == once


@given(households_in(BUURTEN))
@settings(deadline=None, max_examples=50)
def test_a_total_that_one_table_withholds_no_other_table_shows(asked: list[Asked]) -> None:
    by_rung = [replace(each, row="XYZ"[each.household % 3]) for each in asked]
    tables = [counted(asked, BUURTEN), counted(by_rung, ("X", "Y", "Z"), wijken=False)]
    areas, rungs = withheld_together(tables)
    assert {place for place in areas if place[0] == TOTAL} == {place for place in rungs if place[0] == TOTAL}


def test_a_table_with_nothing_small_stays_whole() -> None:
    assert withheld_counts(of_sizes(a=5, b=12, c=0, d=7)) == frozenset()


def test_one_small_count_takes_the_smallest_other_count_with_it() -> None:
    assert rows_of(withheld_counts(of_sizes(a=3, b=30, c=6, d=0, e=9))) == {"a", "c"}


def test_two_small_counts_that_are_six_households_together_need_no_third() -> None:
    assert rows_of(withheld_counts(of_sizes(a=2, b=4, c=30, d=20))) == {"a", "b"}


def test_two_small_counts_of_five_households_take_a_third_because_each_would_be_known_to_be_four_at_most() -> None:
    assert rows_of(withheld_counts(of_sizes(a=2, b=3, c=30, d=20))) == {"a", "b", "d"}


def test_two_small_counts_of_too_few_households_together_take_a_third() -> None:
    assert rows_of(withheld_counts(of_sizes(a=1, b=2, c=30, d=20))) == {"a", "b", "d"}


def test_five_rows_of_one_household_take_a_sixth_because_each_would_be_one() -> None:
    hidden = withheld_counts(of_sizes(a=1, b=1, c=1, d=1, e=1, f=8, g=40))
    assert rows_of(hidden) == {"a", "b", "c", "d", "e", "f"}


def test_a_small_total_is_withheld_too() -> None:
    assert rows_of(withheld_counts(of_sizes(a=3, b=0))) == {"a", TOTAL}


def test_without_a_total_nothing_is_computed_back() -> None:
    table = of_sizes(a=3, b=30)
    alone = {place: count for place, count in table.counts.items() if place[0] != TOTAL}
    assert rows_of(withheld_counts(Counted(alone))) == {"a"}


def test_a_withheld_wijk_is_not_given_away_by_its_buurten() -> None:
    rows = ["A1"] * 3 + ["B1"] * 10 + ["B2"] * 20
    asked = [Asked(number, buurt) for number, buurt in enumerate(rows)]
    table = counted(asked, ("A1", "A2", "B1", "B2"), ("opened",))
    assert rows_of(withheld_counts(table)) == {"A1", "A", "B", "B1"}


def test_two_wijken_withheld_together_do_not_add_up_their_small_buurten() -> None:
    rows = ["A1"] * 3 + ["B1"] + ["B2"] * 5
    asked = [Asked(number, buurt) for number, buurt in enumerate(rows)]
    table = counted(asked, ("A1", "B1", "B2"), ("opened",))
    assert ("B2", "opened") in withheld_counts(table)


def test_a_portion_is_withheld_when_the_rest_of_it_is_small() -> None:
    asked = [Asked(number, "AB"[number // 40], True, number % 20 != 0) for number in range(80)]
    hidden = withheld_counts(counted(asked, ("A", "B"), wijken=False))
    assert {("A", "late"), ("B", "late")} <= hidden
    assert ("A", "opened") not in hidden


def test_counts_that_do_not_add_up_are_refused() -> None:
    table = of_sizes(a=6, b=7)
    wrong = {**table.counts, (TOTAL, "opened"): Count(14, 14)}
    with pytest.raises(WrongCounts, match="opened of total is not the sum of its rows"):
        withheld_counts(Counted(wrong))


def test_fewer_times_counted_than_households_is_refused() -> None:
    with pytest.raises(WrongCounts, match="3 on 4 households"):
        withheld_counts(Counted({("a", "opened"): Count(3, 4)}))


def test_three_households_that_asked_twice_cover_a_sum_of_two_columns_as_three() -> None:
    counts = {"answered": Count(3, 3), "open": Count(3, 3), "withdrawn": Count(6, 6), "opened": Count(12, 9)}
    layout = Layout(whole="opened", parts=("answered", "open", "withdrawn"))
    row = Counted({("a", column): count for column, count in counts.items()}, layout)
    assert ("a", "withdrawn") in withheld_counts(row)
