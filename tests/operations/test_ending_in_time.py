"""Who serves ends in time when asked to, cuts off no request that was begun, and loses nothing that it acknowledged."""

import contextlib
import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, select

from tests.api.programs import token_of
from tests.api.test_api import CASE
from tests.conftest import Town
from tests.operations.test_going_on_serving import reached, until
from tests.web.conftest import free_port
from wijkteam.cases.model import HouseholdCase
from wijkteam.connections import FIRST_BYTES_WITHIN
from wijkteam.serving import SECONDS_TO_FINISH
from wijkteam.terms import clock

SILENT = 120
"""More connections on which nothing is asked than both processes have threads for at once."""
WRITERS = 6
STOPPED_BEFORE_IT_BEGAN = """
import os, signal, sys, time
from pathlib import Path
from gunicorn.app.base import BaseApplication
from wijkteam.connections import Connections, Master

def answer(environ, start_response):
    start_response("200 OK", [("Content-Length", "2")])
    return [b"ok"]

class Served(BaseApplication):
    def load_config(self):
        self.cfg.set("bind", "127.0.0.1:" + sys.argv[1])
        self.cfg.set("worker_class", Connections)
        self.cfg.set("control_socket_disable", True)
        self.cfg.set("post_worker_init", lambda process: os.kill(process.pid, signal.SIGTERM))

    def load(self):
        while not Path("asked").exists():
            time.sleep(0.01)
        return answer

Master(Served()).run()
"""
"""Each of its processes comes up when something was asked already, and is asked to stop before it takes anything."""


class Writer(threading.Thread):
    """Opens cases one after another until nobody answers the door; each second one on a connection of its own."""

    def __init__(self, port: int, token: str) -> None:
        super().__init__()
        self.port, self.token = port, token
        self.acknowledged: list[str] = []
        self.refused = 0
        self.cut_off: list[str] = []

    def run(self) -> None:
        while True:
            door = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
            try:
                door.connect()
            except OSError:
                return
            with contextlib.closing(door):
                for _ in range(2):
                    if not self._open_case(door):
                        break

    def _open_case(self, door: http.client.HTTPConnection) -> bool:
        """One case; returns whether more can be asked on this connection."""
        try:
            door.request("POST", "/api/v1/cases", body(), headers(self.token))
            answer = door.getresponse()
            told = json.loads(answer.read())
        except (OSError, http.client.HTTPException, ValueError) as error:
            self.cut_off.append(repr(error))
            return False
        if answer.status == 201:
            self.acknowledged.append(told["id"])
        self.refused += answer.status == 503
        return not answer.will_close


def listens(port: int) -> bool:
    with socket.socket() as door:
        return door.connect_ex(("127.0.0.1", port)) == 0


def body() -> bytes:
    return json.dumps({**CASE, "nextStepOn": clock.today().isoformat()}).encode()


def headers(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}


@pytest.fixture
def server(town: Town, database: Engine, tmp_path: Path) -> Iterator[tuple[int, subprocess.Popen[bytes]]]:
    """The town served by two processes: its port and its master process."""
    port = free_port()
    environment = {
        **os.environ,
        "WIJKTEAM_DATABASE_URL": database.url.render_as_string(hide_password=False),
        "WIJKTEAM_SECRET_KEY_FILE": str(tmp_path / "secret_key"),
        "WIJKTEAM_WEB_PROCESSES": "2",
    }
    command = [sys.executable, "-c", "from wijkteam.cli import main; main()", "serve", "--port", str(port)]
    with (tmp_path / "log").open("wb") as log:
        process = subprocess.Popen(command, cwd=tmp_path, env=environment, stdout=log, stderr=log)
    try:
        until(lambda: reached(f"http://127.0.0.1:{port}/readyz"), process, tmp_path / "log")
        yield port, process
    finally:
        if process.poll() is None:
            process.kill()
        process.wait(60)


def half_asked(port: int, token: str) -> socket.socket:
    """A connection on which a request was begun: its head is sent, and not yet all of its body."""
    door, sent = socket.create_connection(("127.0.0.1", port), timeout=60), body()
    lines = [f"{name}: {value}" for name, value in headers(token).items()]
    head = "\r\n".join(["POST /api/v1/cases HTTP/1.1", "Host: x", *lines, f"Content-Length: {len(sent)}", "", ""])
    door.sendall(head.encode() + sent[:20])
    return door


def test_a_server_that_is_asked_to_stop_ends_in_time_and_cuts_nobody_off(
    town: Town, server: tuple[int, subprocess.Popen[bytes]]
) -> None:
    port, process = server
    writers = [Writer(port, token_of(town, "fenna")) for _ in range(WRITERS)]
    slow_token = token_of(town, "teun")
    silent = [socket.create_connection(("127.0.0.1", port)) for _ in range(SILENT)]
    begun_at = time.monotonic()
    assert reached(f"http://127.0.0.1:{port}/healthz")
    assert time.monotonic() - begun_at < FIRST_BYTES_WITHIN, "no silent connection had to give up first"
    for each in writers:
        each.start()
    until(lambda: sum(len(each.acknowledged) for each in writers) >= WRITERS)
    begun = half_asked(port, slow_token)
    time.sleep(0.5)
    asked_at = time.monotonic()
    process.send_signal(signal.SIGTERM)
    time.sleep(1.0)
    begun.sendall(body()[20:])
    answer: Any = http.client.HTTPResponse(begun)
    answer.begin()
    assert answer.status in (201, 404), "what was begun before the stop is answered"
    assert process.wait(SECONDS_TO_FINISH) == 0
    assert time.monotonic() - asked_at < SECONDS_TO_FINISH
    for each in writers:
        each.join(60)
    for door in (*silent, begun):
        door.close()
    assert [error for each in writers for error in each.cut_off] == []
    acknowledged = {case for each in writers for case in each.acknowledged}
    kept = set(town.clockwork().session.scalars(select(HouseholdCase.id)))
    assert acknowledged and acknowledged <= kept


def test_a_process_asked_to_stop_while_it_begins_answers_what_it_took_and_ends_well(tmp_path: Path) -> None:
    port = free_port()
    with (tmp_path / "log").open("wb") as log:
        command = [sys.executable, "-c", STOPPED_BEFORE_IT_BEGAN, str(port)]
        process = subprocess.Popen(command, cwd=tmp_path, stdout=log, stderr=log)
    try:
        until(lambda: listens(port), process, tmp_path / "log")
        doors = [http.client.HTTPConnection("127.0.0.1", port, timeout=60) for _ in range(3)]
        for door in doors:
            door.request("GET", "/")
        (tmp_path / "asked").touch()
        assert [door.getresponse().read() for door in doors] == [b"ok"] * 3
    finally:
        process.terminate()
        process.wait(60)
    assert "Exception" not in (tmp_path / "log").read_text()
