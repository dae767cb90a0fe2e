"""`wijkteam workflow test`: what it says, its exit codes, and what it answers to bad input."""

import json
from pathlib import Path
from xml.etree import ElementTree

import jsonschema
import pytest
import yaml
from click.testing import CliRunner, Result

from tests.scenarios.small_town import SCENARIOS, line_of
from wijkteam.cli import main
from wijkteam.engine.reading import read_document
from wijkteam.shipped import folder

OWN = """\
workflow: escalation
version: 2
extends: {workflow: escalation, version: 1}
states: {answered: {term: {within: P6D}}}
"""


@pytest.fixture
def own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The municipality's own folder: a newer escalation, and scenarios in place of the shipped ones about it."""
    place = tmp_path / "own"
    (place / "scenarios").mkdir(parents=True)
    (place / "scenarios" / "escalation.yaml").write_text(SCENARIOS, encoding="utf-8")
    (place / "escalation.yaml").write_text(OWN, encoding="utf-8")
    monkeypatch.setenv("WIJKTEAM_WORKFLOWS", str(place))
    monkeypatch.setenv("WIJKTEAM_DATABASE_URL", "sqlite:////nowhere/at/all.sqlite")
    monkeypatch.chdir(tmp_path)
    return place


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["workflow", *arguments], catch_exceptions=False)


def test_it_tells_each_scenario_its_totals_and_touches_no_database_of_the_municipality(own: Path) -> None:
    result = run("test", "escalation")
    assert result.exit_code == 0 and result.stderr == ""
    assert "passed  silence_climbs: Silence climbs" in result.output
    assert "3 scenarios, none failed" in result.output
    assert "escalation version 2: states 2 of 5 (40%)" in result.output
    assert sorted(path.name for path in own.parent.iterdir()) == ["own"]


def test_coverage_names_what_was_never_touched_where_it_stands(own: Path) -> None:
    text = (folder("workflows") / "escalation.yaml").read_text(encoding="utf-8")
    result = run("test", "escalation", "--coverage")
    assert result.exit_code == 0
    for said, part in {
        "states: withdrawn was never touched": "  withdrawn:",
        "transitions: ask_again was never touched": "  - name: ask_again",
        "ways: pass_up from answered was never touched": (
            "    from: [asked, asked_back, answered]\n    to: asked\n    by: [rung_holder, owner]"
        ),
        "missed terms: remind when answered takes too long was never touched": "    term: {within: P5D",
        "refusals: step_down: has_lower_rung was never touched": "    when: [has_lower_rung]",
    }.items():
        assert f"escalation.yaml:{line_of(text, part)}: {said}" in result.output
    assert "transitions: climb was" not in result.output
    assert "refusals: take_note: for_information_only was" not in result.output


def test_too_little_coverage_is_found_wrong_and_enough_is_not(own: Path) -> None:
    result = run("test", "escalation", "--least", "90")
    assert result.exit_code == 1
    assert "states 40%, transitions 20%, and 90% is asked" in result.stderr
    assert "transitions: ask_again was never touched" in result.stderr
    assert run("test", "escalation", "--least", "20").exit_code == 0


def test_a_workflow_without_scenarios_has_no_coverage(own: Path) -> None:
    (own / "scenarios" / "resident_signal.yaml").write_text(SCENARIOS, encoding="utf-8")
    result = run("test", "escalation", "resident_signal", "--least", "1")
    assert result.exit_code == 1
    assert "resident_signal version 2: states 0%, transitions 0%, and 1% is asked" in result.stderr


def test_a_failure_is_one_line_with_its_place_and_exits_1(own: Path) -> None:
    text = SCENARIOS.replace("state: answered", "state: asked")
    path = own / "scenarios" / "escalation.yaml"
    path.write_text(text, encoding="utf-8")
    result = run("test", "escalation", "--junit", "junit.xml")
    line = f"{path}:{line_of(text, 'state: asked, fields: {answer')}: "
    assert result.exit_code == 1
    assert result.stderr == f"{line}state: expected asked; found answered [answered]\n"
    assert "failed  answered" in result.output and "3 scenarios, 1 failed" in result.output
    suite = ElementTree.parse("junit.xml").getroot()
    assert (suite.get("tests"), suite.get("failures")) == ("3", "1")
    assert suite.find(".//testcase[@name='answered']/failure").get("message") == "expected asked; found answered"


def test_json_holds_the_same(own: Path) -> None:
    path = own / "scenarios" / "escalation.yaml"
    path.write_text(SCENARIOS.replace("state: answered", "state: asked"), encoding="utf-8")
    result = run("test", "escalation", "--format", "json")
    found = json.loads(result.stdout)
    assert result.exit_code == 1 and result.stderr == ""
    assert [each["name"] for each in found["scenarios"] if each["failures"]] == ["answered"]
    (failure,) = found["scenarios"][2]["failures"]
    assert (failure["about"], failure["expected"], failure["found"]) == ("state", "asked", "answered")
    (coverage,) = found["coverage"]
    assert (coverage["states"]["touched"], coverage["states"]["all"]) == (2, 5)


def test_one_scenario_alone(own: Path) -> None:
    result = run("test", "--scenario", "passed_up")
    assert result.exit_code == 0 and "1 scenario, none failed" in result.output


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["escalatie"], 2, "there is no workflow 'escalatie'; did you mean 'escalation'?"),
        (["--scenario", "pased_up"], 2, "did you mean 'passed_up'?"),
        (["--scenario", "passed_up", "--least", "5"], 2, "leave out --scenario"),
        (["--least", "101"], 2, "101"),
        (["escalation", "--junit", "no/such/folder/junit.xml"], 2, "cannot be written"),
    ],
)
def test_bad_input_gets_one_clear_answer(own: Path, arguments: list[str], code: int, said: str) -> None:
    result = run("test", *arguments)
    assert result.exit_code == code and said in result.stderr


def test_wrong_scenarios_and_wrong_definitions_are_not_played(own: Path) -> None:
    path = own / "scenarios" / "escalation.yaml"
    path.write_text(SCENARIOS.replace("state: answered", "state: anwsered"), encoding="utf-8")
    result = run("test")
    assert result.exit_code == 1 and result.stdout == ""
    assert "there is no state 'anwsered'; did you mean 'answered'? [unknown-name]" in result.stderr
    (own / "broken.yaml").write_text("workflow: x\n", encoding="utf-8")
    result = run("test")
    assert result.exit_code == 1 and f"{own}/broken.yaml:1: " in result.stderr


def test_the_published_schema_fits_the_scenarios_and_refuses_a_slip_of_the_pen(tmp_path: Path) -> None:
    schema = json.loads(run("schema", "--of", "scenarios").output)
    validator = jsonschema.Draft202012Validator(schema)
    validator.check_schema(schema)
    for path in sorted((folder("workflows") / "scenarios").glob("*.yaml")):
        validator.validate(_as_an_editor_sees(path))
    slip = tmp_path / "slip.yaml"
    slip.write_text(SCENARIOS.replace("told: [fenna]}", "tolt: [fenna]}"), encoding="utf-8")
    assert not validator.is_valid(_as_an_editor_sees(slip))
    assert run("schema").output == run("schema", "--of", "workflow").output != run("schema", "--of", "scenarios").output


def _as_an_editor_sees(path: Path) -> object:
    """As plain data; read once more by the strictest reader there is, as editors do."""
    yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.BaseLoader)
    return json.loads(json.dumps(read_document(path).data, default=float))


def test_the_command_explains_itself_with_an_example() -> None:
    assert "Example: wijkteam workflow test escalation --least 100" in run("test", "--help").output
