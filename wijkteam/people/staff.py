"""The people of the municipality as the administrator keeps them: who works here, in which employment."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from wijkteam.people.acting import ActingPerson
from wijkteam.people.model import Absence, Function, HeldFunction, Person, Team
from wijkteam.storage.among import among
from wijkteam.storage.work import Work
from wijkteam.terms import clock
from wijkteam.terms.words import Language

ADMINISTRATOR = "functional_administrator"
MOST_EMPLOYER = 120


@dataclass(frozen=True)
class Employee:
    """One person in the list: name, functions of today in words, and whether away today."""

    person: Person
    functions: tuple[str, ...]
    away_until: date | None
    is_away: bool


def may_keep(actor: ActingPerson, person_id: int | None = None) -> bool:
    """Whether somebody may keep the periods of a person: the administrator of all, others of themselves."""
    return ADMINISTRATOR in actor.functions or (person_id is not None and actor.person_id == person_id)


def find_person(session: Session, person_id: int) -> Person | None:
    """The person with that number, also when no longer active."""
    return session.get(Person, person_id, populate_existing=True)


def staff(session: Session, name: str = "", function: str | None = None, language: Language = "nl") -> list[Employee]:
    """Everyone who works with the system, by name; of whom the name holds these signs and who holds the function."""
    today = clock.today()
    held = _held_on(session, today, language)
    away = {
        each.person_id: each.last_day
        for each in session.scalars(select(Absence).where(Absence.first_day <= today))
        if each.last_day is None or each.last_day >= today
    }
    found = []
    for person in session.scalars(select(Person).where(Person.active).order_by(Person.name, Person.id)):
        mine = held.get(person.id, ())
        if name.lower() in person.name.lower() and (function is None or function in {code for code, _ in mine}):
            words = tuple(text for _, text in mine)
            found.append(Employee(person, words, away.get(person.id), person.id in away))
    return found


def _held_on(session: Session, day: date, language: Language) -> Mapping[int, tuple[tuple[str, str], ...]]:
    title_in = Function.title_en if language == "en" else Function.title_nl
    rows = session.execute(
        select(HeldFunction.person_id, Function.code, title_in, Team.name)
        .join(Function, Function.code == HeldFunction.function)
        .outerjoin(Team, Team.id == HeldFunction.team_id)
        .where(HeldFunction.valid_from <= day, HeldFunction.valid_until.is_(None) | (HeldFunction.valid_until >= day))
        .order_by(HeldFunction.id)
    )
    found: dict[int, tuple[tuple[str, str], ...]] = {}
    for person_id, code, title, team in rows:
        words = f"{title}, {team}" if team else title
        found[person_id] = (*found.get(person_id, ()), (code, words))
    return found


def candidates(session: Session, person_id: int) -> list[Person]:
    """Who could stand in for a person: active people with one of the same functions or in one of the same teams."""
    today = clock.today()
    in_force = (HeldFunction.valid_from <= today) & (
        HeldFunction.valid_until.is_(None) | (HeldFunction.valid_until >= today)
    )
    mine = session.execute(
        select(HeldFunction.function, HeldFunction.team_id).where(HeldFunction.person_id == person_id, in_force)
    ).all()
    functions, teams = {code for code, _ in mine}, {team for _, team in mine if team is not None}
    alike = among(HeldFunction.function, functions) | among(HeldFunction.team_id, teams)
    asked = select(Person).join(HeldFunction).where(Person.active, Person.id != person_id, in_force, alike)
    return list(session.scalars(asked.order_by(Person.name, Person.id).distinct()))


def change_employment(work: Work, person_id: int, civil_servant: bool, employer: str | None) -> Person:
    """Write down for whom a person works: as a civil servant, or for another employer (Awb 10:4).

    Raises LookupError when there is no such person.
    """
    with work.transaction() as session:
        person = session.get(Person, person_id)
        if person is None:
            raise LookupError(person_id)
        person.civil_servant = civil_servant
        person.employer = (employer or "").strip()[:MOST_EMPLOYER] or None
        return person
