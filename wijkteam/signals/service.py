"""What can be done with residents' signals: writing one down, giving one without account, and acting in one."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from wijkteam.cases import queries as cases
from wijkteam.engine.fields import WrongFields
from wijkteam.engine.vocabulary import Reason
from wijkteam.people import queries as people
from wijkteam.signals.acting import ActingResident
from wijkteam.signals.codes import keep_code, subject_of_code
from wijkteam.signals.model import ConductComplaint, ResidentSignal
from wijkteam.signals.table import SignalTable
from wijkteam.storage.subject import new_id
from wijkteam.storage.work import Work

WORRY, CONDUCT = "worry", "conduct"
LONGEST_WORDS = 5_000
MODELS: dict[str, type[ResidentSignal] | type[ConductComplaint]] = {
    "resident_signal": ResidentSignal,
    "conduct_complaint": ConductComplaint,
}


@dataclass(frozen=True)
class NewSignal:
    """What a resident said; who said it may stay unknown."""

    kind: str
    words: str
    resident: str | None = None
    contact: str | None = None
    buurt_code: str | None = None
    team_id: int | None = None


@dataclass(frozen=True)
class NewComplaint:
    """What a resident complains of, about how somebody behaved."""

    words: str
    about_whom: str | None = None
    resident: str | None = None
    contact: str | None = None
    buurt_code: str | None = None
    team_id: int | None = None


@dataclass(frozen=True)
class GivenSignal:
    """What a resident sent from the page: three fields, of which two must be there."""

    kind: str
    words: str
    place: str = ""
    """The code of a buurt, or empty."""
    about_whom: str = ""
    resident: str = ""
    contact: str = ""
    language: str = "nl"


@dataclass(frozen=True)
class Received:
    """What a resident gets back: the code to follow it, which is shown this once."""

    kind: str
    subject_id: str
    code: str


class AlreadyReceived(Exception):
    """The same shown form was sent before."""


def record_signal(work: Work, new: NewSignal, signal_id: str | None = None) -> ResidentSignal:
    """Record a signal for the person's own team or another. Raises WrongFields or Refused."""
    with work.transaction() as session:
        signal = ResidentSignal(
            id=signal_id or new_id(),
            team_id=_own_team(work, new.team_id),
            received_by=work.actor.person_id,
            buurt_code=new.buurt_code or None,
            followed=False,
        )
        with session.no_autoflush:
            work.open(
                signal,
                {"kind": new.kind, "words": new.words, "resident": new.resident, "contact": new.contact},
            )
            session.add(signal)
        _first_look(work, signal)
        return signal


def record_complaint(work: Work, new: NewComplaint, complaint_id: str | None = None) -> ConductComplaint:
    """Write down a complaint about conduct that was made in words or by letter. Raises WrongFields or Refused."""
    with work.transaction() as session:
        complaint = ConductComplaint(
            id=complaint_id or new_id(),
            team_id=_own_team(work, new.team_id),
            received_by=work.actor.person_id,
            buurt_code=new.buurt_code or None,
            followed=False,
        )
        given = {"words": new.words, "about_whom": new.about_whom, "resident": new.resident, "contact": new.contact}
        with session.no_autoflush:
            work.open(complaint, given)
            session.add(complaint)
        return complaint


def give_signal(work: Work, given: GivenSignal, table: SignalTable, subject_id: str) -> Received:
    """Take in what a resident sent without account, and make the code to follow it.

    `subject_id` comes with the form that was shown, so that the same form is taken in once. Raises AlreadyReceived,
    WrongFields or Refused.
    """
    if given.kind not in table.kinds:
        raise WrongFields({"kind": Reason("Kies iets uit de lijst.", "Choose one from the list.")})
    if len(given.words) > LONGEST_WORDS:
        raise WrongFields.of(
            "words", f"Maak dit korter: hooguit {LONGEST_WORDS} tekens.", f"At most {LONGEST_WORDS} characters, please."
        )
    try:
        return _take_in(work.acting_as(ActingResident(subject_id)), given, table, subject_id)
    except IntegrityError as error:  # the same form came twice at once, and the other was first
        raise AlreadyReceived from error


def _take_in(resident: Work, given: GivenSignal, table: SignalTable, subject_id: str) -> Received:
    with resident.transaction() as session:
        model = ConductComplaint if given.kind == CONDUCT else ResidentSignal
        if session.get(ConductComplaint, subject_id) or session.get(ResidentSignal, subject_id):
            raise AlreadyReceived
        place = cases.buurt(session, given.place or None)
        subject: Any = model(
            id=subject_id,
            team_id=_team_for(session, table, place.wijk_code if place is not None else None),
            buurt_code=place.code if place is not None else None,
            language=given.language,
            followed=True,
        )
        asked: dict[str, Any] = {"words": given.words, "resident": given.resident, "contact": given.contact}
        asked |= {"about_whom": given.about_whom} if given.kind == CONDUCT else {"kind": given.kind}
        with session.no_autoflush:
            resident.open(subject, asked)
            session.add(subject)
        if isinstance(subject, ResidentSignal):
            _first_look(resident, subject)
        return Received(subject.workflow_name(), subject_id, keep_code(session, subject.workflow_name(), subject_id))


def take_in_from_elsewhere(work: Work, given: GivenSignal, table: SignalTable, team: str | None) -> ResidentSignal:
    """Take in what reached the municipality in another system, as a resident's signal without a code to follow it.

    `team` is the name of the team that gets it; without one, or where there is none of that name, the table says which.
    Raises WrongFields or Refused.
    """
    subject_id = new_id()
    resident = work.acting_as(ActingResident(subject_id))
    with resident.transaction() as session:
        named = next((each.id for each in people.teams(session) if each.name == team), None)
        signal = ResidentSignal(
            id=subject_id,
            team_id=named if named is not None else _team_for(session, table, None),
            language=given.language,
            followed=False,
        )
        asked = {"kind": given.kind, "words": given.words[:LONGEST_WORDS], "contact": given.contact, "resident": None}
        with session.no_autoflush:
            resident.open(signal, asked)
            session.add(signal)
        _first_look(resident, signal)
        return signal


def resident_step(
    work: Work, kind: str, subject_id: str, transition: str, given: dict[str, str], version: int | None
) -> None:
    """A resident who holds the code answers, says that it does not help, judges or withdraws.

    Raises LookupError for a step that is not the resident's, else what `Engine.fire` raises.
    """
    model = MODELS[kind]
    resident = work.acting_as(ActingResident(subject_id))
    for name, text in given.items():
        if len(text) > LONGEST_WORDS:
            short = f"Maak dit korter: hooguit {LONGEST_WORDS} tekens."
            raise WrongFields.of(name, short, f"At most {LONGEST_WORDS} characters, please.")
    resident.act_on(model, subject_id, transition, dict(given), version)


def open_with_code(work: Work, typed: str) -> tuple[str, str] | None:
    """Kind and id of what a code follows; None for whatever is no such code."""
    with work.transaction() as session:
        return subject_of_code(session, typed)


def _own_team(work: Work, chosen: int | None) -> int:
    teams = sorted(work.actor.team_ids)
    team_id = chosen or (teams[0] if teams else None)
    if team_id is None:
        raise WrongFields({"team": Reason("Kies een team.", "Choose a team.")})
    return team_id


def _team_for(session: Session, table: SignalTable, wijk_code: str | None) -> int:
    """The team of the wijk, else the one that the municipality named, else the first there is."""
    team = people.team_of_wijk(session, wijk_code) if wijk_code is not None else None
    if team is not None:
        return team.id
    teams = sorted(people.teams(session), key=lambda each: each.id)
    if not teams:
        raise WrongFields({"place": Reason("Er is nog geen team.", "There is no team yet.")})
    return next((each.id for each in teams if each.name == table.team), teams[0].id)


def _first_look(work: Work, signal: ResidentSignal) -> None:
    """A worry about somebody is looked at sooner than an idea."""
    if signal.kind == WORRY and work.engine.workflow(signal.workflow, signal.workflow_version).transition("as_worry"):
        work.fire(signal, "as_worry")
