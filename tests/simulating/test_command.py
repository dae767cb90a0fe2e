"""The command: with and without history, the same bytes for the same seed, one line for mistakes."""

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from wijkteam.cli import main

Command = Callable[..., Result]
SHIPPED = ("household_case", "escalation", "mandate_request", "resident_signal")
SHORT = ("--cases", "40", "--seed", "1", "--runs", "2")


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Command:
    """The command line in an empty folder, without a database."""
    monkeypatch.delenv("WIJKTEAM_DATABASE_URL", raising=False)
    monkeypatch.chdir(tmp_path)
    return lambda *arguments: CliRunner().invoke(main, ["workflow", "simulate", *arguments], catch_exceptions=False)


@pytest.fixture
def on_database(run: Command, database_url: str, monkeypatch: pytest.MonkeyPatch) -> Command:
    """The same on a database with a made-up past.

    Making that up takes most of the time, and what differs between databases is reading it: see test_history.py.
    """
    monkeypatch.setenv("WIJKTEAM_DATABASE_URL", database_url)
    for command in (["db", "upgrade"], ["seed", "--cases", "180", "--seed", "4"]):
        assert CliRunner().invoke(main, command, catch_exceptions=False).exit_code == 0
    return run


@pytest.mark.parametrize("name", SHIPPED)
def test_without_a_database_given_figures_do_and_it_says_so(run: Command, tmp_path: Path, name: str) -> None:
    result = run(name, *SHORT)
    assert result.exit_code == 0
    assert "Too little history" in result.stdout and "given; not measured" in result.stdout
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_with_history_it_fits_reports_and_compares_and_the_same_seed_gives_the_same_bytes(on_database: Command) -> None:
    for name in SHIPPED:
        result = on_database(name, *SHORT, "--hold-back", "0")
        assert result.exit_code == 0 and re.match(rf"{name} version \d+: 40 cases from ", result.stdout)
        assert "Nothing was compared" in result.stdout or "Too little history" in result.stdout
    first, again = (on_database("escalation", *SHORT, "--format", "json").stdout_bytes for _ in range(2))
    other = on_database("escalation", "--cases", "40", "--seed", "2", "--runs", "2", "--format", "json")
    assert first == again != other.stdout_bytes
    told = json.loads(first)
    assert told["fitted"] is True and told["terms_ran"] is True
    assert {rung["rung"] for rung in told["measured"]["rungs"]} == {1, 2, 3, 4}
    assert told["fit"]["held_back_subjects"] >= 20 and told["verdict"] and told["not_known"]
    text = on_database("escalation", *SHORT, "--staff", "team_lead=2", "--arrivals", "3").stdout
    for part in ("Load per function", "Load per rung", "Stays per state and rung", "missed terms", "Held-back part"):
        assert part in text
    assert "3.0 a week (given)" in text
    line = next(line for line in text.splitlines() if line.strip().startswith("team_lead"))
    assert line.split()[1] == "2" and line.endswith("given")


def test_an_empty_database_is_like_none(run: Command, database_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WIJKTEAM_DATABASE_URL", database_url)
    result = run("escalation", *SHORT)
    assert result.exit_code == 0 and "0 of 0 subjects have ended" in result.stdout


def test_more_people_on_the_first_rung_make_its_queue_shorter(run: Command, tmp_path: Path) -> None:
    file = tmp_path / "busy.yaml"
    file.write_text(
        "figures: busy\nsource: thought up\neffort_minutes: 240\nstates:\n  asked: {median_days: 0.5, p90_days: 1}\n"
    )
    waited = []
    for people in (1, 2):
        arguments = ("--arrivals", "9", "--figures", str(file), "--staff", f"team_lead={people}", "--format", "json")
        told = json.loads(run("escalation", "--cases", "200", "--seed", "1", "--runs", "2", *arguments).stdout)
        found = {each["function"]: each for each in told["measured"]["functions"]}
        waited.append(found["team_lead"]["waited_hours"]["middle"])
        assert told["figures"]["source"] == "thought up"
    assert waited[1] < waited[0] / 2


WRONG_FIGURES = {
    "unknown_state.yaml": ("states:\n  askd: {median_days: 1, p90_days: 2}\n", ":4: there is no state 'askd'; did you"),
    "unknown_way.yaml": ("choices:\n  asked: {anwser: 1}\n", ":4: there is no way out of this state 'anwser'; did you"),
    "unknown_function.yaml": ("staff: {team_laed: 1}\n", ":3: there is no function 'team_laed'; did you mean"),
    "unknown_step.yaml": ("efforts: {anser: 1}\n", ":3: there is no transition 'anser'; did you mean"),
    "negative.yaml": ("arrivals_per_week: -1\n", ":3: 'arrivals_per_week'"),
    "infinite.yaml": ("effort_minutes: .inf\n", ":3: 'effort_minutes'"),
    "disorder.yaml": ("delay: {median_days: 5, p90_days: 1}\n", "cannot be shorter than the median"),
    "hours.yaml": ("open_from: 17\nopen_until: 9\n", "open_from must lie before open_until"),
    "unknown_key.yaml": ("efort_minutes: 1\n", ":3: 'efort_minutes' is not known here; did you mean"),
}


@pytest.mark.parametrize("name", WRONG_FIGURES)
def test_a_mistake_in_figures_is_named_by_file_and_line(run: Command, tmp_path: Path, name: str) -> None:
    text, said = WRONG_FIGURES[name]
    (tmp_path / name).write_text(f"figures: own\nsource: thought up\n{text}")
    result = run("escalation", *SHORT, "--figures", name)
    assert result.exit_code == 1 and said in result.stderr and name in result.stderr
    assert "Traceback" not in result.stderr and result.stdout == ""


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["escalatoin", *SHORT], "did you mean 'escalation'?"),
        (["escalation", "--cases", "0", "--seed", "1"], "not in the range"),
        (["escalation", *SHORT, "--version", "9"], "in version 9; there are: 1"),
        (["escalation", *SHORT, "--arrivals", "-3"], "--arrivals: write a number"),
        (["escalation", *SHORT, "--arrivals", "nan"], "--arrivals: write a number"),
        (["escalation", *SHORT, "--arrivals", "fitted"], "give a number per week"),
        (["escalation", *SHORT, "--staff", "team_lead=-1"], "--staff: write FUNCTION=N"),
        (["escalation", *SHORT, "--staff", "team_laed=1"], "did you mean 'team_lead'?"),
        (["escalation", *SHORT, "--hold-back", "1.5"], "not in the range"),
        (["escalation", *SHORT, "--start", "soon"], "--start"),
        (["escalation", *SHORT, "--runs", "0"], "not in the range"),
    ],
    ids=lambda value: " ".join(value[-2:]) if isinstance(value, list) else None,
)
def test_bad_input_gets_one_clear_line(run: Command, arguments: list[str], said: str) -> None:
    result = run(*arguments)
    assert result.exit_code == 2 and said in result.stderr.strip().splitlines()[-1]
    assert "Traceback" not in result.stderr and result.stdout == ""


def test_figures_that_are_not_there_are_named(run: Command) -> None:
    result = run("escalation", *SHORT, "--figures", "nowhere.yaml")
    assert result.exit_code == 1 and "there is no such file" in result.stderr


def test_a_database_that_is_no_database_is_named(run: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WIJKTEAM_DATABASE_URL", "postgresql://127.0.0.1:1/nowhere")
    result = run("escalation", *SHORT)
    assert result.exit_code == 2 and "cannot be reached" in result.stderr


def test_it_begins_in_the_week_that_is_asked_for(run: Command) -> None:
    told = run("escalation", *SHORT, "--start", "2027-03-04").stdout
    assert told.splitlines()[0].endswith("cases from 2027-03-01, 2 runs, seed 1")


def test_it_explains_itself_with_an_example(run: Command) -> None:
    assert "Example: wijkteam workflow simulate" in run("--help").output
