"""Workflows are shown from the command line: as a picture, as text, and two versions beside each other."""

import json
from collections.abc import Callable
from pathlib import Path
from xml.etree import ElementTree

import pytest
from click.testing import CliRunner, Result

from wijkteam.cli import main
from wijkteam.rulebook import workflow_folders

SIGNAL = (workflow_folders()[0] / "resident_signal.yaml").read_text(encoding="utf-8")
Run = Callable[..., Result]


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Run:
    """The command line, with a second version of the signal in the municipality's own folder and no database."""
    own = tmp_path / "own"
    own.mkdir()
    second = SIGNAL.replace("version: 2", "version: 3", 1).replace("within: P5D", "within: P3D", 1)
    (own / "resident_signal_3.yaml").write_text(second, encoding="utf-8")
    monkeypatch.setenv("WIJKTEAM_WORKFLOWS", str(own))
    monkeypatch.setenv("WIJKTEAM_DATABASE_URL", f"sqlite:///{tmp_path}/none.sqlite")

    def command(*arguments: str) -> Result:
        return CliRunner().invoke(main, ["workflow", *arguments], catch_exceptions=False)

    return command


def test_a_workflow_is_drawn_in_each_form_and_language(run: Run) -> None:
    assert ElementTree.fromstring(run("draw", "resident_signal").output).tag.endswith("svg")
    assert "Ontvangen" in run("draw", "resident_signal", "--format", "list").output
    assert run("draw", "resident_signal", "--format", "mermaid", "--language", "en").output.startswith(
        "stateDiagram-v2"
    )
    assert "3 werkdagen" in run("draw", "resident_signal", "--format", "list").output, "the newest unless told"
    older = run("draw", "resident_signal", "--version", "2", "--format", "list", "--language", "en")
    assert "5 working days" in older.output


def test_a_difference_is_told_in_words_as_json_and_as_a_picture(run: Run) -> None:
    asked = ("diff", "resident_signal", "--from", "2", "--to", "3")
    text = run(*asked)
    assert text.exit_code == 0
    assert "Standen: 0 erbij, 0 weg, 1 anders" in text.output
    assert "~ Stand 'Ontvangen': termijn was 5 werkdagen en is nu 3 werkdagen." in text.output
    (difference,) = json.loads(run(*asked, "--format", "json", "--language", "en").output)["differences"]
    assert (difference["name"], difference["old"], difference["new"]) == (
        "received",
        "5 working days",
        "3 working days",
    )
    assert "anders" in "".join(ElementTree.fromstring(run(*asked, "--format", "svg").output).itertext())


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["draw", "resident_signl"], "did you mean 'resident_signal'?"),
        (["draw", "resident_signal", "--version", "7"], "there are: 2, 3"),
        (["draw", "resident_signal", "--version", "0"], "0"),
        (["draw", "resident_signal", "--format", "png"], "png"),
        (["draw", "resident_signal", "--language", "de"], "de"),
        (["diff", "resident_signal", "--from", "2", "--to", "4"], "in version 4; there are: 2, 3"),
        (["diff", "nothing_like_it", "--from", "2", "--to", "3"], "known are: "),
        (["diff", "resident_signal", "--from", "2"], "--to"),
    ],
)
def test_bad_input_gets_one_clear_answer(run: Run, arguments: list[str], said: str) -> None:
    result = run(*arguments)
    assert result.exit_code == 2 and said in result.stderr and "Traceback" not in result.stderr


@pytest.mark.parametrize("command", ["draw", "diff"])
def test_each_command_explains_itself_with_an_example(run: Run, command: str) -> None:
    assert "Example: wijkteam workflow" in run(command, "--help").output


def test_looking_for_a_version_makes_no_database(run: Run, tmp_path: Path) -> None:
    run("draw", "resident_signal", "--version", "7")
    assert not (tmp_path / "none.sqlite").exists()


def test_a_database_that_cannot_be_read_is_said_and_the_folders_still_serve(
    run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "broken.sqlite").write_bytes(b"no database" * 500)
    monkeypatch.setenv("WIJKTEAM_DATABASE_URL", f"sqlite:///{tmp_path}/broken.sqlite")
    result = run("draw", "resident_signal", "--version", "7")
    assert result.exit_code == 2 and "only the definition folders were read" in result.stderr
    assert run("draw", "resident_signal", "--version", "3").exit_code == 0


def test_a_version_that_only_the_database_still_has_is_compared(
    run: Run, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WIJKTEAM_DATABASE_URL", database_url)
    upgraded = CliRunner().invoke(main, ["db", "upgrade"])
    assert upgraded.exit_code == 0, upgraded.output
    monkeypatch.delenv("WIJKTEAM_WORKFLOWS")
    told = run("diff", "resident_signal", "--from", "2", "--to", "3")
    assert told.exit_code == 0 and "3 werkdagen" in told.output
