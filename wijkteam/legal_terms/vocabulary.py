"""What the workflow of legal terms may name: roles, guards, effects and the moments at which it goes on by itself."""

from collections.abc import Callable
from datetime import date
from typing import Any

from wijkteam.engine.definition import Text
from wijkteam.engine.vocabulary import Effect, Guard, Reason, Recipients, Role, Situation, Vocabulary, fields
from wijkteam.legal_terms import moments
from wijkteam.legal_terms.extending import Extending
from wijkteam.legal_terms.model import LegalTerm
from wijkteam.legal_terms.queries import ENDED
from wijkteam.legal_terms.reckoned import end_standstill, settle
from wijkteam.legal_terms.suspending import Suspending
from wijkteam.legal_terms.table import LIST, REASONS, LegalTable
from wijkteam.people import queries as people
from wijkteam.people.words import team_lead_words
from wijkteam.terms import clock
from wijkteam.terms.term import Clock

BEST_PERSON, TEAM_LEAD = fields("best_person"), fields("team_lead")
CaseOf = Callable[[Situation], Any]
"""The case that a legal term runs in."""


class LegalTermRules:
    """The rules of legal terms, by the table of the municipality."""

    def __init__(self, table: LegalTable, case_of: CaseOf) -> None:
        self.table = table
        self.case_of = case_of

    def vocabulary(self, lists: dict[str, dict[str, Text]]) -> Vocabulary:
        """All names for the workflow. `lists` are those of matters and of reasons for suspension."""
        self.reasons = lists[REASONS]
        suspending, extending = Suspending(self.table, self.reasons), Extending(self.table, self.reasons)
        return Vocabulary(
            subject="legal_term",
            roles=self._roles(),
            guards={
                "matter_holds": Guard(self.matter_holds, fields("matter", "started_on")),
                "started_already": Guard(_started_already, fields("started_on")),
                "time_is_clear": Guard(_time_is_clear, fields("started_time")),
                "met_in_time": Guard(_met_in_time, fields("met_on")),
                "met_after_end": Guard(_met_after_end, fields("met_on")),
                "right_of_resident": Guard(self.right_of_resident),
                **suspending.guards(),
                **extending.guards(),
            },
            effects={
                "begin_term": Effect(
                    self.begin_term, fields("started_time", "concerns"), fields("matter", "started_on")
                ),
                "meet_term": Effect(self.meet_term, fields("result"), fields("met_on")),
                "end_term": Effect(self.end_term, fields("why")),
                **suspending.effects(),
                **extending.effects(),
            },
            terms={
                "warning": lambda term, at: moments.warning(term, self.table.warn_working_days),
                "legal_end": lambda term, at: moments.ending(term),
                "standstill_end": moments.standstill_ending,
            },
            recipients={
                "owner": Recipients(lambda situation: [self.owner_of_case(situation)], role="owner"),
                "team_lead": Recipients(_team_leads),
            },
            lists={name: lists[name] for name in (LIST, REASONS)},
            needed=fields("running", "ending", "suspended", "passed", *ENDED),
            ends=fields(*ENDED),
            parent=self.case_of,
        )

    def _roles(self) -> dict[str, Role]:
        return {
            "owner": Role(self.is_owner, self.owner_name, Text(nl="eigenaar van de casus", en="owner"), BEST_PERSON),
            "team_member": Role(
                _is_team_member,
                lambda situation: Reason(
                    "een frontlijnprofessional van het team", "a front-line professional of the team"
                ),
                Text(nl="teamgenoot", en="team member"),
                BEST_PERSON,
            ),
            "team_lead": Role(_is_team_lead, _team_lead_names, Text(nl="teamleider", en="team lead"), TEAM_LEAD),
        }

    def owner_of_case(self, situation: Situation) -> int:
        """Who owns the case now."""
        owner: int = self.case_of(situation).owner_id
        return owner

    def is_owner(self, situation: Situation) -> bool:
        """Owns the case that the term runs in."""
        return bool(situation.actor.person_id == self.owner_of_case(situation))

    def owner_name(self, situation: Situation) -> str:
        """Name of who owns the case."""
        return people.name(situation.work.session, self.owner_of_case(situation))

    def matter_holds(self, situation: Situation) -> Reason | None:
        """A law knew the term on the day on which it began."""
        given = situation.fields
        if "matter" not in given or "started_on" not in given:
            return None
        row = self.table.matter(given["matter"], given["started_on"])
        if row is not None and row.kept_by is not None:
            return Reason(
                "Deze termijn loopt vanzelf, op een eigen pagina.", "This term runs by itself, on a page of its own."
            )
        if row is not None and row.within is not None:
            return None
        return Reason("Op die dag gold deze termijn niet.", "This term did not hold on that day.")

    def right_of_resident(self, situation: Situation) -> Reason | None:
        """The term is one in which a resident may do something, and need not."""
        row = self.table.matter(situation.subject.matter, situation.subject.started_on)
        if row is not None and row.whose == "resident":
            return None
        return Reason("In deze termijn moeten wij iets doen.", "In this term it is up to us.")

    def begin_term(self, situation: Situation) -> None:
        """Take the row of the table over as it is today: what changes in it later is for terms that begin then."""
        term: LegalTerm = situation.subject
        term.matter, term.started_on = situation.fields["matter"], situation.fields["started_on"]
        row = self.table.matter(term.matter, term.started_on)
        if row is None or row.within is None:
            raise LookupError(f"no length for {term.matter} on {term.started_on}")
        term.within, term.clock, term.days, term.law = row.within, row.clock, row.days, row.law
        term.started_time = situation.fields.get("started_time") if row.clock is Clock.ELAPSED else None
        term.concerns = situation.fields.get("concerns")
        term.standstills = term.extensions = "[]"
        settle(term, self.reasons)

    def meet_term(self, situation: Situation) -> None:
        """Keep when it was done."""
        term: LegalTerm = situation.subject
        term.met_on, term.result = situation.fields["met_on"], situation.fields.get("result")
        self._close(situation, term.met_on)

    def end_term(self, situation: Situation) -> None:
        """Keep why it ended with nothing done."""
        situation.subject.result = situation.fields.get("why")
        self._close(situation, clock.local(situation.at).date())

    def _close(self, situation: Situation, on: date) -> None:
        term: LegalTerm = situation.subject
        term.ended_at = situation.at
        if term.suspended_on is not None:
            end_standstill(term, on)
            settle(term, self.reasons)


def _is_team_member(situation: Situation) -> bool:
    return bool(situation.actor.holds("best_person", situation.subject.team_id))


def _is_team_lead(situation: Situation) -> bool:
    return bool(situation.actor.holds("team_lead", situation.subject.team_id))


def _team_lead_names(situation: Situation) -> str | Reason:
    return team_lead_words(situation.work.session, situation.subject.team_id)


def _team_leads(situation: Situation) -> list[int]:
    return people.holder_ids(situation.work.session, "team_lead", situation.subject.team_id)


def _started_already(situation: Situation) -> Reason | None:
    if situation.fields.get("started_on", date.min) <= clock.today():
        return None
    return Reason("Deze dag ligt in de toekomst.", "This day lies in the future.")


def _time_is_clear(situation: Situation) -> Reason | None:
    text = situation.fields.get("started_time", "00:00")
    hours, colon, minutes = text.partition(":")
    numbers = hours.isascii() and hours.isdecimal() and minutes.isascii() and minutes.isdecimal()
    if colon and numbers and (len(hours), len(minutes)) == (2, 2) and int(hours) < 24 and int(minutes) < 60:
        return None
    return Reason("Schrijf de tijd als 14:30.", "Write the time as 14:30.")


def _met_in_time(situation: Situation) -> Reason | None:
    return _impossible(situation) or (
        Reason(
            "Deze dag ligt na het einde van de termijn. Kies 'Te laat gedaan'.",
            "This day lies after the end of the term. Choose 'Done too late'.",
        )
        if situation.fields.get("met_on", date.min) > situation.subject.ends_on
        else None
    )


def _met_after_end(situation: Situation) -> Reason | None:
    return _impossible(situation) or (
        Reason(
            "Deze dag ligt binnen de termijn. Kies 'Op tijd gedaan'.",
            "This day lies within the term. Choose 'Done in time'.",
        )
        if situation.fields.get("met_on", date.max) <= situation.subject.ends_on
        else None
    )


def _impossible(situation: Situation) -> Reason | None:
    """Why the day on which it was done cannot be; None when it can, or when none was filled in."""
    day = situation.fields.get("met_on")
    if day is None or situation.subject.started_on <= day <= clock.today():
        return None
    return Reason(
        "Kies een dag vanaf het begin van de termijn tot en met vandaag.",
        "Choose a day from the beginning of the term up to today.",
    )
