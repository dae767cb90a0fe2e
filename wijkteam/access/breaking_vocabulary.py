"""What the workflow of broken glass may name: who breaks it and who judges it, and on which conditions."""

from collections.abc import Callable
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from wijkteam.access.breaking_queries import OFFICER, tries_today
from wijkteam.access.model import BreakGlass
from wijkteam.access.rules import LENGTHS, GlassTable
from wijkteam.cases import queries as cases
from wijkteam.cases.model import HouseholdCase
from wijkteam.engine.definition import Text
from wijkteam.engine.vocabulary import Effect, Guard, Reason, Recipients, Role, Situation, Vocabulary, fields, in_words
from wijkteam.people import queries as people
from wijkteam.people.acting import ActingPerson
from wijkteam.people.words import with_names
from wijkteam.terms.term import Until

PRIVACY_OFFICER = OFFICER
BREAKERS = frozenset({"best_person", "team_lead", "process_director", "manager"})
"""Whose work can suddenly need a case of others. A bestuurder never reads a household, a guest only what is shared."""
MayRead = Callable[[Session, ActingPerson, HouseholdCase], bool]
"""Whether a person may read a case on any ground."""
NOT_SO = Reason(
    "Deze casus is niet te openen zo. Neem contact op met de privacyfunctionaris.",
    "This case cannot be opened so. Please contact the privacy officer.",
)
"""The one answer to a household that is not known, that is known twice, and to a case that is extra protected."""


class GlassRules:
    """The rules of breaking the glass, by the table of the municipality."""

    def __init__(self, table: GlassTable, may_read: MayRead) -> None:
        self.table = table
        self.may_read = may_read

    def vocabulary(self) -> Vocabulary:
        """All names for the workflow. What does not hang on the case is asked before what does."""
        return Vocabulary(
            subject="break_glass",
            roles={
                "glass_breaker": Role(
                    lambda situation: bool(BREAKERS & situation.actor.functions),
                    lambda situation: Reason(
                        "wie in de frontlijn of op de ladder werkt", "who works in the front line or on the ladder"
                    ),
                    Text(nl="wie glas mag breken", en="who may break the glass"),
                    BREAKERS,
                ),
                "breaker": Role(
                    lambda situation: bool(situation.actor.person_id == situation.subject.person_id),
                    lambda situation: people.name(situation.work.session, situation.subject.person_id),
                    Text(nl="wie het glas brak", en="who broke the glass"),
                    BREAKERS,
                ),
                "reviewer": Role(
                    _reviews,
                    privacy_officer_names,
                    Text(nl="privacyfunctionaris", en="privacy officer"),
                    fields(PRIVACY_OFFICER),
                ),
            },
            guards={
                "tries_left": Guard(self.tries_left),
                "length_is_allowed": Guard(self.length_is_allowed, fields("length")),
                "someone_reviews": Guard(_someone_reviews),
                "can_be_read_so": Guard(_can_be_read_so),
                "not_readable_yet": Guard(self.not_readable_yet),
            },
            effects={
                "break_glass": Effect(self.break_glass, needs=fields("reason", "length")),
                "end_reading": Effect(_end_reading),
                "keep_review": Effect(_keep_review, needs=fields("judgement", "review")),
            },
            terms={"until": _until},
            recipients={
                "owner": Recipients(_owner),
                "breaker": Recipients(lambda situation: [situation.subject.person_id], role="breaker"),
                "privacy_officers": Recipients(_reviewers, role="reviewer"),
            },
            lists={LENGTHS: self.table.as_list()},
            needed=fields("in_force", "ended", "reviewed"),
            ends=fields("reviewed"),
        )

    def tries_left(self, situation: Situation) -> Reason | None:
        """Nobody tries households one after the other."""
        most = self.table.rule().tries_per_day
        if tries_today(situation.work.session, situation.actor.person_id) < most:
            return None
        return Reason(
            f"U hebt dit vandaag al {most} keer geprobeerd. Neem contact op met de privacyfunctionaris.",
            f"You tried this {most} times today. Please contact the privacy officer.",
        )

    def length_is_allowed(self, situation: Situation) -> Reason | None:
        """Not longer than the rule of today."""
        longest = self.table.rule().longest_hours
        if "length" not in situation.fields or self.table.hours(situation.fields["length"]) <= longest:
            return None
        return Reason(f"Kies hooguit {longest} uur.", f"Choose {longest} hours at most.")

    def not_readable_yet(self, situation: Situation) -> Reason | None:
        """Who may read a case already breaks no glass: said only to who may read it."""
        case = _case(situation)
        if case is None or not self.may_read(situation.work.session, situation.actor, case):
            return None
        return Reason("U mag deze casus al lezen.", "You may read this case already.")

    def break_glass(self, situation: Situation) -> None:
        """From now, for as long as was chosen."""
        glass: BreakGlass = situation.subject
        glass.reason = situation.fields["reason"]
        glass.until = situation.at + timedelta(hours=self.table.hours(situation.fields["length"]))


def privacy_officers(session: Session) -> list[int]:
    """The numbers of all privacy officers who can be reached today; where all are away, of all there are."""
    return people.holder_ids(session, PRIVACY_OFFICER) or people.held_ids(session, PRIVACY_OFFICER)


def privacy_officer_names(situation: Situation) -> Reason:
    """Function and names of the privacy officers."""
    found = people.names(situation.work.session, privacy_officers(situation.work.session))
    title = Reason("privacyfunctionaris", "privacy officer")
    return in_words(with_names(title, found.values(), None) or title)


def _case(situation: Situation) -> HouseholdCase | None:
    case_id = situation.subject.case_id
    return cases.find_case(situation.work.session, case_id) if case_id else None


def _can_be_read_so(situation: Situation) -> Reason | None:
    case = _case(situation)
    return NOT_SO if case is None or case.protected_why is not None else None


def _someone_reviews(situation: Situation) -> Reason | None:
    if set(privacy_officers(situation.work.session)) - {situation.actor.person_id}:
        return None
    return Reason(
        "Dit kan nu niet: er is niemand die het daarna beoordeelt.", "Not possible now: nobody would review it."
    )


def _reviews(situation: Situation) -> bool:
    """A privacy officer, and never who broke the glass."""
    actor = situation.actor
    return bool(actor.holds(PRIVACY_OFFICER) and actor.person_id != situation.subject.person_id)


def _reviewers(situation: Situation) -> list[int]:
    """The privacy officers but for who broke the glass."""
    return [each for each in privacy_officers(situation.work.session) if each != situation.subject.person_id]


def _end_reading(situation: Situation) -> None:
    situation.subject.ended_at = situation.at


def _keep_review(situation: Situation) -> None:
    glass: BreakGlass = situation.subject
    glass.judgement, glass.review = situation.fields["judgement"], situation.fields["review"]
    glass.reviewed_by = situation.actor.person_id


def _until(glass: BreakGlass, _at: datetime) -> Until:
    return Until(glass.until)


def _owner(situation: Situation) -> list[int]:
    case = _case(situation)
    return [case.owner_id] if case is not None else []
