"""Proof before use, from the command line: what is wrong, where, how it comes about, and whether CI may go on."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from click.testing import CliRunner, Result
from sqlalchemy import update

from tests.conftest import Town
from wijkteam import rulebook
from wijkteam.cases.service import NewCase, open_case
from wijkteam.cli import main
from wijkteam.engine.findings import KINDS, Severity
from wijkteam.engine.reading import read_document
from wijkteam.people.model import HeldFunction
from wijkteam.shipped import folder
from wijkteam.terms import clock

SHIPPED = rulebook.workflow_folders()[0]
NAMES = ("escalation", "household_case", "legal_term", "mandate_request", "resident_signal", "track")
REGISTER = SHIPPED / "registers" / "demo.yaml"
Check = Callable[..., Result]


@pytest.fixture
def check(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Check:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("WIJKTEAM_WORKFLOWS", raising=False)

    def run(*arguments: object) -> Result:
        return CliRunner().invoke(main, ["workflow", "check", *map(str, arguments)], catch_exceptions=False)

    return run


def broken(folder: Path, old: str, new: str, name: str = "escalation") -> Path:
    """A shipped definition with one thing changed, as a file."""
    text = (SHIPPED / f"{name}.yaml").read_text(encoding="utf-8")
    assert old in text
    path = folder / f"{name}.yaml"
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    return path


def line_of(path: Path, part: str) -> int:
    text = path.read_text(encoding="utf-8")
    return text[: text.index(part)].count("\n") + 1


def test_all_shipped_definitions_pass_without_warnings_with_the_register_that_comes_with_them(check: Check) -> None:
    result = check("--strict", "--register", REGISTER)
    assert result.exit_code == 0
    assert (
        result.stdout
        == f"{len(list(folder('workflows').glob('*.yaml')))} workflows checked, no mistakes, no warnings\n"
        and result.stderr == ""
    )


@pytest.mark.parametrize("name", NAMES)
def test_a_shipped_definition_passes_by_itself(check: Check, name: str) -> None:
    result = check("--strict", SHIPPED / f"{name}.yaml")
    assert result.exit_code == 0 and result.stdout.startswith("1 workflow checked, no mistakes")


def test_a_child_is_checked_against_the_parents_in_use_also_when_it_is_checked_alone(
    check: Check, tmp_path: Path
) -> None:
    path = broken(tmp_path, "by: [owner, parent]", "by: [owner]")
    result = check(path)
    assert result.exit_code == 1
    assert (
        f"{path}:{line_of(path, '- name: withdraw')}: 'withdraw' of 'escalation' is not for its parent" in result.stderr
    )
    assert "'stop_early' of 'household_case'" in result.stderr


def test_a_mistake_is_told_with_its_line_and_the_path_that_leads_to_it(check: Check, tmp_path: Path) -> None:
    path = broken(
        tmp_path, "    term: {within: P5D, clock: working_days, on_miss: remind, source: 'local; unverified'}\n", ""
    )
    result = check(path)
    assert result.exit_code == 1
    told = result.stderr.splitlines()
    line = line_of(path, "  answered:")
    assert told[0] == (
        f"mistake: {path}:{line}: no term runs in 'answered', so that it can be forgotten there;"
        " add a term, or resting: true where nobody waits for anybody (seen by: asked -answer→ answered) [no-term]"
    )
    assert told[-1] == "1 workflow checked, 1 mistake, no warnings"


def test_for_ci_the_same_is_told_as_json_and_nothing_else(check: Check, tmp_path: Path) -> None:
    path = broken(tmp_path, "    reminder: true\n", "")
    result = check(path, "--format", "json")
    assert result.exit_code == 1 and result.stderr == ""
    found: list[dict[str, Any]] = json.loads(result.stdout)
    loop = {each["shown_by"][0]: each for each in found if each["kind"] == "clock-loop"}["answered"]
    assert set(loop) == {"file", "line", "kind", "severity", "wrong", "right", "shown_by"}
    assert loop["file"] == str(path) and loop["line"] == line_of(path, "term: {within: P5D")
    assert loop["severity"] == "mistake" and loop["shown_by"] == ["answered", "-remind→", "answered"]
    sound = check("--format", "json")
    assert sound.exit_code == 0 and json.loads(sound.stdout) == []


def test_a_warning_stops_nothing_unless_one_is_strict(check: Check, tmp_path: Path) -> None:
    mild = broken(tmp_path, "    for_record: true\n", "")
    result = check(mild)
    assert result.exit_code == 0 and "warning: " in result.stderr and "[unused-field]" in result.stderr
    assert "no mistakes" in result.stdout
    assert check(mild, "--strict").exit_code == 1


def test_every_kind_of_finding_can_be_explained(check: Check) -> None:
    for kind in KINDS.values():
        result = check("--explain", kind.name)
        assert result.exit_code == 0
        assert result.output == f"{kind.name} ({kind.severity}): {kind.explanation}\n"
    everything = check("--explain", "all").output.splitlines()
    assert [line.split()[0] for line in everything] == list(KINDS)
    assert {line.split()[1] for line in everything} == {each.value for each in Severity}


def test_an_unknown_finding_is_answered_with_the_nearest(check: Check) -> None:
    result = check("--explain", "clock-lop")
    assert result.exit_code == 2 and "did you mean 'clock-loop'?" in result.stderr


def test_with_a_register_each_decision_must_be_somebodys_to_take(check: Check, tmp_path: Path) -> None:
    register = tmp_path / "register.yaml"
    text = REGISTER.read_text(encoding="utf-8")
    register.write_text(text.replace("function: best_person", "function: manager"), encoding="utf-8")
    result = check("--register", register)
    assert result.exit_code == 1
    assert "no mandate in the register lets anyone take 'decide' (it is for: best_person)" in result.stderr
    assert "household_case.yaml:" in result.stderr and "(seen by: signalled)" in result.stderr


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("power: mini_budget", "powr: mini_budget", "did you mean 'power'?"),
        ("per_decision: 500", "per_decision: a lot", "per_decision"),
        ("mandates:\n", "mandates: [\n", "is no YAML"),
    ],
)
def test_a_broken_register_is_told_by_file_and_line(
    check: Check, tmp_path: Path, old: str, new: str, said: str
) -> None:
    register = tmp_path / "register.yaml"
    register.write_text(REGISTER.read_text(encoding="utf-8").replace(old, new, 1), encoding="utf-8")
    result = check("--register", register)
    assert result.exit_code == 1 and said in result.stderr and f"{register}:" in result.stderr


def test_what_is_not_there_is_told_in_one_line(check: Check, tmp_path: Path) -> None:
    for arguments in ([tmp_path / "none.yaml"], ["--register", tmp_path / "none.yaml"]):
        result = check(*arguments)
        assert result.exit_code == 1 and "none.yaml:1: there is no such file" in result.stderr
    assert check("--format", "poem").exit_code == 2


@pytest.fixture
def lived_in(database_url: str, town: Town, monkeypatch: pytest.MonkeyPatch) -> Town:
    """A database with people, a register and one case."""
    monkeypatch.setenv("WIJKTEAM_DATABASE_URL", database_url)
    open_case(town.work("fenna"), NewCase("Straat 1", "Huur", "Bellen", clock.today()))
    town.close()
    return town


def test_with_the_database_a_rung_that_nobody_stands_on_today_is_found(check: Check, lived_in: Town) -> None:
    assert check("--with-database").exit_code == 0
    work = lived_in.clockwork()
    yesterday = clock.today().replace(year=clock.today().year - 1)
    with work.transaction() as session:
        session.execute(update(HeldFunction).where(HeldFunction.function == "bestuurder").values(valid_until=yesterday))
    result = check("--with-database")
    assert result.exit_code == 1
    assert "nobody holds 'bestuurder' of rung 4 today" in result.stderr and "ave.yaml:" in result.stderr
    assert "[ladder-unheld]" in result.stderr
    assert check().exit_code == 0, "without the database nobody is asked for"


def test_with_the_database_a_version_in_use_may_not_change(
    check: Check, lived_in: Town, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = tmp_path / "own"
    shutil.copytree(SHIPPED, own)
    broken(own, "within: P2D", "within: P3D", "household_case")
    result = check(own / "household_case.yaml", "--with-database")
    assert result.exit_code == 1
    assert "household_case version 3 is in use and may not change" in result.stderr
    assert "write the change as version 4" in result.stderr
    broken(own, "version: 3", "version: 4", "household_case")
    assert check(own / "household_case.yaml", "--with-database").exit_code == 0


def test_a_database_that_was_not_upgraded_says_what_to_do(
    check: Check, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("WIJKTEAM_DATABASE_URL", f"sqlite:///{tmp_path}/new.sqlite")
    result = check("--with-database")
    assert result.exit_code == 2 and "wijkteam db upgrade" in result.stderr


@pytest.fixture(scope="module")
def validator() -> Any:
    result = CliRunner().invoke(main, ["workflow", "schema"], catch_exceptions=False)
    schema = json.loads(result.output)
    jsonschema.Draft202012Validator.check_schema(schema)
    return jsonschema.Draft202012Validator(schema)


@pytest.mark.parametrize("name", NAMES)
def test_the_published_schema_accepts_the_shipped_definitions(validator: Any, name: str) -> None:
    data = read_document(SHIPPED / f"{name}.yaml").data
    assert [error.message for error in validator.iter_errors(data)] == []


def test_the_published_schema_accepts_a_definition_that_extends_another(validator: Any) -> None:
    changes = {
        "workflow": "escalation",
        "version": 2,
        "extends": {"workflow": "escalation", "version": 1},
        "states": {"answered": {"term": {"within": "P3D"}}, "withdrawn": None},
        "transitions": [{"name": "climb", "remove": True}, {"name": "answer", "may_ask": ["why"]}],
    }
    assert [error.message for error in validator.iter_errors(changes)] == []
    assert list(validator.iter_errors({**changes, "extends": {"workflow": "escalation"}}))


@pytest.mark.parametrize(
    "change",
    [
        {"version": "one"},
        {"version": 0},
        {"titel": {"nl": "x", "en": "x"}},
        {"title": {"nl": "Alleen Nederlands"}},
        {"states": {}},
        {"transitions": []},
        {"fields": {"answer": {"type": "poem", "title": {"nl": "x", "en": "x"}}}},
        {"opening": {"title": {"nl": "x", "en": "x"}, "by": []}},
    ],
    ids=str,
)
def test_the_published_schema_rejects_what_the_loader_refuses(validator: Any, change: dict[str, Any]) -> None:
    data = {**read_document(SHIPPED / "escalation.yaml").data, **change}
    assert list(validator.iter_errors(data))


@pytest.mark.parametrize("missing", ["workflow", "version", "title", "subject", "initial", "opening", "states"])
def test_the_published_schema_misses_what_is_missing(validator: Any, missing: str) -> None:
    data = dict(read_document(SHIPPED / "escalation.yaml").data)
    del data[missing]
    assert any(missing in error.message for error in validator.iter_errors(data))
