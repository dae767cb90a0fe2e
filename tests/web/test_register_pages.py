"""The pages of the register: read by everyone, changed by the administrator, approved by another."""

import re
from datetime import timedelta

from flask.testing import FlaskClient

from tests.conftest import Town
from tests.signed_in import client
from wijkteam.terms import clock

FORM = {
    "what": "add",
    "number": "M-90",
    "kind": "volmacht",
    "power": "tailored_budget",
    "function": "process_director",
    "body": "college van burgemeester en wethouders",
    "legal_ground": "Gemeentewet",
    "per_decision": "1.250,50",
    "why": "Besluit 7",
}


def propose(ada: FlaskClient, **said: str) -> str:
    """Propose a row and return the address of the proposal."""
    answer = ada.post("/registerwijzigingen/nieuw", data={**FORM, **said})
    assert answer.status_code == 302, re.findall('class="wrong[^>]*>([^<]*)', answer.text)
    return str(answer.location)


def test_everyone_reads_the_register_in_plain_words(town: Town) -> None:
    fenna = client(town, "fenna")
    page = fenna.get("/mandaatregister").text.replace("\u00a0", " ")
    assert "Een teamleider mag besluiten over: bijzondere bijstand, tot € 1.500 per besluit." in page
    row = fenna.get("/mandaatregister/M-14.1").text
    assert "Dit is ondermandaat van rij M-14." in row
    assert 'href="/mandaatregister/M-14"' in row
    assert fenna.get("/mandaatregister/M-99").status_code == 404
    assert client(town, None).get("/mandaatregister").status_code == 302


def test_the_list_is_of_one_power_one_function_or_one_day(town: Town) -> None:
    fenna = client(town, "fenna")
    found = fenna.get("/mandaatregister?bevoegdheid=wmo_provision&functie=manager").text
    assert re.findall(r'href="/mandaatregister/([^"]+)"', found) == ["M-07"]
    assert "Niets gevonden" in fenna.get("/mandaatregister?op=2019-12-31").text
    assert "Dit is geen datum" in fenna.get("/mandaatregister?op=gisteren").text


def test_one_proposes_and_another_approves(town: Town) -> None:
    page = propose(client(town, "ada"))
    assert "Goedkeuren</b>: Dit kan: Bestuurder (Bea Bestuurder)." in client(town, "ada").get(page).text
    assert client(town, "ada").post(f"{page}/stap/approve").status_code == 422
    bea = client(town, "bea")
    assert "Nieuwe rij M-90" in bea.get("/").text, "it waits among Bea's work"
    assert bea.get("/mandaatregister/M-90").status_code == 404
    assert bea.post(f"{page}/stap/approve").status_code == 302
    assert "1.250,50" in bea.get("/mandaatregister/M-90").text
    assert "Nieuwe rij M-90" not in bea.get("/").text


def test_a_refusal_needs_a_reason_that_the_proposer_reads(town: Town) -> None:
    page = propose(client(town, "ada"))
    bea = client(town, "bea")
    assert bea.post(f"{page}/stap/refuse").status_code == 422
    bea.post(f"{page}/stap/refuse", data={"answer": "Het besluit is er nog niet."})
    assert "Het besluit is er nog niet." in client(town, "ada").get(page).text


def test_a_replacement_begins_with_the_row_as_it_is_and_shows_what_differs(town: Town) -> None:
    ada = client(town, "ada")
    form = ada.get("/registerwijzigingen/nieuw?soort=replace&nummer=M-14").text
    assert 'value="5000,00"' in form
    row = re.search('name="row" value="([0-9]+)"', form)
    assert row is not None
    said = {"what": "replace", "number": "M-14", "power": "bridging_budget", "function": "manager", "row": row[1]}
    kept = {"may_pass_on": "ja", "pass_on_to": "team_lead", "per_decision": "4000", "second_pair_above": "2000"}
    page = ada.get(propose(ada, **said, **kept, reserved="politically_sensitive", legal_ground="Gemeentewet art. 160"))
    compared = re.findall(r'<th scope="row">([^<]*)</th><td data-title="Was">([^<]*)</td>', page.text)
    assert [title for title, _ in compared] == [
        "Plafond per besluit",
        "Voorwaarden",
        "Wie wordt geïnformeerd",
        "Bekendgemaakt in",
    ]
    assert 'href="/mandaatregister/M-14.1"' in page.text, "what is under it goes along"


WRONG: tuple[tuple[dict[str, str], str], ...] = (
    ({"number": "M/1"}, "hooguit 40 letters"),
    ({"per_decision": "veel"}, "Dit is geen bedrag"),
    ({"per_decision": "0"}, "boven 0 euro"),
    ({"function": "tovenaar"}, "Deze functie bestaat niet"),
    ({"longest_duration": "half jaar"}, "Schrijf een duur als P6M"),
    ({"colleagues_needed": "drie"}, "Vul een getal van 0 tot en met 20 in"),
    ({"valid_from": "morgen"}, "Dit is geen datum"),
    ({"valid_from": "2030-01-02", "valid_until": "2030-01-01"}, "De laatste dag ligt voor de eerste"),
    ({"legal_ground": ""}, "Vul dit in"),
    ({"legal_ground": "x" * 201}, "Maak het korter"),
    ({"conditions": "een\u202eteken"}, "schrijf het anders"),
    ({"given_under": "M-90"}, "Een rij staat niet onder zichzelf"),
    ({"given_under": "M-03"}, "Ruimer dan rij M-03"),
    ({"pass_on_to": "manager"}, "Kies hier ja, of maak leeg aan wie"),
    ({"quorum_within": "PT24H"}, "hoeveel collega"),
    ({"number": "M-02"}, "Nummer M-02 is dan al in gebruik"),
    ({"why": ""}, "Vul dit in"),
)


def test_what_is_wrong_is_told_and_what_was_typed_stays(town: Town) -> None:
    ada = client(town, "ada")
    for said, told in WRONG:
        answer = ada.post("/registerwijzigingen/nieuw", data={**FORM, "publication": "Gemeenteblad 9", **said})
        assert (answer.status_code, told in answer.text) == (422, True), (said, told)
        assert 'value="Gemeenteblad 9"' in answer.text
    for said in ({"what": "replace", "number": "M-99"}, {"what": "anders"}):
        assert ada.post("/registerwijzigingen/nieuw", data={**FORM, **said}).status_code in (404, 422)


def test_only_the_administrator_proposes(town: Town) -> None:
    for name in ("fenna", "bea"):
        other = client(town, name)
        assert other.get("/registerwijzigingen/nieuw").status_code == 404
        assert other.post("/registerwijzigingen/nieuw", data=FORM).status_code == 404
        assert "Wijziging voorstellen" not in other.get("/mandaatregister/M-02").text


def test_everyone_downloads_the_register(town: Town) -> None:
    fenna = client(town, "fenna")
    begins = {"csv": b"\xef\xbb\xbfnumber,", "yaml": b"# Mandate register", "pdf": b"%PDF"}
    for form, begin in begins.items():
        assert fenna.get(f"/mandaatregister.{form}").data[: len(begin)] == begin
        assert client(town, None).get(f"/mandaatregister.{form}").status_code == 302
    assert fenna.get("/mandaatregister.exe").status_code == 404


def test_the_administrator_keeps_who_holds_which_function(town: Town) -> None:
    ada = client(town, "ada")
    found = ada.get("/beheer/mensen?naam=petra").text
    page = re.findall(r'href="(/beheer/mensen/[0-9]+)"', found)
    assert len(page) == 1
    given = {"function": "manager", "valid_from": "2026-01-01", "valid_until": "2099-12-31"}
    assert ada.post(f"{page[0]}/functie", data=given).status_code == 302
    assert "31 december 2099" in ada.get(page[0]).text
    held = re.findall(r'<option value="([0-9]+)"[^>]*>Manager</option>', ada.get(page[0]).text)
    assert ada.post(f"{page[0]}/functie-stopt", data={"held": held[0], "last_day": "2026-02-01"}).status_code == 302
    assert "1 februari 2026" in ada.get(page[0]).text
    wrong = ada.post(f"{page[0]}/functie", data={**given, "valid_until": "2025-12-31"})
    assert (wrong.status_code, "De laatste dag ligt vóór de eerste." in wrong.text) == (422, True)


def test_consent_is_asked_of_who_works_for_another_employer(town: Town) -> None:
    ada = client(town, "ada")
    page = re.findall(r'href="(/beheer/mensen/[0-9]+)"', ada.get("/beheer/mensen?naam=petra").text)[0]
    assert "Instemming" not in ada.get(page).text
    ada.post(f"{page}/dienstverband", data={"civil_servant": "nee", "employer": "Stichting Voorbeeld"})
    assert "Instemming: nog niet" in ada.get(page).text
    ada.post(f"{page}/instemming", data={"function": "process_director", "consented_on": "2026-01-05"})
    assert "Instemming: 5 januari 2026 · van de werkgever: nog niet" in ada.get(page).text


def test_nobody_else_sees_the_people(town: Town) -> None:
    for path in ("/beheer/mensen", "/beheer/mensen/1"):
        assert client(town, "teun").get(path).status_code == 404
    assert client(town, "teun").post("/beheer/mensen/1/functie", data={"function": "bestuurder"}).status_code == 404


def test_everyone_records_their_own_absence_and_deputy(town: Town) -> None:
    fenna = client(town, "fenna")
    first = clock.today() + timedelta(days=3)
    assert fenna.post("/mijn-afwezigheid/afwezig", data={"first_day": first.isoformat()}).status_code == 302
    page = fenna.get("/mijn-afwezigheid").text
    assert "tot nader bericht" in page
    again = fenna.post("/mijn-afwezigheid/afwezig", data={"first_day": first.isoformat()})
    assert (again.status_code, "al afwezig" in again.text) == (422, True)
    sam = re.findall(r'<option value="([0-9]+)">Sam Steun-1</option>', page)
    assert sam, "somebody of the same team can stand in"
    assert "Bea Bestuurder" not in page
    stand_in = {"deputy": sam[0], "function": "best_person"}
    assert fenna.post("/mijn-afwezigheid/vervanger", data=stand_in).status_code == 302
    assert "Sam Steun-1, als Frontlijnprofessional" in fenna.get("/mijn-afwezigheid").text
    absence = re.findall(r'name="absence" value="([0-9]+)"', fenna.get("/mijn-afwezigheid").text)
    assert client(town, "teun").post("/mijn-afwezigheid/terug", data={"absence": absence[0]}).status_code == 422
    assert fenna.post("/mijn-afwezigheid/terug", data={"absence": absence[0]}).status_code == 302
    assert "Niet afwezig." in fenna.get("/mijn-afwezigheid").text
