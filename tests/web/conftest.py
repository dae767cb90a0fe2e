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
    port = free_port()
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
    environment = {**os.environ, "WIJKTEAM_DATABASE_URL": f"sqlite:///{tmp_path}/demo.sqlite"}
    with (tmp_path / "log").open("wb") as log:
        process = subprocess.Popen(command, cwd=tmp_path, env=environment, stdout=log, stderr=log)
    address = f"http://127.0.0.1:{port}"
    try:
        for _ in range(900):
            try:
                urllib.request.urlopen(f"{address}/inloggen", timeout=2)
                break
            except (URLError, OSError):
                assert process.poll() is None, (tmp_path / "log").read_text()
                time.sleep(0.2)
        yield address
    finally:
        process.terminate()
        process.wait(20)
