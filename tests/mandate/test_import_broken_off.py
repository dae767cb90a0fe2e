"""An import that is killed half-way can be run again and ends the same."""

import os
import subprocess
import sys
import time
from pathlib import Path

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from tests.test_command_line import REJECTED_LATE, STEPS, log
from wijkteam.mandate.approvals import TRACES_PER_TRANSACTION
from wijkteam.mandate.model import Decision, LogDeviation, MandateRequest
from wijkteam.storage.database import connect

TRACES = 2 * TRACES_PER_TRANSACTION
"""So many that it is killed before its last transaction: that has seconds to go when the first is seen."""


def import_command(path: Path, url: str) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-c", "from wijkteam.cli import main; main()", "import", "approvals", str(path)]
    environment = {**os.environ, "WIJKTEAM_DATABASE_URL": url}
    return subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def count(database: Engine) -> int:
    with Session(database) as session:
        return len(session.scalars(select(MandateRequest.id)).all())


def outcome(database: Engine) -> tuple[list[object], list[object], int]:
    with Session(database) as session:
        requests = session.execute(
            select(MandateRequest.source_number, MandateRequest.state, MandateRequest.version).order_by(
                MandateRequest.id
            )
        ).all()
        deviations = session.execute(
            select(LogDeviation.source_number, LogDeviation.step, LogDeviation.cause).order_by(
                LogDeviation.source_number, LogDeviation.step
            )
        ).all()
        decisions = len(session.scalars(select(Decision.id)).all())
        return [tuple(row) for row in requests], [tuple(row) for row in deviations], decisions


def test_killed_at_any_moment_and_run_again_it_ends_as_if_it_was_never_killed(
    database_url: str, database: Engine, tmp_path: Path, sqlite_template: bytes
) -> None:
    steps = {number: [*STEPS[:2], REJECTED_LATE] if number % 10 == 0 else STEPS for number in range(TRACES)}
    path = log(tmp_path / "log.xes.gz", {f"declaration{number}": told for number, told in steps.items()})
    killed = import_command(path, database_url)
    while count(database) == 0:
        assert killed.poll() is None, "the import ended before anything could be seen"
        time.sleep(0.05)
    killed.kill()
    killed.wait()
    assert 0 < count(database) < TRACES
    assert import_command(path, database_url).wait() == 0
    untouched = tmp_path / "untouched.sqlite"
    untouched.write_bytes(sqlite_template)
    assert import_command(path, f"sqlite:///{untouched}").wait() == 0
    assert outcome(database) == outcome(connect(f"sqlite:///{untouched}"))
