"""Whether it lives, can serve and keeps up is told to who may know; logs tell what happened and never of whom."""

import gzip
import json
import re
import threading
from collections.abc import Iterator
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import StringIO
from pathlib import Path
from unittest.mock import ANY

import pytest
import structlog
from flask.testing import FlaskClient
from sqlalchemy import text, update

from tests.conftest import Town
from tests.signed_in import sign_in_quietly
from wijkteam.assembly import house_on
from wijkteam.cases.service import NewCase, open_case
from wijkteam.commands.quiet_logs import begin_logging
from wijkteam.deadlines.model import Deadline
from wijkteam.deadlines.worker import do_due_work
from wijkteam.serving import safety_of
from wijkteam.storage.database import connect
from wijkteam.storage.settings import Settings, WrongSettings
from wijkteam.terms import clock
from wijkteam.web.app import create_app
from wijkteam.web.safety import Safety

TOKEN = "a-token-of-the-test-town"
WITH_TOKEN = {"Authorization": f"Bearer {TOKEN}"}


def browser(town: Town, name: str | None = None, **safety: object) -> FlaskClient:
    app = create_app(town.house, "a key for tests", "Voorbeeldstad", safety=Safety(**safety))  # type: ignore[arg-type]
    app.config["WTF_CSRF_ENABLED"] = False
    found = app.test_client()
    if name:
        sign_in_quietly(found, town, name)
    return found


@pytest.fixture
def logged() -> Iterator[StringIO]:
    """Logs as machines read them, caught."""
    before, lines = structlog.get_config(), StringIO()
    begin_logging(as_json=True, to=lines)
    yield lines
    structlog.configure(**before)


def late_case(town: Town) -> str:
    case = open_case(town.work("fenna"), NewCase("Familie Zwaluw, Zwaluwpad 3", "huur", "bel", clock.today()))
    work = town.clockwork()
    with work.transaction() as session:
        late = update(Deadline).where(Deadline.subject_id == case.id, Deadline.ended_at.is_(None))
        session.execute(late.values(due_at=clock.now() - timedelta(hours=1)))
    return case.id


def test_it_lives_and_can_serve_and_says_that_the_worker_is_behind(town: Town) -> None:
    page = browser(town)
    assert page.get("/healthz").data == b"ok\n"
    assert page.get("/readyz").json == {"database": "ok", "schema": "ok", "worker": "ok"}
    late_case(town)
    behind = page.get("/readyz")
    assert behind.status_code == 200 and behind.json["worker"] == "behind", "the pages can be served all the same"
    do_due_work(town.clockwork())
    assert page.get("/readyz").json["worker"] == "ok"


def test_a_schema_that_is_behind_cannot_serve_and_one_of_a_newer_release_can(town: Town) -> None:
    for stands, status in (("0026", 503), ("9999", 200)):
        with town.house.database.begin() as connection:
            connection.execute(text("UPDATE alembic_version SET version_num = :it"), {"it": stands})
        assert browser(town).get("/readyz").status_code == status


def test_without_a_database_it_lives_and_cannot_serve(town: Town) -> None:
    away = connect("postgresql://127.0.0.1:1/nothing?connect_timeout=2")
    app = create_app(house_on(town.house, away), "a key for tests", "Voorbeeldstad", safety=Safety(metrics_token=TOKEN))
    page = app.test_client()
    assert page.get("/healthz").status_code == 200
    ready = page.get("/readyz")
    assert ready.status_code == 503 and ready.json == {"database": "away", "schema": "unknown"}
    assert b"wijkteam_database_up 0.0" in page.get("/metrics", headers=WITH_TOKEN).data


def test_only_who_has_the_token_reads_the_figures(town: Town) -> None:
    assert browser(town).get("/metrics", headers=WITH_TOKEN).status_code == 404, "no token was set"
    page = browser(town, metrics_token=TOKEN)
    assert page.get("/metrics").status_code == 404
    assert page.get("/metrics", headers={"Authorization": "Bearer ander"}).status_code == 404
    number = late_case(town)
    page.get(f"/casus/{number}")
    told = page.get("/metrics", headers=WITH_TOKEN).get_data(as_text=True)
    assert "wijkteam_due_work 1.0" in told and "wijkteam_database_up 1.0" in told
    assert float(re.search(r"^wijkteam_steps_taken (.*)$", told, re.M)[1]) >= 1  # type: ignore[index]
    assert float(re.search(r"^wijkteam_due_work_oldest_seconds (.*)$", told, re.M)[1]) > 3000  # type: ignore[index]
    assert 'wijkteam_mail{state="waiting"} 0.0' in told and 'wijkteam_running_terms{kind="household_case"}' in told
    assert 'wijkteam_http_request_seconds_count{page="cases.page"} 1.0' in told
    assert number not in told


def test_a_process_that_only_just_begins_keeps_nobody_from_reading_the_figures(
    town: Town, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "counter_1.db").touch()  # it made its file and wrote nothing in it yet
    monkeypatch.setenv("PROMETHEUS_MULTIPROC_DIR", str(tmp_path))
    told = browser(town, metrics_token=TOKEN).get("/metrics", headers=WITH_TOKEN)
    assert told.status_code == 200 and b"wijkteam_database_up 1.0" in told.data


def test_a_token_that_is_too_short_is_refused(tmp_path: Path) -> None:
    (tmp_path / "token").write_text("kort")
    with pytest.raises(WrongSettings, match="WIJKTEAM_METRICS_TOKEN_FILE"):
        safety_of(Settings("sqlite://", tmp_path / "key", metrics_token_file=tmp_path / "token"))


def test_the_administrator_sees_how_it_stands_and_for_others_there_is_no_such_page(town: Town) -> None:
    assert browser(town, "fenna").get("/beheer/stand").status_code == 404
    page = browser(town, "ada")
    assert "Alles draait." in page.get("/beheer/stand").get_data(as_text=True)
    number = late_case(town)
    told = page.get("/beheer/stand").get_data(as_text=True)
    assert "loopt achter" in told and number not in told and "Zwaluw" not in told
    page.set_cookie("taal", "en")
    assert "Is a worker running?" in page.get("/beheer/stand").get_data(as_text=True)


def test_each_request_has_a_number_and_only_a_proxy_of_our_own_gives_it(town: Town, logged: StringIO) -> None:
    theirs = {"X-Request-ID": "from-the-proxy-1", "traceparent": f"00-{'a' * 32}-{'b' * 16}-01"}
    own = browser(town, log_requests=True).get("/inloggen", headers=theirs).headers["X-Request-ID"]
    assert own != "from-the-proxy-1"
    behind = browser(town, log_requests=True, proxies=1)
    assert behind.get("/inloggen", headers=theirs).headers["X-Request-ID"] == "from-the-proxy-1"
    evil = behind.get("/inloggen", headers={"X-Request-ID": 'a"} forged\x1b[0m'}).headers["X-Request-ID"]
    assert re.fullmatch(r"[0-9a-f]{16}", evil)
    lines = [json.loads(line) for line in logged.getvalue().splitlines()]
    assert [line["request_id"] for line in lines] == [own, "from-the-proxy-1", evil]
    assert lines[1] == {
        "event": "request",
        "level": "info",
        "page": "sign_in.page",
        "method": "GET",
        "status": 200,
        "milliseconds": ANY,
        "request_id": "from-the-proxy-1",
        "trace_id": "a" * 32,
        "timestamp": ANY,
    }


def test_no_log_line_tells_of_whom_it_is(town: Town, logged: StringIO) -> None:
    number = late_case(town)
    page = browser(town, "fenna", log_requests=True)
    page.get(f"/casus/{number}?q=Zwaluw")
    page.get("/zoeken?q=Zwaluwpad")
    page.get("/nergens/Zwaluwpad/123456782")
    page.post("/inloggen", data={"email": "zwaluw@elders.example", "password": "Zwaluw-geheim"})
    page.post("/signaal", data={"kind": "suggestion", "text": "Zwaluw in het park", "name": "J. Zwaluw"})
    do_due_work(town.clockwork())
    lines = logged.getvalue()
    assert lines.count('"event": "request"') == 5
    for secret in ("Zwaluw", "zwaluw", "123456782", number):
        assert secret not in lines


@pytest.fixture
def collector() -> Iterator[tuple[str, list[bytes]]]:
    """What takes in traces: its address, and what it was sent."""
    sent: list[bytes] = []

    class Collector(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            sent.append(gzip.decompress(body) if self.headers.get("Content-Encoding") == "gzip" else body)
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_said: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Collector)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}", sent
    server.shutdown()
    server.server_close()


def test_a_trace_names_the_route_of_a_page_and_not_what_it_is_about(
    town: Town, collector: tuple[str, list[bytes]]
) -> None:
    number = late_case(town)
    page = browser(town, "fenna", traces_to=collector[0])
    trace = "c" * 32
    page.get(f"/casus/{number}?q=Zwaluw", headers={"traceparent": f"00-{trace}-{'d' * 16}-01"})
    page.application.extensions["traces"].force_flush()
    told = b"".join(collector[1])
    assert b"cases.page" in told and bytes.fromhex(trace) in told
    assert number.encode() not in told and b"Zwaluw" not in told
