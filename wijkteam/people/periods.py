"""What can be done with periods of people: holding a function, consent to it, absence, and standing in."""

from datetime import date

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from wijkteam.people.model import Absence, Deputy, Function, HeldFunction, Person, Team
from wijkteam.people.service import WrongPerson
from wijkteam.storage.work import Work
from wijkteam.terms import clock


class WrongPeriod(WrongPerson):
    """What was given about a period of a person cannot be accepted; `nl` says it in Dutch."""

    def __init__(self, message: str, nl: str) -> None:
        super().__init__(message)
        self.nl = nl


def give_function(
    work: Work, person: Person, function: str, team: Team | None, since: date | None, until: date | None = None
) -> HeldFunction:
    """Let a person hold a function from a day on, in a team or in the whole municipality. Raises WrongPerson."""
    first = since or clock.today()
    with work.transaction() as session:
        if session.get(Function, function) is None:
            raise WrongPeriod(f"there is no function '{function}'", "Deze functie bestaat niet.")
        _check_period(first, until)
        team_id = team.id if team else None
        held = HeldFunction(
            person_id=person.id, function=function, team_id=team_id, valid_from=first, valid_until=until
        )
        session.add(held)
        session.flush()
        return held


def end_function(work: Work, held_id: int, last_day: date) -> HeldFunction:
    """Let a person hold a function up to and including a day. Raises WrongPerson."""
    with work.transaction() as session:
        held = session.get(HeldFunction, held_id)
        if held is None:
            raise WrongPeriod(f"there is no held function {held_id}", "Deze functie van deze persoon kennen we niet.")
        _check_period(held.valid_from, last_day)
        held.valid_until = last_day
        return held


def record_consent(
    work: Work, person_id: int, function: str, consented_on: date | None, employer_consented_on: date | None
) -> list[HeldFunction]:
    """Write down when somebody and their employer agreed to hold mandate in a function (Awb 10:4). Raises WrongPerson.

    For every period in which the person holds it that has not ended; None takes a consent back.
    """
    with work.transaction() as session:
        held = [
            each
            for each in held_by(session, person_id)
            if each.function == function and (each.valid_until is None or each.valid_until >= clock.today())
        ]
        if not held:
            raise WrongPeriod(f"person {person_id} does not hold {function}", "Deze persoon heeft die functie niet.")
        for each in held:
            each.consented_on, each.employer_consented_on = consented_on, employer_consented_on
        return held


def record_absence(work: Work, person_id: int, first: date, last: date | None = None) -> Absence:
    """Write down that a person is away, up to and including a last day or until further notice. Raises WrongPerson."""
    with work.transaction() as session:
        _check_period(first, last)
        for other in session.scalars(select(Absence).where(Absence.person_id == person_id)):
            if first <= (other.last_day or date.max) and other.first_day <= (last or date.max):
                nl = f"Deze persoon is al afwezig vanaf {other.first_day}."
                raise WrongPeriod(f"person {person_id} is away already", nl)
        absence = Absence(person_id=person_id, first_day=first, last_day=last)
        session.add(absence)
        session.flush()
        return absence


def end_absence(work: Work, absence_id: int, last: date) -> Absence | None:
    """Let an absence end with a day; one that would end before it began is taken out. Raises WrongPerson."""
    with work.transaction() as session:
        absence = session.get(Absence, absence_id)
        if absence is None:
            raise WrongPeriod(f"there is no absence {absence_id}", "Deze afwezigheid kennen we niet.")
        if last < absence.first_day:
            session.delete(absence)
            return None
        absence.last_day = last
        return absence


def appoint_deputy(
    work: Work, person_id: int, deputy_id: int, function: str, first: date | None = None, until: date | None = None
) -> Deputy:
    """Let somebody act in a person's function whenever that person is away, for a period. Raises WrongPerson."""
    start = first or clock.today()
    with work.transaction() as session:
        _check_period(start, until)
        if person_id == deputy_id:
            raise WrongPeriod("nobody stands in for themselves", "Niemand vervangt zichzelf.")
        if all(each.function != function for each in held_by(session, person_id)):
            raise WrongPeriod(f"person {person_id} does not hold {function}", "Deze persoon heeft die functie niet.")
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
            raise WrongPeriod(f"there is no appointment {appointment_id}", "Deze vervanging kennen we niet.")
        if last < deputy.valid_from:
            session.delete(deputy)
            return None
        deputy.valid_until = last
        return deputy


def absences(session: Session, person_id: int | None = None) -> list[Absence]:
    """Absences that have not ended, of one person or of all, by first day."""
    lasting = select(Absence).where(or_(Absence.last_day.is_(None), Absence.last_day >= clock.today()))
    if person_id is not None:
        lasting = lasting.where(Absence.person_id == person_id)
    return list(session.scalars(lasting.order_by(Absence.first_day, Absence.id)))


def deputies(session: Session, person_id: int | None = None) -> list[Deputy]:
    """Who stands in for whom, now or later, for one person or for all, by first day."""
    lasting = select(Deputy).where(or_(Deputy.valid_until.is_(None), Deputy.valid_until >= clock.today()))
    if person_id is not None:
        lasting = lasting.where(Deputy.person_id == person_id)
    return list(session.scalars(lasting.order_by(Deputy.valid_from, Deputy.id)))


def held_by(session: Session, person_id: int) -> list[HeldFunction]:
    """The functions that a person holds or held, by first day."""
    held = select(HeldFunction).where(HeldFunction.person_id == person_id)
    return list(session.scalars(held.order_by(HeldFunction.valid_from, HeldFunction.id)))


def _check_period(first: date, last: date | None) -> None:
    if last is not None and last < first:
        raise WrongPeriod(f"{last} lies before {first}", "De laatste dag ligt vóór de eerste.")
