"""From the row of a legal term to its end, and back: what it keeps of standing still and extension."""

import json
from datetime import date, time

from wijkteam.engine.definition import Text
from wijkteam.legal_terms.model import LegalTerm
from wijkteam.terms import clock
from wijkteam.terms.reckoning import Ending, Extension, Reckoning, Standstill, reckon
from wijkteam.terms.statutory import DayRule
from wijkteam.terms.term import Clock
from wijkteam.terms.words import UNSAID, Words

ReasonTitles = dict[str, Text]


def reckoning_of(term: LegalTerm, reasons: ReasonTitles) -> Reckoning:
    """All that decides when this term ends; while it stands still, as if it resumes when that is expected to end."""
    return Reckoning(
        started_on=term.started_on,
        within=term.within,
        clock=Clock(term.clock),
        rule=DayRule(term.days),
        standstills=tuple(_standstills(term, reasons)),
        extensions=tuple(extensions_of(term)),
        started_at=time.fromisoformat(term.started_time) if term.started_time else None,
    )


def settle(term: LegalTerm, reasons: ReasonTitles) -> Ending:
    """Work out the end anew and keep it, with why."""
    ending = reckon(reckoning_of(term, reasons))
    term.ends_on, term.ends_at = ending.day, ending.at
    term.why_nl, term.why_en = ending.why
    return ending


def extensions_of(term: LegalTerm) -> list[Extension]:
    """The extensions so far."""
    return [
        Extension(by, date.fromisoformat(told_on), named) for by, told_on, named in json.loads(term.extensions or "[]")
    ]


def add_extension(term: LegalTerm, extension: Extension) -> None:
    """Keep one more extension. Its day of telling must be known."""
    told_on = extension.told_on or clock.today()
    kept = [*json.loads(term.extensions or "[]"), [extension.by, told_on.isoformat(), extension.named]]
    term.extensions = json.dumps(kept)


def end_standstill(term: LegalTerm, resumed_on: date) -> None:
    """Keep the days on which it stood still until now; from `resumed_on` on days count again."""
    if term.suspended_on is not None:
        kept = json.loads(term.standstills or "[]")
        kept.append([term.suspended_on.isoformat(), resumed_on.isoformat(), term.suspension_reason])
        term.standstills = json.dumps(kept)
    term.suspended_on = term.suspended_until = term.suspension_reason = None


def _standstills(term: LegalTerm, reasons: ReasonTitles) -> list[Standstill]:
    kept = [
        Standstill.between(date.fromisoformat(noticed), date.fromisoformat(resumed), _words(reason, reasons))
        for noticed, resumed, reason in json.loads(term.standstills or "[]")
    ]
    if term.suspended_on is not None and term.suspended_until is not None:
        resumes = date.fromordinal(term.suspended_until.toordinal() + 1)
        kept.append(Standstill.between(term.suspended_on, resumes, _words(term.suspension_reason, reasons)))
    return [each for each in kept if each is not None]


def _words(reason: str | None, reasons: ReasonTitles) -> Words:
    title = reasons.get(reason or "")
    return UNSAID if title is None else Words(_small(title.nl), _small(title.en))


def _small(text: str) -> str:
    return text[:1].lower() + text[1:]
