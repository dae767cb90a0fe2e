"""What starts while the database is away says so or waits, and goes on by itself when the database is back."""

import os
import signal
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from urllib.error import HTTPError

import pytest
from click.testing import CliRunner
from flask.testing import FlaskClient
from sqlalchemy import select, update

from tests.conftest import Town
from tests.operations.servers import Server, follow
from tests.plumbing.templates import PostgresTemplates
from tests.signed_in import client
from tests.web.conftest import free_port
from wijkteam.assembly import House, house_on
from wijkteam.cases.service import NewCase, open_case
from wijkteam.cli import main
from wijkteam.commands.beginning import house_in_time, house_to_serve
from wijkteam.deadlines.model import Deadline
from wijkteam.keys.ring import KeyRing
from wijkteam.storage.database import DatabaseAway, connect
from wijkteam.storage.settings import Settings
from wijkteam.terms import clock
from wijkteam.web.app import create_app

NOTHING_NOW = "Er kan nu niets gelezen of bewaard worden."
ONLY_READING = "U kunt nu alleen lezen."
LONGEST = 300.0
NOWHERE = "postgresql://wijkteam@127.0.0.1:1/wijkteam"
RUN = "from wijkteam.cli import main\nmain()\n"


@pytest.fixture(scope="module")
def first(quick_folder: Path, postgres_url: str, postgres_templates: PostgresTemplates) -> Iterator[Server]:
    assert postgres_templates.town  # made before it is copied
    server = Server(quick_folder / "away")
    server.copy_from(postgres_url, follows=False)
    server.start()
    yield server
    server.end()


@pytest.fixture
def town(
    first: Server, postgres_templates: PostgresTemplates, first_house: House, key_ring: KeyRing, law_in_force: object
) -> Iterator[Town]:
    """The municipality on a server that can be ended and begun."""
    del law_in_force
    database = connect(first.url(postgres_templates.town))
    town = Town(house_on(first_house, database, key_ring))
    yield town
    town.close()
    database.dispose()


@contextmanager
def away(server: Server, town: Town) -> Iterator[None]:
    town.close()
    town.house.database.dispose()
    server.stop()
    try:
        yield
    finally:
        if server.process is None or server.process.poll() is not None:
            server.start()


def until(holds: Callable[[], bool]) -> None:
    end = time.monotonic() + LONGEST
    while not holds():
        assert time.monotonic() < end, "it takes too long"
        time.sleep(0.1)


def alive(process: subprocess.Popen[bytes]) -> bool:
    return process.poll() is None


@dataclass
class Started:
    """What runs in processes of its own, from one folder."""

    folder: Path
    environment: dict[str, str]

    def run(self, *arguments: str) -> subprocess.Popen[bytes]:
        script = self.folder / "wijkteam"
        script.write_text(RUN)
        with (self.folder / f"{arguments[0]}.log").open("ab") as log:
            command = [sys.executable, str(script), *arguments]
            return subprocess.Popen(command, cwd=self.folder, env=self.environment, stdout=log, stderr=log)

    def log(self, of: str) -> str:
        return (self.folder / f"{of}.log").read_text()


@pytest.fixture
def started(tmp_path: Path, town: Town, first: Server, postgres_templates: PostgresTemplates) -> Started:
    settings = {
        "WIJKTEAM_DATABASE_URL": first.url(postgres_templates.town),
        "WIJKTEAM_SECRET_KEY_FILE": str(tmp_path / "secret_key"),
        "WIJKTEAM_KEY_RING_FILE": str(town.house.key_ring.path),
        "WIJKTEAM_WEB_PROCESSES": "2",
    }
    return Started(tmp_path, {**os.environ, **settings})


def answer(address: str, **headers: str) -> tuple[int, str, str | None]:
    """Status, text and Retry-After; status 0 while nobody listens."""
    try:
        with urllib.request.urlopen(urllib.request.Request(address, headers=headers), timeout=30) as found:
            return found.status, found.read().decode(), None
    except HTTPError as error:
        return error.code, error.read().decode(), error.headers.get("Retry-After")
    except OSError:
        return 0, "", None


def test_pages_and_worker_that_start_before_the_database_go_on_when_it_is_there(
    town: Town, first: Server, started: Started
) -> None:
    with town.clockwork().transaction() as session:
        open_case(town.work("fenna"), NewCase("Bedacht, Kade 1", "huur", "bel", clock.today()))
        session.execute(update(Deadline).values(due_at=clock.now() - timedelta(days=1)))
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    with away(first, town):
        worker = started.run("worker", "--every", "0.2")
        web = started.run("serve", "--port", str(port))
        try:
            until(lambda: not alive(web) or answer(f"{address}/healthz")[0] == 200)
            assert alive(web), started.log("serve")
            for page in ("/", "/inloggen", "/signaal"):
                status, text, come_back = answer(address + page)
                assert (status, come_back) == (503, "30") and NOTHING_NOW in text, page
            assert "Nothing can be read or kept now" in answer(f"{address}/", Cookie="taal=en")[1]
            status, text, come_back = answer(f"{address}/api/v1/my-work", Authorization="Bearer wt_x")
            assert (status, come_back) == (503, "30") and text.startswith("{")
            assert answer(f"{address}/readyz")[0] == 503 and '"away"' in answer(f"{address}/readyz")[1]
            assert answer(f"{address}/static/wijkteam.css")[0] == 200

            until(lambda: started.log("worker").count("database.waited_for") >= 2)
            assert alive(worker) and "Traceback" not in started.log("worker") + started.log("serve")

            first.start()
            until(lambda: answer(f"{address}/readyz")[0] == 200)
            until(lambda: answer(f"{address}/inloggen")[0] == 200)
            assert alive(web), "without anybody starting it again"
            work = town.clockwork()
            fired = select(Deadline.id).where(Deadline.ended_at.is_not(None))
            until(lambda: work.session.scalar(fired) is not None or bool(work.session.rollback()))
        finally:
            for each in (worker, web):
                each.terminate()
                each.wait(60)


def signed_in_on(house: House, before: FlaskClient) -> FlaskClient:
    """The browser of somebody who signed in before, now on another house."""
    app = create_app(house, "a key for tests", "Voorbeeldstad")
    app.config["WTF_CSRF_ENABLED"] = False
    browser = app.test_client()
    known = before.get_cookie("session")
    assert known is not None
    browser.set_cookie("session", known.value)
    return browser


def test_pages_that_start_before_the_database_are_read_from_the_replica(
    town: Town, first: Server, quick_folder: Path, postgres_templates: PostgresTemplates
) -> None:
    second = follow(first, quick_folder / "beside")
    fenna = client(town, "fenna")
    stands = first.ask("SELECT pg_current_wal_insert_lsn()")
    until(lambda: second.ask(f"SELECT pg_last_wal_replay_lsn() >= '{stands}'") == "t")
    settings = Settings(
        first.url(postgres_templates.town),
        town.house.key_ring.path.with_name("secret_key"),
        key_ring_file=town.house.key_ring.path,
        replica_url=second.url(postgres_templates.town),
    )
    try:
        with away(first, town), closing(house_to_serve(settings)) as waiting:
            assert waiting.waiting
            browser = signed_in_on(waiting, fenna)
            page = browser.get("/")
            assert page.status_code == 200 and ONLY_READING in page.text
            refused = browser.post("/taal", data={"taal": "en"})
            assert refused.status_code == 503 and refused.headers["Retry-After"]
            ready = browser.get("/readyz")
            assert ready.status_code == 200 and ready.json == {
                "database": "away",
                "schema": "unknown",
                "replica": "ok",
            }
            first.start()
            assert ONLY_READING in browser.get("/").text, "nothing is asked of it before all begins anew"
            with closing(house_to_serve(settings)) as anew:
                assert not anew.waiting
                assert ONLY_READING not in signed_in_on(anew, fenna).get("/").text
    finally:
        second.end()


def test_production_is_refused_over_weak_settings_also_while_the_database_is_away(tmp_path: Path) -> None:
    given = {"WIJKTEAM_DATABASE_URL": NOWHERE, "WIJKTEAM_PRODUCTION": "yes"}
    given["WIJKTEAM_SECRET_KEY_FILE"] = str(tmp_path / "secret_key")
    done = CliRunner().invoke(main, ["serve"], env=given)
    assert done.exit_code == 2 and "WEAK  address" in done.output and "nothing is served in production" in done.output


def test_a_worker_that_is_asked_to_stop_while_it_waits_ends_in_order(tmp_path: Path) -> None:
    asked = threading.Timer(1.0, signal.raise_signal, [signal.SIGTERM])
    asked.start()
    with pytest.raises(SystemExit) as ended:
        house_in_time(Settings(NOWHERE, tmp_path / "secret_key"))
    asked.join()
    assert ended.value.code == 0 and signal.getsignal(signal.SIGTERM) == signal.SIG_DFL


def test_a_round_of_the_worker_and_a_database_file_that_cannot_be_opened_end_at_once(tmp_path: Path) -> None:
    once = CliRunner().invoke(main, ["worker", "--once"], env={"WIJKTEAM_DATABASE_URL": NOWHERE})
    assert once.exit_code == 2 and "the database cannot be reached" in once.output
    file = Settings(f"sqlite:///{tmp_path}", tmp_path / "secret_key")
    with pytest.raises(DatabaseAway, match="the database cannot be reached"):
        house_to_serve(file)
