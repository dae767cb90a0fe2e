"""The made-up past is the same for the same seed, and another for another."""

import json
from pathlib import Path

from click.testing import CliRunner
from pytest import MonkeyPatch

from wijkteam.cli import main


def told(folder: Path, seed: int, monkeypatch: MonkeyPatch) -> object:
    monkeypatch.setenv("WIJKTEAM_DATABASE_URL", f"sqlite:///{folder}")
    for command in (["db", "upgrade"], ["seed", "--cases", "25", "--seed", str(seed)]):
        assert CliRunner().invoke(main, command, catch_exceptions=False).exit_code == 0
    found = json.loads(CliRunner().invoke(main, ["report", "escalations", "--format", "json"]).output)
    return {name: value for name, value in found.items() if name != "made_at"}


def test_the_same_seed_tells_the_same_past(tmp_path: Path, monkeypatch: MonkeyPatch) -> None:
    first = told(tmp_path / "first.sqlite", 7, monkeypatch)
    assert told(tmp_path / "second.sqlite", 7, monkeypatch) == first
    assert told(tmp_path / "third.sqlite", 8, monkeypatch) != first
