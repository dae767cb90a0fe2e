"""Opening a resident's number, and finding a case by one: who may, and what is written down of it."""

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from wijkteam.access.grounds import Ground, Grounds, log_reading, working_ground
from wijkteam.access.model import NamedReader
from wijkteam.cases import queries as cases
from wijkteam.cases.model import HouseholdCase
from wijkteam.engine.fields import WrongFields
from wijkteam.engine.vocabulary import Reason
from wijkteam.keys.ring import KeyRing, WrongKeyRing
from wijkteam.keys.sealing import CannotOpen, blind_indexes
from wijkteam.people.acting import ActingPerson
from wijkteam.residents import queries as residents
from wijkteam.residents.bsn import looks_like_bsn, read_bsn
from wijkteam.residents.legal_grounds import BsnGrounds
from wijkteam.residents.model import BsnLookUp
from wijkteam.residents.service import no_key_ring, opened_bsn
from wijkteam.storage.work import Work
from wijkteam.terms import clock
from wijkteam.tracks import queries as tracks

MAY_LOOK_UP = frozenset({"best_person", "team_lead"})
MOST_AN_HOUR = 30
"""More look-ups by one person than that are no work on cases but trying out numbers."""
LONGEST_PURPOSE = 300
NO_HOUSEHOLD = 0
"""The number of no household, so that the question after it is the same when nobody was found."""


@dataclass(frozen=True)
class BsnGates:
    """What stands between a person and a number: the grounds for reading, for using a BSN, and the keys."""

    grounds: Grounds
    legal: BsnGrounds
    ring: KeyRing


@dataclass(frozen=True)
class AskedLookUp:
    """A number as typed, on which legal ground it is looked for, and what for."""

    number: str
    bsn_ground: str
    bsn_purpose: str


def may_see_bsn(session: Session, grounds: Grounds, person: ActingPerson, case: HouseholdCase) -> Ground | None:
    """The ground on which a person sees what a case holds of numbers; None for everybody who does not work on it.

    Guests, rungs of an escalation and others who read a case on another ground have no task that needs a BSN.
    """
    if grounds.ground(session, person, case) is None:
        return None
    return working_ground(session, person, case)


def show_bsn(work: Work, gates: BsnGates, case: HouseholdCase, resident_id: str) -> str:
    """A resident's number in full, after writing down who read it, when and on which ground.

    Raises LookupError when there is none for this person to see, WrongFields when it cannot be opened now.
    """
    with work.transaction() as session:
        ground = may_see_bsn(session, gates.grounds, work.actor, case)
        resident = residents.find_resident(session, resident_id)
        if ground is None or resident is None or resident.household_id != case.household_id:
            raise LookupError(resident_id)
        try:
            number = opened_bsn(gates.ring, resident)
        except (CannotOpen, WrongKeyRing):
            raise WrongFields.of(
                "bsn", "Het BSN kan nu niet gelezen worden. Vraag de beheerder.", "The BSN cannot be read now."
            ) from None
        if number is None:
            raise LookupError(resident_id)
        log_reading(work, case, ground, "bsn")
        return number


def cases_by_bsn(work: Work, gates: BsnGates, asked: AskedLookUp) -> list[HouseholdCase]:
    """The cases that the acting person works on of whoever has this number; every look-up is written down.

    A case that this person may not read and a number that nobody has take the same questions to the database, so that
    neither the answer nor the time it takes tells them apart. Raises WrongFields, also for too many look-ups.
    """
    with work.transaction() as session:
        number = _checked(session, gates, asked, work.actor)
        try:
            indexes = blind_indexes(gates.ring, number)
        except WrongKeyRing:
            raise no_key_ring() from None
        homes = residents.households_by_index(session, indexes) | {NO_HOUSEHOLD}
        person: ActingPerson = work.actor
        named = set(session.scalars(select(NamedReader.case_id).where(NamedReader.person_id == person.person_id)))
        on_tracks = {track.case_id for track in tracks.open_tracks_of(session, person.person_id)}
        worked = cases.cases_worked_by(session, homes, person.person_id, person.team_ids, on_tracks, named)
        found = [case for case in worked if may_see_bsn(session, gates.grounds, person, case) is not None]
        session.add(
            BsnLookUp(
                person_id=person.person_id,
                ground=asked.bsn_ground,
                purpose=asked.bsn_purpose,
                found=bool(found),
                at=clock.now(),
            )
        )
        for case in found:
            log_reading(work, case, working_ground(session, person, case) or Ground.MEMBER, "bsn_zoeken")
        return found


def _checked(session: Session, gates: BsnGates, asked: AskedLookUp, person: ActingPerson) -> str:
    if not person.functions & MAY_LOOK_UP:
        raise LookupError("look-up")
    wrong: dict[str, Reason] = {}
    number = read_bsn(asked.number)
    if number is None:
        wrong["bsn"] = Reason("Dit is geen BSN. Kijk de cijfers na.", "Not a BSN; check the digits.")
    if gates.legal.ground(asked.bsn_ground) is None:
        wrong["bsn_ground"] = Reason("Kies iets uit de lijst.", "Choose one from the list.")
    if not 0 < len(asked.bsn_purpose.strip()) <= LONGEST_PURPOSE:
        wrong["bsn_purpose"] = Reason("Vul dit in, in één regel.", "Please fill this in, in one line.")
    if looks_like_bsn(asked.bsn_purpose):
        wrong["bsn_purpose"] = Reason("Zet hier geen BSN.", "No BSN here.")
    if residents.look_ups_since(session, person.person_id, clock.now() - timedelta(hours=1)) >= MOST_AN_HOUR:
        wrong["bsn"] = Reason(f"U zocht al {MOST_AN_HOUR} keer in dit uur.", f"{MOST_AN_HOUR} look-ups this hour.")
    if wrong or number is None:
        raise WrongFields(wrong)
    return number
