"""By when an objection has to be decided on (Awb 7:10)."""

from datetime import date, datetime, timedelta

from wijkteam.objections.model import Objection
from wijkteam.terms import clock
from wijkteam.terms.contesting import last_day_to_contest, term_until
from wijkteam.terms.duration import add_to, read_duration
from wijkteam.terms.lengths import length_on
from wijkteam.terms.statutory import first_open
from wijkteam.terms.term import Term

DECIDING = "objection_decision"
DECIDING_WITH_COMMITTEE = "objection_decision_committee"
"""The rows of the table of legal terms that say how long deciding may take, and by how much it can be adjourned."""
POSTED_WITHIN = timedelta(days=7)
"""What was posted in time is in time when it comes in within a week after the term (Awb 6:9(2))."""
ASK_AGAIN = Term("P5D")


def file_until(made_known_on: date) -> date:
    """The last day on which an objection is in time (Awb 6:7, 6:8)."""
    return last_day_to_contest(made_known_on)


def is_late(until: date, received_on: date, posted_on: date | None) -> bool:
    """Whether an objection came in too late (Awb 6:9); too early is never late (Awb 6:10)."""
    if received_on <= until:
        return False
    return posted_on is None or posted_on > until or received_on > until + POSTED_WITHIN


def decide_by(objection: Objection) -> date:
    """The last day to decide, counted from the day after the term for objecting ended (Awb 7:10(1)).

    An objection that came in after that term is counted from the day after it came in (unverified: the law does not
    say so, and a term cannot be over before it began). As long as the table of legal terms says of that day; a day
    more for every day that the term stood still (Awb 7:10(2)); moved on to the next working day (Algemene
    termijnenwet art. 1).
    """
    start = max(objection.file_until, objection.received_on)
    length = length_on(DECIDING_WITH_COMMITTEE if objection.committee else DECIDING, start)
    last = add_to(start, read_duration(length.within))
    if objection.adjourned and length.extension is not None:
        last = add_to(last, read_duration(length.extension))
    return first_open(last + timedelta(days=objection.suspended_days or 0))


def deciding(objection: Objection, at: datetime) -> Term:
    """Until the last day to decide; once that has passed, it asks again every five working days."""
    last = decide_by(objection)
    return term_until(last, at) if clock.local(at).date() < last else ASK_AGAIN


def repairing(objection: Objection, at: datetime) -> Term:
    """Until the day by which the resident was asked to repair something (Awb 6:6)."""
    assert objection.repair_by is not None
    return term_until(objection.repair_by, at)
