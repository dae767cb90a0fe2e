"""Extending a legal term, with notice before it ends (Awb 4:14(3), 7:10(3), 9:11(2), GDPR 12(3))."""

from datetime import date

from wijkteam.engine.definition import Text
from wijkteam.engine.vocabulary import Effect, Guard, Reason, Situation, fields
from wijkteam.legal_terms.model import LegalTerm
from wijkteam.legal_terms.reckoned import add_extension, extensions_of, reckoning_of, settle
from wijkteam.legal_terms.table import ExtensionRule, LegalTable
from wijkteam.legal_terms.within_reach import FURTHEST, TOO_FAR
from wijkteam.terms import clock
from wijkteam.terms.duration import add_to, read_duration
from wijkteam.terms.reckoning import Extension, reckon


class Extending:
    """The guards and the effect of extension."""

    def __init__(self, table: LegalTable, reasons: dict[str, Text]) -> None:
        self.table = table
        self.reasons = reasons

    def guards(self) -> dict[str, Guard]:
        """By name."""
        return {
            "may_be_extended": Guard(self.may_be_extended),
            "told_before_end": Guard(_told_before_end, fields("told_on")),
            "new_end_is_clear": Guard(self.new_end_is_clear, fields("told_on", "extended_until")),
        }

    def effects(self) -> dict[str, Effect]:
        """By name."""
        return {"extend_term": Effect(self.extend_term, fields("extended_until"), fields("told_on"))}

    def may_be_extended(self, situation: Situation) -> Reason | None:
        """The law lets this term be extended, and not more often than it was."""
        rule = self._rule(situation.subject)
        if rule is None:
            return Reason(
                "De wet laat verlengen van deze termijn niet toe.", "The law does not let this term be extended."
            )
        if len(extensions_of(situation.subject)) < rule.times:
            return None
        return Reason("Vaker verlengen mag niet.", "It may not be extended more often.")

    def new_end_is_clear(self, situation: Situation) -> Reason | None:
        """The law says by how much, or the municipality names a day that the law allows."""
        rule, named = self._rule(situation.subject), situation.fields.get("extended_until")
        if rule is None or "told_on" not in situation.fields:
            return None
        plain = self._plain_end(situation.subject)
        if named is None:
            unknown = Reason("Noem de nieuwe laatste dag.", "Name the new last day.")
            return unknown if rule.by is None else None
        if named > clock.today() + FURTHEST:
            return TOO_FAR
        if named <= max(plain, situation.subject.ends_on):
            return Reason("Kies een dag na het einde van nu.", "Choose a day after the present end.")
        if rule.by is not None and named > add_to(plain, read_duration(rule.by)):
            return Reason("Zo lang verlengen mag niet.", "It may not be extended that long.")
        return None

    def extend_term(self, situation: Situation) -> None:
        """Add the length that the law gives, or the days up to the day that was named."""
        term: LegalTerm = situation.subject
        rule, named = self._rule(term), situation.fields.get("extended_until")
        if named is not None:
            by = f"P{(named - self._plain_end(term)).days}D"
        elif rule is not None and rule.by is not None:
            by = rule.by
        else:
            raise LookupError(f"nothing says by how much {term.matter} is extended")
        add_extension(term, Extension(by, situation.fields["told_on"], named is not None))
        settle(term, self.reasons)

    def _rule(self, term: LegalTerm) -> ExtensionRule | None:
        row = self.table.matter(term.matter, term.started_on)
        return row.extension if row is not None else None

    def _plain_end(self, term: LegalTerm) -> date:
        return reckon(reckoning_of(term, self.reasons)).plain


def _told_before_end(situation: Situation) -> Reason | None:
    """The notice came within the term, and not in the future."""
    told = situation.fields.get("told_on")
    term: LegalTerm = situation.subject
    if told is None or term.started_on <= told <= min(term.ends_on, clock.today()):
        return None
    return Reason(
        "Verlengen kan alleen met een bericht vóór het einde van de termijn, tot en met vandaag.",
        "It can only be extended by a notice before its end, up to today.",
    )
