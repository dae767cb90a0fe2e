"""What can be done with people: adding them, giving them functions, deputies and absence."""

from dataclasses import KW_ONLY, dataclass
from datetime import date, timedelta

from email_validator import EmailNotValidError, validate_email
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from wijkteam.people import queries
from wijkteam.people.model import Absence, Deputy, Function, HeldFunction, Person, Team, TeamArea
from wijkteam.storage.work import Work
from wijkteam.terms import clock


class WrongPerson(Exception):
    """What was given about a person cannot be accepted."""

    def __init__(self, message: str, nl: str | None = None) -> None:
        super().__init__(message)
        self.nl = nl or message
        """The same in Dutch, for screens, where there is such a text."""
        self.en = f"{message[:1].upper()}{message[1:]}".rstrip(".") + "."
        """The message as a sentence, for screens."""


@dataclass(frozen=True)
class NewPerson:
    """What is needed to add a person; how this person signs in comes after (see the room signing_in)."""

    name: str
    email: str
    _: KW_ONLY
    civil_servant: bool = True
    employer: str | None = None
    active: bool = True


def add_person(work: Work, new: NewPerson) -> Person:
    """Add a person. Raises WrongPerson with one clear line."""
    email = _checked_email(new.email)
    if not new.name.strip():
        raise WrongPerson("a person needs a name", "Vul een naam in.")
    with work.transaction() as session:
        if queries.person_by_email(session, email) is not None:
            raise WrongPerson(
                f"there is already a person with the address {email}", "Er is al iemand met dit e-mailadres."
            )
        person = Person(
            name=new.name.strip(),
            email=email,
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
        said = f"'{email}' is not an e-mail address: {error}"
        raise WrongPerson(said, "Dit is geen e-mailadres.") from error
    return checked.normalized.lower()


def add_function(work: Work, code: str, title_nl: str, title_en: str) -> None:
    """Make a function known, or give it another title."""
    with work.transaction() as session:
        session.merge(Function(code=code, title_nl=title_nl, title_en=title_en))


def give_function(
    work: Work,
    person: Person,
    function: str,
    team: Team | None = None,
    since: date | None = None,
    until: date | None = None,
    consented_on: date | None = None,
) -> HeldFunction:
    """Let a person hold a function from a day on, in a team or in the whole municipality. Raises WrongPerson.

    `consented_on` is when the person and their employer agreed, for who works for another employer (Awb 10:4); with
    other days for the two, use `record_consent`.
    """
    first = since or clock.today()
    with work.transaction() as session:
        if session.get(Function, function) is None:
            known = ", ".join(sorted(queries.functions(session)))
            raise WrongPerson(f"there is no function '{function}'; choose from: {known}")
        _check_period(first, until)
        held = HeldFunction(
            person_id=person.id,
            function=function,
            team_id=team.id if team else None,
            valid_from=first,
            valid_until=until,
            consented_on=consented_on,
            employer_consented_on=consented_on,
        )
        session.add(held)
        session.flush()
        return held


def end_function(work: Work, held_id: int, last_day: date) -> HeldFunction:
    """Let a person hold a function up to and including a day. Raises WrongPerson."""
    with work.transaction() as session:
        held = session.get(HeldFunction, held_id)
        if held is None:
            raise WrongPerson(f"there is no held function {held_id}", "Deze functie van deze persoon kennen we niet.")
        _check_period(held.valid_from, last_day)
        if held.valid_until is not None and held.valid_until < last_day:
            raise WrongPerson(
                f"it ended on {held.valid_until} already", f"Deze functie eindigde al op {held.valid_until}."
            )
        held.valid_until = last_day
        return held


def withdraw_function(work: Work, held_id: int) -> HeldFunction | None:
    """Let a person hold a function no longer from this very moment: its last day was yesterday.

    One that began today, or has yet to begin, is taken out; None then. Raises WrongPerson.
    """
    with work.transaction() as session:
        held = session.get(HeldFunction, held_id)
        if held is None:
            raise WrongPerson(f"there is no held function {held_id}", "Deze functie van deze persoon kennen we niet.")
        yesterday = clock.today() - timedelta(days=1)
        if held.valid_from > yesterday:
            session.delete(held)
            session.flush()
            return None
        if held.valid_until is None or held.valid_until > yesterday:
            held.valid_until = yesterday
        return held


def record_consent(
    work: Work, person_id: int, function: str, consented_on: date | None, employer_consented_on: date | None
) -> list[HeldFunction]:
    """Write down when somebody and their employer agreed to hold mandate in a function (Awb 10:4).

    For every period in which the person holds it that has not ended; None takes a consent back. Raises WrongPerson.
    """
    with work.transaction() as session:
        _known_person(session, person_id)
        held = [
            each
            for each in queries.held_by(session, person_id)
            if each.function == function and (each.valid_until is None or each.valid_until >= clock.today())
        ]
        if not held:
            raise WrongPerson(
                f"person {person_id} does not hold the function '{function}'", "Deze persoon heeft die functie niet."
            )
        for each in held:
            each.consented_on, each.employer_consented_on = consented_on, employer_consented_on
        return held


def record_absence(work: Work, person_id: int, first: date, last: date | None = None) -> Absence:
    """Write down that a person is away, from a day up to and including a last one or until further notice.

    Being away takes no power away: it says who cannot be reached. Raises WrongPerson.
    """
    with work.transaction() as session:
        _known_person(session, person_id)
        _check_period(first, last)
        for other in session.scalars(select(Absence).where(Absence.person_id == person_id)):
            if _overlap((first, last), (other.first_day, other.last_day)):
                until = other.last_day or "further notice"
                raise WrongPerson(
                    f"person {person_id} is away already, from {other.first_day} until {until}",
                    f"Deze persoon is al afwezig vanaf {other.first_day}.",
                )
        absence = Absence(person_id=person_id, first_day=first, last_day=last)
        session.add(absence)
        session.flush()
        return absence


def end_absence(work: Work, absence_id: int, last: date) -> Absence | None:
    """Let an absence end with a day; one that would end before it began is taken out. Raises WrongPerson."""
    with work.transaction() as session:
        absence = session.get(Absence, absence_id)
        if absence is None:
            raise WrongPerson(f"there is no absence {absence_id}", "Deze afwezigheid kennen we niet.")
        if last < absence.first_day:
            session.delete(absence)
            return None
        if absence.last_day is not None and absence.last_day < last:
            raise WrongPerson(
                f"it ended on {absence.last_day} already", f"Deze afwezigheid eindigde al op {absence.last_day}."
            )
        absence.last_day = last
        return absence


def appoint_deputy(
    work: Work, person_id: int, deputy_id: int, function: str, first: date | None = None, until: date | None = None
) -> Deputy:
    """Let somebody act in a person's function whenever that person is away, for a period. Raises WrongPerson.

    The function is that of the person who is away, in the same teams. A deputy who works for another employer decides
    under mandate only in a function to which they consented themselves (Awb 10:4).
    """
    start = first or clock.today()
    with work.transaction() as session:
        _known_person(session, person_id)
        _known_person(session, deputy_id)
        _check_period(start, until)
        if person_id == deputy_id:
            raise WrongPerson("nobody stands in for themselves", "Niemand vervangt zichzelf.")
        if all(each.function != function for each in queries.held_by(session, person_id)):
            raise WrongPerson(
                f"person {person_id} does not hold the function '{function}'", "Deze persoon heeft die functie niet."
            )
        for other in queries.deputies(session, person_id):
            same = (other.deputy_id, other.function) == (deputy_id, function)
            if same and _overlap((start, until), (other.valid_from, other.valid_until)):
                raise WrongPerson("this deputy was appointed already", "Deze vervanger is al aangewezen.")
        deputy = Deputy(
            person_id=person_id, deputy_id=deputy_id, function=function, valid_from=start, valid_until=until
        )
        session.add(deputy)
        session.flush()
        return deputy


def end_deputy(work: Work, appointment_id: int, last: date) -> Deputy | None:
    """Let an appointment end with a day; one that would end before it began is taken out. Raises WrongPerson."""
    with work.transaction() as session:
        deputy = session.get(Deputy, appointment_id)
        if deputy is None:
            raise WrongPerson(f"there is no appointment {appointment_id}", "Deze vervanging kennen we niet.")
        if last < deputy.valid_from:
            session.delete(deputy)
            return None
        if deputy.valid_until is not None and deputy.valid_until < last:
            raise WrongPerson(
                f"it ended on {deputy.valid_until} already", f"Deze vervanging eindigde al op {deputy.valid_until}."
            )
        deputy.valid_until = last
        return deputy


def _known_person(session: Session, person_id: int) -> Person:
    person = session.get(Person, person_id)
    if person is None or not person.active:
        raise WrongPerson(f"there is no active person {person_id}", "Deze persoon kennen we niet.")
    return person


def _check_period(first: date, last: date | None) -> None:
    if last is not None and last < first:
        raise WrongPerson(
            f"the last day, {last}, lies before the first, {first}", "De laatste dag ligt vóór de eerste."
        )


def _overlap(one: tuple[date, date | None], other: tuple[date, date | None]) -> bool:
    return one[0] <= (other[1] or date.max) and other[0] <= (one[1] or date.max)


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


def remove_team(work: Work, team_id: int) -> bool:
    """Take out a team that nothing refers to, such as one that came in by mistake; False when something does."""
    with work.transaction() as session:
        team = session.get(Team, team_id)
        if team is None:
            return False
        try:
            with session.begin_nested():
                for area in session.scalars(select(TeamArea).where(TeamArea.team_id == team_id)):
                    session.delete(area)
                session.flush()
                session.delete(team)
                session.flush()
        except IntegrityError:
            return False
        return True
