"""Periods of Dutch calendar days, as moments."""

from datetime import UTC, date, datetime, time, timedelta

from wijkteam.terms import clock

DAYS_SHOWN = 365
"""How long a period is when nobody says so."""


def moments(first: date, last: date) -> tuple[datetime, datetime]:
    """The moment at which `first` begins, and the one at which the day after `last` does."""
    start = datetime.combine(first, time(), tzinfo=clock.NETHERLANDS).astimezone(UTC)
    end = datetime.combine(last + timedelta(days=1), time(), tzinfo=clock.NETHERLANDS).astimezone(UTC)
    return start, end
