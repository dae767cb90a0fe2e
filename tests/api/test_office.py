"""Leading, keeping and watching over the work by program: the rules of the pages, through the same services."""

import re
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from werkzeug.test import TestResponse

from tests.api.programs import Program, app_of, program, token_of
from tests.api.test_api import is_problem, opened
from tests.conftest import Town
from tests.escalation.town import asked, case_of, number
from tests.importing.files import book, whole
from tests.retention.dossier import DUE, full_case
from tests.signed_in import client
from wijkteam.api_access import queries
from wijkteam.api_access.service import add_client, prove_token, token_for_client
from wijkteam.signing_in.sessions import Limits
from wijkteam.terms import clock

pytestmark = pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
"""What services do is tried on both databases where they are; here it is what programs meet, with all walls up."""
WORKBOOK = "application/octet-stream"


def proved(town: Town, name: str) -> Program:
    """A program whose person proved just now, for its token, who they are."""
    found = program(town, name)
    work = town.work(name)
    assert prove_token(work, queries.tokens_of(work.session, work.actor.person_id)[0].id)
    town.close()
    return found


def sent(who: Program, path: str, content: bytes, **asked: str) -> TestResponse:
    """Send a file."""
    headers = {**who.headers, "Content-Type": WORKBOOK}
    return who.client.post(f"/api/v1{path}", headers=headers, query_string=asked, data=content)


def day(days: int = 0) -> str:
    return (clock.today() + timedelta(days=days)).isoformat()


def test_a_barrier_that_many_share_is_raised_answered_backed_and_becomes_a_breakthrough(town: Town) -> None:
    for _ in range(2):
        asked(town, case_of(town))
    fenna, bea = program(town, "fenna"), program(town, "bea")
    shared = fenna.get("/patterns", barrier="housing").json
    assert len(shared["readable"]) == 2 and shared["others"] is None
    given, key = {"question": "Wie regelt woningen?", "barrier": "housing", "behind": shared["readable"]}, str(uuid4())
    made, again = (fenna.post("/structural-escalations", given, idempotency_key=key) for _ in range(2))
    assert made.status_code == 201, made.json
    path = f"/structural-escalations/{made.json['id']}"
    assert made.headers["Location"] == f"/api/v1{path}" and again.json["id"] == made.json["id"]
    assert len(bea.get("/structural-escalations", of="all").json["items"]) == 1
    assert bea.get(f"{path}/figures").json["households"] is None, "two households are not told of in numbers"
    back = bea.post(f"{path}/backings", {"deviation": "Voorrang geven", "validUntil": day(30)})
    assert back.status_code == 201 and back.json["structuralId"] == made.json["id"], back.json
    promise = {
        "title": "Woningen",
        "owner": number(town, "mo"),
        "budgetHolder": number(town, "bea"),
        "promisedOn": day(60),
    }
    is_problem(fenna.post("/breakthroughs", promise), 403)
    chosen = bea.post("/breakthroughs", {**promise, "structuralId": made.json["id"]})
    assert chosen.status_code == 201 and chosen.json["title"] == "Woningen", chosen.json
    wrong = is_problem(bea.post("/breakthroughs", {"owner": "mo", "budgetHolder": "x", "elsewhere": 1}), 422)
    assert {"title", "owner", "budgetHolder", "promisedOn", "elsewhere"} == {each["field"] for each in wrong["errors"]}
    is_problem(bea.post("/breakthroughs", {**promise, "structuralId": "zzzzzzzzzzzz"}), 404)
    is_problem(bea.post(f"/structural-escalations/{'z' * 12}/backings", {"deviation": "x", "validUntil": day(9)}), 404)


def test_a_complaint_and_a_request_about_data_are_written_down_and_seen_as_far_as_their_pages_show(town: Town) -> None:
    fenna, pia = program(town, "fenna"), program(town, "pia")
    case = opened(fenna)["id"]
    made = fenna.post("/conduct-complaints", {"words": "Er werd tegen mij geschreeuwd.", "resident": "Dhr. V."})
    assert made.status_code == 201 and made.json["words"].startswith("Er werd"), made.json
    is_problem(program(town, "bea").get(f"/conduct-complaints/{made.json['id']}"), 404)
    given = {"kind": "access", "words": "Wat weet u van mij?", "receivedOn": day(), "caseId": case}
    written = fenna.post("/data-requests", given)
    assert written.status_code == 201, written.json
    path = f"/data-requests/{written.json['id']}"
    assert written.json["dueAt"] is None
    is_problem(fenna.get(f"{path}/cases"), 404)
    assert fenna.get(f"{path}/story").json["items"] == [], "who wrote it down sees where it stands, not its story"
    assert all(each["open"] for each in written.json["options"])
    whole_one = pia.get(path).json
    assert [each["caseId"] for each in pia.get(f"{path}/cases").json["items"]] == [case]
    assert whole_one["dueAt"] and pia.get(f"{path}/story").json["items"]
    taken = pia.step(path, "take_up", {"handler": number(town, "pia")})
    assert taken.status_code == 200, taken.json
    assert [each["id"] for each in pia.get("/data-requests", of="all").json["items"]] == [written.json["id"]]
    register = pia.get("/data-requests-register")
    assert register.mimetype == "text/csv" and "Wat weet u" not in register.text
    is_problem(fenna.get("/data-requests-register"), 404)
    is_problem(pia.get(f"{path}/letter"), 404)
    is_problem(program(town, "teun").get(path), 404)


def test_great_deeds_ask_the_person_of_the_token_for_a_recent_proof(town: Town) -> None:
    app = app_of(town)
    ada = Program(app, token_of(town, "ada"))
    new = {"name": "Nieuwe Collega", "email": "nieuw@voorbeeldstad.example", "function": "best_person"}
    refused = ada.post("/staff", new)
    assert "Mijn tokens" in is_problem(refused, 401)["detail"]
    assert 'error="insufficient_user_authentication", max_age="600"' in refused.headers["WWW-Authenticate"]
    for path in ("/imports", "/register-changes", "/systems", "/webhooks", f"/staff/{number(town, 'fenna')}/functions"):
        is_problem(ada.post(path), 401)
    is_problem(ada.get("/imports"), 401)
    for name in ("fenna", "bea", "pia"):
        is_problem(Program(app, token_of(town, name)).post("/staff", new), 404)
    page = client(town, "ada")
    [proving] = re.findall(r"/mijn-toegang/tokens/\d+/bewijzen", page.get("/mijn-toegang/tokens").text)
    assert page.post(proving).status_code == 302
    assert "Grote daden tot" in page.get("/mijn-toegang/tokens").text
    team = town.work("fenna").actor.team_ids
    added = ada.post("/staff", {**new, "team": min(team)})
    assert added.status_code == 200, added.json
    is_problem(ada.post("/staff", {**new, "team": min(team)}), 422)
    assert "Set-Cookie" not in added.headers
    other = Program(app, token_of(town, "ada"))
    is_problem(other.post("/staff", new), 401)
    with clock.standing_at(clock.now() + Limits().proof + timedelta(seconds=1)):
        is_problem(ada.post("/staff", new), 401)


def test_nobody_proves_a_token_of_another_and_no_system_proves_anything(town: Town) -> None:
    add_client(town.clockwork(), "Rooster", "ada@voorbeeldstad.example", ["read", "write", "manage"])
    work = town.clockwork()
    [system] = queries.clients(work.session)
    secret = token_for_client(work, system, ["manage", "write"])
    mine = town.work("ada")
    assert not any(prove_token(mine, each) for each in range(1, 9))
    town.close()
    is_problem(Program(app_of(town), secret).post("/staff", {}), 401)
    program(town, "fenna")
    fenna = town.work("fenna")
    [token] = queries.tokens_of(fenna.session, fenna.actor.person_id)
    assert not prove_token(town.work("teun"), token.id)
    page = client(town, "teun")
    assert page.post(f"/mijn-toegang/tokens/{token.id}/bewijzen").status_code == 404


def test_the_administrator_keeps_people_and_their_access(town: Town) -> None:
    ada = proved(town, "ada")
    assert {"Fenna"} <= {each["name"].split()[0] for each in ada.get("/staff", name="Fenna").json["items"]}
    path, team = f"/staff/{number(town, 'fenna')}", min(town.work("fenna").actor.team_ids)
    deed = ada.post(f"{path}/functions", {"function": "team_lead", "team": team, "validUntil": day(9)})
    assert deed.status_code == 204, deed.json
    held = ada.get(path).json["held"]
    [added] = [each["id"] for each in held if each["function"] == "team_lead"]
    assert ada.post(f"{path}/functions/end", {"held": added, "lastDay": day()}).status_code == 204
    assert ada.post(f"{path}/employment", {"civilServant": False, "employer": "Zorgorganisatie"}).status_code == 204
    assert ada.post(f"{path}/consents", {"function": "best_person", "consentedOn": day()}).status_code == 204
    assert ada.post(f"{path}/absences", {"firstDay": day(1), "lastDay": day(3)}).status_code == 204
    told = ada.get(path).json
    assert not told["civilServant"] and told["employer"] == "Zorgorganisatie" and len(told["absences"]) == 1
    wrong = is_problem(ada.post(f"{path}/functions", {"function": "team_lead", "team": 999}), 422)
    assert [each["field"] for each in wrong["errors"]] == ["team"]
    wrong = is_problem(ada.post(f"{path}/absences", {"firstDay": "morgen"}), 422)
    assert [each["field"] for each in wrong["errors"]] == ["firstDay"]
    link = ada.post(f"{path}/invitation")
    assert link.status_code == 200 and "/wachtwoord/" in link.json["link"] and "Set-Cookie" not in link.headers
    assert ada.post(f"{path}/access/sign-out").json == {"link": None}
    opened(program(town, "fenna"))
    is_problem(ada.post(f"{path}/access/close"), 422)
    for stranger in (program(town, "teun"), program(town, "fenna")):
        is_problem(stranger.get(path), 404)
        is_problem(stranger.get("/staff"), 404)
        is_problem(stranger.post(f"{path}/functions", {}), 404)
    is_problem(ada.get("/staff/999999"), 404)
    is_problem(ada.get("/staff/fenna"), 404)
    is_problem(program(town, "ada", "read", "write").get("/staff"), 403)


def test_i_say_when_i_am_away_and_hand_over_all_of_my_work_or_nothing(town: Town) -> None:
    fenna = program(town, "fenna")
    case = opened(fenna)
    assert fenna.post("/my-absence/absences", {"firstDay": day(1)}).status_code == 204
    mine = fenna.get("/my-absence").json
    assert [each["firstDay"] for each in mine["absences"]] == [day(1)]
    done = fenna.post("/my-absence/absences/end", {"absence": mine["absences"][0]["id"], "lastDay": day(2)})
    assert done.status_code == 204
    is_problem(fenna.post("/my-absence/absences/end", {"absence": 999}), 422)
    path = f"/handover/{number(town, 'fenna')}"
    hand = fenna.get(path).json
    assert [each["id"] for each in hand["items"] if each["kind"] == "case"] == [case["id"]] and hand["receivers"]
    to = hand["receivers"][0]
    pieces = [{"kind": "case", "id": case["id"], "version": case["version"], "to": to, "sentence": "Bel eerst."}]
    lead = program(town, "teun")
    looked = lead.post(f"{path}/look", {"assignments": pieces})
    assert looked.status_code == 200 and looked.json["done"] and lead.get(path).json["items"], looked.json
    stale = is_problem(lead.post(path, {"assignments": [{**pieces[0], "version": 9}]}), 409)
    assert stale["errors"][0]["field"] == f"case-{case['id']}"
    handed = lead.post(path, {"assignments": pieces})
    assert handed.status_code == 200 and handed.json["done"] == [{"kind": "case", "id": case["id"], "to": to}]
    is_problem(lead.post(path, {"assignments": pieces}), 404)
    is_problem(program(town, "bea").get(path), 404)
    is_problem(fenna.post(path, {"assignments": [{"kind": "case"}]}), 422)


def test_a_change_of_the_register_is_proposed_and_approved_by_another(town: Town) -> None:
    ada = proved(town, "ada")
    row = ada.get("/register-rows/M-01").json["items"][0]
    assert row["standing"] == "in_force" and row["inWords"]
    is_problem(ada.get("/register-rows/M-99"), 404)
    given = {"what": "replace", "number": "M-01", "why": "Ruimer", "perDecision": "750.00", "row": row["id"]}
    made = ada.post("/register-changes", given)
    assert made.status_code == 201, made.json
    path = f"/register-changes/{made.json['id']}"
    [proposed] = ada.get(f"{path}/rows").json["items"]
    assert proposed["entry"]["perDecision"] == "750.00" and proposed["entry"]["power"] == row["entry"]["power"]
    wrong = is_problem(ada.post("/register-changes", {**given, "longestDuration": "lang", "row": None}), 422)
    assert [each["field"] for each in wrong["errors"]] == ["longestDuration"]
    options = {each["name"]: each for each in program(town, "bea").get(path).json["options"]}
    assert options["approve"]["open"], options
    seen = ada.get(path).headers["ETag"]
    is_problem(program(town, "bea").post(f"{path}/steps/approve", {}, if_match=seen), 401)
    decided = proved(town, "bea").step(path, "approve")
    assert decided.status_code == 200 and decided.json["state"] == "in_force", decided.json
    assert ada.get("/register-rows/M-01").json["items"][0]["entry"]["perDecision"] == "750.00"


def test_a_file_with_rows_is_looked_at_comes_in_and_is_undone(town: Town) -> None:
    ada = proved(town, "ada")
    assert ada.get("/imports/template").data[:2] == b"PK" and ada.get("/imports").json == {"items": []}
    broken = whole()
    broken["residents"][0]["bsn"] = "123456789"
    wrong = is_problem(sent(ada, "/imports", book(broken), name="invoer.xlsx", what="workbook"), 422)
    assert "rij 2" in wrong["errors"][0]["detail"] and "123456789" not in str(wrong)
    is_problem(sent(ada, "/imports", b"niets", name="invoer.xlsx", what="workbook"), 422)
    is_problem(sent(ada, "/imports", b"niets", name="invoer.xlsx", what="toverij"), 422)
    made = sent(ada, "/imports", book(whole()), name="invoer.xlsx", what="workbook")
    assert made.status_code == 200 and made.json["file"]["state"] == "checked", made.json
    path = f"/imports/{made.json['file']['id']}"
    come = ada.post(f"{path}/come-in")
    assert come.status_code == 200 and come.json["file"]["state"] == "done" and come.json["became"]
    is_problem(ada.post(f"{path}/undo"), 422)
    assert ada.post(f"{path}/undo", {"why": "Proef"}).json["file"]["state"] == "undone"
    for stranger in (program(town, "fenna"), program(town, "pia")):
        for reading in ("/imports", path, "/imports/template"):
            is_problem(stranger.get(reading), 404)
    is_problem(ada.get("/imports/zzzzzzzzzzzz"), 404)


def test_a_list_is_drawn_up_signed_by_another_and_carried_out(town: Town) -> None:
    case = full_case(town)
    assert case is not None
    with clock.standing_at(DUE):
        ada, pia = proved(town, "ada"), proved(town, "pia")
        assert ada.get("/destruction").json["overTheirTerm"] >= 1
        made = ada.post("/destruction-lists")
        assert made.status_code == 201, made.json
        path = f"/destruction-lists/{made.json['id']}"
        assert {each["state"] for each in ada.get(f"{path}/items").json["items"]} == {"listed"}
        assert [each["id"] for each in pia.get("/destruction-lists", of="all").json["items"]] == [made.json["id"]]
        is_problem(program(town, "pia").post(f"{path}/steps/sign", {}, if_match='"1"'), 401)
        is_problem(ada.post(f"{path}/carry-out", {"sure": True}), 409)
        signed = pia.step(path, "sign")
        assert signed.status_code == 200, signed.json
        is_problem(ada.post(f"{path}/carry-out", {"sure": False}), 422)
        is_problem(program(town, "ada").post(f"{path}/carry-out", {"sure": True}), 401)
        left = 1
        while left:
            done = ada.post(f"{path}/carry-out", {"sure": True})
            assert done.status_code == 200, done.json
            left = done.json["left"]
        assert pia.get(path).json["destroyed"] >= 1 and pia.get(f"{path}/story").json["items"]
        for stranger in (program(town, "fenna"), program(town, "bea")):
            for reading in (path, f"{path}/items", f"{path}/story", "/destruction"):
                is_problem(stranger.get(reading), 404)
            assert stranger.get("/destruction-lists", of="all").json["items"] == []


def test_what_i_was_told_my_mail_my_team_my_tokens_and_my_offer(town: Town) -> None:
    fenna, teun = program(town, "fenna"), program(town, "teun")
    asked(town, case_of(town))
    assert teun.get("/notices").json["items"]
    assert teun.post("/notices/read").status_code == 204 and teun.get("/notices").json["items"] == []
    assert fenna.post("/mail-choice", {"choice": "none"}).json == {"choice": "none"} == fenna.get("/mail-choice").json
    is_problem(fenna.post("/mail-choice", {"choice": "duif"}), 422)
    loads = fenna.get("/team-loads").json["items"]
    mine = [each for team in loads for each in team["loads"] if each["personId"] == number(town, "fenna")]
    assert [each["cases"] for each in mine] == [1]
    is_problem(program(town, "bea").get("/team-loads"), 404)
    [token] = fenna.get("/my-tokens").json["items"]
    assert "wt_" not in str(token)
    is_problem(teun.post(f"/my-tokens/{token['id']}/revoke"), 404)
    domain = sorted(town.house.lists["life_domains"].items)[0]
    offer = {"words": "Ik help met brieven.", "lifeDomains": [domain], "languages": "Pools", "reach": "bel"}
    assert fenna.post("/my-offer", offer).json == offer == fenna.get("/my-offer").json
    is_problem(fenna.post("/my-offer", {"lifeDomains": ["toverij"]}), 422)
    assert fenna.post(f"/my-tokens/{token['id']}/revoke").status_code == 204
    is_problem(fenna.get("/me"), 401)


def test_what_the_administrator_keeps_is_there_for_nobody_else(town: Town) -> None:
    ada = proved(town, "ada")
    assert ada.get("/standing").json["events"] >= 0 and ada.get("/case-system").json["refused"] == []
    assert ada.get("/messages").json["dead"] == []
    is_problem(ada.post("/messages/999/try-again"), 409)
    assert ada.post("/messages/try-again").status_code == 204 == ada.post("/case-system/try-again").status_code
    assert ada.post("/staff", NEW).status_code == 200
    person = max(ada.get("/systems").json["systemPeople"])
    made = ada.post("/systems", {"name": "Rooster", "person": person, "scopes": ["read"]})
    assert made.status_code == 200 and made.json["clientSecret"], made.json
    is_problem(ada.post("/systems", {"name": "Rooster", "person": number(town, "fenna"), "scopes": ["read"]}), 422)
    assert "clientSecret" not in str(ada.get("/systems").json)
    ended = f"/systems/{made.json['clientId']}/end"
    assert ada.post(ended).status_code == 204 and is_problem(ada.post(ended), 404)
    hook = {"name": "Zaken", "url": "https://zaken.voorbeeld.example/haak", "kinds": ["escalation"]}
    told = ada.post("/webhooks", hook)
    assert told.status_code == 200 and told.json["secret"], told.json
    [kept] = ada.get("/webhooks").json["items"]
    assert kept["kinds"] == ["escalation"] and told.json["secret"] not in str(kept)
    assert ada.post(f"/webhooks/{kept['id']}/try-again").status_code == 204
    assert ada.post(f"/webhooks/{kept['id']}/end").status_code == 204
    is_problem(ada.post("/webhooks", {**hook, "url": "nergens"}), 422)
    for stranger in (program(town, "fenna"), program(town, "pia")):
        for path in ("/standing", "/case-system", "/messages", "/systems", "/webhooks"):
            is_problem(stranger.get(path), 404)
        is_problem(stranger.post("/webhooks", hook), 404)


NEW = {"name": "Roostersysteem", "email": "rooster@voorbeeldstad.example", "function": "best_person"}


def test_requests_that_are_alike_are_answered_together_each_for_itself(town: Town) -> None:
    fenna, teun = program(town, "fenna"), program(town, "teun")
    made: list[dict[str, Any]] = []
    for _ in range(2):
        case = opened(fenna)["id"]
        power = fenna.get("/register-rows").json["items"][0]["power"]
        asking = {"power": power, "reason": "Een koelkast", "amount": "900.00"}
        answer = fenna.post(f"/cases/{case}/mandate-requests", asking)
        assert answer.status_code == 201, answer.json
        made.append(answer.json)
    is_problem(teun.post("/mandate-requests/together", {"transition": "approve", "requests": []}), 422)
    given = {"transition": "approve", "requests": [{"id": each["id"], "version": 99} for each in made]}
    told = teun.post("/mandate-requests/together", given)
    assert told.status_code == 200, told.json
    assert [each["done"] for each in told.json["items"]] == [False, False] and told.json["items"][0]["reason"]
    given = {"transition": "approve", "requests": [{"id": "z" * 12}]}
    is_problem(teun.post("/mandate-requests/together", given), 404)
