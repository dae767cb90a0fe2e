"""Until when a decision can be contested: by objection, or by appeal to the court."""

from datetime import date, datetime, time

from wijkteam.terms import clock
from wijkteam.terms.term import Clock, Term

CONTESTING_WITHIN = "P6W"
"""Six weeks (Awb 6:7), on the statutory clock (Algemene termijnenwet art. 1)."""


def last_day_to_contest(made_known_on: date) -> date:
    """The last day for objection or appeal. The term begins on the day after the decision was made known (Awb 6:8)."""
    start = datetime.combine(made_known_on, time(12), tzinfo=clock.NETHERLANDS)
    return clock.local(Term(CONTESTING_WITHIN, Clock.STATUTORY).end(start)).date()


def term_until(last_day: date, at: datetime) -> Term:
    """A term that runs from this moment to the end of that day; one day when it is over already."""
    days = (last_day - clock.local(at).date()).days
    return Term(f"P{max(days, 1)}D", Clock.STATUTORY)
