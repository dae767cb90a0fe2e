"""Each kind of finding is found in the smallest definition that has it, at its line, with what would be right."""

from dataclasses import replace
from pathlib import Path

import pytest

from tests.engine.small_world import DOOR, KNOWN, LADDER, WINDOW, write_world
from wijkteam.engine.findings import KINDS
from wijkteam.engine.loading import examine, examine_ladder
from wijkteam.engine.reading import LARGEST_FILE, Finding

CHILD = "{window: {take: board_up, giving: {why: answer}}}"
NEW_STATE = "  gone:\n    title: {nl: Weg, en: Gone}\n"
LOST = "  lost: {title: {nl: Zoek, en: Lost}, holder: worker, resting: true}\n"
FIND = "  - {name: find, title: {nl: Vinden, en: Find}, from: lost, to: wide, by: [worker]}\n"
LOSE = "  - {name: lose, title: {nl: Kwijt, en: Lose}, from: wide, to: lost, by: [worker]}\n"
CHAIN = "  - {name: cut, title: {nl: Knip, en: Cut}, from: lost, to: same, by: [worker]}\n"
TRANSITIONS = "transitions:\n"

BROKEN = {
    "broken-yaml": ("initial: shut", "initial: [shut"),
    "alias": ("initial: shut", "initial: &here shut"),
    "duplicate-key": ("initial: shut", "initial: shut\ninitial: wide"),
    "strange-value": ("initial: shut", "initial: !!python/name:os.system shut"),
    "missing-key": ("initial: shut\n", ""),
    "unknown-key": ("initial: shut", "initial: shut\ninitally: shut"),
    "wrong-value": ("within: P2D", "within: two days"),
    "missing-text": ("title: {nl: Kier, en: Ajar}", "title: {nl: Kier}"),
    "unknown-base": ("initial: shut", "extends: {workflow: door, version: 7}\ninitial: shut"),
    "circular-base": ("initial: shut", "extends: {workflow: door, version: 1}\ninitial: shut"),
    "unknown-name": ("holder: lead", "holder: laed"),
    "duplicate-name": ("name: put_back", "name: unlock"),
    "reserved-name": ("name: put_back", "name: migrate"),
    "final-start": ("initial: shut", "initial: gone"),
    "leaving-final": ("from: [shut, wide]", "from: [shut, wide, gone]"),
    "unreachable-state": (NEW_STATE, LOST + NEW_STATE),
    "no-end": (TRANSITIONS, TRANSITIONS + LOSE + CHAIN),
    "stuck-state": (TRANSITIONS, TRANSITIONS + LOSE + CHAIN),
    "wrong-previous": ("from: ajar\n    to: previous", "from: [ajar, wide]\n    to: previous"),
    "side-to-side": (
        NEW_STATE,
        "  beside: {title: {nl: Naast, en: Beside}, holder: lead, side: true, resting: false}\n" + NEW_STATE,
    ),
    "side-without-return": ("to: previous", "to: shut"),
    "dead-transition": ("by: [lead]\n    decision", "by: [ghost]\n    decision"),
    "excluding-guards": ("when: [has_rung]", "when: [has_rung, on_last_rung]"),
    "nobody-holds": ("    holder: lead\n", ""),
    "idle-holder": ("holder: lead", "holder: worker"),
    "field-asked-twice": ("asks: [answer]", "asks: [answer, answer]"),
    "clock-asked": ("by: [clock]\n    when", "by: [clock]\n    asks: [answer]\n    when"),
    "missing-field": ("    asks: [answer]\n    may_ask", "    may_ask"),
    "unused-field": ("effects: [keep_answer, paint]", "effects: [keep_answer]"),
    "unasked-field": ("    may_ask: [colour]\n", ""),
    "basis-unsaid": ("    basis: local\n", ""),
    "article-unsaid": ("    article: Awb 3:46\n", ""),
    "no-mandate": ("by: [lead]\n    decision", "by: [worker]\n    decision"),
    "blind-message": ("tells: [worker]", "tells: [stranger]"),
    "no-term": ("    resting: true\n", ""),
    "wrong-miss": ("on_miss: remind", "on_miss: climb"),
    "never-tried": ("on_miss: [climb, remind]", "on_miss: [remind, climb]"),
    "silence-after-term": ("on_miss: [climb, remind]", "on_miss: climb"),
    "clock-loop": ("    reminder: true\n", ""),
    "guarded-end": ("to: gone\n    by: [worker]\n", "to: gone\n    by: [worker]\n    when: [fits]\n"),
    "clock-decides": ("by: [lead]\n    decision", "by: [lead, clock]\n    decision"),
    "child-cannot-follow": (CHILD, "{window: {take: board_up}}"),
    "needed-name": ("name: unlock", "name: open_up"),
    "unknown-end": (
        NEW_STATE,
        "  broken: {title: {nl: Stuk, en: Broken}, final: true}\n" + NEW_STATE,
    ),
    "wrong-join": ("name: unlock\n", "name: unlock\n    joins: [window]\n"),
    "child-left": (CHILD, "{window: leave}"),
}
FOUND_AT = {
    "clock-loop": "on_miss: [climb, remind]",
    "side-without-return": "  ajar:",
    "guarded-end": "  shut:",
    "unasked-field": "  colour:",
    "needed-name": "states:",
}
"""Where the finding points when it is not where the definition was broken."""
ON_THE_WAY = {
    "unreachable-state",
    "no-end",
    "stuck-state",
    "dead-transition",
    "excluding-guards",
    "nobody-holds",
    "no-term",
    "no-mandate",
    "silence-after-term",
    "clock-loop",
    "guarded-end",
}
"""Kinds that must come with a path that shows them."""
ELSEWHERE = {
    "unreadable-file",
    "too-large",
    "same-version",
    "no-definitions",
    "nothing-to-remove",
    "ladder-runs-on",
    "ladder-unheld",
    "changed-in-use",
    "altered-in-store",
    "unreachable-state",
    "no-end",
    "stuck-state",
    "side-to-side",
}
"""Kinds whose tests stand below, or (changed-in-use, altered-in-store) with the versions."""


def findings(folder: Path) -> list[Finding]:
    return examine([folder], KNOWN).findings


def of_kind(kind: str, found: list[Finding]) -> Finding:
    named = [each for each in found if each.kind == kind]
    assert named, f"no {kind} among {[str(each) for each in found]}"
    first = named[0]
    assert first.wrong and first.right and first.line >= 1
    assert first.severity is KINDS[kind].severity
    assert bool(first.shown_by) or kind not in ON_THE_WAY, f"{kind} shows no path"
    return first


def line_of(text: str, part: str) -> int:
    return text[: text.index(part)].count("\n") + 1


def test_the_sound_definition_has_nothing_found_in_it(tmp_path: Path) -> None:
    assert [str(each) for each in findings(write_world(tmp_path))] == []


def test_every_kind_of_finding_has_a_minimal_broken_definition() -> None:
    assert set(BROKEN) | ELSEWHERE == set(KINDS)


@pytest.mark.parametrize("kind", sorted(set(BROKEN) - {"unreachable-state", "no-end", "stuck-state", "side-to-side"}))
def test_the_finding_is_made_where_the_definition_was_broken(tmp_path: Path, kind: str) -> None:
    old, new = BROKEN[kind]
    assert old in DOOR
    broken = DOOR.replace(old, new, 1)
    found = of_kind(kind, findings(write_world(tmp_path, broken)))
    first_changed = line_of(DOOR, FOUND_AT.get(kind, old))
    assert Path(found.file).name == "door.yaml"
    around = range(first_changed - 9, first_changed + new.count("\n") + 3)
    assert found.line in around, f"line {found.line} is not near line {first_changed}: {found}"


def test_a_state_to_which_no_road_leads_is_named_with_what_is_reached(tmp_path: Path) -> None:
    broken = DOOR.replace(NEW_STATE, LOST + NEW_STATE).replace(TRANSITIONS, TRANSITIONS + FIND)
    found = of_kind("unreachable-state", findings(write_world(tmp_path, broken)))
    assert "'lost'" in found.wrong and "shut" in found.shown_by and found.line == line_of(broken, "  lost:")


@pytest.mark.parametrize("kind", ["no-end", "stuck-state"])
def test_a_state_that_leads_nowhere_is_named_with_the_road_to_it(tmp_path: Path, kind: str) -> None:
    broken = DOOR.replace(NEW_STATE, LOST + NEW_STATE).replace(TRANSITIONS, TRANSITIONS + LOSE + CHAIN)
    found = of_kind(kind, findings(write_world(tmp_path, broken)))
    assert found.shown_by == ("shut", "-unlock→", "wide", "-lose→", "lost")


def test_states_that_only_lead_to_each_other_have_no_end(tmp_path: Path) -> None:
    round_about = (
        "  - {name: lose, title: {nl: Kwijt, en: Lose}, from: wide, to: lost, by: [worker]}\n"
        "  - {name: lose_again, title: {nl: Weer, en: Again}, from: lost, to: forgotten, by: [worker]}\n"
        "  - {name: recall, title: {nl: Terug, en: Recall}, from: forgotten, to: lost, by: [worker]}\n"
    )
    forgotten = LOST.replace("lost", "forgotten")
    broken = DOOR.replace(NEW_STATE, LOST + forgotten + NEW_STATE).replace(TRANSITIONS, TRANSITIONS + round_about)
    found = [each for each in findings(write_world(tmp_path, broken)) if each.kind == "no-end"]
    assert {each.wrong for each in found} == {
        "from 'lost' no end can be reached",
        "from 'forgotten' no end can be reached",
    }


def test_from_one_side_state_no_road_leads_to_another(tmp_path: Path) -> None:
    beside = (
        "  beside: {title: {nl: Naast, en: Beside}, holder: lead, side: true, term: {within: P1D, on_miss: remind}}\n"
    )
    roads = (
        "  - {name: aside, title: {nl: Opzij, en: Aside}, from: ajar, to: beside, by: [lead]}\n"
        "  - {name: come_back, title: {nl: Kom, en: Come}, from: beside, to: previous, by: [lead]}\n"
    )
    broken = DOOR.replace(NEW_STATE, beside + NEW_STATE).replace(TRANSITIONS, TRANSITIONS + roads)
    found = of_kind("side-to-side", findings(write_world(tmp_path, broken)))
    assert found.line in range(line_of(broken, "name: aside"), line_of(broken, "name: aside") + 2)


def test_a_clock_loop_over_several_states_is_found_with_its_round(tmp_path: Path) -> None:
    tick = "  tick: {title: {nl: Tik, en: Tick}, holder: worker, term: {within: P1D, on_miss: to_tock}}\n"
    tock = "  tock: {title: {nl: Tak, en: Tock}, holder: worker, term: {within: P1D, on_miss: to_tick}}\n"
    roads = (
        "  - {name: start, title: {nl: A, en: A}, from: wide, to: tick, by: [worker]}\n"
        "  - {name: stop, title: {nl: B, en: B}, from: [tick, tock], to: wide, by: [worker]}\n"
        "  - {name: to_tock, title: {nl: C, en: C}, from: tick, to: tock, by: [clock]}\n"
        "  - {name: to_tick, title: {nl: D, en: D}, from: tock, to: tick, by: [clock]}\n"
    )
    broken = DOOR.replace(NEW_STATE, tick + tock + NEW_STATE).replace(TRANSITIONS, TRANSITIONS + roads)
    found = of_kind("clock-loop", findings(write_world(tmp_path, broken)))
    assert {"-to_tock→", "-to_tick→"} <= set(found.shown_by) and found.shown_by[0] == found.shown_by[-1]


def test_a_climb_that_runs_out_is_no_clock_loop_and_one_that_does_not_is(tmp_path: Path) -> None:
    endless = DOOR.replace("    effects: [next_rung]\n", "")
    assert of_kind("clock-loop", findings(write_world(tmp_path, endless))).shown_by == ("shut", "-climb→", "shut")


def test_two_definitions_of_one_version_are_named_with_each_other(tmp_path: Path) -> None:
    found = of_kind("same-version", findings(write_world(tmp_path, gate=DOOR)))
    assert "also in door.yaml" in found.wrong


def test_files_that_cannot_be_read_are_named(tmp_path: Path) -> None:
    assert of_kind("unreadable-file", examine([tmp_path / "none.yaml"], KNOWN).findings)
    latin = tmp_path / "latin.yaml"
    latin.write_bytes("workflow: caf\u00e9".encode("latin-1"))
    assert of_kind("unreadable-file", examine([latin], KNOWN).findings)
    large = tmp_path / "large.yaml"
    large.write_bytes(b"#" * (LARGEST_FILE + 1))
    assert of_kind("too-large", examine([large], KNOWN).findings)


def test_an_empty_folder_holds_no_definitions(tmp_path: Path) -> None:
    assert of_kind("no-definitions", findings(tmp_path))


def test_a_folder_may_hold_other_data_only(tmp_path: Path) -> None:
    (tmp_path / "ladders").mkdir()
    (tmp_path / "ladders" / "stairs.yaml").write_text(LADDER, encoding="utf-8")
    assert findings(tmp_path) == []


def test_taking_away_what_is_not_there_is_named(tmp_path: Path) -> None:
    extending = "extends: {workflow: door, version: 1}\nworkflow: door\nversion: 2\nstates: {attic: null}\n"
    assert "'attic'" in of_kind("nothing-to-remove", findings(write_world(tmp_path, own=extending))).wrong


def test_a_last_rung_that_climbs_on_is_found(tmp_path: Path) -> None:
    ladder = tmp_path / "stairs.yaml"
    ladder.write_text(LADDER, encoding="utf-8")
    assert examine_ladder(ladder, KNOWN) == []
    ladder.write_text(LADDER.replace("en: Last}", "en: Last}, unanswered: climb"), encoding="utf-8")
    assert of_kind("ladder-runs-on", examine_ladder(ladder, KNOWN)).shown_by[-1] == "rung 2 (head_of_doors)"


def test_a_rung_with_a_function_that_nobody_holds_is_found(tmp_path: Path) -> None:
    ladder = tmp_path / "stairs.yaml"
    ladder.write_text(LADDER.replace("head_of_doors", "haed_of_doors"), encoding="utf-8")
    assert "head_of_doors" in of_kind("ladder-unheld", examine_ladder(ladder, KNOWN)).right
    ladder.write_text(LADDER, encoding="utf-8")
    alone = replace(KNOWN, held=frozenset({"lead_of_doors"}))
    assert "nobody holds 'head_of_doors'" in of_kind("ladder-unheld", examine_ladder(ladder, alone)).wrong


@pytest.mark.parametrize(
    ("child", "said"),
    [
        ("{window: {take: bord_up, giving: {why: answer}}}", "has no transition 'bord_up'"),
        ("{window: {take: board_up, giving: {why: answer, how: answer}}}", "does not ask 'how'"),
        ("{window: {take: board_up, giving: {why: colour}}}", "does not ask 'colour'"),
        ("{chimney: wait}", "no children of the kind 'chimney'"),
    ],
)
def test_children_that_cannot_follow_are_named(tmp_path: Path, child: str, said: str) -> None:
    found = findings(write_world(tmp_path, DOOR.replace(CHILD, child)))
    assert any(said in each.wrong for each in found), [str(each) for each in found]


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("by: [worker, parent]", "by: [worker]", "is not for its parent"),
        ("to: boarded", "to: clean", "does not end 'window'"),
        (
            "resting: true}",
            "resting: true}\n  dirty: {title: {nl: V, en: D}, holder: worker, resting: true}",
            "'dirty'",
        ),
        ("by: [worker, parent]", "by: [parent]", ""),
    ],
)
def test_a_child_must_be_able_to_follow_from_wherever_it_is(tmp_path: Path, old: str, new: str, said: str) -> None:
    found = findings(write_world(tmp_path, window=WINDOW.replace(old, new, 1)))
    followed = [each for each in found if each.kind == "child-cannot-follow"]
    assert any(said in each.wrong for each in followed) if said else not followed, [str(each) for each in found]


def test_a_transition_for_a_parent_that_never_calls_it_is_dead(tmp_path: Path) -> None:
    window = WINDOW.replace("by: [worker, parent]", "by: [parent]")
    door = DOOR.replace(f"    children: {CHILD}\n", "")
    assert of_kind_anyway("dead-transition", findings(write_world(tmp_path, door, window)))


def of_kind_anyway(kind: str, found: list[Finding]) -> list[Finding]:
    return [each for each in found if each.kind == kind]
