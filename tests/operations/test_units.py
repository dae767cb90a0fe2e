"""The units that come along can be read by systemd, and let a service do little beside serving."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

DEPLOY = Path(__file__).resolve().parents[2] / "docs" / "deploy"
UNITS = ("wijkteam-web.service", "wijkteam-web.socket", "wijkteam-worker@1.service", "wijkteam-backup.timer")
MOST_EXPOSED = 4.5
"""systemd's own measure, from 0 (nothing can be done) to 10."""


@pytest.fixture
def units(tmp_path: Path) -> Path:
    if shutil.which("systemd-analyze") is None:
        pytest.skip("allowed in CI: systemd-analyze is not on this machine")
    for each in DEPLOY.glob("wijkteam-*"):
        text = each.read_text().replace("/opt/wijkteam/bin/wijkteam", sys.executable)
        (tmp_path / each.name).write_text(text.replace("User=wijkteam", f"User={Path.home().owner()}"))
    return tmp_path


def analyze(units: Path, *asked: str) -> str:
    environment = {"SYSTEMD_UNIT_PATH": f"{units}:", "PATH": "/usr/bin:/bin", "SYSTEMD_COLORS": "0"}
    done = subprocess.run(["systemd-analyze", *asked], env=environment, capture_output=True, text=True, timeout=60)
    return done.stdout + done.stderr


def test_systemd_finds_nothing_wrong_in_them(units: Path) -> None:
    said = analyze(units, "verify", "--man=no", *(str(units / each) for each in UNITS))
    assert not [line for line in said.splitlines() if "wijkteam" in line], said


@pytest.mark.parametrize("unit", ["wijkteam-web", "wijkteam-worker@", "wijkteam-backup"])
def test_a_service_can_do_little_beside_serving(units: Path, unit: str) -> None:
    said = analyze(units, "security", "--offline=true", "--no-pager", str(units / f"{unit}.service"))
    exposed = re.search(r"exposure level for .*: ([\d.]+)", said)
    if exposed is None:
        pytest.skip("allowed in CI: this systemd does not judge units that do not run")
    assert float(exposed.group(1)) <= MOST_EXPOSED, said
