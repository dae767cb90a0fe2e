"""The clock of a scenario: how time goes by on the calendar."""

from datetime import UTC, datetime, timedelta

from wijkteam.scenarios.format import Happening
from wijkteam.terms import clock
from wijkteam.terms.term import add_months, read_duration

LONGEST_YEARS = 10
"""How far a scenario's clock may run: reminders come every few days."""


class WrongMoment(ValueError):
    """The clock cannot be set so."""


def moved_on(moment: datetime, happening: Happening, start: datetime) -> datetime:
    """The moment after what happens: later where time passes, else the same.

    Months and days count on the Dutch calendar, so that nine o'clock stays nine o'clock. `start` is where the
    scenario's clock began. Raises WrongMoment when the clock would run back, or further than LONGEST_YEARS.
    """
    if happening.until is None and happening.pass_ is None:
        return moment
    after = happening.until or _later(moment, happening.pass_ or "")
    if after <= moment:
        raise WrongMoment(f"it is {clock.local(moment):%Y-%m-%dT%H:%M} by then, and the clock never runs back")
    if after.year > start.year + LONGEST_YEARS:
        raise WrongMoment(f"the clock runs at most {LONGEST_YEARS} years")
    return after


def _later(moment: datetime, length: str) -> datetime:
    duration = read_duration(length)
    local = clock.local(moment)
    try:
        day = add_months(local.date(), duration.months) + timedelta(days=duration.days)
    except (ValueError, OverflowError):
        raise WrongMoment(f"the clock runs at most {LONGEST_YEARS} years") from None
    return datetime.combine(day, local.time(), clock.NETHERLANDS).astimezone(UTC) + timedelta(seconds=duration.seconds)
