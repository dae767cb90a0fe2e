"""Every mistake in a definition is named by file and line, with what would be right, all at once."""

from pathlib import Path

import pytest

from wijkteam import rulebook
from wijkteam.engine.loading import WrongDefinition, load_workflow, load_workflows
from wijkteam.vocabularies import surroundings

FOLDERS = rulebook.workflow_folders()
SHIPPED = FOLDERS[0]
KNOWN = surroundings(FOLDERS)
ESCALATION = (SHIPPED / "escalation.yaml").read_text(encoding="utf-8")


def mistakes(tmp_path: Path, text: str) -> list[str]:
    path = tmp_path / "wrong.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(WrongDefinition) as wrong:
        load_workflow(path, KNOWN)
    return [str(mistake).removeprefix(f"{tmp_path}/") for mistake in wrong.value.findings]


def line_of(text: str, part: str) -> int:
    return text[: text.index(part)].count("\n") + 1


def test_the_shipped_definitions_hold_no_mistakes() -> None:
    assert len(load_workflows(FOLDERS, KNOWN)) == len(list(SHIPPED.glob("*.yaml")))


@pytest.mark.parametrize(
    ("right", "wrong", "said", "instead"),
    [
        ("initial: asked", "initial: askd", "there is no state 'askd'", "did you mean 'asked'?"),
        ("effects: [keep_answer]", "effects: [keep_anser]", "there is no effect 'keep_anser'", "'keep_answer'"),
        ("by: [rung_holder]", "by: [rung_owner]", "there is no role 'rung_owner'", "'rung_holder'"),
        ("when: [has_lower_rung]", "when: [has_no_rung]", "there is no guard", "did you mean"),
        ("holder: owner", "holder: nobody", "there is no role 'nobody'", "known are"),
        ("on_miss: [climb, remind]", "on_miss: [clim, remind]", "'clim' cannot be taken", "'climb'"),
        ("list: barriers", "list: barrier", "there is no list 'barrier'", "'barriers'"),
        ("within: P5D", "within: 5 days", "is not right", "P2D"),
        ("version: 1", "version: one", "must be a whole number", "for example 1"),
        ("version: 1", "version: true", "must be a whole number", "for example 1"),
        ("final: true", "final: 1", "must be true or false", "write true or false"),
        ("subject: escalation", "subjekt: escalation", "'subjekt' is not known here", "did you mean 'subject'?"),
        ("to: answered", "to: answerd", "there is no state 'answerd'", "did you mean 'answered'?"),
        ("tells: [owner]", "tells: [owners]", "there is no recipient 'owners'", "'owner'"),
    ],
)
def test_a_mistake_is_named_with_its_line_and_what_would_be_right(
    tmp_path: Path, right: str, wrong: str, said: str, instead: str
) -> None:
    text = ESCALATION.replace(right, wrong, 1)
    found = [each for each in mistakes(tmp_path, text) if said in each]
    assert found and instead in found[0]
    assert found[0].startswith(f"wrong.yaml:{line_of(text, wrong)}:")


def test_a_changed_copy_looks_its_transitions_up_anew() -> None:
    workflow = load_workflow(SHIPPED / "escalation.yaml", KNOWN)
    assert workflow.transition("answer") is not None and workflow.transitions_from("asked")
    kept = workflow.transition("climb")
    changed = workflow.model_copy(update={"transitions": [kept]})
    assert changed.transition("answer") is None
    assert changed.transitions_from("asked") == [kept]


def test_all_mistakes_are_named_at_once(tmp_path: Path) -> None:
    text = ESCALATION.replace("initial: asked", "initial: a").replace("list: barriers", "list: b", 1)
    assert len(mistakes(tmp_path, text)) >= 2


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a: [", "is no YAML"),
        ("a: 1\na: 2\n", "for the second time"),
        ("a: &x 1\nb: *x\n", "aliases"),
        ("a: !!python/object:os.system x\n", "tag"),
        ("", "must be a mapping"),
    ],
)
def test_what_is_no_safe_yaml_is_refused_in_one_line(tmp_path: Path, text: str, said: str) -> None:
    assert any(said in each for each in mistakes(tmp_path, text)), mistakes(tmp_path, text)


def test_a_state_that_cannot_be_reached_or_left_is_named(tmp_path: Path) -> None:
    lost = "states:\n  lost:\n    title: {nl: Zoek, en: Lost}\n    holder: owner\n"
    found = mistakes(tmp_path, ESCALATION.replace("states:\n", lost, 1))
    assert any("'lost' cannot be reached" in each for each in found)
    assert any("nobody can leave 'lost'" in each for each in found)
