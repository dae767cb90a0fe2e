"""A new release and new settings are taken into use while people work: no request is lost."""

import os
import signal
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from urllib.error import HTTPError, URLError

import pytest

from tests.web.conftest import free_port
from wijkteam.keys.ring import KeyRing

LONGEST = 300.0
COUNTED = 'wijkteam_http_answers_total{method="GET",page="sign_in.page",status="200"}'
TOKEN = "a-token-of-the-test-town"


@dataclass
class Visitors:
    """People who ask for pages one after another, each on a connection of its own."""

    address: str
    stop: threading.Event = field(default_factory=threading.Event)
    answered: int = 0
    lost: list[str] = field(default_factory=list)
    threads: list[threading.Thread] = field(default_factory=list)

    def come(self, count: int = 3) -> None:
        self.threads = [threading.Thread(target=self._ask) for _ in range(count)]
        for each in self.threads:
            each.start()

    def leave(self) -> None:
        self.stop.set()
        for each in self.threads:
            each.join(LONGEST)

    def _ask(self) -> None:
        while not self.stop.is_set():
            try:
                with urllib.request.urlopen(f"{self.address}/inloggen", timeout=LONGEST) as answer:
                    assert answer.status == 200 and b"</html>" in answer.read()
                self.answered += 1
            except (OSError, AssertionError) as error:
                self.lost.append(repr(error))


@pytest.fixture
def served(sqlite_templates: object, key_ring: KeyRing, tmp_path: Path) -> Iterator[tuple[str, Path]]:
    """A served house of two processes: its address, and the file that names its master process."""
    url = sqlite_templates.copy("house")  # type: ignore[attr-defined]
    port, script = free_port(), tmp_path / "wijkteam"
    script.write_text("from wijkteam.cli import main\nmain()\n")
    (tmp_path / "token").write_text(TOKEN)
    environment = {
        **os.environ,
        "HOME": str(tmp_path),
        "WIJKTEAM_DATABASE_URL": url,
        "WIJKTEAM_SECRET_KEY_FILE": str(tmp_path / "secret_key"),
        "WIJKTEAM_WEB_PROCESSES": "2",
        "WIJKTEAM_LOGS": "json",
        "WIJKTEAM_METRICS_TOKEN_FILE": str(tmp_path / "token"),
        "WIJKTEAM_PID_FILE": str(tmp_path / "pid"),
    }
    with (tmp_path / "log").open("wb") as log:
        command = [sys.executable, str(script), "serve", "--port", str(port)]
        first = subprocess.Popen(command, cwd=tmp_path, env=environment, stdout=log, stderr=log)
    address = f"http://127.0.0.1:{port}"
    try:
        until(lambda: reached(f"{address}/readyz"), first, tmp_path / "log")
        yield address, tmp_path / "pid"
    finally:
        last = int((tmp_path / "pid").read_text())
        os.kill(last, signal.SIGTERM)
        if first.poll() is None and first.pid != last:
            first.terminate()
        first.wait(LONGEST)
        until(lambda: not alive(last))


def alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return "Z" not in Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]


def reached(address: str) -> bool:
    try:
        with urllib.request.urlopen(address, timeout=5) as answer:
            return bool(answer.status == 200)
    except (URLError, OSError, HTTPError):
        return False


def until(holds: Callable[[], bool], process: subprocess.Popen[bytes] | None = None, log: Path | None = None) -> None:
    end = time.monotonic() + LONGEST
    while not holds():
        assert process is None or process.poll() is None, log and log.read_text()
        assert time.monotonic() < end, "it takes too long"
        time.sleep(0.1)


def children(pid: int) -> set[int]:
    return {int(each) for each in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()}


def serves(pid: int) -> bool:
    """Whether a process has come so far that it began its threads, which it does when it is ready for requests."""
    with suppress(FileNotFoundError):
        return len(list(Path(f"/proc/{pid}/task").iterdir())) > 1
    return False


def measures(address: str) -> str:
    asked = urllib.request.Request(f"{address}/metrics", headers={"Authorization": f"Bearer {TOKEN}"})
    with urllib.request.urlopen(asked, timeout=LONGEST) as answer:
        return str(answer.read().decode())


def test_settings_and_release_are_renewed_and_no_request_is_lost(served: tuple[str, Path]) -> None:
    address, pid_file = served
    assert not list(pid_file.parent.rglob("*.ctl")), "signals are the only way to steer it"
    visitors = Visitors(address)
    visitors.come()
    try:
        old = int(pid_file.read_text())
        before = children(old)
        os.kill(old, signal.SIGHUP)  # new processes, the same release
        until(lambda: len(children(old)) == 2 and not before & children(old))
        until(lambda: all(serves(each) for each in children(old)))
        until(lambda: COUNTED in measures(address))  # what the processes before it counted is not lost either

        os.kill(old, signal.SIGUSR2)  # a new master, with what is installed now
        beside = pid_file.with_name(f"{pid_file.name}.2")
        until(lambda: beside.is_file() and beside.read_text().strip() != "")
        new = int(beside.read_text())
        until(lambda: len(children(new)) == 2 and all(serves(each) for each in children(new)))
        os.kill(old, signal.SIGTERM)  # the old one finishes what it has in hand
        until(lambda: not alive(old) and pid_file.is_file() and pid_file.read_text().strip() == str(new))
        seen = visitors.answered
        until(lambda: visitors.answered > seen + 10)
    finally:
        visitors.leave()
    assert visitors.lost == [] and visitors.answered > 20
    assert COUNTED in measures(address), "of both processes"
