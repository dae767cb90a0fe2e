"""Whatever differs between two versions is told in one plain sentence, and nothing else is."""

from pathlib import Path
from xml.etree import ElementTree

import pytest

from tests.engine.small_world import DOOR, DOOR_WORDS, write_world
from wijkteam.engine.comparing import compare, summary
from wijkteam.engine.definition import Workflow
from wijkteam.engine.differences import About, Comparison, Kind
from wijkteam.engine.drawing.changes import both_versions
from wijkteam.engine.drawing.marks import Look
from wijkteam.engine.drawing.outline import outline
from wijkteam.engine.drawing.picture import as_svg
from wijkteam.engine.loading import examine

TITLES = {name: role.title for name, role in DOOR_WORDS.roles.items()}


def read(folder: Path, text: str) -> Workflow:
    folder.mkdir(exist_ok=True)
    return examine([write_world(folder, text) / "door.yaml"]).workflows[0]


def compared(tmp_path: Path, old: str, new: str, language: str = "en") -> Comparison:
    return compare(read(tmp_path / "old", old), read(tmp_path / "new", new), language, TITLES)


def changed(tmp_path: Path, *changes: tuple[str, str]) -> Comparison:
    text = DOOR
    for before, after in changes:
        assert before in text
        text = text.replace(before, after)
    return compared(tmp_path, DOOR, text)


def test_the_same_definition_has_no_differences(tmp_path: Path) -> None:
    comparison = compared(tmp_path, DOOR, DOOR.replace("version: 1", "version: 2"))
    assert comparison.differences == () and comparison.needs_map == ()
    assert summary(comparison, "nl") == "geen verschil"


@pytest.mark.parametrize(
    ("before", "after", "sentence"),
    [
        ("within: P2D", "within: P5D", "State 'Shut': term was 2 working days and is now 5 working days."),
        (
            "on_miss: [climb, remind]",
            "on_miss: [remind]",
            "State 'Shut': what happens when the term is missed, removed 'Climbs'.",
        ),
        ("holder: lead", "holder: worker", "State 'Ajar': who holds the ball was lead and is now worker."),
        ("side: true", "side: false", "State 'Ajar': side track was yes and is now no."),
        ("en: Ajar", "en: Half open", "State 'Half open': title in English was 'Ajar' and is now 'Half open'."),
        ("nl: Kier", "nl: Halfopen", "State 'Ajar': title in Dutch was 'Kier' and is now 'Halfopen'."),
        (
            "by: [lead]\n    decision",
            "by: [lead, worker]\n    decision",
            "Step 'Allow': who may do this, added worker.",
        ),
        ("when: [fits]", "when: []", "Step 'Set ajar': conditions, removed fits."),
        ("when: [fits]", "when: [has_rung]", "Step 'Set ajar': conditions, added has_rung, removed fits."),
        ("to: ajar", "to: wide", "Step 'Set ajar': to was 'Ajar' and is now 'Wide open'."),
        ("may_ask: [colour]", "may_ask: []", "Step 'Unlock': what may be filled in, removed 'Colour'."),
        (
            "effects: [keep_answer, paint]",
            "effects: [paint, keep_answer]",
            "Step 'Unlock': effects, now in the order paint, keep_answer.",
        ),
        ("tells: [worker]\n  - name", "tells: []\n  - name", "Step 'Unlock': who is told, removed worker."),
        ("decision: permission", "when: [fits]", "Step 'Allow': kind of decision was permission and is now nothing."),
        ("from: [shut, wide]", "from: wide", "Step 'Take out': from, removed 'Shut'."),
        ("reminder: true", "reminder: false", "Step 'Reminder': reminder was yes and is now no."),
        (
            "giving: {why: answer}",
            "giving: {}",
            "Step 'Take out': what runs below this (window) was take them along by 'board_up', giving why = answer "
            "and is now take them along by 'board_up'.",
        ),
        ("type: text", "type: line", "Question 'Answer': kind of question was text and is now line."),
        ("children: [window]", "children: []", "The workflow: what runs below this, removed window."),
        ("by: [worker]\nfields", "by: [lead]\nfields", "The opening: who may do this, added lead, removed worker."),
        ("initial: shut", "initial: wide", "The workflow: beginning was 'Shut' and is now 'Wide open'."),
    ],
)
def test_each_kind_of_change_is_told_as_one_sentence(tmp_path: Path, before: str, after: str, sentence: str) -> None:
    told = [each.sentence for each in compared(tmp_path, DOOR, DOOR.replace(before, after, 1)).differences]
    assert sentence in told


def test_no_change_of_what_a_definition_says_goes_untold(tmp_path: Path) -> None:
    whole = read(tmp_path / "door", DOOR)
    for at, line in enumerate(DOOR.splitlines()):
        text = "\n".join(each for number, each in enumerate(DOOR.splitlines()) if number != at)
        other = examine([write_world(tmp_path / "door", text) / "door.yaml"]).workflows
        if other and other[0].content_hash() != whole.content_hash():
            assert compare(whole, other[0], "nl", TITLES).differences, line


def test_what_came_and_what_went_is_told_with_what_there_is_to_know(tmp_path: Path) -> None:
    fresh = "  gone:\n    title: {nl: Weg, en: Gone}\n"
    term = "{within: P6W, clock: statutory, on_miss: remind}"
    added = f"  lent: {{title: {{nl: Uitgeleend, en: Lent}}, holder: lead, term: {term}}}\n"
    comparison = changed(tmp_path, (fresh, added + fresh))
    (difference,) = comparison.differences
    assert (difference.about, difference.kind, difference.name) == (About.STATE, Kind.ADDED, "lent")
    assert difference.sentence == "State 'Lent' is new (who holds the ball: lead; term: 6 weeks)."
    assert summary(comparison, "en") == "States: 1 added, 0 removed, 0 changed"
    back = compare(comparison.new, comparison.old, "nl", TITLES)
    assert back.differences[0].sentence == "Stand 'Uitgeleend' is weg (wie aan zet is: lead; termijn: 6 weken)."


def test_another_order_of_steps_is_told(tmp_path: Path) -> None:
    old = read(tmp_path / "door", DOOR)
    new = old.model_copy(update={"transitions": list(reversed(old.transitions))})
    assert [each.attribute for each in compare(old, new, "en", TITLES).differences] == ["transitions"]


def test_a_state_with_another_name_is_one_change_and_needs_a_map(tmp_path: Path) -> None:
    renamed = DOOR.replace("wide", "open_wide")
    comparison = compared(tmp_path, DOOR, renamed)
    (difference,) = comparison.differences
    assert (difference.attribute, difference.old, difference.new) == ("name", "'wide'", "'open_wide'")
    (needed,) = comparison.needs_map
    assert (needed.state, needed.nearest) == ("wide", "open_wide")
    assert "--map wide=open_wide" in needed.sentence


def test_an_ended_state_that_went_needs_no_map_and_a_state_that_became_a_side_track_does(tmp_path: Path) -> None:
    gone = DOOR.replace("gone", "away").replace("{nl: Weg, en: Gone}", "{nl: Verdwenen, en: Away}")
    assert compared(tmp_path, DOOR, gone).needs_map == ()
    side = changed(tmp_path, ("holder: worker\n    resting: true", "holder: worker\n    side: true"))
    assert [each.state for each in side.needs_map] == ["wide"]


def test_the_picture_of_both_marks_what_came_what_went_and_what_changed(tmp_path: Path) -> None:
    moved, longer = ("to: ajar", "to: wide"), ("within: P2D", "within: P5D")
    comparison = changed(tmp_path, moved, longer, ("from: wide\n", "from: [wide, ajar]\n"))
    whole, marks = both_versions(comparison)
    assert marks.states["shut"].look is Look.CHANGED
    assert marks.states["shut"].notes == ("term: 2 working days → 5 working days",)
    assert marks.steps[None, "set_ajar (removed)"].look is Look.REMOVED
    assert marks.steps["ajar", "allow"].look is Look.ADDED
    svg = as_svg(outline(whole, "en", TITLES, marks))
    assert 'text-decoration="line-through"' in svg and ElementTree.fromstring(svg) is not None
