"""A served wijkteam."""

import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from urllib.error import URLError

import pytest


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


@pytest.fixture
def served(tmp_path: Path) -> Iterator[str]:
    """The address of a wijkteam with the fictional municipality and no cases, in a folder of its own."""
    yield from serving(tmp_path, 0)


def serving(folder: Path, cases: int) -> Iterator[str]:
    """The address of a wijkteam with the fictional municipality and so many cases, served from this folder."""
    port = free_port()
    command = [
        sys.executable,
        "-c",
        "from wijkteam.cli import main; main()",
        "demo",
        "--cases",
        str(cases),
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
