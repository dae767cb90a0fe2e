"""A person reads a case only on a ground; every reading is logged; what may not be read does not exist."""

import re
from collections.abc import Iterator

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from tests.conftest import Town
from wijkteam.access.grounds import Ground
from wijkteam.access.model import Reading
from wijkteam.cases.made_up_areas import made_up_areas
from wijkteam.cases.model import HouseholdCase
from wijkteam.cases.service import NewCase, keep_areas, open_case
from wijkteam.demo.town import PASSWORD, found_town
from wijkteam.escalation.model import Escalation
from wijkteam.escalation.service import NewEscalation, escalate
from wijkteam.terms import clock
from wijkteam.tracks.model import Track
from wijkteam.tracks.service import NewTrack, begin_track
from wijkteam.web.app import create_app


@pytest.fixture
def two_teams(town: Town) -> Iterator[Town]:
    work = town.clockwork()
    keep_areas(work, made_up_areas(1, wijken=14, buurten_per_wijk=1), {})
    found_town(town.house, work)
    yield town


def case_of(town: Town, name: str) -> HouseholdCase:
    return open_case(town.work(name), NewCase("Straat 1", "Huur", "Bellen", clock.today()))


def client(town: Town, name: str | None) -> FlaskClient:
    app = create_app(town.house, "a key for tests", "Voorbeeldstad")
    app.config["WTF_CSRF_ENABLED"] = False
    browser = app.test_client()
    if name is not None:
        form = {"email": f"{name}@voorbeeldstad.example", "password": PASSWORD}
        assert browser.post("/inloggen", data=form).status_code == 302
    return browser


def without_token(page: TestResponse) -> str:
    """The page but for the token of its forms, which tells the second in which it was made."""
    return re.sub(r'name="(?:csrf_token|sending)" value="[^"]*"', "", page.text)


def test_owner_and_team_read_a_case_and_each_reading_is_logged_with_its_ground(two_teams: Town) -> None:
    case = case_of(two_teams, "fenna")
    for name in ("fenna", "teun"):
        assert client(two_teams, name).get(f"/casus/{case.id}").status_code == 200
    readings = two_teams.clockwork().session.scalars(select(Reading).order_by(Reading.id)).all()
    assert [each.ground for each in readings] == ["member", "team"]


@pytest.mark.parametrize("name", ["bea", "petra", "mo", "fia", "ada"])
def test_without_a_ground_a_case_does_not_exist(two_teams: Town, name: str) -> None:
    case = case_of(two_teams, "fenna")
    browser = client(two_teams, name)
    known, unknown = browser.get(f"/casus/{case.id}"), browser.get("/casus/zzzzzzzzzzzz")
    assert known.status_code == unknown.status_code == 404
    assert without_token(known) == without_token(unknown)
    assert browser.post(f"/casus/{case.id}/stap/add_note", data={"note": "x"}).status_code == 404
    assert two_teams.clockwork().session.scalars(select(Reading)).all() == []


def test_a_case_of_another_team_does_not_exist(two_teams: Town) -> None:
    other = case_of(two_teams, "sam.2")
    browser = client(two_teams, "fenna")
    assert browser.get(f"/casus/{other.id}").status_code == 404
    assert other.id not in browser.get("/casussen").text


def test_an_escalation_gives_its_rung_a_ground_as_long_as_it_is_open(two_teams: Town) -> None:
    case = case_of(two_teams, "fenna")
    danger = NewEscalation(case.id, case.team_id, "Hulp nu", "safety", safety_at_stake=True)
    raised = escalate(two_teams.work("fenna"), danger)
    petra = client(two_teams, "petra")
    assert petra.get(f"/opschalingen/{raised.id}").status_code == 200
    assert petra.get(f"/casus/{case.id}").status_code == 200
    assert client(two_teams, "bea").get(f"/opschalingen/{raised.id}").status_code == 404
    two_teams.work("fenna").act_on(Escalation, raised.id, "withdraw", {"why": "Niet meer nodig"})
    assert petra.get(f"/casus/{case.id}").status_code == 404


def test_a_track_is_read_on_the_grounds_of_its_case_and_gives_its_worker_one_while_it_is_open(two_teams: Town) -> None:
    case = case_of(two_teams, "fenna")
    sam = two_teams.work("sam.2").actor
    new = NewTrack(case.id, case.team_id, "finance", "Rust.", "Bellen", clock.today(), sam.person_id)
    track = begin_track(two_teams.work("fenna"), new)
    assert client(two_teams, "fenna").get(f"/sporen/{track.id}").status_code == 200
    bea = client(two_teams, "bea")
    known, unknown = bea.get(f"/sporen/{track.id}"), bea.get("/sporen/zzzzzzzzzzzz")
    assert known.status_code == unknown.status_code == 404 and without_token(known) == without_token(unknown)
    assert bea.post(f"/sporen/{track.id}/stap/add_note", data={"note": "x"}).status_code == 404
    assert bea.post(f"/casus/{case.id}/spoor", data={"goal": "x"}).status_code == 404
    session = two_teams.clockwork().session
    assert two_teams.house.grounds.ground(session, sam, case) is Ground.MEMBER
    two_teams.work("fenna").act_on(Track, track.id, "stop", {"why": "Klaar."})
    assert two_teams.house.grounds.ground(two_teams.clockwork().session, sam, case) is None


def test_who_is_not_signed_in_is_asked_to(town: Town) -> None:
    for path in ("/", "/casussen", "/verslag", "/signalen", "/mandaatverzoeken", "/opschalingen"):
        answer = client(town, None).get(path)
        assert answer.status_code == 302 and "/inloggen" in answer.location


def test_a_wrong_password_and_an_unknown_address_get_the_same_answer(town: Town) -> None:
    browser = client(town, None)
    pages = [
        browser.post("/inloggen", data={"email": email, "password": "fout-fout-fout"})
        for email in ("fenna@voorbeeldstad.example", "niemand@voorbeeldstad.example")
    ]
    assert [page.status_code for page in pages] == [401, 401]
    told = [without_token(page) for page in pages]
    assert told[0].replace("fenna@", "") == told[1].replace("niemand@", "")


def test_after_signing_in_nobody_is_led_away_to_another_site(town: Town) -> None:
    form = {"email": "fenna@voorbeeldstad.example", "password": PASSWORD}
    answer = client(town, None).post("/inloggen?next=//elders.example", data=form)
    assert answer.location == "/"


def test_who_comes_second_is_shown_what_changed_and_keeps_what_was_typed(two_teams: Town) -> None:
    case = case_of(two_teams, "fenna")
    two_teams.work("teun").act_on(HouseholdCase, case.id, "add_note", {"note": "eerst"})
    form = {"note": "mijn lange verhaal", "version": "1"}
    answer = client(two_teams, "fenna").post(f"/casus/{case.id}/stap/add_note", data=form)
    assert answer.status_code == 409
    assert "Iemand was u voor" in answer.text and "mijn lange verhaal" in answer.text and "Teun" in answer.text


def test_only_three_fields_are_required_to_open_a_case(two_teams: Town) -> None:
    page = client(two_teams, "fenna").get("/casus/openen").text
    assert page.count(" required") == 4, "who or where, what is going on, and the next step with its date"


def test_without_a_token_of_our_own_page_nothing_is_changed(town: Town) -> None:
    app = create_app(town.house, "a key for tests", "Voorbeeldstad")
    form = {"email": "fenna@voorbeeldstad.example", "password": PASSWORD}
    assert app.test_client().post("/inloggen", data=form).status_code == 400
