"""The demo from nothing to its first page."""

import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable
from pathlib import Path
from urllib.error import URLError

PORT = 8765


def run(profile: bool) -> bool:
    """Measure; there is no bound."""
    del profile
    with tempfile.TemporaryDirectory() as name:
        _first_page(Path(name))
    return True


def _first_page(folder: Path) -> None:
    start = time.perf_counter()
    command = [sys.executable, "-c", "from wijkteam.cli import main; main()", "demo", "--port", str(PORT)]
    with (folder / "demo.log").open("wb") as log:
        process = subprocess.Popen(command, cwd=folder, stdout=log, stderr=log)
    try:
        _until(lambda: urllib.request.urlopen(f"http://127.0.0.1:{PORT}/inloggen", timeout=2).status == 200)
        print(f"  {time.perf_counter() - start:.1f} s")
    finally:
        process.terminate()
        process.wait(30)


def _until(done: Callable[[], bool]) -> None:
    for _ in range(1_200):
        try:
            if done():
                return
        except (URLError, OSError):
            time.sleep(0.1)
    raise SystemExit("the demo did not come up")
