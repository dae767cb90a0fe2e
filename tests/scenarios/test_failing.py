"""A definition that does something else than its scenarios say is caught, at the line that says it."""

from pathlib import Path

import pytest

from tests.scenarios.small_town import SCENARIOS, change, line_of, own_folder, played
from wijkteam.scenarios.reporting import failure_lines

OPENING = "  may_ask: [remedy, safety_at_stake]\n  effects: [first_rung]\n"
ANSWER = """\
    by: [rung_holder]
    asks: [answer, next_step, next_step_on]
    effects: [keep_answer]
    tells: [owner, involved]
"""
UP = "    from: [asked, asked_back, answered]\n    to: asked\n    by: [rung_holder, owner]\n"
PASS_UP = "    when: [has_higher_rung]\n    asks: [why]\n    effects: [next_rung]\n"
CHANGES = {
    "nothing is changed": (ANSWER, ANSWER, "", ""),
    "an effect is gone": (
        PASS_UP,
        PASS_UP.replace("next_rung", "same_rung"),
        "fields: {rung: 2, highest_rung: 2}",
        "fields.rung: expected 2; found 1 [passed_up]",
    ),
    "a kept answer is gone": (
        ANSWER,
        ANSWER.replace("[keep_answer]", "[]"),
        "fields: {answer: Ja}",
        "fields.answer: expected Ja; found nothing [answered]",
    ),
    "a term is another": (
        "term: {named: rung, on_miss",
        "term: {within: P1D, on_miss",
        "due: 2026-03-09",
        "due: expected 2026-03-09; found 2026-03-05 [silence_climbs]",
    ),
    "a guard is gone": (
        "    when: [for_information_only]\n",
        "",
        "refused: blocked",
        "refused: expected refused as blocked; found it was done [answered]",
    ),
    "a message is gone": (
        ANSWER,
        ANSWER.replace("tells: [owner, involved]", "tells: []"),
        "told: [fenna]}",
        "told: expected fenna; found none [answered]",
    ),
    "a role is another": (
        ANSWER,
        ANSWER.replace("by: [rung_holder]", "by: [rung_holder, owner]"),
        "cannot: {fenna: {answer: Teamleider}}",
        "cannot.fenna.answer: expected fenna cannot answer; found fenna can [answered]",
    ),
    "a role is none of theirs": (
        ANSWER,
        ANSWER.replace("by: [rung_holder]", "by: [owner]"),
        "can: {petra: answer}",
        "can.petra: expected petra can answer; found Dit kan: Fenna. [silence_climbs]",
    ),
    "the opening has no effects": (
        OPENING,
        OPENING.replace("[first_rung]", "[]"),
        "by: fenna\n      open: escalation",
        "when: expected it can be done; found it broke: ",
    ),
    "the end is another state": (
        UP,
        UP.replace("to: asked", "to: answered"),
        "fields: {rung: 2, highest_rung: 2}",
        "state: expected asked; found answered [passed_up]",
    ),
}


def failures(place: Path, scratch: Path) -> list[str]:
    return [each.removeprefix(f"{place}/scenarios/") for each in failure_lines(played(place, scratch))]


@pytest.mark.parametrize(("right", "wrong", "line", "said"), CHANGES.values(), ids=CHANGES)
def test_what_a_changed_definition_does_otherwise_is_caught_at_the_line_that_says_it(
    tmp_path: Path, right: str, wrong: str, line: str, said: str
) -> None:
    place = own_folder(tmp_path)
    change(place, "escalation", right, wrong)
    found = failures(place, tmp_path)
    if not said:
        assert found == []
    else:
        where = f"escalation.yaml:{line_of(SCENARIOS, line)}: "
        assert any(each.startswith(where + said) for each in found), found


EXPECTATIONS = {
    "told": ("told: [fenna, teun, petra]", "told: [fenna]", "told: expected fenna; found fenna, petra, teun"),
    "history": ("history: [open, climb]", "history: [open]", "history: expected open; found open, climb"),
    "can": ("can: {petra: answer}", "can: {teun: answer}", "can.teun: expected teun can answer; found Dit kan: Proces"),
    "can_only": (
        "can_only: {teun: [attach, safety_now]}",
        "can_only: {petra: []}",
        "can_only.petra: expected none; found answer, ",
    ),
    "cannot, but for another reason": (
        "cannot: {fenna: {resolve: kan niet}}",
        "cannot: {fenna: {resolve: vakantie}}",
        "cannot.fenna.resolve: expected fenna cannot resolve, because 'vakantie'; found 'Opgelost' kan niet",
    ),
    "a moment": ("due: 2026-03-09", "due: 2026-03-09T12:00", "due: expected 2026-03-09T12:00; found 2026-03-09T23:59"),
    "no term": ("due: 2026-03-09", "due: none", "due: expected none; found 2026-03-09T23:59"),
    "a mandate": ("due: 2026-03-09", "mandate: M-01", "mandate: expected M-01; found no mandate"),
    "refused otherwise": (
        "refused: blocked",
        "refused: not_yours",
        "expected refused as not_yours; found refused as b",
    ),
    "because": (
        "because: antwoord gevraagd",
        "because: geen zin",
        "because: expected the reason holds 'geen zin'; found Hier wordt een antwoord gevraagd.",
    ),
}


@pytest.mark.parametrize(("right", "wrong", "said"), EXPECTATIONS.values(), ids=EXPECTATIONS)
def test_each_kind_of_expectation_fails_at_its_own_line(tmp_path: Path, right: str, wrong: str, said: str) -> None:
    text = SCENARIOS.replace(right, wrong, 1)
    place = own_folder(tmp_path, text)
    (found,) = failures(place, tmp_path)
    assert found.startswith(f"escalation.yaml:{line_of(text, wrong)}: ") and said in found


def test_a_municipality_that_extends_a_workflow_is_tested_by_the_shipped_scenarios_too(tmp_path: Path) -> None:
    place = own_folder(tmp_path)
    (place / "escalation_own.yaml").write_text(
        "workflow: escalation\nversion: 2\nextends: {workflow: escalation, version: 1}\n"
        "transitions: [{name: pass_up, effects: [same_rung]}]\n",
        encoding="utf-8",
    )
    assert "fields.rung: expected 2; found 1 [passed_up]" in failures(place, tmp_path)[0]
    text = SCENARIOS.replace("scenarios_of: escalation\n", "scenarios_of: escalation\nversion: 1\n")
    (place / "scenarios" / "escalation.yaml").write_text(text, encoding="utf-8")
    assert failures(place, tmp_path) == []
