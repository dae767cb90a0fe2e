"""A served wijkteam: from this process, which is quick, or as its own command serves it."""

import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.error import URLError

import pytest

from tests.plumbing.answering import answering
from tests.plumbing.templates import SQLiteTemplates
from wijkteam.assembly import House, house_on
from wijkteam.keys.ring import KeyRing
from wijkteam.storage.database import connect
from wijkteam.web.app import create_app


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


@pytest.fixture
def served(
    sqlite_templates: SQLiteTemplates, first_house: House, key_ring: KeyRing, law_in_force: Callable[[], None]
) -> Iterator[str]:
    """The address of the fictional municipality without cases: its pages are the same on both databases."""
    law_in_force()
    url = sqlite_templates.copy("town")
    database = connect(url)
    with answering(create_app(house_on(first_house, database, key_ring), "a key for tests", "Voorbeeldstad")) as found:
        yield found
    database.dispose()
    sqlite_templates.drop(url)


@pytest.fixture
def served_by_command(tmp_path: Path) -> Iterator[str]:
    """The same as the command that shows it serves it, in a folder of its own with its log."""
    port, folder = free_port(), tmp_path
    command = [
        sys.executable,
        "-c",
        "from wijkteam.cli import main; main()",
        "demo",
        "--cases",
        "0",
        "--port",
        str(port),
    ]
    environment = {**os.environ, "WIJKTEAM_DATABASE_URL": f"sqlite:///{folder}/demo.sqlite"}
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(command, cwd=folder, env=environment, stdout=log, stderr=log)
    address = f"http://127.0.0.1:{port}"
    try:
        for _ in range(900):
            try:
                urllib.request.urlopen(f"{address}/inloggen", timeout=2)
                break
            except (URLError, OSError):
                assert process.poll() is None, (folder / "log").read_text()
                time.sleep(0.2)
        yield address
    finally:
        process.terminate()
        process.wait(120)
