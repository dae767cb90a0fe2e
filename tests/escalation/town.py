"""Short ways to the things that tests about escalation need."""

from datetime import date

from flask.testing import FlaskClient

from tests.conftest import Town
from wijkteam.cases.model import HouseholdCase
from wijkteam.cases.service import NewCase, open_case
from wijkteam.demo.town import PASSWORD
from wijkteam.escalation.model import Escalation
from wijkteam.escalation.service import NewEscalation, escalate
from wijkteam.people import queries as people
from wijkteam.people import service as people_service
from wijkteam.people.model import Absence, Deputy
from wijkteam.people.service import NewPerson
from wijkteam.terms import clock
from wijkteam.web.app import create_app


def number(town: Town, first_name: str) -> int:
    found = people.person_by_email(town.clockwork().session, f"{first_name}@voorbeeldstad.example")
    assert found is not None
    return found.id


def case_of(town: Town, name: str = "fenna") -> HouseholdCase:
    return open_case(town.work(name), NewCase("Voorbeeldstraat 1", "Huur", "Bellen", clock.today()))


def asked(town: Town, case: HouseholdCase, barrier: str = "housing", danger: bool = False) -> Escalation:
    new = NewEscalation(case.id, case.team_id, "Een woning", barrier, safety_at_stake=danger)
    return escalate(town.work("fenna"), new)


def passed_up(town: Town, escalation: Escalation, times: int) -> None:
    for _ in range(times):
        town.work("fenna").act_on(Escalation, escalation.id, "pass_up", {"why": "Te groot."})


def away(town: Town, name: str, first: date, last: date | None = None) -> None:
    work = town.clockwork()
    with work.transaction() as session:
        session.add(Absence(person_id=number(town, name), first_day=first, last_day=last))


def stands_in(town: Town, name: str, deputy: str, function: str) -> None:
    work = town.clockwork()
    with work.transaction() as session:
        session.add(
            Deputy(
                person_id=number(town, name),
                deputy_id=number(town, deputy),
                function=function,
                valid_from=date(2020, 1, 1),
            )
        )


def another(town: Town, name: str, function: str) -> None:
    work = town.clockwork()
    person = people_service.add_person(work, NewPerson(name.title(), f"{name}@voorbeeldstad.example"))
    people_service.give_function(work, person, function, None, date(2020, 1, 1))


def client(town: Town, name: str) -> FlaskClient:
    app = create_app(town.house, "a key for tests", "Voorbeeldstad")
    app.config["WTF_CSRF_ENABLED"] = False
    browser = app.test_client()
    form = {"email": f"{name}@voorbeeldstad.example", "password": PASSWORD}
    assert browser.post("/inloggen", data=form).status_code == 302
    return browser
