"""Before a case is opened its opener sees what may be the same household, as far as they may read it; and no more."""

from datetime import date

from flask.testing import FlaskClient
from sqlalchemy import func, select

from tests.access.matrix.dossiers import two_teams
from tests.conftest import Town
from tests.search.test_finding import opened, statements
from tests.signed_in import client
from wijkteam.cases.model import HouseholdCase
from wijkteam.residents.service import NewResident, record_resident
from wijkteam.search.doubles import compare_opened
from wijkteam.search.model import PossibleDouble
from wijkteam.terms import clock

HERE = "Voorbeeldstraat 12, familie Jansen"


def form(who: str = HERE, what: str = "De huur", **more: str) -> dict[str, str]:
    day = clock.today().isoformat()
    return {"who_or_where": who, "what_is_going_on": what, "next_step": "Bellen", "next_step_on": day, **more}


def count(town: Town) -> int:
    return town.clockwork().session.scalar(select(func.count(HouseholdCase.id))) or 0


def test_what_looks_like_it_is_shown_with_why_and_one_more_tap_opens_it_all_the_same(town: Town) -> None:
    case = opened(town, "Jansen, Voorbeeldstraat 12")
    record_resident(town.work("fenna"), NewResident(case.household_id, "Jo Voorbeeld", date(1980, 3, 12)))
    kim = client(town, "kim.1")
    shown = kim.post("/casus/openen", data=form(what="Moeder, geb. 12-3-1980"))
    page = shown.get_data(as_text=True)
    assert shown.status_code == 422 and f"/casus/{case.id}" in page and count(town) == 1
    assert "zelfde adres, zelfde geboortedatum van een bewoner, naam lijkt erop" in page
    assert "Moeder, geb. 12-3-1980" in page and "toch een nieuwe casus" in page, "what was typed is kept"
    assert kim.post("/casus/openen", data=form(seen_doubles="ja")).status_code == 302
    assert count(town) == 2


def test_where_nothing_looks_like_it_there_is_no_extra_tap(town: Town) -> None:
    opened(town, "De Vries, Kade 3")
    assert client(town, "kim.1").post("/casus/openen", data=form()).status_code == 302
    wrong = client(town, "kim.1").post("/casus/openen", data=form(who="", what=""))
    assert wrong.status_code == 422 and "Vul in wie of waar." in wrong.get_data(as_text=True)


def protected(town: Town, who: str) -> None:
    case = opened(town, who)
    town.work("fenna").act_on(HouseholdCase, case.id, "protect", {"protected_why": "Een collega."})


def opening(town: Town, browser: FlaskClient, who: str) -> tuple[str, list[str]]:
    """The address of a case that is opened, and what that asks of the database."""
    with statements(town) as asked:
        got = browser.post("/casus/openen", data=form(who))
    assert got.status_code == 302
    return got.location, [each for each, _ in asked]


def told(browser: FlaskClient, path: str) -> str:
    return browser.get(path).get_data(as_text=True)


def test_the_opener_of_a_like_case_learns_nothing_and_its_owner_is_told_whom_to_talk_to(town: Town) -> None:
    two_teams(town)
    sam = client(town, "sam.2")
    opening(town, sam, "Plein 9")  # what is asked once in a process is asked
    mine = opened(town, HERE)
    protected(town, HERE)
    assert compare_opened(town.clockwork()) == 0, "nothing of one's own, and nothing that is protected"
    _, without = opening(town, sam, "Kade 3, De Vries")
    link, with_it = opening(town, sam, HERE)
    assert with_it == without, "neither the answer nor its time tells that something is there"
    assert compare_opened(town.clockwork()) == 1 and compare_opened(town.clockwork()) == 0, "each is compared once"
    assert town.clockwork().session.scalars(select(PossibleDouble.case_id)).all() == [mine.id]
    assert "Mogelijk dubbel" not in told(sam, "/") + told(sam, link)
    fenna = client(town, "fenna")
    page = told(fenna, f"/casus/{mine.id}")
    assert "Mogelijk dubbel" in told(fenna, "/") and "Mogelijk dubbel.</b> Sam" in page
    assert link not in page, "which case it is, is not told"
    kim = client(town, "kim.1")
    assert "Mogelijk dubbel" not in told(kim, f"/casus/{mine.id}")
    assert kim.post(f"/casus/{mine.id}/dubbel-gezien").status_code == 404
    assert fenna.post(f"/casus/{mine.id}/dubbel-gezien").status_code == 302
    assert "Mogelijk dubbel" not in told(fenna, f"/casus/{mine.id}")
