"""Terms that end on a day somebody chose."""

from datetime import date, datetime, timedelta
from math import ceil

from wijkteam.engine.vocabulary import Reason
from wijkteam.terms import clock
from wijkteam.terms.term import Clock, Term, end_of_day

FARTHEST = timedelta(days=3_660)
"""Nobody promises or backs anything for more than ten years; it also keeps every end on the calendar."""


def until_the_end_of(day: date, at: datetime) -> Term:
    """The term from a moment (UTC) to the end of a day on Dutch clocks; one second when that has passed."""
    left = ceil((end_of_day(day) - at).total_seconds())
    return Term(f"PT{max(left, 1)}S", Clock.ELAPSED)


def too_far(day: date | None) -> Reason | None:
    """Why a day cannot be chosen; None when it can, or when none was chosen."""
    if day is None or day - clock.today() <= FARTHEST:
        return None
    return Reason("Kies een dag binnen tien jaar.", "Choose a day within ten years.")
