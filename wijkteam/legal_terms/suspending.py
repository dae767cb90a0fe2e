"""Suspending a legal term and resuming it (Awb 4:15, 7:10(2))."""

from datetime import date, timedelta

from wijkteam.engine.definition import Text
from wijkteam.engine.vocabulary import Effect, Guard, Reason, Situation, fields
from wijkteam.legal_terms.model import LegalTerm
from wijkteam.legal_terms.reckoned import end_standstill, settle
from wijkteam.legal_terms.table import LegalTable
from wijkteam.legal_terms.within_reach import FURTHEST, TOO_FAR
from wijkteam.terms import clock

ONE_DAY = timedelta(days=1)
ENDS_BY_ITSELF = frozenset({"completion_asked", "agreed"})
"""Awb 4:15(1) a and (2) a: when the time that was given or agreed has passed, the term runs again by law."""


class Suspending:
    """The guards and effects of standing still."""

    def __init__(self, table: LegalTable, reasons: dict[str, Text]) -> None:
        self.table = table
        self.reasons = reasons

    def guards(self) -> dict[str, Guard]:
        """By name."""
        return {
            "may_be_suspended": Guard(self.may_be_suspended, fields("suspension_reason")),
            "suspended_in_order": Guard(_suspended_in_order, fields("suspended_on", "suspended_until")),
            "resumed_in_order": Guard(_resumed_in_order, fields("resumed_on")),
            "suspension_runs_out": Guard(_suspension_runs_out),
        }

    def effects(self) -> dict[str, Effect]:
        """By name."""
        asked = fields("suspension_reason", "suspended_on", "suspended_until")
        return {
            "suspend_term": Effect(self.suspend_term, needs=asked),
            "prolong_suspension": Effect(self.prolong_suspension, needs=fields("suspended_until")),
            "resume_term": Effect(self.resume_term, needs=fields("resumed_on")),
            "resume_when_run_out": Effect(self.resume_when_run_out),
        }

    def may_be_suspended(self, situation: Situation) -> Reason | None:
        """The law lets this term stand still, for this reason."""
        row = self.table.matter(situation.subject.matter, situation.subject.started_on)
        allowed = row.suspension if row is not None else []
        if not allowed:
            return Reason(
                "De wet laat opschorten van deze termijn niet toe.", "The law does not let this term be suspended."
            )
        if situation.fields.get("suspension_reason", allowed[0]) in allowed:
            return None
        nl = ", ".join(self.reasons[each].nl for each in allowed)
        en = ", ".join(self.reasons[each].en for each in allowed)
        return Reason(f"Bij deze termijn kan dat alleen om: {nl}.", f"For this term only: {en}.")

    def suspend_term(self, situation: Situation) -> None:
        """Let it stand still from the day after the notice."""
        term: LegalTerm = situation.subject
        term.suspension_reason = situation.fields["suspension_reason"]
        term.suspended_on = situation.fields["suspended_on"]
        term.suspended_until = situation.fields["suspended_until"]
        settle(term, self.reasons)

    def prolong_suspension(self, situation: Situation) -> None:
        """Let it stand still for longer, or shorter, than was expected."""
        situation.subject.suspended_until = situation.fields["suspended_until"]
        settle(situation.subject, self.reasons)

    def resume_term(self, situation: Situation) -> None:
        """Let days count again from the day on which the cause ended, and no later than the law does so itself."""
        term: LegalTerm = situation.subject
        resumed_on: date = situation.fields["resumed_on"]
        if term.suspension_reason in ENDS_BY_ITSELF and term.suspended_until is not None:
            resumed_on = min(resumed_on, term.suspended_until + ONE_DAY)
        end_standstill(term, resumed_on)
        settle(term, self.reasons)

    def resume_when_run_out(self, situation: Situation) -> None:
        """Let days count again after the last day that was given or agreed."""
        term: LegalTerm = situation.subject
        end_standstill(term, (term.suspended_until or term.ends_on) + ONE_DAY)
        settle(term, self.reasons)


def _suspended_in_order(situation: Situation) -> Reason | None:
    term: LegalTerm = situation.subject
    noticed: date | None = situation.fields.get("suspended_on", term.suspended_on)
    until: date | None = situation.fields.get("suspended_until")
    if noticed is not None and not term.started_on <= noticed <= min(term.ends_on, clock.today()):
        return Reason(
            "Kies een dag binnen de termijn, tot en met vandaag.", "Choose a day within the term, up to today."
        )
    if until is not None and until > clock.today() + FURTHEST:
        return TOO_FAR
    if noticed is not None and until is not None and until <= noticed:
        return Reason(
            "De laatste dag moet na de dag van het bericht liggen.",
            "The last day must lie after the day of the notice.",
        )
    return None


def _resumed_in_order(situation: Situation) -> Reason | None:
    day = situation.fields.get("resumed_on")
    if day is None or (situation.subject.suspended_on or date.min) <= day <= clock.today():
        return None
    return Reason(
        "Kies een dag vanaf de opschorting tot en met vandaag.", "Choose a day from the suspension up to today."
    )


def _suspension_runs_out(situation: Situation) -> Reason | None:
    if situation.subject.suspension_reason in ENDS_BY_ITSELF:
        return None
    return Reason("Deze opschorting houdt niet vanzelf op.", "This suspension does not end by itself.")
