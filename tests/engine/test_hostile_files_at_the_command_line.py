"""`workflow check` names every hostile file, within little memory and time."""

import os
import resource
import subprocess
import sys
from pathlib import Path

from tests.engine.hostile import LARGE, TEXTS, chain
from wijkteam import rulebook
from wijkteam.engine.reading import LARGEST_FILE

ROOT = rulebook.workflow_folders()[0].parent
MOST_MEMORY = 700 * 1024 * 1024
MOST_PROCESSOR_SECONDS = 120


def bounded() -> None:
    """Little memory and not for ever, for the process that checks hostile files."""
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (MOST_PROCESSOR_SECONDS, MOST_PROCESSOR_SECONDS))


def test_the_command_names_every_hostile_file_within_bounds_and_exits_1(tmp_path: Path) -> None:
    files = []
    for number, text in enumerate(TEXTS.values()):
        files.append(tmp_path / f"hostile_{number}.yaml")
        files[-1].write_text(text, encoding="utf-8", newline="")
    for shape, count in LARGE.items():
        if shape is not chain:
            files.append(tmp_path / f"large_{shape.__name__}.yaml")
            files[-1].write_text(shape(2 * count), encoding="utf-8")
    (tmp_path / "ten_megabytes.yaml").write_bytes(b"\xff" * 10 * LARGEST_FILE)
    os.mkfifo(tmp_path / "pipe.yaml")
    files += [tmp_path / name for name in ("ten_megabytes.yaml", "pipe.yaml", "none.yaml")]
    done = subprocess.run(
        [sys.executable, "-c", "from wijkteam.cli import main; main()", "workflow", "check", *map(str, files)],
        capture_output=True,
        cwd=ROOT,
        preexec_fn=bounded,
    )
    said = done.stderr.decode()
    assert done.returncode == 1, said[-3_000:]
    assert "Traceback" not in said and "MemoryError" not in said
    for path in files:
        assert f"{path}:" in said or "back_and_forth" in path.name, f"{path.name} is not named"
    assert all(line.isprintable() for line in said.splitlines())
