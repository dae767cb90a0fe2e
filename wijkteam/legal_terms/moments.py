"""The moments at which something follows in the life of a legal term: a warning, its end, the end of a standstill."""

from datetime import UTC, date, datetime, time, timedelta

from wijkteam.legal_terms.model import LegalTerm
from wijkteam.terms import calendar, clock
from wijkteam.terms.term import Clock, Term, Until, end_of_day

AGAIN = Term("P5D")
"""When somebody is reminded that a suspension goes on beyond what was expected."""


def warning(term: LegalTerm, working_days: int) -> Until:
    """When the owner is warned: so many working days before the last day, but not in the first half of the term."""
    if term.clock == Clock.ELAPSED:
        return Until(term.ends_at - timedelta(hours=24))
    day = term.ends_on
    for _ in range(working_days):
        day = _working_day_before(day)
    half = term.started_on + (term.ends_on - term.started_on) / 2
    return Until(_start_of(max(day, half)))


def ending(term: LegalTerm) -> Until:
    """The last moment of the term."""
    return Until(term.ends_at)


def standstill_ending(term: LegalTerm, at: datetime) -> Until:
    """When the standstill is expected to end; when that is past already, some days from now."""
    until = end_of_day(term.suspended_until or term.ends_on)
    return Until(until if until > at else AGAIN.end(at))


def _working_day_before(day: date) -> date:
    day -= timedelta(days=1)
    while not calendar.is_working_day(day):
        day -= timedelta(days=1)
    return day


def _start_of(day: date) -> datetime:
    return datetime.combine(day, time.min, tzinfo=clock.NETHERLANDS).astimezone(UTC)
