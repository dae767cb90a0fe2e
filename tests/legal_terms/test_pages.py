"""Legal terms on the pages: visible with why they end when they end, for those with a ground to read the case alone."""

from datetime import timedelta

import pytest
from flask.testing import FlaskClient

from tests.access.test_who_may_read import case_of, client, without_token
from tests.conftest import Town
from wijkteam.deadlines.worker import do_due_work
from wijkteam.legal_terms.model import LegalTerm
from wijkteam.legal_terms.queries import legal_terms_of_case
from wijkteam.legal_terms.service import NewLegalTerm, start_legal_term
from wijkteam.terms import clock


def fenna_with(town: Town, matter: str = "awb_decision", days_ago: int = 3) -> tuple[FlaskClient, str, LegalTerm]:
    """Fenna's browser, her case, and a legal term that began some days ago."""
    case = case_of(town, "fenna")
    on = clock.today() - timedelta(days=days_ago)
    term = start_legal_term(town.work("fenna"), NewLegalTerm(case.id, case.team_id, matter, on, concerns="Scootmobiel"))
    return client(town, "fenna"), case.id, term


def test_a_term_is_started_from_its_case_and_stands_there_with_why_it_ends(town: Town) -> None:
    case = case_of(town, "fenna")
    fenna = client(town, "fenna")
    page = fenna.get(f"/casus/{case.id}").text
    assert "Wettelijke termijn starten" in page and "Vanaf welke dag telt het?" in page
    form = {"matter": "awb_decision", "started_on": clock.today().isoformat(), "concerns": "Bijzondere bijstand"}
    assert fenna.post(f"/casus/{case.id}/termijn", data=form).status_code == 302
    term = legal_terms_of_case(town.clockwork().session, case.id)[0]
    page = fenna.get(f"/casus/{case.id}").text
    assert "Bijzondere bijstand" in page and "Waarom dan?" in page and term.why_nl in page
    assert "Wettelijke termijn" not in fenna.get("/").text, "it is weeks away"
    with clock.standing_at(term.ends_at - timedelta(days=3)):
        assert "Wettelijke termijn" in client(town, "fenna").get("/").text


IMPOSSIBLE = (
    ({"matter": "awb_decision", "started_on": "gisteren"}, "Dit is geen datum"),
    ({"matter": "awb_decision", "started_on": "9999-12-31"}, "Deze dag ligt in de toekomst."),
    ({"matter": "awb_decision", "started_on": "0001-01-01"}, "Op die dag gold deze termijn niet."),
    ({"matter": "onzin", "started_on": "2026-03-02"}, "Kies iets uit de lijst."),
    ({"matter": "wmo_receipt", "started_on": "2026-03-02"}, "Kies iets uit de lijst."),
    ({"matter": "data_breach", "started_on": "2026-03-02", "started_time": "25:00"}, "Schrijf de tijd als 14:30."),
    ({"matter": "", "started_on": ""}, "Vul dit in."),
)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_what_cannot_be_started_is_told_and_what_was_typed_is_kept(town: Town) -> None:
    case = case_of(town, "fenna")
    fenna = client(town, "fenna")
    for form, said in IMPOSSIBLE:
        answer = fenna.post(f"/casus/{case.id}/termijn", data={**form, "concerns": "mijn lange verhaal"})
        assert answer.status_code == 422
        assert said in answer.text and "mijn lange verhaal" in answer.text
    assert legal_terms_of_case(town.clockwork().session, case.id) == []


def test_a_term_is_suspended_on_its_page_and_then_says_so(town: Town) -> None:
    fenna, _case, term = fenna_with(town)
    today = clock.today()
    form = {
        "suspension_reason": "completion_asked",
        "suspended_on": today.isoformat(),
        "suspended_until": (today + timedelta(days=14)).isoformat(),
        "version": "1",
    }
    assert fenna.post(f"/termijnen/{term.id}/stap/suspend", data=form).status_code == 302
    page = fenna.get(f"/termijnen/{term.id}").text
    assert "Staat stil" in page and "14 dagen erbij" in page and "aanvulling gevraagd" in page
    answer = fenna.post(f"/termijnen/{term.id}/stap/lapse", data={"why": "mijn reden", "version": "1"})
    assert answer.status_code == 409 and "mijn reden" in answer.text


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_what_the_law_does_not_allow_is_told_on_the_page(town: Town) -> None:
    fenna, _case, term = fenna_with(town, "wmo_investigation")
    page = fenna.get(f"/termijnen/{term.id}").text
    assert "De wet laat opschorten van deze termijn niet toe." in page
    assert "Wmo 2015 art. 2.3.2(1)" in page and "Bron: wetten.legaltools.nl" in page


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_who_is_late_sees_what_follows_and_what_it_costs(town: Town) -> None:
    fenna, case, term = fenna_with(town, "objection_decision", days_ago=90)
    do_due_work(town.clockwork())
    page = fenna.get(f"/termijnen/{term.id}").text
    assert "in gebreke stellen" in page and "€ 1.442,00" in page and "Controleer dit" in page
    assert "dagen te laat" in fenna.get(f"/casus/{case}").text


def test_a_legal_term_is_read_on_the_grounds_of_its_case(town: Town) -> None:
    fenna, case, term = fenna_with(town)
    assert fenna.get(f"/termijnen/{term.id}").status_code == 200
    bea = client(town, "bea")
    known, unknown = bea.get(f"/termijnen/{term.id}"), bea.get("/termijnen/zzzzzzzzzzzz")
    assert known.status_code == unknown.status_code == 404 and without_token(known) == without_token(unknown)
    assert bea.post(f"/termijnen/{term.id}/stap/lapse", data={"why": "x"}).status_code == 404
    assert bea.post(f"/casus/{case}/termijn", data={"matter": "complaint"}).status_code == 404
    assert "Wettelijke termijn" not in bea.get("/").text
