"""Lengths of time as laws and definitions write them, and adding them to a day."""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

import isodate

LONGEST_TEXT = 40
LONGEST_MONTHS = 1200
LONGEST_DAYS = 36_525
"""A hundred years: no term is longer, and every end still lies on the calendar."""


class WrongTerm(ValueError):
    """The term is not written as an ISO 8601 duration that its clock can count."""


@dataclass(frozen=True)
class Duration:
    """A length of time as a calendar counts it: months stay months."""

    months: int = 0
    days: int = 0
    seconds: int = 0
    in_hours: bool = False
    """Whether it is expressed in hours or less, also where that makes whole days: PT72H."""


@lru_cache(maxsize=1024)
def read_duration(text: str) -> Duration:
    """Read an ISO 8601 duration such as P2D, P6W, P3M or PT24H. Raises WrongTerm."""
    try:
        if len(text) > LONGEST_TEXT or not text.isascii():
            raise ValueError("too long, or with signs that no duration has")
        parsed = isodate.parse_duration(text, as_timedelta_if_possible=False)
        months = int(parsed.years * 12 + parsed.months)
        whole = months == parsed.years * 12 + parsed.months and not parsed.tdelta.microseconds
    except (isodate.ISO8601Error, TypeError, AttributeError, ValueError, ArithmeticError) as error:
        shown = text[:LONGEST_TEXT]
        raise WrongTerm(f"'{shown}' is not a duration; write for example P2D, P6W, P3M or PT24H") from error
    if not whole:
        raise WrongTerm(f"'{text}' is no whole number of months, days or seconds")
    if months > LONGEST_MONTHS or parsed.tdelta.days > LONGEST_DAYS:
        raise WrongTerm(f"'{text}' is longer than a hundred years")
    seconds = parsed.tdelta.seconds
    duration = Duration(months, parsed.tdelta.days, seconds, "T" in text or seconds > 0)
    if months < 0 or parsed.tdelta < timedelta() or not (months or parsed.tdelta):
        raise WrongTerm(f"'{text}' is no length of time; write for example P2D, P6W, P3M or PT24H")
    return duration


def add_months(day: date, months: int) -> date:
    """The same day of the month so many months on, or the month's last day where that day is missing."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def add_to(day: date, duration: Duration) -> date:
    """The day so many whole months and then whole days on; hours are left out.

    The day itself does not count: weeks end on the same day of the week, months on the same number or else on the
    last day of the month.
    """
    return add_months(day, duration.months) + timedelta(days=duration.days)
