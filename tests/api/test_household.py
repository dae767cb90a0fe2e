"""The API on the household side: what programs can do with people, plans, papers and protection, as the pages do."""

from base64 import b64encode
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from tests.api.pages_household import PAGES
from tests.api.programs import Program, program
from tests.api.test_api import is_problem, opened
from tests.api.test_description import described
from tests.conftest import Town
from tests.escalation.town import number
from wijkteam.access.model import Reading
from wijkteam.letters import queries as letters
from wijkteam.offline.model import SentOnce
from wijkteam.residents.model import Resident
from wijkteam.terms import clock
from wijkteam.web.api import files

BSN = "111222333"


def day(days: int = 0) -> str:
    return (clock.today() + timedelta(days=days)).isoformat()


def made(who: Program, path: str, body: dict[str, Any]) -> dict[str, Any]:
    answer = who.post(path, body)
    assert answer.status_code == 201, answer.json
    found: dict[str, Any] = answer.json
    return found


def took(who: Program, path: str, step: str, body: dict[str, Any] | None = None) -> Any:
    answer = who.step(path, step, body)
    assert answer.status_code in (200, 204), answer.json
    return answer.json


def test_each_operation_that_stands_for_a_page_is_in_the_description(town: Town) -> None:
    paths = described(town)["paths"].values()
    known = {each["operationId"] for operations in paths for each in operations.values()}
    assert {each for each in PAGES.values() if " " not in each} - known == set()
    assert all(len(each.split()) >= 5 for each in PAGES.values() if " " in each)


def test_a_program_writes_down_who_lives_there_how_they_belong_together_and_who_helps(town: Town) -> None:
    fenna, teun, stranger = program(town, "fenna"), program(town, "teun"), program(town, "petra")
    case = opened(fenna)["id"]
    mother = made(fenna, f"/cases/{case}/residents", {"name": "Mevr. Voorbeeld", "livedSince": day(-30)})
    son = made(fenna, f"/cases/{case}/residents", {"name": "Zoon Voorbeeld", "partOfTime": "om de week"})
    helper = made(fenna, f"/cases/{case}/helpers", {"name": "Oma", "kind": "family", "doesWhat": "Past op"})
    tie = {"residentId": mother["id"], "relationKind": "parent"}
    bond = made(fenna, f"/cases/{case}/relations", {**tie, "toResidentId": son["id"]})
    made(fenna, f"/cases/{case}/relations", {**tie, "relationKind": "child", "toHelperId": helper["id"]})
    both = {**tie, "toResidentId": son["id"], "toHelperId": helper["id"]}
    for wrong in (tie, both):
        assert is_problem(fenna.post(f"/cases/{case}/relations", wrong), 422)["errors"]
    listed = teun.get("/residents", caseId=case).json["items"]
    assert {each["name"] for each in listed} == {"Mevr. Voorbeeld", "Zoon Voorbeeld"}
    for path in (f"/residents/{son['id']}", f"/helpers/{helper['id']}", f"/relations/{bond['id']}"):
        assert teun.get(path).status_code == 200 and is_problem(stranger.get(path), 404)
        assert is_problem(stranger.post(f"{path}/steps/remove", {}), 404)
    assert is_problem(stranger.get("/residents", caseId=case), 404)
    assert fenna.get("/residents").json["items"] == []
    left = took(fenna, f"/residents/{son['id']}", "leave", {"leftOn": day()})
    assert left["state"] == "moved_out" and left["leftOn"] == day()
    other = opened(fenna)["id"]
    is_problem(fenna.post(f"/residents/{son['id']}/other-homes", {"otherCaseId": "bestaatniet", "since": day()}), 422)
    there = made(fenna, f"/residents/{son['id']}/other-homes", {"otherCaseId": other, "since": day()})
    assert [each["id"] for each in fenna.get("/residents", caseId=other).json["items"]] == [there["id"]]
    took(fenna, f"/relations/{bond['id']}", "end", {"endedOn": day()})
    took(fenna, f"/helpers/{helper['id']}", "stop", {"until": day()})
    took(fenna, f"/residents/{there['id']}", "remove", {"why": "Vergissing"})
    assert is_problem(fenna.get(f"/residents/{there['id']}"), 404)
    told = fenna.get(f"/cases/{case}/log").json["items"]
    assert {("resident", "leave"), ("helper", "open"), ("relation", "end")} <= {(e["kind"], e["name"]) for e in told}
    assert {each["kind"] for each in fenna.get(f"/cases/{case}/log", about="people").json["items"]} <= {
        "resident",
        "helper",
        "relation",
        "guest_access",
    }
    assert is_problem(stranger.get(f"/cases/{case}/log"), 404)


def test_a_program_gives_a_number_and_never_gets_one(town: Town) -> None:
    fenna = program(town, "fenna")
    case = opened(fenna)["id"]
    path = f"/residents/{made(fenna, f'/cases/{case}/residents', {'name': 'Mevr. Voorbeeld'})['id']}"
    given = {"bsn": BSN, "bsnGround": sorted(town.house.lists["bsn_grounds"].items)[0], "bsnPurpose": "Aanvraag"}
    is_problem(fenna.step(path, "set_bsn", {**given, "bsn": "123456789"}), 422)
    key = "00000000-0000-4000-8000-000000000001"
    answers = [fenna.step(path, "set_bsn", given, idempotency_key=key) for _ in range(2)]
    assert [each.status_code for each in answers] == [200, 200], answers[0].json
    row = town.clockwork().session.scalars(select(Resident)).one()
    assert row.bsn_sealed is not None
    told = answers[0].get_data(as_text=True) + fenna.get(path).get_data(as_text=True)
    assert BSN not in told + fenna.get(f"{path}/story").get_data(as_text=True)
    assert town.clockwork().session.scalars(select(SentOnce)).all()
    took(fenna, path, "remove_bsn", {"why": "Niet meer nodig"})


def test_a_program_measures_says_who_agreed_and_brings_a_quote(town: Town) -> None:
    fenna, teun = program(town, "fenna"), program(town, "teun")
    case = opened(fenna)["id"]
    [scale] = [each for each in fenna.get("/instruments").json["items"] if each["instrument"] == "safety"]
    assert [each["code"] for each in scale["domains"]] == ["safe_at_home"] and len(scale["levels"]) == 11
    asked = {"instrument": "safety", "takenOn": day()}
    for wrong in ({"safe_at_home": 99}, {"elsewhere": 1}, {}, [1], "x"):
        assert is_problem(fenna.post(f"/cases/{case}/measurements", {**asked, "scores": wrong}), 422)["errors"]
    first = made(fenna, f"/cases/{case}/measurements", {**asked, "scores": {"safe_at_home": 3}})
    assert first["levels"] == {"safe_at_home": 3}
    better = {**asked, "scores": {"safe_at_home": 4}, "replaces": first["id"]}
    second = made(fenna, f"/cases/{case}/measurements", better)
    states = {each["id"]: each["state"] for each in fenna.get("/measurements", caseId=case).json["items"]}
    assert states == {first["id"]: "replaced", second["id"]: "stands"}
    assert took(fenna, f"/measurements/{second['id']}", "withdraw", {"why": "Vergissing"})["state"] == "withdrawn"
    consent = {"covers": "plan", "who": "Moeder", "answer": "agreed", "how": "said", "onDay": day()}
    agreed = made(fenna, f"/cases/{case}/plan-consents", consent)
    took(fenna, f"/plan-consents/{agreed['id']}", "take_back", {"why": "Toch niet"})
    goal = made(fenna, f"/cases/{case}/goals", {"words": "Rust", "lifeDomain": "finance"})
    path = f"/goals/{goal['id']}"
    begun = took(
        fenna, path, "begin_track", {"nextStep": "Bellen", "nextStepOn": day(), "worker": number(town, "fenna")}
    )
    assert fenna.get(f"/tracks/{begun['trackId']}").json["goal"] == "Rust"
    took(fenna, path, "achieve")
    assert fenna.get(f"/cases/{case}/suggested-outcome").json["outcome"] == "achieved"
    quote = made(fenna, f"/cases/{case}/quotes", {"saidBy": "professional", "words": "Het duurt te lang."})
    is_problem(teun.step(f"/quotes/{quote['id']}", "release"), 403)
    assert took(fenna, f"/quotes/{quote['id']}", "release")["state"] == "released"
    took(teun, f"/quotes/{quote['id']}", "take_back")
    assert [each["words"] for each in fenna.get("/quotes").json["items"]] == [""]


def test_files_go_in_and_out_as_they_are_and_what_is_removed_is_gone(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    fenna, stranger = program(town, "fenna"), program(town, "petra")
    case = opened(fenna)["id"]
    sent = {"name": "brief.txt", "mediaType": "text/plain", "content": b64encode(b"Hallo").decode(), "why": "Bewijs"}
    kept = made(fenna, f"/cases/{case}/documents", sent)
    path = f"/documents/{kept['id']}"
    got = fenna.get(f"{path}/content")
    assert got.get_data() == b"Hallo" and got.mimetype == "application/octet-stream"
    assert "brief.txt" in got.headers["Content-Disposition"] and "sandbox" in got.headers["Content-Security-Policy"]
    large = {**sent, "content": b64encode(b"a" * 2_000_000).decode()}
    assert fenna.post(f"/cases/{case}/documents", large).status_code == 201
    is_problem(fenna.post(f"/cases/{case}/quotes", {"words": "a" * 1_200_000}), 413)
    is_problem(fenna.post(f"/cases/{case}/documents", {**sent, "content": "geen base64!"}), 422)
    is_problem(stranger.get(f"{path}/content"), 404)
    read = [each.what for each in town.clockwork().session.scalars(select(Reading)) if each.how == "api"]
    assert "document" in read
    assert fenna.step(path, "remove", {"whyNot": "Hoort hier niet"}).status_code == 204
    for gone in (path, f"{path}/content"):
        is_problem(fenna.get(gone), 404)
    asked = {"question": "Wie regelt een woning?", "barrier": "housing"}
    escalation = made(fenna, f"/cases/{case}/escalations", asked)["id"]
    attached = made(fenna, f"/escalations/{escalation}/attachments", {k: sent[k] for k in ("name", "content")})
    [one] = attached["items"]
    assert fenna.get(f"/escalations/{escalation}/attachments/{one['id']}").get_data() == b"Hallo"
    for wrong in ("999999", "x", "9" * 40):
        is_problem(fenna.get(f"/escalations/{escalation}/attachments/{wrong}"), 404)
    assert fenna.get(f"/cases/{case}/plan/pdf", safety="true").get_data().startswith(b"%PDF-")
    planned = {"whatFor": "Huisbezoek", "onDay": day(1), "atTime": "10:00"}
    appointment = made(fenna, f"/cases/{case}/appointments", planned)["id"]
    calendar = fenna.get(f"/appointments/{appointment}/calendar")
    assert "BEGIN:VEVENT" in calendar.text and "Dhr. Voorbeeld" not in calendar.text
    monkeypatch.setitem(files.WITH_A_FILE, "api.attachment_new", 10)
    is_problem(fenna.post(f"/escalations/{escalation}/attachments", {**large, "why": None}), 413)


def test_a_decision_has_its_letter_and_its_objection_which_is_kept_from_who_decided(town: Town) -> None:
    fenna, olga, teun = program(town, "fenna"), program(town, "olga"), program(town, "teun")
    case = opened(fenna)["id"]
    assert any(each["power"] == "urgent_wmo_provision" for each in fenna.get(f"/cases/{case}/own-powers").json["items"])
    decided = {"power": "urgent_wmo_provision", "motivation": "Hulp.", "amount": "300.00"}
    took(fenna, f"/cases/{case}", "decide", decided)
    [letter] = letters.letters_of_case(town.clockwork().session, case).values()
    assert fenna.get(f"/letters/{letter.id}/pdf").get_data().startswith(b"%PDF-")
    came_in = {"reference": letter.id, "receivedOn": day(), "grounds": "Ik krijg te weinig."}
    is_problem(olga.post("/objections", {**came_in, "reference": "onbekend"}), 422)
    objection = made(olga, "/objections", came_in)["id"]
    path = f"/objections/{objection}"
    took(olga, path, "take_up", {"confirmedOn": day(), "committee": False})
    assert olga.get(path).json["grounds"] == came_in["grounds"]
    assert [each["id"] for each in olga.get("/objections", of="waiting").json["items"]] == [objection]
    partly = fenna.get(path).json
    assert partly["state"] == "in_hand" and partly["grounds"] is None and partly["options"] == []
    assert fenna.get(f"{path}/story").json["items"] == []
    is_problem(fenna.post(f"{path}/steps/withdraw", {}, if_match='"1"'), 404)
    is_problem(program(town, "bea").get(path), 404)
    assert teun.get(path).status_code == 200


def test_a_case_is_shared_corrected_and_protected_by_the_same_rules(town: Town) -> None:
    fenna, pia, teun = program(town, "fenna"), program(town, "pia"), program(town, "teun")
    case = opened(fenna)["id"]
    law = town.house.sharing.in_force(clock.today())[0].code
    said = {"purpose": "Samen", "ground": law, "categories": "Plan", "necessity": "Nodig", "informedOn": day()}
    period = {"guest": number(town, "gijs"), "firstDay": day(), "lastDay": day(7)}
    share = made(fenna, f"/cases/{case}/shares", {**said, **period})
    is_problem(fenna.post(f"/cases/{case}/shares", {**said, **period, "guest": number(town, "teun")}), 409)
    assert took(fenna, f"/shares/{share['id']}", "stop", {"why": "Klaar"})["state"] == "ended"
    is_problem(pia.get(f"/cases/{case}/corrections"), 404)
    wrong = {"aboutEvent": 1, "whatIsWrong": "De naam klopt niet."}
    is_problem(pia.post(f"/cases/{case}/corrections", wrong), 404)
    asked = made(fenna, f"/cases/{case}/corrections", wrong)
    assert [each["id"] for each in pia.get(f"/cases/{case}/corrections").json["items"]] == [asked["id"]]
    right = took(pia, f"/corrections/{asked['id']}", "correct", {"isRight": "Mevr. Voorbeeld", "strike": False})
    assert right["state"] == "corrected" and pia.get(f"/corrections/{asked['id']}/story").json["items"]
    is_problem(program(town, "petra").get(f"/corrections/{asked['id']}"), 404)
    is_problem(pia.get(f"/cases/{case}"), 404)
    seen = teun.get(f"/cases/{case}/protection")
    assert seen.json["protected"] is False
    path = f"/cases/{case}/protection/steps"
    [field] = [each for each in seen.json["options"] if each["name"] == "protect"]
    given = {each["name"]: "Bekende van de gemeente" for each in field["fields"] if each["required"]}
    is_problem(teun.post(f"{path}/protect", given), 428)
    is_problem(teun.post(f"{path}/protect", given, if_match='"9"'), 412)
    done = teun.post(f"{path}/protect", given, if_match=seen.headers["ETag"])
    assert done.status_code in (200, 204), done.json
    assert [each["caseId"] for each in pia.get("/protected-cases").json["items"]] == [case]
    hidden = pia.get(f"/cases/{case}/protection").json
    assert hidden["protected"] and hidden["why"] is None
    named = {"reader": number(town, "mo")}
    [asks] = [each for each in hidden["options"] if each["name"] == "name_reader"]
    named = {each["name"]: number(town, "mo") for each in asks["fields"] if each["required"]}
    answer = pia.post(f"{path}/name-reader", named, if_match=f'"{hidden["version"]}"')
    assert number(town, "mo") in {each["personId"] for each in answer.json["readers"]}
    is_problem(program(town, "petra").get(f"/cases/{case}/protection"), 404)
    is_problem(teun.get("/protected-cases"), 404)


def test_the_glass_is_broken_by_a_person_at_a_page_and_judged_by_any_program_of_the_privacy_officer(
    town: Town,
) -> None:
    from tests.access.matrix.dossiers import read_through_glass_that_is_whole_again, two_teams

    two_teams(town)
    glass = read_through_glass_that_is_whole_again(town).ids["glass_id"]
    town.close()
    is_problem(program(town, "fenna").post("/broken-glass", {"whoOrWhere": "x", "reason": "y", "length": "z"}), 403)
    is_problem(program(town, "bea").post("/broken-glass", {}), 404)
    pia, fenna = program(town, "pia"), program(town, "fenna")
    assert [each["id"] for each in pia.get("/glass-log").json["items"]] == [glass]
    is_problem(fenna.get("/glass-log"), 404)
    assert took(pia, f"/broken-glass/{glass}", "stop")["state"] == "ended"
    judged = took(pia, f"/broken-glass/{glass}", "review", {"judgement": "justified", "review": "Er was brand."})
    assert judged["state"] == "reviewed" and judged["caseId"] is None
    assert fenna.get(f"/broken-glass/{glass}/story").json["items"][-1]["name"] == "review"
    is_problem(program(town, "kim.1").get(f"/broken-glass/{glass}"), 404)


def test_a_program_finds_what_its_person_finds(town: Town) -> None:
    fenna, stranger = program(town, "fenna"), program(town, "ada")
    case = opened(fenna)["id"]
    hits = fenna.get("/search", q="Voorbeeld").json["items"]
    assert (case, "Dhr. Voorbeeld") in {(each["id"], each["title"]) for each in hits}
    assert case not in {each["id"] for each in stranger.get("/search", q="Voorbeeld").json["items"]}
    colleagues = fenna.get("/search", q="Teun").json["items"]
    assert ("person", str(number(town, "teun"))) in {(each["kind"], each["id"]) for each in colleagues}
    like = fenna.get("/cases-like", whoOrWhere="Dhr. Voorbeeld").json["items"]
    assert [each["caseIds"] for each in like] == [[case]]
    is_problem(stranger.get("/cases-like", whoOrWhere="Dhr. Voorbeeld"), 404)
    offer = {"words": "Ik help met schulden.", "lifeDomains": ["finance"], "languages": "Pools", "reach": ""}
    assert fenna.post("/my-offer", offer).json == offer == fenna.get("/my-offer").json
    is_problem(fenna.post("/my-offer", {**offer, "lifeDomains": ["nergens"]}), 422)
    found = stranger.get("/people-finding", lifeDomain="finance").json["items"]
    assert [each["id"] for each in found] == [number(town, "fenna")]
    is_problem(stranger.get("/people-finding", lifeDomain="x"), 400)
    assert fenna.get(f"/cases/{case}/doubles").json["items"] == []
    is_problem(program(town, "teun").post(f"/cases/{case}/doubles/seen"), 404)
