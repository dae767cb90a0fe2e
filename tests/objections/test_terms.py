"""By when is decided on an objection, in days of the calendar (Awb 6:7 to 6:9, 7:10)."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wijkteam.objections.model import Objection
from wijkteam.objections.terms import decide_by, file_until, is_late
from wijkteam.terms import calendar

DAYS = st.dates(date(2020, 1, 1), date(2040, 1, 1))


def objection(made_known: date, committee: bool = False, adjourned: bool = False, suspended: int = 0) -> Objection:
    until = file_until(made_known)
    return Objection(
        received_on=made_known, file_until=until, committee=committee, adjourned=adjourned, suspended_days=suspended
    )


@pytest.mark.parametrize(
    ("made_known", "committee", "adjourned", "suspended", "last"),
    [
        (date(2026, 3, 2), False, False, 0, date(2026, 5, 26)),  # until 13 April; 25 May is Whit Monday
        (date(2026, 3, 2), True, False, 0, date(2026, 7, 6)),
        (date(2026, 3, 2), False, True, 0, date(2026, 7, 6)),
        (date(2026, 3, 2), True, True, 0, date(2026, 8, 17)),
        (date(2026, 3, 2), False, False, 7, date(2026, 6, 1)),
        (
            date(2026, 11, 13),
            False,
            False,
            0,
            date(2027, 2, 8),
        ),  # until 28 December, after Christmas and a Sunday
    ],
)
def test_awb_7_10_the_term_to_decide_runs_from_the_day_after_the_term_to_object(
    made_known: date, committee: bool, adjourned: bool, suspended: int, last: date
) -> None:
    assert decide_by(objection(made_known, committee, adjourned, suspended)) == last


def test_what_comes_in_late_is_counted_from_the_day_after_it_came_in() -> None:
    late = objection(date(2026, 3, 2))
    late.received_on = date(2026, 9, 1)
    assert decide_by(late) == date(2026, 10, 13)


@given(made_known=DAYS, committee=st.booleans(), adjourned=st.booleans(), suspended=st.integers(0, 200))
def test_the_last_day_is_one_on_which_people_work_and_more_time_never_shortens_it(
    made_known: date, committee: bool, adjourned: bool, suspended: int
) -> None:
    last = decide_by(objection(made_known, committee, adjourned, suspended))
    assert calendar.is_working_day(last)
    assert decide_by(objection(made_known, committee, adjourned, suspended + 1)) >= last
    assert decide_by(objection(made_known, committee, True, suspended)) >= last
    assert decide_by(objection(made_known, True, adjourned, suspended)) >= last


@given(made_known=DAYS, after=st.integers(-60, 60), post=st.none() | st.integers(0, 30))
def test_awb_6_9_in_time_is_received_in_time_or_posted_in_time_and_there_within_a_week(
    made_known: date, after: int, post: int | None
) -> None:
    until = file_until(made_known)
    received = until + timedelta(days=after)
    posted = None if post is None else received - timedelta(days=post)
    in_time = after <= 0 or (posted is not None and posted <= until and after <= 7)
    assert is_late(until, received, posted) is not in_time
