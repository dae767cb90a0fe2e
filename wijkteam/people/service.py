"""What can be done with people: adding them, giving them functions, signing in."""

from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from email_validator import EmailNotValidError, validate_email

from wijkteam.people import queries
from wijkteam.people.model import Function, HeldFunction, Person, Team, TeamArea
from wijkteam.storage.work import Work
from wijkteam.terms import clock

SHORTEST_PASSWORD = 12


class WrongPerson(Exception):
    """What was given about a person cannot be accepted."""


@dataclass(frozen=True)
class NewPerson:
    """What is needed to add a person; without a password this person cannot sign in."""

    name: str
    email: str
    password: str | None = None
    civil_servant: bool = True
    employer: str | None = None
    active: bool = True


@lru_cache(maxsize=1)
def _hasher() -> PasswordHasher:
    return PasswordHasher()


@lru_cache(maxsize=1)
def _hash_of_nothing() -> str:
    return _hasher().hash("nobody has this password")


def add_person(work: Work, new: NewPerson) -> Person:
    """Add a person. Raises WrongPerson with one clear line."""
    email = _checked_email(new.email)
    if not new.name.strip():
        raise WrongPerson("a person needs a name")
    if new.password is not None and len(new.password) < SHORTEST_PASSWORD:
        raise WrongPerson(f"a password needs at least {SHORTEST_PASSWORD} characters")
    with work.transaction() as session:
        if queries.person_by_email(session, email) is not None:
            raise WrongPerson(f"there is already a person with the address {email}")
        person = Person(
            name=new.name.strip(),
            email=email,
            password_hash=None if new.password is None else _hasher().hash(new.password),
            civil_servant=new.civil_servant,
            employer=new.employer,
            active=new.active,
        )
        session.add(person)
        session.flush()
        return person


def _checked_email(email: str) -> str:
    try:
        checked = validate_email(email.strip().lower(), check_deliverability=False, test_environment=True)
    except EmailNotValidError as error:
        raise WrongPerson(f"'{email}' is not an e-mail address: {error}") from error
    return checked.normalized.lower()


def add_function(work: Work, code: str, title_nl: str, title_en: str) -> None:
    """Make a function known, or give it another title."""
    with work.transaction() as session:
        session.merge(Function(code=code, title_nl=title_nl, title_en=title_en))


def give_function(
    work: Work, person: Person, function: str, team: Team | None = None, since: date | None = None
) -> None:
    """Let a person hold a function from a day on, in a team or in the whole municipality. Raises WrongPerson."""
    with work.transaction() as session:
        if session.get(Function, function) is None:
            known = ", ".join(sorted(queries.functions(session)))
            raise WrongPerson(f"there is no function '{function}'; choose from: {known}")
        session.add(
            HeldFunction(
                person_id=person.id,
                function=function,
                team_id=team.id if team else None,
                valid_from=since or clock.today(),
            )
        )


def add_team(work: Work, name: str, wijk_codes: tuple[str, ...] = ()) -> Team:
    """Add a team that works in these wijken, or extend the team of that name with them."""
    with work.transaction() as session:
        team = next((each for each in queries.teams(session) if each.name == name), None)
        if team is None:
            team = Team(name=name)
            session.add(team)
            session.flush()
        for code in set(wijk_codes) - set(queries.wijken_of(session, team.id)):
            session.add(TeamArea(team_id=team.id, wijk_code=code))
        return team


def sign_in(work: Work, email: str, password: str) -> Person | None:
    """The person when address and password belong together, else None; equally slow for unknown addresses."""
    person = queries.person_by_email(work.session, email)
    known = person.password_hash if person and person.active and person.password_hash else None
    try:
        _hasher().verify(known or _hash_of_nothing(), password)
    except (VerificationError, InvalidHashError):
        return None
    return person if known else None
