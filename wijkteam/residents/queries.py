"""What can be asked about residents."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from wijkteam.residents.model import BsnLookUp, Resident, SamePerson
from wijkteam.storage.among import among
from wijkteam.storage.asking import written_once

REMOVED = "removed"


def residents_of(session: Session, household_id: int) -> list[Resident]:
    """The residents of a household who were not removed, in the order in which they were added."""
    return list(session.scalars(*_there(household_id)))


@written_once
def _there(household_id: int) -> Select[Resident]:
    rows = select(Resident).where(Resident.household_id == household_id, Resident.state != REMOVED)
    return rows.order_by(Resident.opened_at, Resident.id)


def all_residents_of(session: Session, household_id: int) -> list[Resident]:
    """The same with those who were removed: of them only that there was somebody is left."""
    return list(session.scalars(*_ever_there(household_id)))


@written_once
def _ever_there(household_id: int) -> Select[Resident]:
    return select(Resident).where(Resident.household_id == household_id).order_by(Resident.opened_at, Resident.id)


def same_as(session: Session, resident_ids: Collection[str]) -> dict[str, list[Resident]]:
    """By resident, the rows of the same person in other households, as far as whoever asks may read both."""
    if not resident_ids:
        return {}
    rows = session.scalars(
        select(SamePerson).where(among(SamePerson.resident_id, resident_ids) | among(SamePerson.other_id, resident_ids))
    ).all()
    others = {each.resident_id for each in rows} | {each.other_id for each in rows}
    if not others:
        return {each: [] for each in resident_ids}
    known = {
        each.id: each
        for each in session.scalars(select(Resident).where(among(Resident.id, others), Resident.state != REMOVED))
    }
    found: dict[str, list[Resident]] = {each: [] for each in resident_ids}
    for row in rows:
        for one, other in ((row.resident_id, row.other_id), (row.other_id, row.resident_id)):
            if one in found and other in known:
                found[one].append(known[other])
    return found


def find_resident(session: Session, resident_id: str) -> Resident | None:
    """The resident with that id, as it stands in the database now."""
    return session.get(Resident, resident_id, populate_existing=True)


def households_by_index(session: Session, indexes: Collection[str]) -> set[int]:
    """The households with a resident whose number has one of these blind indexes."""
    of = select(Resident.household_id).where(Resident.bsn_index.in_(indexes), Resident.state != REMOVED)
    return set(session.scalars(of))


def look_ups_since(session: Session, person_id: int, moment: datetime) -> int:
    """How often a person looked for a case by number since then."""
    of = select(func.count(BsnLookUp.id)).where(BsnLookUp.person_id == person_id, BsnLookUp.at >= moment)
    return session.scalar(of) or 0
