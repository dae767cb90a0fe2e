"""How long somebody waits after misses, for any row of moments."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from wijkteam.signing_in.delays import RULES, address_open_again, open_again, wait_of_level

START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
gaps = st.lists(st.integers(0, 4000), max_size=60)


def moments(seconds: list[int]) -> list[datetime]:
    at, found = START, []
    for each in seconds:
        at += timedelta(seconds=each)
        found.append(at)
    return found


@given(gaps)
def test_nobody_waits_longer_than_a_quarter_of_an_hour_after_the_last_miss(seconds: list[int]) -> None:
    misses = moments(seconds)
    again = open_again(misses)
    assert again is None or misses[-1] < again <= misses[-1] + RULES.longest_wait


@given(st.lists(st.integers(0, 4000), max_size=RULES.free - 1))
def test_a_few_misses_cost_nothing(seconds: list[int]) -> None:
    assert open_again(moments(seconds)) is None


@given(st.lists(st.integers(300, 4000), max_size=60))
def test_who_mistypes_now_and_then_never_waits(seconds: list[int]) -> None:
    """Less than five in any quarter of an hour."""
    assert open_again(moments(seconds)) is None or min(seconds) < 225


@given(gaps, st.randoms())
def test_the_order_in_which_misses_are_read_makes_no_difference(seconds: list[int], chance: object) -> None:
    misses = moments(seconds)
    mixed = list(misses)
    chance.shuffle(mixed)  # type: ignore[attr-defined]
    assert open_again(mixed) == open_again(misses)


@given(st.integers(1, 300))
def test_who_goes_on_as_soon_as_the_door_opens_waits_twice_as_long_each_time(more: int) -> None:
    misses = [START] * RULES.free
    waits = []
    for _ in range(min(more, 12)):
        again = open_again(misses)
        assert again is not None
        waits.append(again - misses[-1])
        misses.append(again)
    assert waits == [wait_of_level(number) for number in range(1, len(waits) + 1)]
    assert waits[0] == timedelta(seconds=30) and max(waits) <= RULES.longest_wait


def test_a_patient_guesser_has_a_hundred_turns_a_day_and_no_more() -> None:
    misses, now = [START] * RULES.free, START
    while (again := open_again(misses)) is not None and again < START + timedelta(days=1):
        now = again
        misses.append(now)
    assert len(misses) <= 110


@given(st.lists(st.integers(0, 90), max_size=250))
def test_an_address_is_let_in_as_long_as_it_missed_less_than_a_hundred_times_in_an_hour(seconds: list[int]) -> None:
    misses = moments(seconds)
    now = misses[-1] if misses else START
    again = address_open_again(misses, now)
    recent = [each for each in misses if now - each < timedelta(hours=1)]
    assert (again is not None) == (len(recent) >= 100)
    if again is not None:
        assert now < again <= now + timedelta(hours=1)
        assert len([each for each in misses if again - each < timedelta(hours=1)]) < 100
