"""Until when a rung may take to answer: half-way it is reminded, at the end the request climbs."""

from datetime import datetime
from math import ceil
from typing import Any

from wijkteam.engine.ladder import Ladder
from wijkteam.engine.vocabulary import Reason, Situation
from wijkteam.terms.term import Clock, Term, read_duration


def begin(request: Any, ladder: Ladder, at: datetime) -> None:
    """The rung gets its whole term, from this moment on."""
    request.reminders = 0
    request.answer_by = None if request.source is not None else ladder.rung(request.rung).term.term().end(at)


def term(request: Any, ladder: Ladder, at: datetime) -> Term:
    """The part of the rung's term that runs now: to half-way, and after the reminder to the end.

    Who stays silent on the last rung is reminded on, each time after half the term. Imported history runs whole
    terms, and so does whatever stands on a rung without having been asked (a simulation knows the rung alone).
    """
    whole = ladder.rung(request.rung).term.term()
    if getattr(request, "answer_by", None) is None:
        return whole
    if request.reminders and at < request.answer_by:
        return _until(request.answer_by, at)
    return _half(whole, at)


def was_reminded(situation: Situation) -> Reason | None:
    """Blocks climbing as long as the rung was not reminded of the request and its term runs."""
    request = situation.subject
    if request.answer_by is None or (request.reminders and situation.at >= request.answer_by):
        return None
    return Reason("Eerst volgt een herinnering.", "A reminder comes first.")


def count_reminder(situation: Situation) -> None:
    """One reminder more."""
    situation.subject.reminders += 1


def _half(whole: Term, at: datetime) -> Term:
    """Half the term in whole working days where that can be, so that nobody is reminded on a free day."""
    days = read_duration(whole.within).days
    if whole.clock is Clock.WORKING_DAYS and days > 1:
        return Term(f"P{days // 2}D", Clock.WORKING_DAYS)
    return _until(at + (whole.end(at) - at) / 2, at)


def _until(moment: datetime, at: datetime) -> Term:
    return Term(f"PT{max(1, ceil((moment - at).total_seconds()))}S", Clock.ELAPSED)
