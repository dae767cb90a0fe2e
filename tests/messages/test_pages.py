"""The pages about mail: choosing how one wants it, following a link, and dealing with what did not arrive."""

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select, update

from tests.messages.conftest import Office, Postal
from tests.signed_in import sign_in_quietly
from wijkteam.escalation.service import NewEscalation, escalate
from wijkteam.messages import queries
from wijkteam.messages.model import MailChoice, Message, MessageState
from wijkteam.people.model import Person, Team
from wijkteam.people.service import NewPerson, add_person, give_function
from wijkteam.signing_in.passwords import give_password
from wijkteam.web.app import create_app

PASSWORD = "lang genoeg wachtwoord"


@pytest.fixture
def client(postal: Postal) -> FlaskClient:
    app = create_app(postal.town.house, "sleutel", "Voorbeeldstad")
    app.config["WTF_CSRF_ENABLED"] = False
    return app.test_client()


def sign_in(client: FlaskClient, postal: Postal, name: str) -> None:
    sign_in_quietly(client, postal.town, name)


def test_a_link_in_a_mail_leads_to_its_page_after_signing_in(
    postal: Postal, office: Office, client: FlaskClient
) -> None:
    ada = postal.town.work("ada")
    person = add_person(ada, NewPerson("Lies Leider", "lies@voorbeeldstad.example"))
    give_password(ada, person.id, PASSWORD)
    case = postal.case()
    with ada.transaction() as session:
        give_function(ada, session.get_one(Person, person.id), "team_lead", session.get_one(Team, case.team_id))
    question = escalate(postal.town.work("fenna"), NewEscalation(case.id, case.team_id, "Woning", "housing"))
    postal.round()
    (mail,) = office.to("lies")
    link = next(line.strip() for line in mail.get_content().splitlines() if "/naar/" in line)
    path = link.removeprefix("https://wijkteam.voorbeeldstad.example")
    asked = client.get(path)
    assert asked.status_code == 302 and "/inloggen?next=" in asked.location
    page = client.get(asked.location)
    assert page.status_code == 200
    given = {"email": "lies@voorbeeldstad.example", "password": PASSWORD}
    arrived = client.post(asked.location, data=given, follow_redirects=True)
    assert arrived.status_code == 200 and arrived.request.path.endswith(question.id) and "Woning" in arrived.text


@pytest.mark.parametrize(
    "target", ["https://evil.example", "//evil.example", "/\\evil.example", "/\t/evil.example", "/\n/evil.example"]
)
def test_signing_in_leads_nowhere_outside(postal: Postal, client: FlaskClient, target: str) -> None:
    ada = postal.town.work("ada")
    give_password(ada, add_person(ada, NewPerson("Lies Leider", "lies@voorbeeldstad.example")).id, PASSWORD)
    given = {"email": "lies@voorbeeldstad.example", "password": PASSWORD}
    assert client.post("/inloggen", query_string={"next": target}, data=given).location == "/"


def test_a_link_to_what_one_may_not_read_or_what_does_not_exist_is_not_found(
    postal: Postal, client: FlaskClient
) -> None:
    case = postal.case()
    sign_in(client, postal, "fia")
    for path in (f"/naar/household_case/{case.id}", "/naar/household_case/bestaatniet1", "/naar/iets/x"):
        assert client.get(path, follow_redirects=True).status_code == 404


def test_a_person_chooses_how_to_get_mail_and_nobody_elses_choice_changes(postal: Postal, client: FlaskClient) -> None:
    sign_in(client, postal, "fenna")
    page = client.get("/mijn-berichten")
    assert page.status_code == 200 and 'value="at_once" aria-describedby="choice-at_once-help" checked' in page.text
    saved = client.post("/mijn-berichten", data={"choice": "daily"}, follow_redirects=True)
    assert "Uw keuze is bewaard." in saved.text
    assert client.post("/mijn-berichten", data={"choice": "elk uur"}).status_code == 422
    assert client.post("/mijn-berichten", data={}).status_code == 422
    session = postal.town.clockwork().session
    chosen = {name: queries.mail_choice(session, postal.town.work(name).actor.person_id) for name in ("fenna", "teun")}
    assert chosen == {"fenna": MailChoice.DAILY, "teun": MailChoice.AT_ONCE}
    assert "/mijn-berichten" in client.get("/").text


def dead_message(postal: Postal) -> int:
    case = postal.case()
    escalate(postal.town.work("fenna"), NewEscalation(case.id, case.team_id, "Geheime vraag", "housing"))
    postal.round()
    work = postal.town.clockwork()
    with work.transaction() as session:
        session.execute(update(Message).values(state=MessageState.DEAD, attempts=3, last_error="550 <b>weg</b>"))
        return session.scalars(select(Message.id)).one()


def test_the_administrator_sees_what_did_not_arrive_and_lets_it_go_again(postal: Postal, client: FlaskClient) -> None:
    number = dead_message(postal)
    sign_in(client, postal, "ada")
    page = client.get("/beheer/berichten").text
    assert "Er gaat nu geen mail uit" in page, "the app of this test has no mail server in its settings"
    assert "Teun Teamleider" in page and "550 &lt;b&gt;weg&lt;/b&gt;" in page and "Geheime" not in page
    again = client.post(f"/beheer/berichten/{number}/opnieuw", follow_redirects=True)
    assert again.status_code == 200 and "Alles kwam aan, of wacht nog." in again.text
    assert client.post(f"/beheer/berichten/{number}/opnieuw").status_code == 409
    assert client.post("/beheer/berichten/999/laat-vallen", data={"reason": "x"}).status_code == 409
    assert postal.round().sent == 1


def test_dropping_asks_why_and_keeps_it(postal: Postal, client: FlaskClient) -> None:
    number = dead_message(postal)
    sign_in(client, postal, "ada")
    asked = client.post(f"/beheer/berichten/{number}/laat-vallen", data={"reason": "  "})
    assert asked.status_code == 422 and "Zeg waarom dit bericht niet meer weg hoeft." in asked.text
    page = client.post(f"/beheer/berichten/{number}/laat-vallen", data={"reason": "Uit dienst"}, follow_redirects=True)
    assert "Uit dienst" in page.text and "door Ada Beheer" in page.text
    assert postal.round().sent == 0


def test_to_others_the_outgoing_mail_does_not_exist(postal: Postal, client: FlaskClient) -> None:
    number = dead_message(postal)
    sign_in(client, postal, "bea")
    assert client.get("/beheer/berichten").status_code == 404
    for path in (f"{number}/opnieuw", f"{number}/laat-vallen", "alles-opnieuw"):
        assert client.post(f"/beheer/berichten/{path}", data={"reason": "x"}).status_code == 404
    assert "/beheer/berichten" not in client.get("/").text
    message = postal.town.clockwork().session.get_one(Message, number)
    assert message.state == MessageState.DEAD
