"""A definition can say only what differs from another; all the rest comes from below, with its own place."""

from pathlib import Path

import pytest

from tests.engine.small_world import DOOR, KNOWN, write_world
from wijkteam.engine.loading import Examined, examine

HEAD = "extends: {workflow: door, version: 1}\nworkflow: door\nversion: 2\n"


def examined(folder: Path, own: str, **more: str) -> Examined:
    return examine([write_world(folder, own=own, **more)], KNOWN)


def newest(found: Examined):
    assert [str(each) for each in found.findings] == []
    return max((each for each in found.workflows if each.workflow == "door"), key=lambda each: each.version)


def line_of(text: str, part: str) -> int:
    return text[: text.index(part)].count("\n") + 1


def test_what_is_not_said_is_as_below(tmp_path: Path) -> None:
    found = examined(tmp_path, HEAD)
    below = next(each for each in found.workflows if each.version == 1 and each.workflow == "door")
    assert newest(found).model_dump(exclude={"version"}) == below.model_dump(exclude={"version"})


def test_two_terms_can_be_changed_without_copying_the_rest(tmp_path: Path) -> None:
    changed = newest(examined(tmp_path, HEAD + "states: {shut: {term: {within: P9D}}}\n"))
    assert changed.states["shut"].term.within == "P9D"
    assert changed.states["shut"].term.on_miss == ["climb", "remind"]
    assert list(changed.states) == ["shut", "ajar", "wide", "gone"]


def test_null_takes_something_away(tmp_path: Path) -> None:
    own = HEAD + "fields: {colour: null}\ntransitions:\n  - {name: unlock, may_ask: null, effects: [keep_answer]}\n"
    changed = newest(examined(tmp_path, own))
    assert "colour" not in changed.fields
    assert changed.transition("unlock").may_ask == []


def test_transitions_go_by_name_and_keep_their_order(tmp_path: Path) -> None:
    own = HEAD + (
        "transitions:\n"
        "  - {name: put_back, title: {nl: Dichtdoen, en: Shut again}}\n"
        "  - {name: allow, remove: true}\n"
        "  - {name: slam, title: {nl: Dichtgooien, en: Slam}, from: wide, to: shut, by: [worker]}\n"
    )
    changed = newest(examined(tmp_path, own))
    names = [each.name for each in changed.transitions]
    assert names == ["unlock", "set_ajar", "put_back", "take_out", "climb", "remind", "slam"]
    assert changed.transition("put_back").title.nl == "Dichtdoen"
    assert changed.transition("put_back").to == "previous"


def test_lists_are_replaced_as_a_whole(tmp_path: Path) -> None:
    own = HEAD + "transitions:\n  - {name: remind, from: [shut, ajar], tells: []}\n"
    found = examined(tmp_path, own)
    assert [each.kind for each in found.findings] == ["clock-loop", "clock-loop"], "a reminder that tells nobody"


def test_one_can_extend_another_that_extends(tmp_path: Path) -> None:
    third = "extends: {workflow: door, version: 2}\nworkflow: door\nversion: 3\nstates: {ajar: {holder: lead}}\n"
    changed = newest(examined(tmp_path, HEAD + "states: {shut: {term: {within: P9D}}}\n", third=third))
    assert changed.version == 3 and changed.states["shut"].term.within == "P9D"


def test_one_can_extend_another_workflow_under_a_name_of_its_own(tmp_path: Path) -> None:
    gate = "extends: {workflow: door, version: 1}\nworkflow: gate\nversion: 1\ntitle: {nl: Poort, en: Gate}\n"
    found = examine([write_world(tmp_path, gate=gate)], KNOWN)
    assert found.findings == []
    assert {each.workflow for each in found.workflows} == {"door", "window", "gate"}


def test_a_mistake_points_to_the_file_and_line_that_said_it(tmp_path: Path) -> None:
    own = HEAD + "states:\n  shut:\n    holder: nobody\n"
    found = examined(tmp_path, own).findings
    assert {each.kind for each in found} == {"unknown-name", "idle-holder"}
    assert {(Path(each.file).name, each.line) for each in found} == {("own.yaml", line_of(own, "holder: nobody"))}


def test_a_mistake_that_a_change_makes_below_points_below(tmp_path: Path) -> None:
    own = HEAD + "fields: {answer: null}\n"
    found = [each for each in examined(tmp_path, own).findings if each.kind == "unknown-name"]
    assert {Path(each.file).name for each in found} == {"door.yaml"}
    assert line_of(DOOR, "    asks: [answer]") in {each.line for each in found}


@pytest.mark.parametrize(
    ("own", "kind", "said"),
    [
        (HEAD.replace("version: 1}", "version: 8}"), "unknown-base", "there is no door version 8"),
        (HEAD.replace("{workflow: door, version: 1}", "door"), "wrong-value", "must name a workflow and a version"),
        (HEAD.replace("version: 1}", "version: 2}"), "circular-base", "extends itself"),
        (HEAD + "states: {attic: null}\n", "nothing-to-remove", "'attic'"),
        (HEAD + "transitions: [{name: fly, remove: true}]\n", "nothing-to-remove", "'fly'"),
        (HEAD + "states: []\n", "wrong-value", "'states' must be a mapping"),
        (HEAD + "transitions: {}\n", "wrong-value", "'transitions' must be a list"),
        (HEAD + "transitions: [7]\n", "wrong-value", "must be a mapping"),
        (HEAD + "transitions: [{title: {nl: A, en: A}}]\n", "missing-key", "'name' is missing"),
        (HEAD + "extends: {workflow: door, version: 1}\n", "duplicate-key", "second time"),
    ],
)
def test_what_cannot_be_laid_over_is_named(tmp_path: Path, own: str, kind: str, said: str) -> None:
    found = examined(tmp_path, own).findings
    named = [each for each in found if each.kind == kind and said in each.wrong]
    assert named, [str(each) for each in found]
    assert {Path(each.file).name for each in named} == {"own.yaml"}


def test_two_that_extend_each_other_are_both_named(tmp_path: Path) -> None:
    one = HEAD.replace("version: 1}", "version: 3}")
    other = one.replace("version: 3}", "version: 9}").replace("version: 2", "version: 3").replace("9", "2")
    kinds = [each.kind for each in examined(tmp_path, one, other=other).findings]
    assert kinds.count("circular-base") >= 1 and "unreadable-file" not in kinds
