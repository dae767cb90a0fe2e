"""Sharing a case with a guest, and what can be asked about it."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from wijkteam.access.breaking_queries import OFFICER
from wijkteam.access.lasting import shared_now
from wijkteam.access.model import GuestAccess
from wijkteam.cases.model import HouseholdCase
from wijkteam.people import queries as people
from wijkteam.people.acting import ActingPerson
from wijkteam.storage.asking import written_once
from wijkteam.storage.subject import new_id
from wijkteam.storage.work import Work


@dataclass(frozen=True)
class NewShare:
    """With whom, what for, on which legal ground, which kinds of data, why not less, and for which days.

    Either the day on which the resident was told, or why not.
    """

    case_id: str
    guest: int | str
    purpose: str
    ground: str
    categories: str
    necessity: str
    first_day: date | str
    last_day: date | str
    informed_on: date | str | None = None
    not_informed_why: str | None = None


def share_case(work: Work, new: NewShare, share_id: str | None = None) -> GuestAccess:
    """Share one case with one guest for a period. Raises WrongFields, NotYours, or Blocked with the reason."""
    with work.transaction() as session:
        shared = GuestAccess(id=share_id or new_id(), case_id=new.case_id)
        given = {name: value for name, value in vars(new).items() if name != "case_id"}
        with session.no_autoflush:
            work.open(shared, given)
            session.add(shared)
        return shared


def find_share(session: Session, share_id: str) -> GuestAccess | None:
    """The share with that id, as it stands in the database now."""
    return session.get(GuestAccess, share_id, populate_existing=True)


def shares_of_case(session: Session, case_id: str) -> list[GuestAccess]:
    """All shares of a case, also those that have ended: first what lasts, then the newest."""
    return list(session.scalars(*_of_case(case_id)))


@written_once
def _of_case(case_id: str) -> Select[GuestAccess]:
    rows = select(GuestAccess).where(GuestAccess.case_id == case_id)
    return rows.order_by(GuestAccess.ended_at.is_not(None), GuestAccess.opened_at.desc())


def shared_with(session: Session, person_id: int) -> list[GuestAccess]:
    """What is shared with a guest today, by last day."""
    return list(session.scalars(rows_shared_with(person_id).order_by(GuestAccess.last_day, GuestAccess.id)))


def rows_shared_with(person_id: int, today: date | None = None) -> Select[Any]:
    """The question for what is shared with a guest today; `today` where it is a parameter."""
    return select(GuestAccess).where(GuestAccess.person_id == person_id, shared_now(today))


def receivers_of(session: Session, person: ActingPerson, household_id: int | None) -> list[tuple[str, GuestAccess]]:
    """Which organisations got data of a household, with each share, for privacy officers; for others there is none.

    An organisation that is not written down has no name: "".

    They are to hear when these data are put right, erased or restricted (AVG art. 19).
    """
    if household_id is None or OFFICER not in person.functions:
        return []
    rows = select(GuestAccess).join(HouseholdCase, HouseholdCase.id == GuestAccess.case_id)
    rows = rows.where(HouseholdCase.household_id == household_id).order_by(GuestAccess.first_day, GuestAccess.id)
    found = []
    for share in session.scalars(rows):
        guest = people.person(session, share.person_id)
        found.append(((guest.employer if guest else None) or "", share))
    return found
