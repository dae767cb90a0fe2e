"""Until when a decision can be contested: by objection, or by appeal to the court."""

from datetime import date, datetime, time

from wijkteam.terms import clock
from wijkteam.terms.lengths import length_on
from wijkteam.terms.term import Clock, Term

FILING = "objection_filing"
"""The row of the table of legal terms that says how long (Awb 6:7)."""


def last_day_to_contest(made_known_on: date) -> date:
    """The last day for objection or appeal, on the statutory clock.

    The term begins on the day after the decision was made known (Awb 6:8), and is as long as the table says of that
    day. Raises LookupError when the table has no row for it.
    """
    start = datetime.combine(made_known_on, time(12), tzinfo=clock.NETHERLANDS)
    return clock.local(Term(length_on(FILING, made_known_on).within, Clock.STATUTORY).end(start)).date()


def term_until(last_day: date, at: datetime) -> Term:
    """A term that runs from this moment to the end of that day; one day when it is over already."""
    days = (last_day - clock.local(at).date()).days
    return Term(f"P{max(days, 1)}D", Clock.STATUTORY)
