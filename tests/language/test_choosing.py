"""The pages are Dutch until somebody chooses otherwise, in this browser."""

from tests.conftest import Town
from tests.signed_in import client


def test_dutch_until_english_is_chosen_and_back_again(town: Town) -> None:
    browser = client(town, "fenna")
    assert '<html lang="nl">' in browser.get("/").text and "Mijn berichten" in browser.get("/").text
    answer = browser.post("/taal/en", data={"next": "/team"})
    assert answer.status_code == 302 and answer.location == "/team"
    english = browser.get("/").text
    assert '<html lang="en">' in english and "My messages" in english and "Mijn berichten" not in english
    browser.post("/taal/nl", data={"next": "/"})
    assert "Mijn berichten" in browser.get("/").text


def test_the_choice_leads_nowhere_else_and_an_unknown_language_changes_nothing(town: Town) -> None:
    browser = client(town, "fenna")
    assert browser.post("/taal/en", data={"next": "https://elders.example/"}).location == "/"
    browser.post("/taal/nl", data={})
    assert "taal=" not in browser.post("/taal/xx", data={"next": "/"}).headers.get("Set-Cookie", "")
    assert '<html lang="nl">' in browser.get("/").text


def test_who_has_not_signed_in_chooses_as_well(town: Town) -> None:
    browser = client(town, None)
    browser.post("/taal/en", data={"next": "/inloggen"})
    assert '<html lang="en">' in browser.get("/inloggen").text
