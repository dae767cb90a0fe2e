"""What can be asked about people, teams and functions."""

from collections.abc import Collection
from datetime import date

from sqlalchemy import ColumnElement, Date, bindparam, func, select
from sqlalchemy.orm import Session

from wijkteam.people.acting import ActingPerson, Holding
from wijkteam.people.model import Function, HeldFunction, Person, Team, TeamArea
from wijkteam.terms import clock


def _in_force(day: date) -> ColumnElement[bool]:
    return (HeldFunction.valid_from <= day) & (HeldFunction.valid_until.is_(None) | (HeldFunction.valid_until >= day))


_DAY = bindparam("day", type_=Date)
_HELD_TODAY = (
    Person.active,
    HeldFunction.function == bindparam("function"),
    HeldFunction.team_id.is_(None) | (HeldFunction.team_id == bindparam("team")),
    HeldFunction.valid_from <= _DAY,
    HeldFunction.valid_until.is_(None) | (HeldFunction.valid_until >= _DAY),
)
HOLDERS = select(Person).join(HeldFunction).where(*_HELD_TODAY).order_by(Person.id).distinct()
HOLDER_IDS = select(Person.id).join(HeldFunction).where(*_HELD_TODAY).order_by(Person.id).distinct()
"""Asked by nearly every step, and so built once."""


def acting_person(session: Session, person_id: int) -> ActingPerson | None:
    """The person with the functions in force today; None when unknown or no longer active."""
    person = session.get(Person, person_id)
    if person is None or not person.active:
        return None
    held = session.execute(
        select(HeldFunction.function, HeldFunction.team_id).where(
            HeldFunction.person_id == person_id, _in_force(clock.today())
        )
    )
    return ActingPerson(
        person.id,
        person.name,
        person.civil_servant,
        tuple(Holding(function, team) for function, team in held),
    )


def person_by_email(session: Session, email: str) -> Person | None:
    """The person with that e-mail address, in whatever capitals."""
    return session.scalars(select(Person).where(Person.email == email.strip().lower())).first()


def holders(session: Session, function: str, team_id: int | None = None) -> list[Person]:
    """Active people who hold the function today, in this team or in the whole municipality."""
    asked = {"function": function, "team": team_id, "day": clock.today()}
    return list(session.scalars(HOLDERS, asked))


def holder_ids(session: Session, function: str, team_id: int | None = None) -> list[int]:
    """The numbers of those people, for who needs no more of them: a fraction of the cost."""
    asked = {"function": function, "team": team_id, "day": clock.today()}
    session.flush()
    return list(session.connection().execute(HOLDER_IDS, asked).scalars())


def names(session: Session, person_ids: Collection[int]) -> dict[int, str]:
    """Names by person number."""
    rows = session.execute(select(Person.id, Person.name).where(Person.id.in_(person_ids)))
    return {number: name for number, name in rows}


def name(session: Session, person_id: int | None) -> str:
    """A person's name; empty for nobody."""
    person = session.get(Person, person_id) if person_id is not None else None
    return person.name if person else ""


def person(session: Session, person_id: int) -> Person | None:
    """The person of that number."""
    return session.get(Person, person_id)


def everyone(session: Session) -> list[Person]:
    """Active people with any function today, by name."""
    rows = select(Person).join(HeldFunction).where(Person.active, _in_force(clock.today())).distinct()
    return list(session.scalars(rows.order_by(Person.name, Person.id)))


def team_members(session: Session, team_id: int) -> list[Person]:
    """Active people with any function in this team today, by name."""
    return list(
        session.scalars(
            select(Person)
            .join(HeldFunction)
            .where(Person.active, HeldFunction.team_id == team_id, _in_force(clock.today()))
            .order_by(Person.name, Person.id)
            .distinct()
        )
    )


def held_functions(session: Session) -> frozenset[str]:
    """The functions that somebody holds today."""
    return frozenset(session.scalars(select(HeldFunction.function).where(_in_force(clock.today())).distinct()))


def functions(session: Session) -> dict[str, str]:
    """Dutch titles of all functions, by code."""
    return {code: title for code, title in session.execute(select(Function.code, Function.title_nl))}


def function_title(session: Session, code: str) -> str:
    """The Dutch title of a function, or its code when there is none."""
    function = session.get(Function, code)
    return function.title_nl if function else code


def teams(session: Session) -> list[Team]:
    """All teams, by name."""
    return list(session.scalars(select(Team).order_by(Team.name)))


def team_name(session: Session, team_id: int | None) -> str:
    """A team's name; empty for no team."""
    team = session.get(Team, team_id) if team_id is not None else None
    return team.name if team else ""


def wijken_of(session: Session, team_id: int) -> list[str]:
    """Codes of the wijken that a team works in."""
    return list(
        session.scalars(select(TeamArea.wijk_code).where(TeamArea.team_id == team_id).order_by(TeamArea.wijk_code))
    )


def team_of_wijk(session: Session, wijk_code: str) -> Team | None:
    """The team that works in the wijk, the first one where there are more."""
    return session.scalars(select(Team).join(TeamArea).where(TeamArea.wijk_code == wijk_code).order_by(Team.id)).first()


def holder_counts(session: Session) -> dict[str, int]:
    """How many active people hold each function today, in whatever team; functions that nobody holds are left out."""
    rows = session.execute(
        select(HeldFunction.function, func.count(Person.id.distinct()))
        .join(Person)
        .where(Person.active, _in_force(clock.today()))
        .group_by(HeldFunction.function)
    )
    return {function: count for function, count in rows}


def functions_ever_held(session: Session) -> dict[int, tuple[str, ...]]:
    """For each person number the functions that this person holds or held, by code."""
    rows = session.execute(
        select(HeldFunction.person_id, HeldFunction.function)
        .distinct()
        .order_by(HeldFunction.person_id, HeldFunction.function)
    )
    found: dict[int, tuple[str, ...]] = {}
    for person_id, function in rows:
        found[person_id] = (*found.get(person_id, ()), function)
    return found
