"""Cases are told to the municipality's case system: once each, in order, and nothing beyond the mapping."""

import json
from datetime import timedelta

import pytest
from sqlalchemy import select

from tests.signed_in import sign_in_quietly
from tests.zgw.conftest import Elsewhere
from wijkteam.cases.model import HouseholdCase
from wijkteam.terms import clock
from wijkteam.web.app import create_app
from wijkteam.web.safety import Safety
from wijkteam.zgw.leaving import leaving
from wijkteam.zgw.model import Zaak, ZaakDecision, ZaakState
from wijkteam.zgw.publishing import MOST_ATTEMPTS, Published
from wijkteam.zgw.service import try_zaken_again

HOUSEHOLD = ("Geheimstraat", "Schulden", "Bellen", "Goed.", "Huurvraag", "Boodschappen")


def zaak_of(elsewhere: Elsewhere) -> Zaak:
    return elsewhere.town.clockwork().session.scalars(select(Zaak)).one()


def act(elsewhere: Elsewhere, case: HouseholdCase, step: str, **given: object) -> None:
    elsewhere.town.work("fenna").act_on(HouseholdCase, case.id, step, given)


def close(elsewhere: Elsewhere, case: HouseholdCase) -> None:
    soon = {"next_step": "Bellen", "next_step_on": clock.today() + timedelta(days=1)}
    act(elsewhere, case, "question_is_clear", question="Huurvraag")
    act(elsewhere, case, "plan_is_agreed", plan="Huurvraag regelen", **soon)
    act(elsewhere, case, "evaluate", how_it_goes="Goed.")
    act(elsewhere, case, "finish", outcome="partly", outcome_reason="Schulden", **soon)
    act(elsewhere, case, "close", how_it_goes="Goed.")


def test_a_case_is_a_zaak_with_its_statuses_roles_besluiten_and_result_and_no_household(elsewhere: Elsewhere) -> None:
    system, case = elsewhere.system, elsewhere.case()
    assert str(elsewhere.round()) == "1 told, 0 without news, 0 to be tried again, 0 dead"
    act(elsewhere, case, "decide", power="mini_budget", amount="120,00", motivation="Boodschappen.")
    close(elsewhere, case)
    assert (elsewhere.round().told, elsewhere.round()) == (1, Published())
    (zaak,), types = system.all("zaken"), elsewhere.document["case"]
    assert zaak["identificatie"] == f"WIJKTEAM-{case.id}" and zaak["omschrijving"] == "Casus wijkteam"
    assert zaak["vertrouwelijkheidaanduiding"] == "zaakvertrouwelijk" and zaak["toelichting"] == ""
    told = [each["statustype"] for each in system.all("statussen")]
    assert told == [types["statuses"][each] for each in ("clarifying", "planning", "carrying_out", "closed")]
    assert [each["resultaattype"] for each in system.all("resultaten")] == [types["results"]["partly"]]
    assert zaak["einddatum"] is not None, "the result came before the status that ends it"
    assert {each["betrokkeneType"] for each in system.all("rollen")} == {"medewerker", "organisatorische_eenheid"}
    (besluit,) = system.all("besluiten")
    assert besluit["zaak"] == zaak["url"] and besluit["besluittype"] == types["decisions"]["mini_budget"]
    whole = json.dumps(system.held, ensure_ascii=False)
    assert not [each for each in HOUSEHOLD if each in whole]
    found = zaak_of(elsewhere)
    assert found.url == zaak["url"] and found.state == ZaakState.DONE
    assert elsewhere.town.clockwork().session.scalars(select(ZaakDecision)).one().url == besluit["url"]


def test_only_the_fields_leave_that_the_mapping_names_and_what_changes_is_changed_there(elsewhere: Elsewhere) -> None:
    elsewhere.document["case"]["explanation"] = ["team", "question"]
    elsewhere.document["confidentiality"] = "vertrouwelijk"
    elsewhere.write()
    case = elsewhere.case()
    elsewhere.round()
    act(elsewhere, case, "question_is_clear", question="Huurvraag")
    assert elsewhere.round().told == 1
    (zaak,) = elsewhere.system.all("zaken")
    assert zaak["toelichting"].splitlines()[1:] == ["Huurvraag"] and "Geheimstraat" not in json.dumps(zaak)
    asked = len(elsewhere.system.asked)
    act(elsewhere, case, "add_note", note="Schulden besproken")
    assert elsewhere.round().same == 1 and len(elsewhere.system.asked) == asked, "a note changes nothing that leaves"


def test_nothing_is_made_twice_when_answers_are_lost_or_a_worker_is_killed(elsewhere: Elsewhere) -> None:
    case = elsewhere.case()
    for number in range(1, 6):
        elsewhere.system.loses_answers = 1
        with clock.standing_at(clock.now() + number * timedelta(hours=5)):
            elsewhere.round()
    with clock.standing_at(clock.now() + timedelta(days=2)):
        elsewhere.round()
    assert zaak_of(elsewhere).state == ZaakState.DONE
    kinds = ("zaken", "rollen", "statussen")
    assert [len(elsewhere.system.all(each)) for each in kinds] == [1, 2, 1]
    work = elsewhere.town.clockwork()
    with work.transaction() as session:
        zaak = session.get_one(Zaak, case.id)
        zaak.version, zaak.told, zaak.send_after = 0, "", clock.now()
    assert elsewhere.round().told == 1
    assert [len(elsewhere.system.all(each)) for each in kinds] == [1, 2, 1]


def test_what_is_refused_is_dead_at_once_with_codes_only_and_goes_again_when_asked(elsewhere: Elsewhere) -> None:
    elsewhere.case()
    elsewhere.system.fails = [400]
    assert elsewhere.round().dead == 1
    dead = zaak_of(elsewhere)
    assert dead.last_error == "POST zaken: 400 (zaaktype no-match)", "nothing of what was said: it may repeat our data"
    assert elsewhere.round() == Published()
    assert try_zaken_again(elsewhere.town.work("ada")) == 1
    assert elsewhere.round().told == 1


def test_a_case_system_that_is_away_is_tried_later_and_at_last_the_case_is_dead(elsewhere: Elsewhere) -> None:
    elsewhere.case()
    moment = clock.now()
    elsewhere.system.fails = [503] * MOST_ATTEMPTS
    for number in range(1, MOST_ATTEMPTS + 1):
        with clock.standing_at(moment + number * timedelta(hours=6)):
            done = elsewhere.round()
            assert (done.later, done.dead) == ((0, 1) if number == MOST_ATTEMPTS else (1, 0)), number


def test_a_protected_case_never_leaves_nor_does_what_happens_in_it_afterwards(elsewhere: Elsewhere) -> None:
    case = elsewhere.case()
    act(elsewhere, case, "protect", protected_why="Collega")
    assert elsewhere.round() == Published() and elsewhere.system.held.keys() and not elsewhere.system.all("zaken")
    other = elsewhere.case()
    elsewhere.round()
    act(elsewhere, other, "protect", protected_why="Collega")
    act(elsewhere, other, "question_is_clear", question="Huurvraag")
    assert elsewhere.round() == Published() and len(elsewhere.system.all("statussen")) == 1
    session = elsewhere.town.clockwork().session
    assert leaving(session, elsewhere.mapping, session.get_one(HouseholdCase, other.id)) is None


def test_a_case_leaves_from_its_first_told_state_and_the_first_day(elsewhere: Elsewhere) -> None:
    case = elsewhere.case(clear=False)
    assert elsewhere.round() == Published()
    elsewhere.document["case"]["opened_from"] = clock.today() + timedelta(days=1)
    elsewhere.write()
    act(elsewhere, case, "found_safe", safety="Goed.")
    assert elsewhere.round() == Published()


def test_who_owns_it_now_is_named_and_who_did_before_is_not(elsewhere: Elsewhere) -> None:
    case = elsewhere.case()
    elsewhere.round()
    work = elsewhere.town.clockwork()
    sam = elsewhere.town.work("sam.1").actor.person_id
    with work.transaction() as session:
        found = session.get_one(HouseholdCase, case.id)
        found.owner_id, found.version = sam, found.version + 1
    assert elsewhere.round().told == 1
    owner = [each for each in elsewhere.system.all("rollen") if each["betrokkeneType"] == "medewerker"]
    assert [each["betrokkeneIdentificatie"]["identificatie"] for each in owner] == [str(sam)]


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_the_case_its_page_and_the_administrator_say_how_it_stands(elsewhere: Elsewhere) -> None:
    case = elsewhere.case()
    elsewhere.round()
    app = create_app(elsewhere.town.house, "sleutel", "Voorbeeldstad", safety=Safety(zaken=elsewhere.mapping))
    app.config["WTF_CSRF_ENABLED"] = False
    client = app.test_client()
    sign_in_quietly(client, elsewhere.town, "fenna")
    assert f"bekend als WIJKTEAM-{case.id}" in client.get(f"/casus/{case.id}").text
    assert client.get("/beheer/zaaksysteem").status_code == 404
    elsewhere.system.fails = [400]
    other = elsewhere.case()
    elsewhere.round()
    assert "nog niet bekend" in client.get(f"/casus/{other.id}").text
    sign_in_quietly(client, elsewhere.town, "ada")
    page = client.get("/beheer/zaaksysteem").text
    assert "zaaktype no-match" in page and f"WIJKTEAM-{other.id}" in page and "Geheimstraat" not in page
    assert client.post("/beheer/zaaksysteem/opnieuw").status_code == 302
    assert elsewhere.round().told == 1 and "Er is niets geweigerd." in client.get("/beheer/zaaksysteem").text
