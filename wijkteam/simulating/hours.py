"""When people work: the hours in which time counts for them, in POSIX seconds."""

from bisect import bisect_right
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Protocol

from wijkteam.terms import calendar, clock

DAY = 86_400.0
WEEK = 7 * DAY
WORKING_DAYS_A_WEEK = 5


class Hours(Protocol):
    """Open hours. Moments are POSIX seconds; lengths are seconds of open time."""

    @property
    def open_per_week(self) -> float:
        """Seconds of open time in a week without holidays."""

    def between(self, start: float, end: float) -> float:
        """How much open time lies between two moments."""

    def after(self, start: float, length: float) -> float:
        """The moment at which so much open time has passed since `start`, never before `start`."""

    def told(self) -> str:
        """The same in words."""


class AroundTheClock:
    """All time counts: for a past in which people's steps fall on any day and hour."""

    open_per_week = WEEK

    def between(self, start: float, end: float) -> float:
        """Plain time."""
        return max(0.0, end - start)

    def after(self, start: float, length: float) -> float:
        """Plain time."""
        return start + max(0.0, length)

    def told(self) -> str:
        """In words."""
        return "any hour of any day"


@dataclass(frozen=True)
class OpenFrom:
    """From which hour until which hour of a working day."""

    start: int
    until: int


class OfficeHours:
    """The same hours of every working day, known for all days from `first` to `last`."""

    def __init__(self, first: date, last: date, hours: OpenFrom) -> None:
        self.hours = hours
        self._length = (hours.until - hours.start) * 3600.0
        days = (first + timedelta(days=step) for step in range((last - first).days + 1))
        self._openings = [
            datetime.combine(day, time(hours.start), clock.NETHERLANDS).timestamp()
            for day in days
            if calendar.is_working_day(day)
        ]

    @property
    def open_per_week(self) -> float:
        """Five days of these hours."""
        return WORKING_DAYS_A_WEEK * self._length

    def _position(self, moment: float) -> float:
        day = bisect_right(self._openings, moment) - 1
        if day < 0:
            return 0.0
        return day * self._length + min(self._length, moment - self._openings[day])

    def between(self, start: float, end: float) -> float:
        """Open time between two moments."""
        return max(0.0, self._position(end) - self._position(start))

    def after(self, start: float, length: float) -> float:
        """The moment after so much open time; beyond the last known day it counts on in calendar weeks."""
        if length <= 0:
            return start
        position = self._position(start) + length
        day, rest = divmod(position, self._length)
        if rest == 0:
            day, rest = day - 1, self._length
        if day >= len(self._openings):
            beyond = position - len(self._openings) * self._length
            return max(start, self._openings[-1] + self._length + beyond / self.open_per_week * WEEK)
        return max(start, self._openings[int(day)] + rest)

    def told(self) -> str:
        """In words."""
        return f"{self.hours.start}:00 to {self.hours.until}:00 on working days"


def moment_of(seconds: float) -> datetime:
    """POSIX seconds as an aware moment."""
    return datetime.fromtimestamp(seconds, UTC)


def local_of(seconds: float) -> datetime:
    """POSIX seconds as Dutch clocks show them."""
    return datetime.fromtimestamp(seconds, clock.NETHERLANDS)


def start_of_week(day: date) -> float:
    """Midnight at the beginning of the week that this day lies in."""
    monday = day - timedelta(days=day.weekday())
    return datetime.combine(monday, time(), clock.NETHERLANDS).timestamp()
