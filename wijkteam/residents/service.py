"""What can be done with residents: adding, correcting and removing them, and recording their number (BSN)."""

from dataclasses import dataclass
from datetime import date

from wijkteam.engine.fields import WrongFields
from wijkteam.events.erasing import erase_so_far
from wijkteam.keys.ring import KeyRing, WrongKeyRing
from wijkteam.keys.sealing import CannotOpen, blind_index, open_sealed, seal
from wijkteam.residents.bsn import masked, read_bsn
from wijkteam.residents.model import Resident
from wijkteam.residents.queries import REMOVED, find_resident
from wijkteam.residents.vocabulary import ERASING
from wijkteam.storage.subject import new_id
from wijkteam.storage.work import Work


@dataclass(frozen=True)
class NewResident:
    """A name is enough; date of birth and role in the household only where they are needed."""

    household_id: int
    name: str
    birth_date: date | str | None = None
    role: str | None = None


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
            work.open(resident, {"name": new.name, "birth_date": new.birth_date, "role": new.role})
            session.add(resident)
        return resident


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
