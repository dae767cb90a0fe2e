"""What can be asked about areas, households and cases."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import Select, func, literal, select
from sqlalchemy.orm import Session

from wijkteam.cases.model import Buurt, Household, HouseholdCase, Wijk
from wijkteam.deadlines.model import Deadline
from wijkteam.storage.among import among
from wijkteam.storage.asking import written_once
from wijkteam.storage.paging import Page, page_of

CLOSED = "closed"
DESTROYED = " vernietigd"
"""What stands as the reason of protection in a case that was destroyed. Nobody can type it: it begins with a space."""


def find_case(session: Session, case_id: str) -> HouseholdCase | None:
    """The case with that id, as it stands in the database now; one that was destroyed is not there for anybody."""
    found = session.get(HouseholdCase, case_id, populate_existing=True)
    return None if found is None or found.protected_why == DESTROYED else found


def household(session: Session, household_id: int) -> Household:
    """The household with that number. Raises LookupError."""
    found = session.get(Household, household_id)
    if found is None:
        raise LookupError(f"no household {household_id}")
    return found


def households(session: Session, household_ids: Collection[int]) -> dict[int, Household]:
    """Households by number."""
    if not household_ids:
        return {}
    return {row.id: row for row in session.scalars(*_homes(list(household_ids)))}


@written_once
def _homes(household_ids: Any) -> Select[Household]:
    return select(Household).where(among(Household.id, household_ids))


def open_cases_of(session: Session, owner_id: int) -> list[HouseholdCase]:
    """The open cases that a person owns or was asked to take over, by the date of their next step."""
    return list(
        session.scalars(
            select(HouseholdCase)
            .where(
                HouseholdCase.state != CLOSED,
                (HouseholdCase.owner_id == owner_id) | (HouseholdCase.new_owner_id == owner_id),
            )
            .order_by(HouseholdCase.next_step_on, HouseholdCase.id)
        )
    )


ALL = 2**62
"""As a limit: more than there can be."""
IS_OPEN = HouseholdCase.state != literal(CLOSED, literal_execute=True)
"""Written out in the statement, so that the index of open cases by their next step can be used."""


def soonest_cases_of(session: Session, owner_id: int, most: int | None, offered: bool = True) -> list[HouseholdCase]:
    """Of the open cases that a person owns or was asked to take over the first ones by next step; all for None.

    Asked in two, each by an index of its own: so the cost follows what is shown, not how many there are. Who knows that
    the person was asked to take over none says so.
    """
    found: dict[str, HouseholdCase] = {}
    for rows in (_soonest_own, _soonest_offered) if offered else (_soonest_own,):
        found |= {each.id: each for each in session.scalars(*rows(owner_id, ALL if most is None else most))}
    return sorted(found.values(), key=lambda each: (each.next_step_on, each.id))[:most]


@written_once
def _soonest_own(owner_id: int, most: int) -> Select[HouseholdCase]:
    own = select(HouseholdCase).where(HouseholdCase.owner_id == owner_id, IS_OPEN)
    return own.order_by(HouseholdCase.next_step_on, HouseholdCase.id).limit(most)


@written_once
def _soonest_offered(person_id: int, most: int) -> Select[HouseholdCase]:
    return offered_to(person_id).order_by(HouseholdCase.next_step_on, HouseholdCase.id).limit(most)


def offered_to(person_id: int) -> Select[Any]:
    """The question for the open cases that a person was asked to take over."""
    return select(HouseholdCase).where(HouseholdCase.new_owner_id == person_id, IS_OPEN)


def own_open_ids(owner_id: int) -> Select[Any]:
    """The question for the ids of the open cases that a person owns, to ask further with."""
    return select(HouseholdCase.id).where(HouseholdCase.owner_id == owner_id, IS_OPEN)


def due_by(session: Session, owner_id: int, until: datetime, most: int) -> dict[str, datetime]:
    """The open deadlines of the open cases that a person owns that fall due by a moment, the soonest first."""
    return {case_id: due for case_id, due in session.execute(*_own_due(owner_id, until, most))}


@written_once
def _own_due(owner_id: int, until: datetime, most: int) -> Select[str, datetime]:
    mine = Deadline.subject_id.in_(own_open_ids(owner_id)), Deadline.ended_at.is_(None), Deadline.due_at <= until
    return select(Deadline.subject_id, Deadline.due_at).where(*mine).order_by(Deadline.due_at, Deadline.id).limit(most)


def own_or_offered_ids(person_id: int) -> Select[Any]:
    """As `own_open_ids`, with the open cases that the person was asked to take over."""
    mine = (HouseholdCase.owner_id == person_id) | (HouseholdCase.new_owner_id == person_id)
    return select(HouseholdCase.id).where(mine, IS_OPEN)


def waiting_on_others(session: Session, owner_id: int, most: int) -> list[str]:
    """Ids of a person's open cases of which a colleague takes the next step or is asked to take over; soonest first."""
    return list(session.scalars(*_soonest_with_others(owner_id, most)))


@written_once
def _soonest_with_others(owner_id: int, most: int) -> Select[Any]:
    rows = rows_waiting_on_others(owner_id).order_by(HouseholdCase.next_step_on, HouseholdCase.id)
    return rows.limit(most)


def rows_waiting_on_others(owner_id: int) -> Select[Any]:
    """The question for the ids of a person's open cases in which a colleague has to do something."""
    owner = HouseholdCase.owner_id  # as the index of these says it
    others = (HouseholdCase.next_step_by != owner) | (HouseholdCase.new_owner_id != owner)
    return own_open_ids(owner_id).where(others)


def open_cases_worked_by(session: Session, person_id: int, besides: Collection[str], limit: int) -> list[HouseholdCase]:
    """The open, unprotected cases that a person owns or has the next step of, or in `besides`; by next step."""
    case = HouseholdCase
    mine = (case.owner_id == person_id) | (case.next_step_by == person_id) | among(case.id, besides)
    rows = select(case).where(case.state != CLOSED, case.protected_why.is_(None), mine)
    return list(session.scalars(rows.order_by(case.next_step_on, case.id).limit(limit)))


def open_cases_of_teams(session: Session, team_ids: Collection[int]) -> list[HouseholdCase]:
    """The open cases of these teams, by the date of their next step."""
    return list(session.scalars(of_teams(team_ids)))


def page_of_teams(session: Session, team_ids: Collection[int], number: int) -> Page[HouseholdCase]:
    """As `open_cases_of_teams`, one page of them."""
    return page_of(session, of_teams(team_ids), number)


def of_teams(team_ids: Collection[int]) -> Select[Any]:
    """The question for the open cases of these teams, by the date of their next step."""
    rows = select(HouseholdCase).where(HouseholdCase.state != CLOSED, among(HouseholdCase.team_id, team_ids))
    return rows.order_by(HouseholdCase.next_step_on, HouseholdCase.id)


def cases(session: Session, case_ids: Collection[str]) -> dict[str, HouseholdCase]:
    """Cases by id."""
    if not case_ids:
        return {}
    return {row.id: row for row in session.scalars(*_by_id(list(case_ids)))}


@written_once
def _by_id(case_ids: Any) -> Select[HouseholdCase]:
    return select(HouseholdCase).where(among(HouseholdCase.id, case_ids))


def cases_called(session: Session, who_or_where: str) -> list[HouseholdCase]:
    """The case of exactly that number, or else the cases of every household called exactly so, in whatever capitals.

    Capitals are compared here and not by the database, of which one knows them only in plain letters.
    """
    rows = select(HouseholdCase, Household.who_or_where).join(Household, Household.id == HouseholdCase.household_id)
    alike = func.length(Household.who_or_where) == len(who_or_where)
    found = session.execute(rows.where(alike | (HouseholdCase.id == who_or_where.lower()))).all()
    by_number = [case for case, _ in found if case.id == who_or_where.lower()]
    return by_number or [case for case, called in found if called.casefold() == who_or_where.casefold()]


def buurt(session: Session, code: str | None) -> Buurt | None:
    """The buurt with that code."""
    return session.get(Buurt, code) if code else None


def buurten(session: Session, wijk_codes: Collection[str] | None = None) -> list[Buurt]:
    """All buurten, or those of some wijken, by name."""
    rows = select(Buurt).order_by(Buurt.name, Buurt.code)
    if wijk_codes is not None:
        rows = rows.where(among(Buurt.wijk_code, wijk_codes))
    return list(session.scalars(rows))


def wijk_of(session: Session, household_id: int) -> str | None:
    """The code of the wijk where a household lives; None where that is not known."""
    return session.scalars(*_wijk_of(household_id)).one_or_none()


@written_once
def _wijk_of(household_id: int) -> Select[str]:
    rows = select(Buurt.wijk_code).join(Household, Household.buurt_code == Buurt.code)
    return rows.where(Household.id == household_id)


def wijk(session: Session, code: str) -> Wijk | None:
    """The wijk with that code."""
    return session.get(Wijk, code)


def wijken(session: Session) -> list[Wijk]:
    """All wijken, by code."""
    return list(session.scalars(select(Wijk).order_by(Wijk.code)))


def count_buurten(session: Session) -> int:
    """How many buurten there are."""
    return session.scalar(select(func.count(Buurt.code))) or 0


def cases_of_household(session: Session, household_id: int) -> list[HouseholdCase]:
    """All cases of a household, the newest first."""
    rows = select(HouseholdCase).where(HouseholdCase.household_id == household_id)
    return list(session.scalars(rows.order_by(HouseholdCase.opened_at.desc(), HouseholdCase.id)))


def cases_worked_by(
    session: Session,
    household_ids: Collection[int],
    person_id: int,
    team_ids: Collection[int],
    besides: Collection[str],
    named_in: Collection[str],
) -> list[HouseholdCase]:
    """The cases of these households that a person works on, in one question whether there are any or not.

    By name, in the team, or because it is one of `besides`; of extra-protected cases only those in `named_in`.
    """
    case = HouseholdCase
    by_name = (case.owner_id == person_id) | (case.new_owner_id == person_id) | (case.next_step_by == person_id)
    rows = select(case).where(
        among(case.household_id, household_ids),
        by_name | among(case.team_id, team_ids) | among(case.id, besides),
        case.protected_why.is_(None) | among(case.id, named_in),
    )
    return list(session.scalars(rows.order_by(case.opened_at.desc(), case.id)))
