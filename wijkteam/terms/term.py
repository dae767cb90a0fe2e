"""Terms: how long something may take, on which clock, and when it ends."""

from calendar import monthrange
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from functools import lru_cache

import isodate

from wijkteam.terms import calendar, clock

LAST_SECOND = time(23, 59, 59)
LONGEST_TEXT = 40
LONGEST_MONTHS = 1200
LONGEST_DAYS = 36_525
"""A hundred years: no term is longer, and every end still lies on the calendar."""


class Clock(StrEnum):
    """On which days a term runs."""

    WORKING_DAYS = "working_days"
    """Only working days count; the term ends with the last one."""
    STATUTORY = "statutory"
    """All days count; an end on a weekend day or holiday moves to the next working day
    (Algemene termijnenwet art. 1)."""
    ELAPSED = "elapsed"
    """Plain time, to the second, such as the 24 hours within which a team pays."""


class WrongTerm(ValueError):
    """The term is not written as an ISO 8601 duration that its clock can count."""


@dataclass(frozen=True)
class Duration:
    """A length of time as a calendar counts it: months stay months."""

    months: int = 0
    days: int = 0
    seconds: int = 0


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
    duration = Duration(months, parsed.tdelta.days, parsed.tdelta.seconds)
    if duration.months < 0 or parsed.tdelta < timedelta() or duration == Duration():
        raise WrongTerm(f"'{text}' is no length of time; write for example P2D, P6W, P3M or PT24H")
    return duration


@dataclass(frozen=True)
class Term:
    """So much time on one of the clocks."""

    within: str
    clock: Clock = Clock.WORKING_DAYS

    def __post_init__(self) -> None:
        duration = read_duration(self.within)
        if self.clock is Clock.WORKING_DAYS and (duration.months or duration.seconds):
            raise WrongTerm(f"'{self.within}' on working days must be in whole days, for example P5D")
        if self.clock is Clock.STATUTORY and duration.seconds:
            raise WrongTerm(f"'{self.within}' on the statutory clock must be in days, weeks or months")

    def end(self, start: datetime) -> datetime:
        """The last moment (UTC) of this term when it starts at `start`, an aware moment.

        Terms in days end with the last second of their last day on Dutch clocks; the day on which they start
        does not count (Algemene termijnenwet, and general practice for terms in days).
        """
        duration = read_duration(self.within)
        if self.clock is Clock.ELAPSED:
            day = add_months(clock.local(start).date(), duration.months) - clock.local(start).date()
            return start.astimezone(UTC) + day + timedelta(days=duration.days, seconds=duration.seconds)
        first = clock.local(start).date()
        if self.clock is Clock.WORKING_DAYS:
            return end_of_day(calendar.add_working_days(first, duration.days))
        last = add_months(first, duration.months) + timedelta(days=duration.days)
        return end_of_day(calendar.next_working_day(last))


def add_months(day: date, months: int) -> date:
    """The same day of the month so many months on, or the month's last day where that day is missing."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def end_of_day(day: date) -> datetime:
    """The last second of a Dutch calendar day, as a moment in UTC."""
    return datetime.combine(day, LAST_SECOND, tzinfo=clock.NETHERLANDS).astimezone(UTC)
