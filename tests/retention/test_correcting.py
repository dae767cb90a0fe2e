"""Correction: what is wrong is put right and the old text is gone, or the resident's own words stay beside it."""

from tests.conftest import Town
from tests.retention.dossier import bytes_of, everything_in
from tests.signed_in import client
from wijkteam.cases.model import HouseholdCase
from wijkteam.cases.service import NewCase, open_case
from wijkteam.events.verification import verify
from wijkteam.retention.scrubbing import scrub
from wijkteam.terms import clock


def a_case(town: Town) -> HouseholdCase:
    return open_case(town.work("fenna"), NewCase("Straat 1", "Hij zwaluwt te veel", "Bellen", clock.today()))


def test_a_struck_text_is_gone_from_the_case_its_events_and_the_file_and_the_chain_holds(town: Town) -> None:
    case = a_case(town)
    fenna = client(town, "fenna")
    assert "Wat klopt er niet?" in fenna.get(f"/casus/{case.id}/correcties").text
    said = {"about_event": "1", "what_is_wrong": "Dat is de buurman", "statement": "Ik niet"}
    page = fenna.post(f"/casus/{case.id}/correcties", data=said).location
    assert "Hij zwaluwt te veel" in fenna.get(page).text
    wrong = fenna.post(f"{page}/stap/correct", data={"strike": "ja"})
    assert wrong.status_code == 422 and "Vul dit in" in wrong.text
    assert fenna.post(f"{page}/stap/correct", data={"is_right": "De buurman", "strike": "ja"}).status_code == 302
    assert "De oude tekst is gewist." in fenna.get(page).text
    assert "De buurman" in fenna.get(f"/casus/{case.id}").text
    town.close()
    scrub(town.house.database)
    assert "zwaluwt" not in everything_in(town.house.database)
    assert verify(town.clockwork().session) == []
    town.close()
    if town.house.database.dialect.name == "sqlite":
        town.house.database.dispose()
        assert b"zwaluwt" not in bytes_of(town.house.database)


def test_a_refused_correction_keeps_what_the_resident_says(town: Town) -> None:
    case = a_case(town)
    fenna, pia = client(town, "fenna"), client(town, "pia")
    page = fenna.post(
        f"/casus/{case.id}/correcties",
        data={"about_event": "1", "what_is_wrong": "Alles", "statement": "Zo was het niet."},
    ).location
    assert pia.post(f"{page}/stap/refuse", data={"why_not": "Zo is het gezien."}).status_code == 302
    seen = fenna.get(page).text
    assert "Zo was het niet." in seen and "Zo is het gezien." in seen and "Hij zwaluwt te veel" in seen


def test_who_may_not_read_the_case_finds_no_corrections(town: Town) -> None:
    case = a_case(town)
    assert client(town, "pia").get(f"/casus/{case.id}/correcties").status_code == 404, "nothing was asked yet"
    page = (
        client(town, "fenna")
        .post(f"/casus/{case.id}/correcties", data={"about_event": "1", "what_is_wrong": "Alles"})
        .location
    )
    for name in ("bea", "gijs", "ada"):
        assert client(town, name).get(page).status_code == 404
        assert client(town, name).get(f"/casus/{case.id}/correcties").status_code == 404
        assert client(town, name).post(f"{page}/stap/refuse", data={"why_not": "x"}).status_code == 404
    assert client(town, "fenna").post(f"/casus/{case.id}/correcties", data={"about_event": "x"}).status_code == 422
