"""`workflow migrate` shows first, and does it only when told to and by whom."""

from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import Engine as Database
from sqlalchemy import select

from tests.versions.test_versions import SHORTER, Town, opened, renamed, to_planning, town_with
from wijkteam.cases.model import HouseholdCase
from wijkteam.cli import main

ADA = "ada@voorbeeldstad.example"


@pytest.fixture
def own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, database_url: str) -> Path:
    """The municipality's own folder of definitions, which the settings name."""
    folder = tmp_path / "own"
    folder.mkdir()
    monkeypatch.setenv("WIJKTEAM_WORKFLOWS", str(folder))
    monkeypatch.setenv("WIJKTEAM_DATABASE_URL", database_url)
    return folder


@pytest.fixture
def town(database: Database, own: Path) -> Town:
    """Two cases on version 3, one of them planning, and version 4 (with planning renamed) at hand."""
    town = town_with(database, own)
    opened(town, 1)
    to_planning(town, opened(town, 2))
    town.close()
    (own / "renamed.yaml").write_text(renamed(), encoding="utf-8")
    return town


def run(*arguments: str) -> Result:
    return CliRunner().invoke(
        main, ["workflow", "migrate", "household_case", "--from", "3", *arguments], catch_exceptions=False
    )


def versions(town: Town) -> list[int]:
    found = town.clockwork().session.scalars(select(HouseholdCase).order_by(HouseholdCase.opened_at))
    told = [each.workflow_version for each in found]
    town.close()
    return told


def test_without_yes_it_shows_who_would_move_and_changes_nothing(town: Town) -> None:
    shown = run("--to", "5")
    assert shown.exit_code == 0
    assert "signalled" in shown.output and "stays: version 5 has no state 'planning'" in shown.output
    assert "nothing was changed; add --yes" in shown.output
    assert versions(town) == [3, 3]


def test_with_yes_an_administrator_moves_those_who_have_a_place(town: Town) -> None:
    done = run("--to", "5", "--yes", "--by", ADA)
    assert "1 moved to version 5, 1 stayed on version 3" in done.output
    assert versions(town) == [5, 3]
    again = run("--to", "5", "--yes", "--by", ADA, "--map", "planning=plan_making")
    assert "1 moved to version 5, 0 stayed" in again.output
    assert versions(town) == [5, 5]
    assert "no running household_case stands on version 3" in run("--to", "5").output


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--to", "5", "--yes"], "--by: give the e-mail address of a functional administrator"),
        (["--to", "5", "--yes", "--by", "fenna@voorbeeldstad.example"], "of a functional administrator"),
        (["--to", "5", "--map", "planning"], "write old=new instead of 'planning'"),
        (["--to", "5", "--map", "planing=plan_making"], "did you mean 'planning'"),
        (["--to", "8"], "there are: 3, 5"),
        (["--to", "0"], "0"),
    ],
)
def test_a_wrong_wish_is_answered_in_one_clear_line(town: Town, arguments: list[str], said: str) -> None:
    result = run(*arguments)
    assert result.exit_code == 2 and said in result.stderr and "Traceback" not in result.stderr
    assert versions(town) == [3, 3]


def test_a_changed_version_in_use_is_refused_by_every_command_with_its_place(database: Database, own: Path) -> None:
    town = town_with(database, own, shorter=SHORTER)
    opened(town)
    town.close()
    (own / "shorter.yaml").write_text(SHORTER.replace("P4W", "P5W"), encoding="utf-8")
    result = CliRunner().invoke(main, ["worker", "--once"])
    assert result.exit_code == 1
    assert "shorter.yaml:3: household_case version 4 is in use and may not change" in result.stderr
