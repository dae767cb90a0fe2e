"""Standing still and extension: how long a legal term runs when it was interrupted or put off, and why."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wijkteam.terms.calendar import is_working_day
from wijkteam.terms.reckoning import Extension, Reckoning, Standstill, reckon
from wijkteam.terms.statutory import is_off
from wijkteam.terms.term import Clock, WrongTerm
from wijkteam.terms.words import Words

TEN_YEARS = [date(2020, 1, 1) + timedelta(days=number) for number in range(3653)]
STARTS = st.sampled_from(TEN_YEARS)
WITHIN = st.sampled_from(["P2W", "P6W", "P8W", "P1M"])


def still(noticed_on: date, resumed_on: date) -> tuple[Standstill, ...]:
    found = Standstill.between(noticed_on, resumed_on)
    return (found,) if found else ()


# Awb 4:15


def test_awb_4_15_a_term_stands_still_from_the_day_after_the_invitation_until_the_day_of_completion() -> None:
    """The words of Awb 4:15(1) a, read on pgawb.nl: invited on 10 March, completed on 20 March, so still from 11 up to
    and including 19 March: nine days."""
    ending = reckon(Reckoning(date(2026, 3, 2), "P8W", standstills=still(date(2026, 3, 10), date(2026, 3, 20))))
    assert ending.plain == date(2026, 4, 27) + timedelta(days=9)
    assert "9 dagen erbij" in ending.why.nl and "9 days more" in ending.why.en


@pytest.mark.parametrize("later", [0, 1])
def test_awb_4_15_completed_on_the_same_day_or_the_next_adds_nothing(later: int) -> None:
    for day in TEN_YEARS:
        assert Standstill.between(day, day + timedelta(days=later)) is None


def test_awb_4_15_a_standstill_adds_exactly_its_days_on_every_day_of_ten_years() -> None:
    for start in TEN_YEARS:
        plain = reckon(Reckoning(start, "P8W")).plain
        for length in (1, 9):
            noticed = start + timedelta(days=20)
            held = still(noticed, noticed + timedelta(days=length + 1))
            ending = reckon(Reckoning(start, "P8W", standstills=held))
            assert ending.plain == plain + timedelta(days=length)
            assert not is_off(ending.day) and ending.day >= ending.plain


def test_awb_4_15_days_after_the_end_add_nothing() -> None:
    start = date(2026, 3, 2)
    held = (Standstill(date(2026, 5, 10), date(2026, 5, 20)),)
    ending = reckon(Reckoning(start, "P8W", standstills=held))
    assert ending.plain == date(2026, 4, 27) and "dat telt hier niet" in ending.why.nl


@given(STARTS, WITHIN, st.lists(st.tuples(st.integers(1, 80), st.integers(1, 30)), max_size=4), st.randoms())
def test_the_order_of_standstills_makes_no_difference(
    start: date, within: str, held: list[tuple[int, int]], chance: object
) -> None:
    found = [Standstill(start + timedelta(days=one), start + timedelta(days=one + long)) for one, long in held]
    mixed = list(found)
    chance.shuffle(mixed)
    one, other = (reckon(Reckoning(start, within, standstills=tuple(each))) for each in (found, mixed))
    assert (one.at, one.steps) == (other.at, other.steps)


@given(STARTS, WITHIN, st.integers(1, 40), st.integers(1, 30), st.integers(0, 30))
def test_days_that_stand_still_twice_count_once(start: date, within: str, first: int, long: int, overlap: int) -> None:
    begin = start + timedelta(days=first)
    end = begin + timedelta(days=long)
    one = Standstill(begin, end)
    other = Standstill(begin + timedelta(days=min(overlap, long)), end)
    together = reckon(Reckoning(start, within, standstills=(one, other)))
    assert together.at == reckon(Reckoning(start, within, standstills=(one,))).at


@given(STARTS, WITHIN, st.integers(1, 60), st.integers(1, 40))
def test_no_term_ends_on_a_day_on_which_it_stands_still(start: date, within: str, first: int, long: int) -> None:
    held = Standstill(start + timedelta(days=first), start + timedelta(days=first + long))
    ending = reckon(Reckoning(start, within, standstills=(held,)))
    assert ending.day not in set(held.days())


@given(STARTS, WITHIN, st.integers(1, 60), st.integers(1, 40))
def test_standing_still_longer_never_ends_sooner(start: date, within: str, first: int, long: int) -> None:
    begin = start + timedelta(days=first)
    ends = [
        reckon(Reckoning(start, within, standstills=(Standstill(begin, begin + timedelta(days=each)),))).at
        for each in (long, long + 1)
    ]
    assert reckon(Reckoning(start, within)).at <= ends[0] <= ends[1]


# Extension


def test_awb_7_10_twelve_weeks_put_off_by_six_end_after_eighteen_weeks() -> None:
    given_ = Reckoning(date(2026, 3, 2), "P12W", extensions=(Extension("P6W", date(2026, 5, 1)),))
    ending = reckon(given_)
    assert ending.day == date(2026, 7, 6)
    assert "Verlengd met 6 weken, gemeld op vrijdag 1 mei 2026" in ending.why.nl


def test_each_part_is_judged_by_its_own_length_so_that_the_act_holds_for_six_weeks_after_twelve() -> None:
    for start in TEN_YEARS:
        ending = reckon(Reckoning(start, "P12W", extensions=(Extension("P6W"),)))
        assert ending.plain == start + timedelta(weeks=18) and not is_off(ending.day)


def test_a_day_that_the_municipality_named_itself_does_not_move() -> None:
    ending = reckon(Reckoning(date(2026, 3, 2), "P8W", extensions=(Extension("P5D", named=True),)))
    assert ending.day == date(2026, 5, 2) and is_off(ending.day)
    assert "zelf gekozen" in ending.why.nl


@given(STARTS, WITHIN, st.integers(1, 60), st.integers(1, 40))
def test_an_extension_and_a_standstill_together_add_up(start: date, within: str, first: int, long: int) -> None:
    held = (Standstill(start + timedelta(days=first), start + timedelta(days=first + long)),)
    extended = reckon(Reckoning(start, within, extensions=(Extension("P6W"),)))
    both = reckon(Reckoning(start, within, standstills=held, extensions=(Extension("P6W"),)))
    inside = max(0, min(first + long, 10_000) - first + 1) if extended.plain >= held[0].first else 0
    assert both.plain == extended.plain + timedelta(days=inside)


def test_only_terms_on_the_statutory_clock_can_be_extended() -> None:
    with pytest.raises(WrongTerm):
        Reckoning(date(2026, 3, 2), "P3D", Clock.WORKING_DAYS, extensions=(Extension("P6W"),))


# Working days, and words


def test_working_days_count_working_days_alone_on_every_day_of_ten_years() -> None:
    for start in TEN_YEARS:
        last = reckon(Reckoning(start, "P3D", Clock.WORKING_DAYS)).day
        assert is_working_day(last)
        assert sum(is_working_day(start + timedelta(days=each)) for each in range(1, (last - start).days + 1)) == 3


def test_every_ending_says_step_by_step_why_in_both_languages() -> None:
    held = Standstill.between(date(2026, 2, 24), date(2026, 3, 6), Words("aanvulling gevraagd", "completion asked"))
    assert held is not None
    ending = reckon(Reckoning(date(2026, 2, 16), "P6W", standstills=(held,)))
    assert [each.nl for each in ending.steps] == [
        "Begon op maandag 16 februari 2026; die dag telt niet mee. 6 weken: tot en met maandag 30 maart 2026.",
        "Staat stil van woensdag 25 februari 2026 tot en met donderdag 5 maart 2026 (aanvulling gevraagd): 9 dagen "
        "erbij, tot en met woensdag 8 april 2026.",
        "Dat is geen zaterdag, zondag of feestdag.",
        "De laatste dag is woensdag 8 april 2026.",
    ]
    assert all(each.en and each.en != each.nl for each in ending.steps)


@pytest.mark.parametrize(
    ("within", "start", "part"),
    [
        ("P6W", date(2026, 2, 20), "Goede vrijdag"),
        ("P6W", date(2026, 2, 23), "Tweede paasdag"),
        ("P6W", date(2026, 4, 3), "bij besluit gelijkgesteld"),
        ("P6W", date(2026, 5, 9), "een zaterdag"),
        ("P3D", date(2023, 12, 22), "twee dagen"),
        ("P4M", date(2026, 1, 3), "geldt niet voor zo'n lange termijn"),
    ],
)
def test_the_reason_names_the_day_off_or_the_exception(within: str, start: date, part: str) -> None:
    assert part in reckon(Reckoning(start, within)).why.nl
