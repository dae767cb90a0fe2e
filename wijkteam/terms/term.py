"""Terms: how long something may take, on which clock, and when it ends."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum

from wijkteam.terms import calendar, clock, statutory
from wijkteam.terms.duration import Duration, WrongTerm, add_months, add_to, read_duration

__all__ = ["Clock", "Duration", "Term", "Until", "WrongTerm", "add_months", "end_of_day", "read_duration"]

LAST_SECOND = time(23, 59, 59)


class Clock(StrEnum):
    """On which days a term runs."""

    WORKING_DAYS = "working_days"
    """Only working days count; the term ends with the last one."""
    STATUTORY = "statutory"
    """All days count, and the end moves where the Algemene termijnenwet says so (`statutory`)."""
    ELAPSED = "elapsed"
    """Plain time, to the second, such as the 24 hours within which a team pays."""


@dataclass(frozen=True)
class Term:
    """So much time on one of the clocks."""

    within: str
    clock: Clock = Clock.WORKING_DAYS

    def __post_init__(self) -> None:
        duration = read_duration(self.within)
        if self.clock is Clock.WORKING_DAYS and (duration.months or duration.in_hours):
            raise WrongTerm(f"'{self.within}' on working days must be in whole days, for example P5D")
        if self.clock is Clock.STATUTORY and duration.in_hours:
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
        return end_of_day(statutory.last_day(first, add_to(first, duration), duration))


@dataclass(frozen=True)
class Until:
    """A term whose end was reckoned already: it ends at that moment, whenever it was set."""

    moment: datetime

    def end(self, start: datetime) -> datetime:
        """That moment; `start` makes no difference."""
        return self.moment


def end_of_day(day: date) -> datetime:
    """The last second of a Dutch calendar day, as a moment in UTC."""
    return datetime.combine(day, LAST_SECOND, tzinfo=clock.NETHERLANDS).astimezone(UTC)
