"""The end of a legal term by the Algemene termijnenwet: published examples, and every day of ten years."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest

from wijkteam.terms import calendar, decrees
from wijkteam.terms.clock import NETHERLANDS, local
from wijkteam.terms.duration import add_to, read_duration
from wijkteam.terms.reckoning import Reckoning, reckon
from wijkteam.terms.statutory import DayRule, is_excepted, is_off, last_day
from wijkteam.terms.term import Clock, Term

TEN_YEARS = [date(2020, 1, 1) + timedelta(days=number) for number in range(3653)]
HELD = ("P1D", "P2D", "P3D", "P7D", "P2W", "P6W", "P8W", "P12W", "P90D", "P1M", "P3M")
"""Lengths for which the Act holds."""
EXCEPTED = ("P91D", "P13W", "P4M", "P3M1D", "P1Y", "P12M")


def end(start: date, within: str, rule: DayRule = DayRule.ACT) -> date:
    return reckon(Reckoning(start, within, rule=rule)).day


@pytest.fixture
def own_decrees() -> Iterator[None]:
    """Whatever a test lets be decreed, the shipped decrees hold again after it."""
    before = decrees.equated_days()
    yield
    decrees.recognise([decrees.Decree(decree="as before", source="test", verified=True, days=sorted(before))])


# Published examples, each with the page that it was read on.


@pytest.mark.parametrize(
    ("received", "ends", "days"),
    [
        ("maandag", "donderdag", 3),
        ("dinsdag", "vrijdag", 3),
        ("woensdag", "maandag", 5),
        ("donderdag", "maandag", 4),
        ("vrijdag", "dinsdag", 4),
        ("zaterdag", "dinsdag", 3),
        ("zondag", "woensdag", 3),
    ],
)
def test_three_days_by_day_of_the_week_as_alders_nl_explains_them(received: str, ends: str, days: int) -> None:
    """The table of www.alders.nl, "Hoe werkt de berekening van de bedenktijd?" (also on zelfverkopen.nl)."""
    names = ["maandag", "dinsdag", "woensdag", "donderdag", "vrijdag", "zaterdag", "zondag"]
    start = date(2026, 6, 8) + timedelta(days=names.index(received))
    last = end(start, "P3D")
    assert (names[last.weekday()], (last - start).days) == (ends, days)


def test_three_days_around_christmas_2017_as_staatsrechtpraktijk_nl_explains_them() -> None:
    """staatsrechtpraktijk.nl, "Nieuwjaarsdag en Kerstmis in het staatsrecht": signed on 19 December 2017, through
    Friday 22 December; a day later, through Wednesday 27 December."""
    assert end(date(2017, 12, 19), "P3D") == date(2017, 12, 22)
    assert end(date(2017, 12, 20), "P3D") == date(2017, 12, 27)


def test_around_christmas_2023_three_days_become_at_most_seven_as_saelmans_nl_explains() -> None:
    """saelmansmakelaardij.com/bedenktijd2023: from what is received on Wednesday 20 December 2023 on, the holidays
    make three days up to seven."""
    received = [date(2023, 12, 18) + timedelta(days=number) for number in range(16)]
    lengths = {day: (end(day, "P3D") - day).days for day in received}
    assert max(lengths.values()) == 7 == lengths[date(2023, 12, 20)]


@pytest.mark.usefixtures("own_decrees")
def test_with_decreed_days_an_end_moves_by_at_most_nine_days_as_wikipedia_explains() -> None:
    """nl.wikipedia.org/wiki/Algemene_termijnenwet: with Ascension Day on 7 May, a term that would end on Saturday 2 May
    ends on Monday 11 May, if 4, 6 and 8 May are put on a par. That is so in 2043."""
    days = [date(2043, 5, 4), date(2043, 5, 6), date(2043, 5, 8)]
    assert end(date(2043, 4, 18), "P2W") == date(2043, 5, 4)
    decrees.recognise([decrees.Decree(decree="a decree", source="test", verified=False, days=days)])
    assert end(date(2043, 4, 18), "P2W") == date(2043, 5, 11)


def test_three_days_over_easter_as_vdv_vh_nl_explains_them() -> None:
    """www.vdv-vh.nl/atw: three days of which Thursday is the first would end on Saturday; they end on Monday, and on
    Tuesday when that Monday is Easter Monday."""
    assert end(date(2026, 6, 10), "P3D") == date(2026, 6, 15)
    assert end(date(2026, 4, 1), "P3D") == date(2026, 4, 7)


def test_six_weeks_end_on_the_same_day_of_the_week_as_wieringa_advocaten_nl_explains() -> None:
    """www.wieringa-advocaten.nl, "Termijnen in het bestuursrecht": six weeks after the day on which a decision was made
    known, on the same day of the week. So in ECLI:NL:RVS:2019:2356: of 16 October 2017, objected to on 27 November."""
    assert end(date(2017, 10, 16), "P6W") == date(2017, 11, 27)
    open_ends = [day for day in TEN_YEARS if not is_off(day + timedelta(weeks=6))]
    assert all(end(day, "P6W") == day + timedelta(weeks=6) for day in open_ends)


@pytest.mark.parametrize("day", [date(2017, 4, 28), date(2018, 12, 24), date(2019, 12, 27), date(2026, 5, 15)])
def test_a_term_runs_past_a_day_that_a_decree_put_on_a_par_and_people_work_on_it(day: date) -> None:
    """The decree of 24 October 2016 (wetten.overheid.nl/BWBR0038666), and the one for 2026 to 2028."""
    assert end(day - timedelta(weeks=6), "P6W") > day
    assert calendar.is_working_day(day)


# Article 3: which days are off.


@pytest.mark.parametrize("year", range(2014, 2045))
def test_the_holidays_of_article_3_and_no_others(year: int) -> None:
    easter = next(day for day in _days_of(year) if calendar.holiday_names(day) == ("Eerste paasdag", "Easter Sunday"))
    king = date(year, 4, 27) if date(year, 4, 27).weekday() != 6 else date(year, 4, 26)
    moving = {easter + timedelta(days=number) for number in (-2, 0, 1, 39, 49, 50)}
    fixed = {date(year, 1, 1), date(year, 5, 5), date(year, 12, 25), date(year, 12, 26), king}
    assert {day for day in _days_of(year) if calendar.is_holiday(day)} == moving | fixed


def _days_of(year: int) -> list[date]:
    return [date(year, 1, 1) + timedelta(days=number) for number in range(365)] + [date(year, 12, 31)]


@pytest.mark.parametrize("year", range(2020, 2030))
def test_on_5_may_of_every_year_no_legal_term_ends(year: int) -> None:
    assert end(date(year, 3, 24), "P6W") > date(year, 5, 5)


def test_kings_day_is_celebrated_on_saturday_when_27_april_is_a_sunday() -> None:
    assert calendar.is_holiday(date(2025, 4, 26)) and not calendar.is_holiday(date(2025, 4, 27))
    assert end(date(2025, 3, 14), "P6W") == date(2025, 4, 25)


def test_good_friday_is_on_a_par_with_holidays() -> None:
    assert end(date(2026, 2, 20), "P6W") == date(2026, 4, 7)


# Over every day of ten years.


@pytest.mark.parametrize("within", HELD)
def test_no_term_ends_on_a_day_off_nor_before_its_plain_end_nor_long_after(within: str) -> None:
    duration = read_duration(within)
    for start in TEN_YEARS:
        plain, last = add_to(start, duration), end(start, within)
        assert not is_off(last) and plain <= last <= plain + timedelta(days=7)
        if not is_off(plain) and duration.months + duration.days // 7 > 0:
            assert last == plain, start


@pytest.mark.parametrize("within", HELD)
def test_who_begins_later_never_ends_sooner(within: str) -> None:
    ends = [end(start, within) for start in TEN_YEARS]
    assert ends == sorted(ends)


@pytest.mark.parametrize("within", ["P3D", "P4D", "P5D", "P1W", "P1M"])
def test_article_2_a_term_of_three_days_or_more_holds_two_days_that_are_not_off(within: str) -> None:
    for start in TEN_YEARS:
        days = range(1, (end(start, within) - start).days + 1)
        assert sum(not is_off(start + timedelta(days=number)) for number in days) >= 2


def test_article_2_moves_a_term_no_further_than_its_second_day_that_is_not_off() -> None:
    moved = [start for start in TEN_YEARS if end(start, "P3D") != _first_open(start + timedelta(days=3))]
    assert len(moved) > 20
    for start in moved:
        days = range(1, (end(start, "P3D") - start).days + 1)
        assert sum(not is_off(start + timedelta(days=number)) for number in days) == 2


def _first_open(day: date) -> date:
    while is_off(day):
        day += timedelta(days=1)
    return day


def test_article_2_leaves_terms_of_one_or_two_days_to_article_1() -> None:
    for within in ("P1D", "P2D"):
        for start in TEN_YEARS:
            assert end(start, within) == _first_open(add_to(start, read_duration(within)))


@pytest.mark.parametrize("within", EXCEPTED)
def test_article_4_longer_terms_end_where_they_end_also_on_a_day_off(within: str) -> None:
    assert is_excepted(read_duration(within))
    assert all(end(start, within) == add_to(start, read_duration(within)) for start in TEN_YEARS)
    assert any(is_off(end(start, within)) for start in TEN_YEARS)


@pytest.mark.parametrize("within", HELD)
def test_article_4_leaves_terms_of_up_to_90_days_twelve_weeks_or_three_months_to_the_act(within: str) -> None:
    assert not is_excepted(read_duration(within))


def test_article_4_terms_in_hours_do_not_move() -> None:
    assert is_excepted(read_duration("PT72H"))
    ending = reckon(Reckoning(date(2026, 4, 2), "PT72H", Clock.ELAPSED))
    assert ending.day == date(2026, 4, 5) and is_off(ending.day)


@pytest.mark.parametrize("within", [*HELD, *EXCEPTED])
def test_without_a_law_that_moves_it_an_end_stays(within: str) -> None:
    duration = read_duration(within)
    assert all(end(start, within, DayRule.NONE) == add_to(start, duration) for start in TEN_YEARS)


def test_a_term_of_an_eu_regulation_moves_however_long_it_is() -> None:
    """Regulation 1182/71 art. 3(4); the Act would leave four months alone."""
    for start in TEN_YEARS:
        assert end(start, "P4M", DayRule.EU) == _first_open(add_to(start, read_duration("P4M")))


def test_a_term_of_two_days_of_an_eu_regulation_holds_two_working_days() -> None:
    """Regulation 1182/71 art. 3(5); the Act asks it only from three days on."""
    assert end(date(2026, 6, 12), "P2D", DayRule.EU) == date(2026, 6, 16)
    assert end(date(2026, 6, 12), "P2D", DayRule.ACT) == date(2026, 6, 15)


def test_months_end_on_the_same_number_or_on_the_last_day_of_the_month() -> None:
    assert last_day(date(2026, 1, 31), add_to(date(2026, 1, 31), read_duration("P1M")), read_duration("P1M")) == date(
        2026, 3, 2
    )
    assert add_to(date(2026, 1, 31), read_duration("P1M")) == date(2026, 2, 28)
    assert add_to(date(2028, 1, 31), read_duration("P1M")) == date(2028, 2, 29)


@pytest.mark.parametrize("start", [date(2026, 3, 1), date(2026, 3, 28), date(2026, 10, 1), date(2026, 10, 25)])
def test_a_term_over_a_change_of_the_clock_ends_at_midnight_on_dutch_clocks(start: date) -> None:
    ending = reckon(Reckoning(start, "P6W"))
    assert f"{local(ending.at):%H:%M:%S}" == "23:59:59" and local(ending.at).date() == ending.day


def test_the_terms_of_states_and_legal_terms_are_reckoned_by_one_and_the_same_rule() -> None:
    for start in TEN_YEARS:
        moment = datetime(start.year, start.month, start.day, 12, tzinfo=NETHERLANDS).astimezone(UTC)
        for within in ("P3D", "P6W", "P3M", "P6M"):
            assert Term(within, Clock.STATUTORY).end(moment) == reckon(Reckoning(start, within)).at
