"""By when a request has to be answered (AVG art. 12(3), UAVG art. 34)."""

from datetime import date, datetime, timedelta

from wijkteam.data_requests.model import DataRequest
from wijkteam.terms import clock
from wijkteam.terms.duration import add_to, read_duration
from wijkteam.terms.lengths import length_on
from wijkteam.terms.statutory import DayRule, last_day
from wijkteam.terms.term import Term, Until, end_of_day

ANSWERING = "gdpr_request"
"""The row of the table of legal terms that says how long answering may take, and by how much it can be extended."""
ASK_AGAIN = Term("P5D")


def answer_by(request: DataRequest) -> date:
    """The last day to tell the resident what was done, counted from the day on which the request came in.

    As long as the table of legal terms says of that day (a month, and two more when it was extended); a day more for
    every day that we waited for proof of who asks (unverified: EDPB guidelines 01/2022 speak of a suspension where
    there was reasonable doubt and it was asked without delay); moved on by Regulation 1182/71.
    """
    return _last_day(request, request.extended)


def extend_by(request: DataRequest) -> date:
    """The last day to tell the resident that it takes longer: within the first month (AVG art. 12(3))."""
    return _last_day(request, False)


def _last_day(request: DataRequest, extended: bool) -> date:
    start = request.received_on
    length = length_on(ANSWERING, start)
    plain, whole = add_to(start, read_duration(length.within)), read_duration(length.within)
    if extended and length.extension is not None:
        longer = read_duration(length.extension)
        plain = add_to(start, read_duration(f"P{whole.months + longer.months}M"))
    return last_day(start, plain + timedelta(days=request.suspended_days or 0), whole, DayRule.EU)


def answering(request: DataRequest, at: datetime) -> Term | Until:
    """Until the last day to answer; once that has passed, it asks again every five working days."""
    last = answer_by(request)
    return Until(end_of_day(last)) if clock.local(at).date() < last else ASK_AGAIN


def proving(request: DataRequest, _at: datetime) -> Until:
    """Until the day by which the resident was asked to show who they are."""
    assert request.identity_by is not None
    return Until(end_of_day(request.identity_by))


def contributing(request: DataRequest, _at: datetime) -> Until:
    """Until the day by which somebody was asked for what they know."""
    assert request.answer_by is not None
    return Until(end_of_day(request.answer_by))
