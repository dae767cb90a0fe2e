"""Periods of Dutch calendar days, as moments; and the calendar years that a report is about.

Reports are about calendar years, because those never overlap: of two periods that do, the one can be subtracted from
the other. The running year is told up to its last ended month, so that nobody watches it grow by the day.
"""

from datetime import UTC, date, datetime, time, timedelta

from wijkteam.terms import clock

DAYS_SHOWN = 365
"""How long a period is when nobody says so, where it is not a year of the calendar."""


def moments(first: date, last: date) -> tuple[datetime, datetime]:
    """The moment at which `first` begins, and the one at which the day after `last` does."""
    start = datetime.combine(first, time(), tzinfo=clock.NETHERLANDS).astimezone(UTC)
    end = datetime.combine(last + timedelta(days=1), time(), tzinfo=clock.NETHERLANDS).astimezone(UTC)
    return start, end


def years_told(first: date, last: date, today: date) -> tuple[int, ...]:
    """The calendar years from that of `first` to that of `last`; one of which no month has ended is none yet.

    When all of them are such, it is the last year that has one.
    """
    newest = last_ended_day(today).year
    oldest, youngest = min(first.year, newest), min(last.year, newest)
    return tuple(range(min(oldest, youngest), youngest + 1))


def days_of_year(year: int, today: date) -> tuple[date, date]:
    """The first day of a year, and the last one that is told."""
    return date(year, 1, 1), min(date(year, 12, 31), last_ended_day(today))


def last_ended_day(today: date) -> date:
    """The last day of the last month that has ended."""
    return today.replace(day=1) - timedelta(days=1)
