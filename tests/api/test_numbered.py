"""What a program sends again under the same number is done once: files, links and secrets too, also at one moment."""

import base64
import threading
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from tests.api.programs import Program, app_of, program, token_of
from tests.api.test_api import is_problem, opened
from tests.api.test_office import NEW, WORKBOOK, proved
from tests.conftest import Town
from tests.escalation.town import asked, case_of, number
from tests.importing.files import book, whole
from wijkteam.access.model import Reading
from wijkteam.api_access.model import ApiClient
from wijkteam.importing.model import DataImport
from wijkteam.signing_in.model import PasswordLink
from wijkteam.terms import clock
from wijkteam.tracks.model import Track
from wijkteam.web import report_exports, whole_file
from wijkteam.webhooks.model import WebhookSubscription

HOOK = {"name": "Zaken", "url": "https://zaken.voorbeeld.example/haak", "kinds": ["escalation"]}
NUMBER = "6f1f9a52-0c5e-4bfc-9a7e-3a8b3f0f2d11"
REPLAYED = "Idempotency-Replayed"


def at_once(*tasks: Callable[[], TestResponse]) -> list[TestResponse]:
    """The answers to these, all asked at the same moment."""
    start, found = threading.Barrier(len(tasks)), list[TestResponse]()

    def go(task: Callable[[], TestResponse]) -> None:
        start.wait()
        found.append(task())

    threads = [threading.Thread(target=go, args=(each,)) for each in tasks]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    return found


def count(town: Town, model: type[Any], *where: Any) -> int:
    return town.clockwork().session.scalar(select(func.count()).select_from(model).where(*where)) or 0


def meanwhile(town: Town, patch: pytest.MonkeyPatch, where: Any, name: str) -> list[str]:
    """While this is done somebody opens a case; where that has to wait it fails. Gives the cases."""
    done, real = list[str](), getattr(where, name)

    def make(*given: Any) -> Any:
        done.append(case_of(town).id)
        return real(*given)

    patch.setattr(where, name, make)
    return done


def sends(who: Program, key: str, content: bytes, name: str = "invoer.xlsx") -> TestResponse:
    """A file with rows, under a number, by a client of its own."""
    headers = {**who.headers, "Content-Type": WORKBOOK, "Idempotency-Key": key}
    asked = {"name": name, "what": "workbook"}
    client = who.client.application.test_client()
    return client.post("/api/v1/imports", headers=headers, query_string=asked, data=content)


def test_a_file_with_rows_sent_again_is_the_one_that_waits_already(town: Town) -> None:
    ada, key, content = proved(town, "ada"), str(uuid4()), book(whole())
    both = at_once(*[lambda: sends(ada, key, content)] * 2)
    assert [each.status_code for each in both] == [200, 200], [each.json for each in both]
    assert both[0].json == both[1].json and sum(REPLAYED in each.headers for each in both) == 1
    assert count(town, DataImport) == 1
    path = f"/imports/{both[0].json['file']['id']}"
    assert ada.post(f"{path}/come-in").json["file"]["state"] == "done"
    late = sends(ada, key, content)
    assert late.status_code == 200 and late.json["file"]["state"] == "done", "as it stands now, and not refused"
    is_problem(sends(ada, key, content, "anders.xlsx"), 422)
    is_problem(sends(ada, key, book({**whole(), "residents": []})), 422)
    broken, another = whole(4), book(whole(4))
    broken["residents"][0]["bsn"] = "123456789"
    other = str(uuid4())
    is_problem(sends(ada, other, book(broken)), 422)
    is_problem(sends(ada, other, content), 422)
    assert sends(ada, other, another).status_code == 200, "what was refused left its number free"
    assert count(town, DataImport) == 2


def test_documents_and_attachments_sent_twice_at_one_moment_are_kept_once(town: Town) -> None:
    escalation = asked(town, case_of(town))
    app, secret = app_of(town), token_of(town, "fenna")
    sent = {"name": "huur.txt", "mediaType": "text/plain", "content": base64.b64encode(b"De huur.").decode()}
    for path, more in (
        (f"/cases/{escalation.case_id}/documents", {"why": "Bewijs."}),
        (f"/escalations/{escalation.id}/attachments", {}),
    ):
        key = str(uuid4())
        both = at_once(
            *[lambda: Program(app, secret).post(path, {**sent, **more}, idempotency_key=key)] * 2  # noqa: B023
        )
        assert [each.status_code for each in both] == [201, 201], [each.json for each in both]
        assert both[0].json == both[1].json and sum(REPLAYED in each.headers for each in both) == 1
    assert len(both[0].json["items"]) == 1


def test_a_link_or_a_secret_is_told_once_and_who_asks_again_hears_how_to_get_another(town: Town) -> None:
    ada = proved(town, "ada")
    added, again = (ada.post("/staff", NEW, idempotency_key=NUMBER) for _ in range(2))
    assert added.json == again.json and again.headers[REPLAYED] == "true", "the first answer"
    system = {"name": "Rooster", "person": added.json["id"], "scopes": ["read"]}
    path = f"/staff/{number(town, 'fenna')}"
    for where, body, model, named in (
        (f"{path}/invitation", {}, PasswordLink, "ander nummer"),
        ("/systems", system, ApiClient, "Stop dit systeem"),
        ("/webhooks", HOOK, WebhookSubscription, "Stop deze webhook"),
    ):
        key = str(uuid4())

        def ask(where: str = where, body: Any = body, key: str = key) -> TestResponse:
            client = Program(ada.client.application, None)
            client.headers = ada.headers
            return client.post(where, body, idempotency_key=key)

        both = sorted(at_once(ask, ask), key=lambda each: each.status_code)
        assert both[0].status_code == 200, both[0].json
        assert named in is_problem(both[1], 409)["detail"]
        assert is_problem(ask(), 409) and count(town, model) == 1, where
        assert ada.post(where, body, idempotency_key=str(uuid4())).status_code == 200, "another number, another one"
    key = str(uuid4())
    out = [ada.post(f"{path}/access/sign-out", idempotency_key=key) for _ in range(2)]
    assert [each.json for each in out] == [{"link": None}] * 2 and out[1].headers[REPLAYED] == "true"


def test_a_whole_file_is_made_once_under_a_number_and_logged_once_and_keeps_nobody_waiting(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    case, key = case_of(town).id, str(uuid4())
    fenna, path = proved(town, "fenna"), f"/cases/{case}/whole-file"
    written = meanwhile(town, monkeypatch, whole_file, "as_zip")
    is_problem(fenna.post(path, {"leaveOut": ["alles"]}, idempotency_key=key), 422)
    made = fenna.post(path, {"checked": True}, idempotency_key=key)
    assert made.mimetype == "application/zip", made.json
    assert written, "somebody else went on while the file was made"
    assert "ander nummer" in is_problem(fenna.post(path, {"checked": True}, idempotency_key=key), 409)["detail"]
    assert count(town, Reading, Reading.what == "export", Reading.case_id == case) == 1


def test_an_event_log_is_taken_once_under_a_number_and_keeps_nobody_waiting(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    case_of(town)
    bea, key, asked = proved(town, "bea"), str(uuid4()), {"form": "xes", "sure": True}
    written = meanwhile(town, monkeypatch, report_exports, "write_noted_log")
    is_problem(bea.post("/reports/event-log", {**asked, "sure": False}, idempotency_key=key), 422)
    assert b"<log" in bea.post("/reports/event-log", asked, idempotency_key=key).data[:2000]
    assert written, "somebody else went on while the file was made"
    assert "ander nummer" in is_problem(bea.post("/reports/event-log", asked, idempotency_key=key), 409)["detail"]
    assert count(town, Reading, Reading.what == "gebeurtenissen (export)") == 1


def test_of_two_who_begin_a_track_for_one_goal_at_the_same_moment_one_is_told_that_it_changed(town: Town) -> None:
    app, secret = app_of(town), token_of(town, "fenna")
    fenna = Program(app, secret)
    case = opened(fenna)["id"]
    goal = fenna.post(f"/cases/{case}/goals", {"words": "Hier blijven wonen.", "lifeDomain": "housing"})
    assert goal.status_code == 201, goal.json
    path, seen = f"/goals/{goal.json['id']}", goal.headers["ETag"]
    given = {"nextStep": "Bellen", "nextStepOn": clock.today().isoformat()}

    def begin() -> TestResponse:
        return Program(app, secret).post(f"{path}/steps/begin_track", given, if_match=seen)

    codes = sorted(each.status_code for each in at_once(begin, begin, begin))
    assert codes == [200, 412, 412]
    assert count(town, Track) == 1
    is_problem(begin(), 412)
    assert program(town, "fenna").get(path).json["trackId"]
