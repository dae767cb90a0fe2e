"""Letters at the command line: templates are tried, what is missing is made, and one is written to a file."""

from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from pytest import MonkeyPatch
from sqlalchemy import Engine

from tests.conftest import Town
from tests.letters.test_letters import URGENT, case_with, letter_of
from wijkteam.cli import main


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["letters", *arguments], catch_exceptions=False)


def test_all_templates_are_tried_and_their_letters_can_be_looked_at(tmp_path: Path) -> None:
    done = run("check", "--output", str(tmp_path / "brieven"))
    assert done.exit_code == 0 and "decision.typ" in done.output
    assert (tmp_path / "brieven" / "decision.pdf").read_bytes().startswith(b"%PDF")


def test_a_wrong_template_is_told_with_its_place_and_the_others_are_tried_too(
    tmp_path: Path, monkeypatch: MonkeyPatch
) -> None:
    (tmp_path / "decision.typ").write_text("= Kop\n\n#verkeerd")
    monkeypatch.setenv("WIJKTEAM_TEMPLATES", str(tmp_path))
    done = run("check")
    assert done.exit_code == 1
    assert done.stderr == "decision.typ:3:1: unknown variable: verkeerd\n" and "private_act.typ" in done.stdout


def test_a_folder_that_is_not_there_is_told_in_one_line(monkeypatch: MonkeyPatch) -> None:
    monkeypatch.setenv("WIJKTEAM_TEMPLATES", "/nergens")
    done = run("check")
    assert (done.exit_code, done.stderr) == (2, "WIJKTEAM_TEMPLATES: there is no folder /nergens\n")


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_the_letter_of_a_decision_is_written_to_a_file(
    town: Town, database: Engine, database_url: str, tmp_path: Path, monkeypatch: MonkeyPatch
) -> None:
    letter = letter_of(town, case_with(town, URGENT))
    monkeypatch.setenv("WIJKTEAM_DATABASE_URL", database_url)
    file = tmp_path / "brief.pdf"
    assert run("show", str(letter.decision_id), "--output", str(file)).exit_code == 0
    assert file.read_bytes().startswith(b"%PDF")
    unknown = run("show", "999999", "--output", str(file))
    assert (unknown.exit_code, unknown.stderr) == (2, "there is no letter of decision 999999\n")
    made = run("make", "--missing")
    assert (made.exit_code, made.stdout) == (0, "0 letters made, 0 could not be made\n")
