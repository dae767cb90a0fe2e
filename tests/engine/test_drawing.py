"""A picture shows all of a workflow, without overlaps, readable by all, the same every time; so do text and list."""

import os
import re
import subprocess
import sys
from itertools import combinations
from pathlib import Path
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.engine.small_world import DOOR, DOOR_WORDS, KNOWN, write_world
from wijkteam import rulebook
from wijkteam.engine.definition import Text, Workflow
from wijkteam.engine.drawing.canvas import PAPER
from wijkteam.engine.drawing.listing import as_list, as_text
from wijkteam.engine.drawing.looks import PLAIN, QUIET, STYLES
from wijkteam.engine.drawing.marks import Look, Mark, Marks
from wijkteam.engine.drawing.mermaid import BACK, as_mermaid, escaped
from wijkteam.engine.drawing.outline import Outline, outline
from wijkteam.engine.drawing.picture import as_svg
from wijkteam.engine.drawing.placing import Bend, Box, Line, Placed, Spot, placed
from wijkteam.engine.drawing.words import Language, length_in_words
from wijkteam.engine.loading import load_workflow, load_workflows
from wijkteam.terms.term import Clock
from wijkteam.vocabularies import vocabularies

FOLDERS = rulebook.workflow_folders()
SHIPPED = {each.workflow: each for each in load_workflows(FOLDERS)}
VOCABULARIES = vocabularies(FOLDERS)
SVG = "{http://www.w3.org/2000/svg}"
ANNOYING = "<b>&amp; \"quotes\" 'and' #35; : ; %% {x} [*] --> ünïcode"


def shown(workflow: Workflow, language: Language = "nl", marks: Marks | None = None) -> Outline:
    roles = VOCABULARIES[workflow.subject].roles if workflow.subject in VOCABULARIES else DOOR_WORDS.roles
    return outline(workflow, language, {name: role.title for name, role in roles.items()}, marks or Marks())


def door(tmp_path: Path, text: str = DOOR) -> Workflow:
    return load_workflow(write_world(tmp_path, text) / "door.yaml", KNOWN)


def words_in(svg: str) -> str:
    return " ".join("".join(each.itertext()) for each in ElementTree.fromstring(svg).iter(f"{SVG}text"))


@pytest.mark.parametrize("language", ["nl", "en"])
@pytest.mark.parametrize("name", sorted(SHIPPED))
def test_every_state_and_every_step_is_in_the_picture_the_text_and_the_list(name: str, language: Language) -> None:
    workflow = SHIPPED[name]
    drawn = shown(workflow, language)
    picture, text, listed = words_in(as_svg(drawn)), as_mermaid(drawn), as_text(drawn)
    for part in [*workflow.states.values(), *workflow.transitions]:
        title = getattr(part.title, language)
        assert all(word in picture for word in title.split()), title
        assert escaped(title) in text and title in listed


def test_the_list_has_the_states_of_the_picture_in_the_same_order() -> None:
    for workflow in SHIPPED.values():
        drawn = shown(workflow)
        root = ElementTree.fromstring(as_svg(drawn))
        pictured = [each.get("data-state") for each in root.iter(f"{SVG}g") if each.get("data-state")]
        assert pictured == [each.name for each in as_list(drawn).states]
        assert set(pictured) == set(workflow.states)


def test_a_picture_says_what_it_is_to_a_screen_reader() -> None:
    root = ElementTree.fromstring(as_svg(shown(SHIPPED["escalation"], "en")))
    named = {each.get("id"): each.text for each in root if each.get("id")}
    assert root.get("role") == "img"
    assert [named[each] for each in str(root.get("aria-labelledby")).split()] == [
        "Escalation, version 1",
        "Drawing of the workflow Escalation, version 1, with 5 states and 15 steps.",
    ]


def test_what_people_write_cannot_break_out_of_the_picture_or_the_text(tmp_path: Path) -> None:
    workflow = door(tmp_path)
    annoying = workflow.transitions[0].model_copy(update={"title": Text(nl=ANNOYING, en=ANNOYING)})
    state = workflow.states["wide"].model_copy(update={"title": Text(nl=ANNOYING, en=ANNOYING)})
    changed = {"transitions": [annoying, *workflow.transitions[1:]], "states": {**workflow.states, "wide": state}}
    drawn = shown(workflow.model_copy(update=changed))
    assert "<b>" not in as_svg(drawn) and "<b>" in words_in(as_svg(drawn))
    assert not [line for line in as_mermaid(drawn).splitlines() if not is_mermaid(line)]


MERMAID_LINES = (
    r"stateDiagram-v2",
    r"    direction TB",
    r"    accTitle: [^;#]+",
    r'    state "{text}" as \w+',
    r"    (\[\*\]|\w+) --> (\[\*\]|\w+)( : {text})?",
    r"    note right of \w+",
    r"    end note",
    r"        {text}",
    r"    classDef side fill:#[0-9a-f]{6},stroke:#[0-9a-f]{6}",
    r"    class \w+(,\w+)* side",
)
MERMAID_TEXT = r"""(?:#\w+;|[^#&;:"<>%{}\[\]*`\\\n])+"""


def is_mermaid(line: str) -> bool:
    return any(re.fullmatch(each.replace("{text}", MERMAID_TEXT), line) for each in MERMAID_LINES)


@pytest.mark.parametrize("name", sorted(SHIPPED))
def test_mermaid_text_is_a_state_diagram_in_which_every_arrow_joins_states_that_it_names(name: str) -> None:
    lines = as_mermaid(shown(SHIPPED[name])).splitlines()
    assert lines[0] == "stateDiagram-v2"
    assert not [line for line in lines if not is_mermaid(line)]
    named = {line.rpartition(" as ")[2] for line in lines if line.startswith('    state "')}
    assert named - {BACK} == {f"state_{each}" for each in SHIPPED[name].states}
    ends = {end for line in lines if " --> " in line for end in line.partition(" : ")[0].strip().split(" --> ")}
    assert ends <= named | {"[*]"}


def test_the_same_definition_gives_the_same_bytes_in_every_process() -> None:
    code = "from wijkteam.cli import main; main()"
    made = set()
    for seed in ("1", "2", "3"):
        command = [sys.executable, "-c", code, "workflow", "draw", "household_case"]
        environment = {**os.environ, "PYTHONHASHSEED": seed}
        done = subprocess.run(command, capture_output=True, check=True, env=environment)
        made.add(done.stdout)
    assert len(made) == 1


@st.composite
def graphs(draw: st.DrawFn) -> tuple[tuple[Box, ...], tuple[Line, ...]]:
    number = draw(st.integers(1, 14))
    sizes = st.tuples(st.integers(20, 220), st.integers(20, 160))
    boxes = tuple(Box(each, *draw(sizes)) for each in range(number))
    pairs = list(combinations(range(number), 2))
    chosen = draw(st.lists(st.sampled_from(pairs), unique=True, max_size=24)) if pairs else []
    return boxes, tuple(Line(*pair) for pair in sorted(chosen))


def overlaps(one: Placed, first: int, second: int) -> bool:
    a, b = one.spots[first], one.spots[second]
    aside = abs(a.x - b.x) >= (a.width + b.width) / 2 - 0.01
    return not (aside or a.bottom <= b.y or b.bottom <= a.y)


def runs_through(bend: Bend, spot: Spot) -> bool:
    return abs(bend.x - spot.x) < spot.width / 2 and bend.top < spot.bottom and spot.y < bend.bottom


@given(graphs())
def test_boxes_never_overlap_and_lines_only_go_down(graph: tuple[tuple[Box, ...], tuple[Line, ...]]) -> None:
    boxes, lines = graph
    groups = placed(boxes, lines)
    assert sorted(each for group in groups for each in group.spots) == [box.number for box in boxes]
    assert {line for group in groups for line in group.bends} == set(lines)
    for group in groups:
        assert not [pair for pair in combinations(group.spots, 2) if overlaps(group, *pair)]
        sides = [(spot.x - spot.width / 2, spot.x + spot.width / 2) for spot in group.spots.values()]
        assert all(left >= -0.01 and right <= group.width + 0.01 for left, right in sides)
        for line, bends in group.bends.items():
            heights = [group.spots[line.upper].bottom, *(bend.top for bend in bends), group.spots[line.lower].y]
            assert heights == sorted(heights)
            assert not [bend for bend in bends for spot in group.spots.values() if runs_through(bend, spot)]


def luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("style", [PLAIN, QUIET, *STYLES.values()])
def test_letters_and_lines_stand_out_enough(style: object) -> None:
    assert contrast(style.ink, style.fill) >= 4.5 and contrast(style.soft, style.fill) >= 4.5
    assert contrast(style.line, PAPER) >= 3
    if style.sign:
        assert contrast(PAPER, style.line) >= 4.5, "a flag has white letters"


def test_no_two_looks_differ_by_colour_alone() -> None:
    told = [look for look in Look if not look.value.startswith("warm")]
    seen = {(STYLES[look].sign, STYLES[look].thick, STYLES[look].struck, STYLES[look].bold) for look in told}
    assert len(seen) == len(told)


def test_marks_are_told_in_the_list_in_words(tmp_path: Path) -> None:
    marks = Marks({"wide": Mark(Look.HERE, ("sinds gisteren",))}, {("shut", "unlock"): Mark(Look.TAKEN, ("2 keer",))})
    listed = as_list(shown(door(tmp_path), marks=marks))
    states = {each.name: each for each in listed.states}
    assert states["wide"].marked == "nu hier, sinds gisteren"
    assert next((each.title, each.marked) for each in states["shut"].steps) == ("Openen", "gedaan, 2 keer")


def test_a_step_of_many_states_is_drawn_once_with_a_number_and_says_where_it_comes_from() -> None:
    drawn = shown(SHIPPED["household_case"])
    numbered = {way.number: way for way in drawn.ways if way.number is not None}
    assert [way.steps[0].name for way in numbered.values()][:2] == ["found_unsafe", "stop_early"]
    assert as_svg(drawn).count(">Niet veilig<") == 1


def test_what_goes_by_itself_is_dashed_also_when_children_do_it(tmp_path: Path) -> None:
    workflow = door(tmp_path)
    by_children = workflow.transitions[0].model_copy(update={"by": ["children"]})
    drawn = shown(workflow.model_copy(update={"transitions": [by_children, *workflow.transitions[1:]]}))
    assert next(way for way in drawn.ways if way.steps[0].name == "unlock").by_itself
    assert 'stroke-dasharray="6 4"' in as_svg(drawn)


@pytest.mark.parametrize(
    ("within", "clock", "nl", "en"),
    [
        ("P2D", Clock.WORKING_DAYS, "2 werkdagen", "2 working days"),
        ("P1D", Clock.WORKING_DAYS, "1 werkdag", "1 working day"),
        ("P6W", Clock.STATUTORY, "6 weken", "6 weeks"),
        ("P3M", Clock.STATUTORY, "3 maanden", "3 months"),
        ("PT24H", Clock.ELAPSED, "24 uur", "24 hours"),
        ("P1M10D", Clock.STATUTORY, "1 maand 10 dagen", "1 month 10 days"),
    ],
)
def test_a_term_is_told_in_words(within: str, clock: Clock, nl: str, en: str) -> None:
    assert [length_in_words(within, clock, language) for language in ("nl", "en")] == [nl, en]
