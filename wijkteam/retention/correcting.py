"""Correction (AVG art. 16): what a resident says is wrong is put right, or the resident's own words stay beside it.

Striking erases what the event recorded and takes the old text out of the case; link and digest stay, so that the chain
still holds. Where the record has to stay as it was, because a decision rests on it for example, it is only noted.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from wijkteam.access.grounds import Ground, Grounds
from wijkteam.cases import queries as cases
from wijkteam.cases.model import HouseholdCase
from wijkteam.data_requests.queries import ENDED, RECTIFICATION, of_household
from wijkteam.deadlines.queries import due_moments
from wijkteam.engine.definition import Text
from wijkteam.engine.fields import WrongFields
from wijkteam.engine.vocabulary import Effect, Guard, Reason, Recipients, Role, Situation, Vocabulary, fields
from wijkteam.events.contents import is_erased
from wijkteam.events.erasing import erase_event
from wijkteam.events.model import Event
from wijkteam.events.payloads import CannotOpenPayload
from wijkteam.events.queries import changed, events_of
from wijkteam.people import queries as people
from wijkteam.people.acting import ActingPerson
from wijkteam.people.words import function_words
from wijkteam.retention.contents import emptied
from wijkteam.retention.model import Correction
from wijkteam.retention.queries import OFFICER
from wijkteam.search.keeping import renew
from wijkteam.storage.subject import new_id
from wijkteam.storage.work import Work

CASE = HouseholdCase.workflow
CaseOf = Callable[[Situation], HouseholdCase | None]


@dataclass(frozen=True)
class NewCorrection:
    """What a resident asks to be put right: in which event of the case, what is wrong, and the resident's own words."""

    case_id: str
    about_event: int | str
    what_is_wrong: str
    statement: str | None = None


@dataclass(frozen=True)
class CorrectedCase:
    """A case as far as its corrections show it, and the ground on which it is read."""

    case: HouseholdCase
    ground: Ground
    events: list[Event]
    asked: list[Correction]
    """The newest first."""


@dataclass(frozen=True)
class ShownCorrection:
    """A correction with all that its page shows."""

    correction: Correction
    within: CorrectedCase
    events: list[Event]
    due: datetime | None


def corrected_case(session: Session, grounds: Grounds, person: ActingPerson, case_id: str) -> CorrectedCase | None:
    """A case for who reads all of it, or for the privacy officer when there is something in it to judge; else None.

    That is a correction that was asked for; or a request of the resident by AVG art. 16 that runs, unless the case is
    extra protected: then its owner asks for the correction.

    For the privacy officer it is asked with a session that sees everything.
    """
    case = cases.find_case(session, case_id)
    if case is None:
        return None
    ground, asked = grounds.full_ground(session, person, case), corrections_of(session, case.id)
    if ground is None:
        judges = asked or (case.protected_why is None and _asked_to_correct(session, case.household_id))
        ground = Ground.OFFICER if judges and OFFICER in person.functions else None
    return CorrectedCase(case, ground, events_of(session, CASE, case.id), asked) if ground is not None else None


def _asked_to_correct(session: Session, household_id: int) -> bool:
    running = (each for each in of_household(session, household_id) if each.state not in ENDED)
    return any(each.kind == RECTIFICATION for each in running)


def shown_correction(
    session: Session, grounds: Grounds, person: ActingPerson, correction_id: str
) -> ShownCorrection | None:
    """A correction with all that its page shows; None where it is not there for this person. As `corrected_case`."""
    found = session.get(Correction, correction_id, populate_existing=True)
    within = corrected_case(session, grounds, person, found.case_id) if found is not None else None
    if found is None or within is None:
        return None
    events = list(reversed(events_of(session, Correction.workflow, found.id)))
    return ShownCorrection(found, within, events, due_moments(session, [found.id]).get(found.id))


def ask_correction(work: Work, new: NewCorrection, correction_id: str | None = None) -> Correction:
    """Write down that a resident asks for it. Raises WrongFields or NotYours."""
    number = str(new.about_event).strip()
    if not number.isdecimal() or len(number) > 6:
        raise WrongFields({"about_event": Reason("Kies een stap van de casus.", "Choose a step of the case.")})
    with work.transaction() as session:
        asked = Correction(
            id=correction_id or new_id(),
            case_id=new.case_id,
            about_event=int(number),
            asked_by=work.actor.person_id,
            struck=False,
        )
        with session.no_autoflush:
            work.open(asked, {"what_is_wrong": new.what_is_wrong, "statement": new.statement})
            session.add(asked)
        return asked


def corrections_of(session: Session, case_id: str) -> list[Correction]:
    """All corrections that were asked for in a case, the newest first."""
    rows = select(Correction).where(Correction.case_id == case_id)
    return list(session.scalars(rows.order_by(Correction.opened_at.desc(), Correction.id)))


class CorrectionRules:
    """The rules of a correction."""

    def __init__(self, case_of: CaseOf) -> None:
        self.case_of = case_of

    def vocabulary(self) -> Vocabulary:
        """All names for the workflow."""
        return Vocabulary(
            subject=Correction.workflow,
            roles={
                "owner": Role(
                    lambda situation: situation.actor.person_id == self.owner(situation),
                    lambda situation: people.name(situation.work.session, self.owner(situation)),
                    Text(nl="eigenaar van de casus", en="owner of the case"),
                    fields("best_person"),
                ),
                "officer": Role(
                    lambda situation: OFFICER in situation.actor.functions,
                    lambda situation: function_words(situation.work.session, OFFICER),
                    Text(nl="privacyfunctionaris", en="privacy officer"),
                    fields(OFFICER),
                ),
            },
            guards={"event_is_there": Guard(_event_is_there)},
            effects={
                "keep_request": Effect(_keep_request, fields("statement"), fields("what_is_wrong")),
                "put_right": Effect(_put_right, fields("strike"), fields("is_right")),
                "keep_why_not": Effect(_keep_why_not, fields("statement"), fields("why_not")),
            },
            recipients={
                "owner": Recipients(lambda situation: [self.owner(situation)], role="owner"),
                "officers": Recipients(
                    lambda situation: people.holder_ids(situation.work.session, OFFICER), role="officer"
                ),
            },
            needed=fields("corrected", "refused"),
            ends=fields("corrected", "refused"),
        )

    def owner(self, situation: Situation) -> int:
        """Who owns the case, or owned it when it was closed."""
        case = self.case_of(situation)
        assert case is not None
        return case.owner_id


def _event(situation: Situation) -> Event | None:
    asked: Correction = situation.subject
    mine = (Event.subject_kind == CASE) & (Event.subject_id == asked.case_id) & (Event.sequence == asked.about_event)
    found: Event | None = situation.work.session.scalar(select(Event).where(mine))
    return found


def _event_is_there(situation: Situation) -> Reason | None:
    event = _event(situation)
    if event is None or is_erased(event):
        return Reason("In deze stap staat niets (meer) om te verbeteren.", "Nothing (more) is recorded in this step.")
    try:
        changed(event)
    except CannotOpenPayload:
        return Reason("Wat in deze stap staat, kan nu niet gelezen worden.", "This step cannot be read now.")
    return None


def _keep_request(situation: Situation) -> None:
    situation.subject.what_is_wrong = situation.fields["what_is_wrong"]
    situation.subject.statement = situation.fields.get("statement")


def _put_right(situation: Situation) -> None:
    asked: Correction = situation.subject
    asked.is_right = situation.fields["is_right"]
    asked.struck = bool(situation.fields.get("strike"))
    asked.decided_by, asked.ended_at = situation.actor.person_id, situation.at
    event = _event(situation)
    if asked.struck and event is not None:
        _strike(situation.work.session, asked, event)


def _strike(session: Session, asked: Correction, event: Event) -> None:
    """Erase what the event recorded, and put what is right in its place where the case still says it."""
    said = changed(event)
    texts: dict[str, Any] = {name: said[name] for name in emptied(HouseholdCase) if said.get(name)}
    for name, old in texts.items():
        column = HouseholdCase.__table__.c[name]
        session.execute(
            update(HouseholdCase)
            .where(HouseholdCase.id == asked.case_id, column == old)
            .values({name: asked.is_right}),
            execution_options={"synchronize_session": False},
        )
    erase_event(session, event)
    renew(session, HouseholdCase, asked.case_id)


def _keep_why_not(situation: Situation) -> None:
    asked: Correction = situation.subject
    asked.why_not = situation.fields["why_not"]
    asked.statement = situation.fields.get("statement") or asked.statement
    asked.decided_by, asked.ended_at = situation.actor.person_id, situation.at
