"""Terms end where the law and the calendar say."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wijkteam.terms.calendar import add_working_days, is_holiday, is_working_day, working_days_between
from wijkteam.terms.clock import local, now, standing_at
from wijkteam.terms.statutory import MOST_DAYS
from wijkteam.terms.term import Clock, Term, WrongTerm

MOMENTS = st.datetimes(datetime(2015, 1, 1), datetime(2035, 1, 1)).map(lambda moment: moment.replace(tzinfo=UTC))


@pytest.mark.parametrize(
    ("day", "holiday"),
    [
        (date(2026, 1, 1), True),
        (date(2026, 4, 3), True),
        (date(2026, 4, 6), True),
        (date(2026, 4, 27), True),
        (date(2026, 5, 5), True),
        (date(2025, 5, 5), True),
        (date(2025, 4, 26), True),
        (date(2025, 4, 27), False),
        (date(2026, 5, 14), True),
        (date(2026, 5, 25), True),
        (date(2026, 12, 26), True),
        (date(2026, 12, 24), False),
    ],
)
def test_recognised_holidays_of_article_3_algemene_termijnenwet(day: date, holiday: bool) -> None:
    assert is_holiday(day) is holiday or (day.weekday() == 6 and not holiday)


def test_a_statutory_term_that_ends_on_a_holiday_runs_to_the_next_working_day() -> None:
    start = datetime(2026, 3, 20, 10, 0, tzinfo=UTC)
    assert local(Term("P2W", Clock.STATUTORY).end(start)).date() == date(2026, 4, 7)


@given(MOMENTS, st.integers(1, 60))
def test_a_term_in_working_days_ends_on_one_and_holds_that_many(start: datetime, count: int) -> None:
    end = local(Term(f"P{count}D", Clock.WORKING_DAYS).end(start))
    assert is_working_day(end.date()) and (end.hour, end.minute) == (23, 59)
    assert working_days_between(local(start).date(), end.date()) == count


@given(MOMENTS, st.integers(1, 100))
def test_a_longer_term_never_ends_sooner(start: datetime, days: int) -> None:
    """But for 91 days after 90: the end of a term of more than 90 days is not moved (Algemene termijnenwet art. 4)."""
    for kind in (Clock.WORKING_DAYS, Clock.STATUTORY):
        if kind is Clock.STATUTORY and days == MOST_DAYS:
            continue
        assert Term(f"P{days}D", kind).end(start) <= Term(f"P{days + 1}D", kind).end(start)


@given(MOMENTS, st.integers(1, 400))
def test_elapsed_time_is_exact_also_when_the_clock_changes(start: datetime, hours: int) -> None:
    assert Term(f"PT{hours}H", Clock.ELAPSED).end(start) == start + timedelta(hours=hours)


@pytest.mark.parametrize("text", ["", "2 days", "P0D", "-P2D", "P1X"])
def test_what_is_no_duration_is_refused(text: str) -> None:
    with pytest.raises(WrongTerm):
        Term(text, Clock.STATUTORY)


@pytest.mark.parametrize("kind", [Clock.STATUTORY, Clock.WORKING_DAYS])
@pytest.mark.parametrize("within", ["PT72H", "P1DT12H", "PT24H", "P0.5D"])
def test_terms_in_days_are_not_written_in_hours(within: str, kind: Clock) -> None:
    with pytest.raises(WrongTerm):
        Term(within, kind)


def test_the_clock_stands_still_only_inside_and_refuses_a_moment_without_zone() -> None:
    moment = datetime(2020, 1, 1, tzinfo=UTC)
    with standing_at(moment):
        assert now() == moment
    assert now() != moment
    with pytest.raises(ValueError, match="time zone"), standing_at(datetime(2020, 1, 1)):  # naive on purpose
        pass


def test_no_working_days_means_the_day_itself_or_the_next_working_day() -> None:
    assert add_working_days(date(2026, 4, 4), 0) == date(2026, 4, 7)
