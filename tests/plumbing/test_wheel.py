"""The installed wheel works outside the checkout, with the workflows, templates and migrations that came with it."""

import os
import subprocess
import sys
import sysconfig
import venv
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


def run(command: list[str | Path], folder: Path) -> subprocess.CompletedProcess[str]:
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "WIJKTEAM"))}
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A fresh environment with the wheel; the dependencies come from this one."""
    folder = tmp_path_factory.mktemp("wheel")
    built = run([sys.executable, "-m", "build", "--wheel", "--outdir", str(folder), str(ROOT)], folder)
    assert built.returncode == 0, built.stdout + built.stderr
    venv.create(folder / "venv", with_pip=False)
    site = next((folder / "venv" / "lib").glob("python*")) / "site-packages"
    wheel = next(folder.glob("wijkteam-*.whl"))
    placed = run(
        [sys.executable, "-m", "pip", "install", "--no-deps", "--quiet", "--target", str(site), str(wheel)],
        folder,
    )
    assert placed.returncode == 0, placed.stderr
    (site / "dependencies.pth").write_text(sysconfig.get_paths()["purelib"])
    return folder


def test_the_demo_fills_a_database_from_the_wheel_alone(installed: Path) -> None:
    elsewhere = installed / "elsewhere"
    elsewhere.mkdir()
    python = installed / "venv" / "bin" / "python"
    where = run([python, "-c", "import wijkteam.shipped as s; print(s.__file__, s.folder('workflows'))"], elsewhere)
    assert str(ROOT) not in where.stdout, where.stdout
    done = run(
        [python, "-c", "from wijkteam.cli import main; main()", "demo", "--no-serve", "--cases", "5"],
        elsewhere,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "best_person" not in done.stderr
    assert "fenna@voorbeeldstad.example" in done.stdout
    assert (elsewhere / "var" / "wijkteam.sqlite").is_file()
    static = next((installed / "venv").rglob("static/vendor/components.css"))
    assert "utrecht-textbox" in static.read_text()
