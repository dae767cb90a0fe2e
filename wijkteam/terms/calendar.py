"""Dutch working days and recognised holidays."""

from datetime import date, timedelta
from functools import lru_cache

import holidays

SATURDAY = 5
MONTHS = [
    "januari",
    "februari",
    "maart",
    "april",
    "mei",
    "juni",
    "juli",
    "augustus",
    "september",
    "oktober",
    "november",
    "december",
]


@lru_cache(maxsize=512)
def _holidays_of(year: int) -> frozenset[date]:
    return frozenset(holidays.country_holidays("NL", years=year, categories=("public", "optional")).keys())


def is_holiday(day: date) -> bool:
    """Whether the day is a generally recognised Dutch holiday, or on a par with one.

    Algemene termijnenwet art. 3(1): New Year's Day, Easter and Whit Monday, both days of Christmas, Ascension Day,
    the day on which the King's birthday is celebrated, and 5 May of every year; Good Friday is on a par with them.
    """
    return day in _holidays_of(day.year)


def is_working_day(day: date) -> bool:
    """Whether people at a municipality work on this day: not a weekend day, not a holiday."""
    return day.weekday() < SATURDAY and not is_holiday(day)


def add_working_days(day: date, count: int) -> date:
    """The `count`-th working day after `day` (count 0: the day itself, or else the next working day)."""
    if count < 0:
        raise ValueError("a number of working days cannot be negative")
    while count == 0 and not is_working_day(day):
        day += timedelta(days=1)
    while count > 0:
        day += timedelta(days=1)
        count -= is_working_day(day)
    return day


def next_working_day(day: date) -> date:
    """The day itself when it is a working day, else the first one after it."""
    return add_working_days(day, 0)


def working_days_between(start: date, end: date) -> int:
    """How many working days lie after `start`, up to and including `end`; 0 when `end` is not later."""
    return sum(is_working_day(start + timedelta(days=step)) for step in range(1, (end - start).days + 1))
