"""Possible doubles: shown to who opens a case as far as they may read them, and told to who owns the other one.

Who opens a case learns nothing of one that they may not read, not by an answer and not by its time: it is compared
with those afterwards, by the worker. Then the owner of the other case is told which colleague to talk to, and that
colleague learns nothing. Extra-protected cases are never compared, in either direction.
"""

from dataclasses import dataclass, field

import structlog
from sqlalchemy import Select, delete, select
from sqlalchemy.orm import Session

from wijkteam.cases.model import Household, HouseholdCase
from wijkteam.cases.queries import CLOSED
from wijkteam.people import queries as people
from wijkteam.residents.model import Resident
from wijkteam.residents.queries import REMOVED
from wijkteam.search.matching import Asked
from wijkteam.search.model import CaseToCompare, PossibleDouble
from wijkteam.search.queries import entries
from wijkteam.search.resembling import Description, Likeness, alike_by, days_in, surely_alike
from wijkteam.storage.among import among
from wijkteam.storage.work import Work
from wijkteam.terms import clock

MOST_SHOWN = 5
AT_ONCE = 50
HOMES = ("household", "resident")
log = structlog.get_logger()


@dataclass
class Double:
    """A household that may be the one of the new case: by what, and its cases, the newest first."""

    household: Household
    by: set[Likeness] = field(default_factory=set)
    cases: list[HouseholdCase] = field(default_factory=list)


def doubles_of(session: Session, who_or_where: str, more: str = "") -> list[Double]:
    """The households that look like what was typed, as far as this session's reader may read a case of them.

    `more` is whatever else was typed: a date of birth may stand in it.
    """
    by = _homes_like(session, who_or_where)
    days = days_in(f"{who_or_where} {more}")
    if days:
        born = select(Resident.household_id).where(Resident.birth_date.in_(days), Resident.state != REMOVED)
        for home in session.scalars(born):
            by.setdefault(home, set()).add(Likeness.BIRTH_DATE)
    rows = select(HouseholdCase).where(among(HouseholdCase.household_id, by), HouseholdCase.undone_at.is_(None))
    homes = {each.id: each for each in session.scalars(select(Household).where(among(Household.id, by)))}
    found: dict[int, Double] = {}
    for case in session.scalars(rows.order_by(HouseholdCase.opened_at.desc(), HouseholdCase.id)):
        home = case.household_id
        if home in homes:
            found.setdefault(home, Double(homes[home], by[home])).cases.append(case)
    ranked = sorted(found.values(), key=lambda each: (-len(each.by), -each.household.id))
    return ranked[:MOST_SHOWN]


def _homes_like(session: Session, who_or_where: str) -> dict[int, set[Likeness]]:
    typed = Description.typed(who_or_where)
    found: dict[int, set[Likeness]] = {}
    for entry in entries(session, Asked.of(who_or_where), HOMES):
        by = alike_by(typed, Description.of(entry.names.split()))
        if by and entry.household_id is not None:
            found.setdefault(entry.household_id, set()).update(by)
    return found


def compare_opened(work: Work) -> int:
    """Compare what was opened lately with the cases of others, and tell their owners; returns how many were told.

    With any number of workers each case is compared once.
    """
    told = 0
    while waiting := work.session.scalars(select(CaseToCompare.case_id).limit(AT_ONCE)).all():
        told += sum(_compare(work, case_id) for case_id in waiting)
    if told:
        log.info("search.doubles", told=told)
    return told


def _compare(work: Work, case_id: str) -> int:
    with work.transaction() as session:
        mine = delete(CaseToCompare).where(CaseToCompare.case_id == case_id)
        if not session.connection().execute(mine).rowcount:
            return 0
        return _tell_owners(work, session.get_one(HouseholdCase, case_id))


def _tell_owners(work: Work, opened: HouseholdCase) -> int:
    session = work.session
    if opened.protected_why is not None or opened.state == CLOSED:
        return 0
    home = session.get_one(Household, opened.household_id)
    typed, told = Description.typed(home.who_or_where), 0
    for entry in entries(session, Asked.of(home.who_or_where), HOMES[:1]):
        if entry.household_id == home.id or not surely_alike(typed, Description.of(entry.names.split())):
            continue
        told += sum(_tell(work, opened, each) for each in _open_cases(session, entry.household_id or 0))
    return told


def _open_cases(session: Session, household_id: int) -> list[HouseholdCase]:
    case = HouseholdCase
    which = case.household_id == household_id, case.state != CLOSED, case.protected_why.is_(None)
    return list(session.scalars(select(case).where(*which).order_by(case.id)))


def _tell(work: Work, opened: HouseholdCase, other: HouseholdCase) -> bool:
    """Tell the owner of the other case, unless who opened this one reads it: they were shown it before they opened."""
    if other.owner_id == opened.owner_id or _reads(work, opened.owner_id, other):
        return False
    work.session.add(PossibleDouble(case_id=other.id, opened_by=opened.owner_id, found_at=clock.now()))
    return True


def _reads(work: Work, person_id: int, case: HouseholdCase) -> bool:
    """Whether somebody reads a case, by the house's own grounds; who no longer works here learns nothing any more."""
    person = people.acting_person(work.session, person_id)
    return person is None or work.grounds is None or work.grounds.ground(work.session, person, case) is not None


def unseen_doubles(session: Session, person_id: int) -> list[tuple[PossibleDouble, HouseholdCase]]:
    """What the owner of cases was told and has not put away, oldest first."""
    rows = rows_unseen(person_id).order_by(PossibleDouble.id)
    return [(double, case) for double, case in session.execute(rows)]


def rows_unseen(person_id: int) -> Select[PossibleDouble, HouseholdCase]:
    """The question for what the owner of cases was told and has not put away, with the case."""
    return (
        select(PossibleDouble, HouseholdCase)
        .join(HouseholdCase, HouseholdCase.id == PossibleDouble.case_id)
        .where(HouseholdCase.owner_id == person_id, PossibleDouble.seen_at.is_(None))
    )


def doubles_of_case(session: Session, case_id: str) -> list[PossibleDouble]:
    """Who opened a case that looks like this one, and was not put away, oldest first."""
    rows = select(PossibleDouble).where(PossibleDouble.case_id == case_id, PossibleDouble.seen_at.is_(None))
    return list(session.scalars(rows.order_by(PossibleDouble.id)))


def put_away_doubles(work: Work, case_id: str) -> None:
    """The owner of a case has seen who opened one like it. Raises LookupError for anybody else."""
    with work.transaction() as session:
        case = session.get(HouseholdCase, case_id)
        if case is None or case.owner_id != work.actor.person_id:
            raise LookupError(case_id)
        for each in doubles_of_case(session, case_id):
            each.seen_at = clock.now()
