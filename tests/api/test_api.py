"""The API: the rules of the pages, for programs."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import select

from tests.api.programs import Program, app_of, program, token_of
from tests.conftest import Town
from tests.escalation.town import number
from wijkteam.access.model import Reading
from wijkteam.api_access import queries
from wijkteam.api_access.model import AccessToken
from wijkteam.api_access.service import WrongToken, make_token, revoke_token
from wijkteam.people.model import Person
from wijkteam.terms import clock
from wijkteam.web.api import bearing

CASE = {"whoOrWhere": "Dhr. Voorbeeld", "whatIsGoingOn": "Dreigt zijn huis te verliezen.", "nextStep": "Bellen"}


def opened(who: Program) -> dict[str, Any]:
    """A new case of this program's person."""
    made = who.post("/cases", {**CASE, "nextStepOn": clock.today().isoformat()})
    assert made.status_code == 201, made.json
    assert made.headers["Location"] == f"/api/v1/cases/{made.json['id']}"
    found: dict[str, Any] = made.json
    return found


def is_problem(answer: Any, status: int) -> dict[str, Any]:
    assert answer.status_code == status, answer.get_data(as_text=True)
    assert answer.mimetype == "application/problem+json"
    assert answer.json["status"] == status and answer.json["detail"]
    found: dict[str, Any] = answer.json
    return found


def test_a_program_does_what_its_person_can_and_reading_is_logged_with_the_token(town: Town) -> None:
    fenna = program(town, "fenna")
    case = opened(fenna)
    path = f"/cases/{case['id']}"
    told = fenna.get(path)
    assert told.json["household"] == "Dhr. Voorbeeld" and told.headers["API-Version"] == bearing.VERSION
    readings = town.clockwork().session.scalars(select(Reading).where(Reading.case_id == case["id"])).all()
    assert {each.how for each in readings} == {"api"}
    assert all("Programma van fenna" in (each.account or "") for each in readings)
    noted = {each["name"]: each for each in told.json["options"]}
    assert noted["change_next_step"]["open"]
    fields = {each["name"] for each in noted["change_next_step"]["fields"] if each["required"]}
    given = {"nextStep": "Langsgaan", "nextStepOn": clock.today().isoformat(), "nextStepBy": number(town, "fenna")}
    changed = fenna.step(path, "change_next_step", {name: given[name] for name in fields})
    assert changed.status_code == 200, changed.json
    assert changed.json["nextStep"] == "Langsgaan" and changed.headers["ETag"] != told.headers["ETag"]
    assert [each["name"] for each in fenna.get(f"{path}/story").json["items"]] == ["open", "change_next_step"]
    assert [each["id"] for each in fenna.get("/cases").json["items"]] == [case["id"]]
    assert any(each["title"] == "Dhr. Voorbeeld" for each in fenna.get("/my-work").json["items"])
    assert fenna.get("/me").json["functions"] == ["best_person"]


def test_what_may_not_be_read_is_not_there(town: Town) -> None:
    case = opened(program(town, "fenna"))
    stranger = program(town, "ada")
    none = is_problem(stranger.get("/cases/zzzzzzzzzzzz"), 404)
    for path in ("", "/story", "/decisions"):
        assert is_problem(stranger.get(f"/cases/{case['id']}{path}"), 404) == none
    assert is_problem(stranger.get("/tracks", caseId=case["id"]), 404) == none
    assert is_problem(stranger.post(f"/cases/{case['id']}/steps/close"), 404) == none
    assert is_problem(stranger.post(f"/cases/{case['id']}/escalations", {}), 404) == none
    assert stranger.get("/cases", of="team").json["items"] == []


def test_a_step_says_on_which_version_and_a_stale_one_is_told_what_happened(town: Town) -> None:
    fenna = program(town, "fenna", language="en")
    path = f"/cases/{opened(fenna)['id']}"
    seen = fenna.get(path).headers["ETag"]
    is_problem(fenna.post(f"{path}/steps/change_next_step"), 428)
    for tag in (", ", '""', 'W/"1"', '"one", "two"', "*"):
        assert fenna.post(f"{path}/steps/change_next_step", if_match=tag).status_code in (412, 428), tag
    day = clock.today().isoformat()
    given = {"nextStep": "Langsgaan", "nextStepOn": day, "nextStepBy": number(town, "fenna")}
    assert fenna.post(f"{path}/steps/change_next_step", given, if_match=seen).status_code == 200
    stale = fenna.post(f"{path}/steps/change_next_step", given, if_match=seen)
    told = is_problem(stale, 412)
    assert [each["name"] for each in told["meanwhile"]] == ["change_next_step"]
    assert stale.headers["ETag"] == f'"{told["version"]}"' and "meanwhile" in told["detail"].lower()
    wrong = is_problem(fenna.step(path, "change_next_step", {"nextStep": 5, "nextStepOn": "x", "elsewhere": "y"}), 422)
    assert {"nextStep", "elsewhere"} <= {each["field"] for each in wrong["errors"]}
    is_problem(fenna.step(path, "no_such_step"), 404)
    is_problem(fenna.post(f"{path}/steps/change_next_step", ["no object"], if_match='"2"'), 400)


def test_what_is_sent_again_under_the_same_number_is_done_once(town: Town) -> None:
    fenna, key = program(town, "fenna"), str(uuid4())
    given = {**CASE, "nextStepOn": clock.today().isoformat()}
    first, again = (fenna.post("/cases", given, idempotency_key=key) for _ in range(2))
    assert first.json["id"] == again.json["id"] and again.headers["Idempotency-Replayed"] == "true"
    is_problem(fenna.post("/cases", {**given, "nextStep": "Iets anders"}, idempotency_key=key), 422)
    is_problem(fenna.post("/cases", given, idempotency_key="no uuid"), 400)
    path, key = f"/cases/{first.json['id']}", str(uuid4())
    sent = {"question": "Wie kan de huur regelen?", "barrier": "money", "kind": "question"}
    sent["barrier"] = sorted(town.house.lists["barriers"].items)[0]
    made = [fenna.post(f"{path}/escalations", sent, idempotency_key=key) for _ in range(2)]
    assert [each.status_code for each in made] == [201, 201], made[0].json
    assert len(fenna.get("/escalations").json["items"]) == 1


def test_no_cookie_counts_and_a_token_that_is_no_more_opens_nothing(town: Town) -> None:
    app = app_of(town)
    assert is_problem(Program(app, None).get("/me"), 401) and is_problem(Program(app, "wt_x").get("/me"), 401)
    secret = token_of(town, "teun")
    teun = Program(app, secret)
    assert teun.get("/me").status_code == 200
    assert "Set-Cookie" not in teun.get("/me").headers
    work = town.work("teun")
    [token] = queries.tokens_of(work.session, work.actor.person_id)
    assert secret not in repr(vars(token)) and token.used_at is not None
    assert not revoke_token(town.work("fenna"), token.id) and revoke_token(work, token.id)
    is_problem(teun.get("/me"), 401)
    other = Program(app, token_of(town, "teun"))
    with town.clockwork().transaction() as session:
        session.get_one(Person, work.actor.person_id).active = False
    is_problem(other.get("/me"), 401)
    late = Program(app, token_of(town, "fenna"))
    with clock.standing_at(clock.now() + timedelta(days=40)):
        is_problem(late.get("/me"), 401)


def test_a_token_does_no_more_than_its_scopes_and_not_faster_than_its_limit(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    reader = program(town, "fenna", "read")
    is_problem(reader.post("/cases", {}), 403)
    is_problem(reader.get("/reports/escalations"), 403)
    is_problem(program(town, "fenna").get("/reports/escalations"), 404)
    assert program(town, "bea", "report").get("/reports/escalations").json["tables"]
    for wrong in (("", ["read"], 5), ("naam", [], 5), ("naam", ["read"], 0), ("naam", ["read"], 500)):
        with pytest.raises(WrongToken):
            make_token(town.work("fenna"), wrong[0], wrong[1], clock.today() + timedelta(days=wrong[2]))
    with clock.standing_at(clock.now()):
        monkeypatch.setattr(bearing, "USES_IN_A_MINUTE", 3)
        fast = program(town, "fenna", "read")
        answers = [fast.get("/me") for _ in range(4)]
        assert [each.status_code for each in answers] == [200, 200, 200, 429]
        assert 0 < int(answers[-1].headers["Retry-After"]) <= 60


def test_lists_come_in_pages(town: Town) -> None:
    fenna = program(town, "fenna")
    made = {opened(fenna)["id"] for _ in range(5)}
    seen: list[str] = []
    cursor: dict[str, str] = {}
    while True:
        page = fenna.get("/cases", limit=2, **cursor).json
        seen += [each["id"] for each in page["items"]]
        if page["nextCursor"] is None:
            break
        cursor = {"cursor": page["nextCursor"]}
    assert sorted(seen) == sorted(made)
    for wrong in ({"limit": "0"}, {"limit": "x"}, {"cursor": "x"}, {"of": "everybody"}):
        is_problem(fenna.get("/cases", **wrong), 400)


def test_a_guest_finds_nothing(town: Town) -> None:
    assert town.clockwork().session.scalars(select(AccessToken)).all() == []
    is_problem(program(town, "gijs").get("/me"), 404)
