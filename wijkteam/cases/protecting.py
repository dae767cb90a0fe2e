"""Extra protection of a case, such as one of a colleague's own household: only named readers read it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from wijkteam.cases.model import HouseholdCase
from wijkteam.cases.queries import DESTROYED
from wijkteam.engine.definition import Text
from wijkteam.engine.vocabulary import Effect, Guard, Reason, Recipients, Role, Situation, fields
from wijkteam.people import queries as people

PRIVACY_OFFICER = "privacy_officer"
AFTER_END = frozenset({"protect", "unprotect", "name_reader", "remove_reader"})
"""What is done with protection is also done after a case was closed: it can still be read."""
NO_READERS = frozenset({"bestuurder", "guest"})
"""Whoever holds nothing else is never named: a bestuurder reads no household, and a guest what is shared."""


@dataclass(frozen=True)
class Readers:
    """Who is named as a reader; where that is kept is another room."""

    named: Callable[[Session, str], list[int]]
    named_at: Callable[[Session, str, int], datetime | None]
    add: Callable[[Situation, int], None]
    drop: Callable[[Situation, int], None]
    drop_all: Callable[[Situation], None]


class ProtectionRules:
    """The rules of extra protection, and what protection changes in the other rules of a case."""

    def __init__(self, readers: Readers) -> None:
        self.readers = readers

    def roles(self) -> dict[str, Role]:
        """Who decides on protection besides owner and team lead."""
        return {
            "privacy_officer": Role(
                lambda situation: bool(situation.actor.holds(PRIVACY_OFFICER)),
                lambda situation: Reason("de privacyfunctionaris", "the privacy officer"),
                Text(nl="privacyfunctionaris", en="privacy officer"),
                fields(PRIVACY_OFFICER),
            )
        }

    def guards(self) -> dict[str, Guard]:
        """When it can be done."""
        return {
            "not_protected": Guard(_not_protected),
            "is_protected": Guard(_is_protected),
            "reader_can_be_named": Guard(self.reader_can_be_named, fields("reader")),
            "reader_can_be_removed": Guard(self.reader_can_be_removed, fields("reader")),
        }

    def effects(self) -> dict[str, Effect]:
        """What it does."""
        return {
            "protect_case": Effect(self.protect, needs=fields("protected_why")),
            "unprotect_case": Effect(self.unprotect),
            "name_reader": Effect(
                lambda situation: self.readers.add(situation, situation.fields["reader"]), needs=fields("reader")
            ),
            "remove_reader": Effect(
                lambda situation: self.readers.drop(situation, situation.fields["reader"]), needs=fields("reader")
            ),
        }

    def recipients(self) -> dict[str, Recipients]:
        """Who is told besides the owner."""
        return {"reader": Recipients(lambda situation: [situation.fields["reader"]])}

    def may_know(self, situation: Situation, person_id: int | None) -> bool:
        """Whether protection does not stand between somebody and the case in hand."""
        case: HouseholdCase = situation.subject
        return case.protected_why is None or person_id in self.readers.named(situation.work.session, case.id)

    def protect(self, situation: Situation) -> None:
        """From now on only named readers: the owner, who is asked to take over, and who protects it."""
        case: HouseholdCase = situation.subject
        case.protected_why = situation.fields["protected_why"]
        for person in dict.fromkeys((case.owner_id, case.new_owner_id, situation.actor.person_id)):
            if person is not None:
                self.readers.add(situation, person)

    def unprotect(self, situation: Situation) -> None:
        """The usual grounds hold again."""
        situation.subject.protected_why = None
        self.readers.drop_all(situation)

    def name_next_owner(self, situation: Situation, person_id: int) -> None:
        """Who takes over, or is asked to, must be able to read what it is about."""
        if situation.subject.protected_why is not None:
            self.readers.add(situation, person_id)

    def forget_asked_owner(self, situation: Situation, person_id: int | None) -> None:
        """Who does not take over is no longer named, unless that was done before they were asked."""
        case: HouseholdCase = situation.subject
        if case.protected_why is None or person_id is None:
            return
        if self.readers.named_at(situation.work.session, case.id, person_id) == case.state_since:
            self.readers.drop(situation, person_id)

    def reader_can_be_named(self, situation: Situation) -> Reason | None:
        """Somebody who works here, and is not named yet."""
        if "reader" not in situation.fields:
            return None
        person = people.acting_person(situation.work.session, situation.fields["reader"])
        if person is None or not person.functions - NO_READERS:
            return Reason("Deze persoon kan geen lezer zijn.", "This person cannot be a reader.")
        if person.person_id in self.readers.named(situation.work.session, situation.subject.id):
            return Reason("Deze persoon leest al mee.", "This person is a reader already.")
        return None

    def reader_can_be_removed(self, situation: Situation) -> Reason | None:
        """Who is named, and is not needed to keep the case moving."""
        if "reader" not in situation.fields:
            return None
        case: HouseholdCase = situation.subject
        if situation.fields["reader"] in (case.owner_id, case.new_owner_id, case.next_step_by):
            return Reason(
                "Deze persoon werkt aan de casus. Draag die eerst over.", "This person works on the case. Hand it over."
            )
        if situation.fields["reader"] not in self.readers.named(situation.work.session, case.id):
            return Reason("Deze persoon leest niet mee.", "This person is no reader.")
        return None


def _not_protected(situation: Situation) -> Reason | None:
    if situation.subject.protected_why is None:
        return None
    return Reason("Deze casus is al afgeschermd.", "This case is extra protected already.")


def _is_protected(situation: Situation) -> Reason | None:
    if situation.subject.protected_why == DESTROYED:
        return Reason("Deze casus is vernietigd.", "This case was destroyed.")
    if situation.subject.protected_why is not None:
        return None
    return Reason("Deze casus is niet afgeschermd.", "This case is not extra protected.")
