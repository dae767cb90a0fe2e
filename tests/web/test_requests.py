"""The pages of requests: decided on one phone screen, by link, several at once; what may not be read is not there."""

from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from playwright.sync_api import Browser, expect
from sqlalchemy import select

from tests.access.test_who_may_read import client
from tests.conftest import Town
from tests.web.test_story_in_browser import PHONE, opens_a_case, someone
from wijkteam.access.model import Reading
from wijkteam.cases.model import HouseholdCase
from wijkteam.cases.service import NewCase, open_case
from wijkteam.demo.town import PASSWORD
from wijkteam.mandate.model import MandateRequest
from wijkteam.mandate.service import AskedDecision, request_mandate
from wijkteam.terms import clock

HOUSEHOLD = "Voorbeeldstraat 77"


def case_of(town: Town, where: str = HOUSEHOLD) -> HouseholdCase:
    return open_case(town.work("fenna"), NewCase(where, "Huur", "Bellen", clock.today()))


def asks(town: Town, case: HouseholdCase, euros: int, why: str = "Bedden") -> MandateRequest:
    asked = AskedDecision("tailored_budget", euros * 100, why, case.id, case.household_id, case.team_id)
    return request_mandate(town.work("fenna"), asked)


def state_of(town: Town, request: MandateRequest) -> str:
    return town.clockwork().session.get(MandateRequest, request.id).state


def ticking(*requests: MandateRequest) -> dict[str, object]:
    form: dict[str, object] = {f"version-{each.id}": 2 for each in requests}
    return {**form, "request": [each.id for each in requests], "power": "tailored_budget"}


def test_a_link_leads_to_the_request_after_signing_in(town: Town) -> None:
    link = f"/mandaatverzoeken/{asks(town, case_of(town), 1_800).id}"
    teun = client(town, None)
    asked_to_sign_in = teun.get(link)
    assert asked_to_sign_in.status_code == 302
    form = {"email": "teun@voorbeeldstad.example", "password": PASSWORD}
    answer = teun.post(asked_to_sign_in.location, data=form)
    assert answer.status_code == 302 and answer.location == link
    assert "Mandaat geven · € 1.800,00" in teun.get(link).text


def test_after_an_answer_the_approver_is_back_with_what_still_waits_and_a_line_that_says_what_was_done(
    town: Town,
) -> None:
    case = case_of(town)
    one, _other = asks(town, case, 1_800), asks(town, case, 300, "Een fiets")
    teun = client(town, "teun")
    answer = teun.post(f"/mandaatverzoeken/{one.id}/stap/approve", data={"version": 2})
    assert answer.status_code == 302 and answer.location == "/mandaatverzoeken"
    page = teun.get(answer.location).text
    assert "Mandaat geven: Maatwerkbudget · € 1.800,00" in page and "Een fiets" in page
    assert "Mandaat geven: Maatwerkbudget" not in teun.get(answer.location).text, "it is said once"


def test_the_approver_sees_what_is_left_what_was_decided_before_and_each_reading_is_logged(town: Town) -> None:
    before = case_of(town, "Eerdere straat 1")
    done = asks(town, before, 1_700)
    town.work("teun").act_on(MandateRequest, done.id, "approve", {})
    request = asks(town, case_of(town), 1_800)
    page = client(town, "teun").get(f"/mandaatverzoeken/{request.id}").text
    assert HOUSEHOLD in page and "M-03: tot" in page and "1 van 1 zoals gevraagd" in page
    assert "Eerdere straat" not in page, "comparable cases say nothing about whom they were"
    readings = town.clockwork().session.scalars(select(Reading)).all()
    assert [(each.case_id, each.what) for each in readings] == [(request.case_id, "mandaatverzoek")]


def test_who_asks_does_not_see_how_others_were_answered(town: Town) -> None:
    done = asks(town, case_of(town, "Eerdere straat 1"), 1_700)
    town.work("teun").act_on(MandateRequest, done.id, "approve", {})
    page = client(town, "fenna").get(f"/mandaatverzoeken/{asks(town, case_of(town), 1_800).id}").text
    assert "zoals gevraagd" not in page and "M-02: tot" in page


def test_whoever_answered_reads_the_request_later_but_no_longer_the_household(town: Town) -> None:
    request = asks(town, case_of(town), 6_000)
    mo = client(town, "mo")
    assert HOUSEHOLD in mo.get(f"/mandaatverzoeken/{request.id}").text
    town.work("mo").act_on(MandateRequest, request.id, "approve", {})
    page = mo.get(f"/mandaatverzoeken/{request.id}")
    assert page.status_code == 200 and HOUSEHOLD not in page.text and "Huishouden dit jaar" not in page.text


def test_a_question_back_leaves_the_household_readable_for_who_asked_it(town: Town) -> None:
    request = asks(town, case_of(town), 6_000)
    town.work("mo").act_on(MandateRequest, request.id, "ask_back", {"question": "Wat zegt het fonds?"})
    assert HOUSEHOLD in client(town, "mo").get(f"/mandaatverzoeken/{request.id}").text
    page = client(town, "fenna").get("/").text
    assert "Vraag terug" in page and "Wat zegt het fonds?" in page


def test_several_alike_are_answered_at_once(town: Town) -> None:
    case = case_of(town)
    one, other = asks(town, case, 300), asks(town, case, 400)
    teun = client(town, "teun")
    assert "2 keer Maatwerkbudget: samen beantwoorden" in teun.get("/mandaatverzoeken").text
    answer = teun.post("/mandaatverzoeken/samen", data={**ticking(one, other), "transition": "approve"})
    assert answer.status_code == 302
    assert {state_of(town, each) for each in (one, other)} == {"approved"}
    page = teun.get("/mandaatverzoeken").text
    assert page.count("Mandaat geven: Maatwerkbudget") == 2 and "Er wacht niets op u." in page


def test_of_several_at_once_it_is_said_which_succeeded_and_which_not_and_why(town: Town) -> None:
    case = case_of(town)
    fine, too_much = asks(town, case, 300), asks(town, case, 2_600)
    form = {**ticking(fine, too_much), "transition": "approve"}
    answer = client(town, "teun").post("/mandaatverzoeken/samen", data=form)
    assert answer.status_code == 422
    assert "€ 300,00, gevraagd door Fenna Fictief: gedaan." in answer.text
    assert "Uw mandaat gaat tot € 2.500,00 per besluit. Wie wel: Manager" in answer.text
    assert [state_of(town, each) for each in (fine, too_much)] == ["approved", "asked"]


@pytest.mark.parametrize(
    ("form", "line"),
    [
        ({"transition": "approve", "power": "tailored_budget", "answer": "Mijn uitleg"}, "Kies eerst een of meer"),
        ({"transition": "pay", "power": "tailored_budget", "answer": "Mijn uitleg"}, "niet met meer verzoeken"),
    ],
)
def test_a_wrong_choice_of_several_is_told_in_one_line_and_nothing_typed_is_lost(
    town: Town, form: dict[str, str], line: str
) -> None:
    case = case_of(town)
    asks(town, case, 300)
    asks(town, case, 400)
    answer = client(town, "teun").post("/mandaatverzoeken/samen", data=form)
    assert answer.status_code == 422 and line in answer.text and "Mijn uitleg" in answer.text


def test_among_several_what_may_not_be_read_does_not_exist(town: Town) -> None:
    case = case_of(town)
    mine = asks(town, case, 300)
    bea: FlaskClient = client(town, "bea")
    form = {**ticking(mine), "transition": "approve"}
    assert bea.post("/mandaatverzoeken/samen", data=form).status_code == 404
    unknown = {"request": "zzzzzzzzzzzz", "transition": "approve", "power": "tailored_budget"}
    assert bea.post("/mandaatverzoeken/samen", data=unknown).status_code == 404
    assert state_of(town, mine) == "asked"


def test_what_is_reserved_is_ticked_when_asking_and_goes_to_who_may_decide_it(town: Town) -> None:
    case = case_of(town)
    until = clock.today() + timedelta(days=60)
    form = {"power": "tailored_budget", "amount": "300", "reason": "Bed", "precedent": "ja", "until": until.isoformat()}
    assert client(town, "fenna").post(f"/casus/{case.id}/mandaat", data=form).status_code == 302
    request = town.clockwork().session.scalars(select(MandateRequest)).one()
    assert (request.reserved, request.rung, request.until) == ("precedent", 2, until)
    assert "Schept een precedent" in client(town, "mo").get(f"/mandaatverzoeken/{request.id}").text
    wrong = client(town, "fenna").post(f"/casus/{case.id}/mandaat", data={**form, "until": "gisteren"})
    assert wrong.status_code == 422 and "Dit is geen datum" in wrong.text and "Bed" in wrong.text


def test_on_a_phone_the_approver_decides_on_one_screen_in_two_taps(browser: Browser, served: str) -> None:
    tomorrow = (clock.today() + timedelta(days=1)).isoformat()
    with someone(browser, served, "fenna@voorbeeldstad.example", PHONE) as fenna:
        opens_a_case(fenna, tomorrow)
        fenna.opens_form("Mandaat vragen")
        form = fenna.page.locator("#mandaat-vragen")
        form.locator("[name=power]").select_option("tailored_budget")
        form.locator("[name=amount]").fill("1.800,00")
        form.locator("[name=reason]").fill("Huurschuld, anders volgt uitzetting op de twaalfde van de maand.")
        with fenna.page.expect_navigation():
            form.get_by_role("button", name="Mandaat vragen").click()
        link = fenna.page.get_by_role("link", name="Maatwerkbudget · € 1.800,00").get_attribute("href")
    with someone(browser, served, "teun@voorbeeldstad.example", PHONE) as teun:
        teun.visits(link or "")
        button = teun.page.get_by_role("button", name="Mandaat geven · € 1.800,00")
        for seen in ("Fenna Fictief", "Voorbeeldstraat 12", "Huurschuld", "M-03: tot", "Nog niets dat hierop lijkt"):
            box = teun.page.get_by_text(seen).first.bounding_box()
            assert box is not None and box["y"] + box["height"] <= PHONE["height"], seen
        box = button.bounding_box()
        assert box is not None and box["y"] + box["height"] <= PHONE["height"]
        with teun.page.expect_navigation():
            button.click()
        expect(teun.page.get_by_role("status")).to_contain_text("Mandaat geven")
