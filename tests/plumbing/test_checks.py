"""The house keeps its own rules: form, types, arrows and templates."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
BIN = Path(sys.executable).parent


@pytest.mark.parametrize(
    "command",
    [
        ["ruff", "format", "--check", "."],
        ["ruff", "check", "."],
        ["mypy"],
        ["lint-imports"],
        ["djlint", "templates", "--lint", "--quiet"],
        ["bandit", "-c", "pyproject.toml", "-q", "-r", "wijkteam", "migrations"],
    ],
    ids=lambda command: " ".join(command[:2]),
)
def test_the_check_passes(command: list[str]) -> None:
    done = subprocess.run([BIN / command[0], *command[1:]], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
