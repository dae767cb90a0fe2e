"""What can be done with residents: adding, correcting and removing them, and recording their number (BSN)."""

from dataclasses import asdict, dataclass
from datetime import date

from wijkteam.engine.fields import WrongFields
from wijkteam.engine.running import Blocked
from wijkteam.engine.vocabulary import Reason
from wijkteam.events.erasing import erase_so_far
from wijkteam.keys.ring import KeyRing, WrongKeyRing
from wijkteam.keys.sealing import CannotOpen, blind_index, open_sealed, seal
from wijkteam.residents.bsn import masked, read_bsn
from wijkteam.residents.model import Resident, SamePerson
from wijkteam.residents.queries import REMOVED, find_resident
from wijkteam.residents.vocabulary import ERASING
from wijkteam.storage.subject import new_id
from wijkteam.storage.work import Work
from wijkteam.terms import clock

NOT_HERE = Reason("Deze bewoner is hier niet meer.", "This resident is no longer here.")


@dataclass(frozen=True)
class NewResident:
    """A name is enough; date of birth and role in the household only where they are needed."""

    household_id: int
    name: str
    birth_date: date | str | None = None
    role: str | None = None
    lived_since: date | str | None = None
    part_of_time: str | None = None


@dataclass(frozen=True)
class OtherHome:
    """Another household in which a resident lives as well or to which they moved, and from which day."""

    household_id: int
    since: date | str
    part_of_time: str | None = None
    moved: bool = False
    """Whether they left the household where they were known already."""


@dataclass(frozen=True)
class GivenBsn:
    """A number as somebody typed it, on which ground (a code of access/bsn_grounds.yaml) and for what."""

    number: str
    bsn_ground: str
    bsn_purpose: str


def record_resident(work: Work, new: NewResident, resident_id: str | None = None) -> Resident:
    """Record somebody who lives in a household. Raises WrongFields or Refused."""
    with work.transaction() as session:
        resident = Resident(id=resident_id or new_id(), household_id=new.household_id)
        with session.no_autoflush:
            work.open(resident, {name: value for name, value in asdict(new).items() if name != "household_id"})
            session.add(resident)
        return resident


def record_in_other_home(work: Work, resident_id: str, home: OtherHome, there_id: str | None = None) -> Resident:
    """Record that a resident lives in another household too, or moved there: a row there, and that it is one person.

    The number (BSN) does not go along, for it needs a ground of its own there, nor what they are in this household.
    Whoever acts has to work for both
    households. Raises LookupError, WrongFields or Refused.
    """
    with work.transaction() as session:
        known = find_resident(session, resident_id)
        if known is None or known.state == REMOVED:
            raise LookupError(resident_id)
        if known.household_id == home.household_id:
            raise WrongFields.of("household", "Kies een ander huishouden.", "Choose another household.")
        _check_may_change(work, known)
        there = record_resident(
            work,
            NewResident(home.household_id, known.name or "", known.birth_date, None, home.since, home.part_of_time),
            there_id,
        )
        link = SamePerson(resident_id=known.id, other_id=there.id, noted_by=work.actor.person_id, noted_at=clock.now())
        session.flush()
        session.add(link)
        if home.moved:
            work.act_on(Resident, known.id, "leave", {"left_on": home.since})
        return there


def _check_may_change(work: Work, resident: Resident) -> None:
    """Who records somebody elsewhere works for both households. Raises Blocked."""
    change = next((each for each in work.options(resident) if each.transition.name == "change"), None)
    if change is None or not change.open:
        raise Blocked(change.reason if change and change.reason else NOT_HERE)


def set_bsn(
    work: Work, ring: KeyRing, resident_id: str, given: GivenBsn, expected_version: int | None = None
) -> Resident:
    """Record a resident's number, sealed, on a legal ground; an earlier one is replaced.

    Raises WrongFields when it is no BSN or cannot be kept now, LookupError, or what `Engine.fire` raises.
    """
    number = read_bsn(given.number)
    if number is None:
        raise WrongFields.of("bsn", "Dit is geen BSN. Kijk de cijfers na.", "Not a BSN; check the digits.")
    with work.transaction() as session:
        fields = {"bsn_ground": given.bsn_ground, "bsn_purpose": given.bsn_purpose}
        resident = work.act_on(Resident, resident_id, "set_bsn", fields, expected_version)
        try:
            resident.bsn_sealed = seal(ring, resident.place, number)
            resident.bsn_index = blind_index(ring, number)
        except WrongKeyRing:
            raise no_key_ring() from None
        session.flush()
        return resident


def no_key_ring() -> WrongFields:
    """What a person is told when numbers cannot be sealed or looked for; the administrator's command says why."""
    return WrongFields.of(
        "bsn", "Het BSN kan nu niet veilig bewaard worden. Vraag de beheerder.", "The BSN cannot be kept safely now."
    )


def opened_bsn(ring: KeyRing, resident: Resident) -> str | None:
    """A resident's number in full; None when there is none. Raises CannotOpen or WrongKeyRing."""
    return None if resident.bsn_sealed is None else open_sealed(ring, resident.place, resident.bsn_sealed)


def masked_bsn(ring: KeyRing, resident: Resident) -> str | None:
    """A resident's number as pages show it, last three digits only; None when there is none."""
    try:
        number = opened_bsn(ring, resident)
    except (CannotOpen, WrongKeyRing):
        return "staat er, maar kan nu niet gelezen worden"
    return masked(number) if number else None


def erase_resident(work: Work, resident_id: str, why: str) -> None:
    """Erase who this was: name, date of birth, role and number, in the row and in every event. Raises LookupError.

    For destroying data whose term is over, by the person who carries out what was decided on that: deciding is for the
    caller to check. That there was a resident, and when things were done, stays.
    """
    with work.transaction() as session:
        resident = find_resident(session, resident_id)
        if resident is None:
            raise LookupError(resident_id)
        erase_so_far(session, Resident.workflow, [resident_id])
        if resident.state != REMOVED:
            work.remembered[ERASING, resident_id] = True
            work.act_on(Resident, resident_id, "erase", {"why": why})
