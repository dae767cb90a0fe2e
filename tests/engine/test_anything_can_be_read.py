"""Whatever stands in a file, reading it ends in findings with a place: never a crash, never without bound."""

import json
import os
import socket
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import BaseModel

from tests.engine.hostile import LARGE, STRANGE, TEXTS, chain, paths, replaced
from wijkteam import rulebook
from wijkteam.engine import reading
from wijkteam.engine.ladder import CodeList, Ladder
from wijkteam.engine.loading import WrongDefinition, examine, examine_ladder, load_document
from wijkteam.engine.reading import LONGEST_TOLD, MOST_FINDINGS, Finding, read_document
from wijkteam.legal_terms.table import LegalTable
from wijkteam.mandate.approvals_mapping import ApprovalsMapping
from wijkteam.mandate.register_file import RegisterFile
from wijkteam.retention.table import RetentionTable
from wijkteam.terms import decrees
from wijkteam.terms.term import Clock, Term, WrongTerm
from wijkteam.vocabularies import surroundings

FOLDERS = rulebook.workflow_folders()
SHIPPED = FOLDERS[0]
KNOWN = surroundings(FOLDERS)
WORKFLOWS = sorted(SHIPPED.glob("*.yaml"))
ESCALATION = (SHIPPED / "escalation.yaml").read_text(encoding="utf-8")
MODELS: dict[str, type[BaseModel]] = {
    "ladders": Ladder,
    "lists": CodeList,
    "registers": RegisterFile,
    "mappings": ApprovalsMapping,
}
DATA: list[tuple[Path, type[BaseModel]]] = [
    (path, MODELS[kind]) for kind in MODELS for path in sorted((SHIPPED / kind).glob("*.yaml"))
]
DATA += [(SHIPPED / "terms" / "legal.yaml", LegalTable), (SHIPPED / "terms" / decrees.FILE, decrees.EquatedDays)]
DATA += [(SHIPPED / "access" / "retention.yaml", RetentionTable)]
SLOWER = 4.0
"""How many times longer twice as much may take: linear is 2, quadratic would be 4 and more."""


def check_told(found: list[Finding]) -> list[Finding]:
    """Each finding has a place, and can be shown in one line on any screen."""
    for each in found:
        assert each.line >= 1
        assert str(each).isprintable(), repr(str(each))
        assert len(str(each)) < 4 * LONGEST_TOLD + 30 * LONGEST_TOLD
    assert len(found) <= 3 * MOST_FINDINGS
    return found


def told(path: Path) -> list[Finding]:
    return check_told(examine([path], KNOWN).findings)


def refused(path: Path, model: type[BaseModel]) -> list[Finding]:
    """What is found in a data file; nothing when it loads."""
    try:
        load_document(path, model)
    except WrongDefinition as wrong:
        assert wrong.findings
        return check_told(wrong.findings)
    return []


def lines_of(text: str) -> int:
    return text.count("\n") + text.count("\r") + 1


@pytest.mark.parametrize("name", TEXTS)
def test_a_strange_text_is_refused_at_a_line_of_it(tmp_path: Path, name: str) -> None:
    path = tmp_path / "strange.yaml"
    path.write_text(TEXTS[name], encoding="utf-8", newline="")
    found = told(path)
    assert found, "nothing was found"
    assert all(each.line <= lines_of(TEXTS[name]) + 1 for each in found)
    for model in MODELS.values():
        assert refused(path, model)


@settings(max_examples=60)
@given(content=st.binary(max_size=3_000))
def test_random_bytes_are_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "random.yaml"
    path.write_bytes(content)
    assert told(path)
    for model in MODELS.values():
        assert refused(path, model)


WORDS = ["workflow", "version", "states", "transitions", "extends", "a", "title", "1", "true", "~", "nl", "<<"]
SIGNS = [": ", "- ", "\n", "\n  ", "\n    ", "[", "]", "{", "}", ", ", "#", "&a ", "*a", "!!str ", "|", ">", "'", '"']
STRANGE_SIGNS = ["\t", "\r", "---\n", "...\n", "%", "? ", "\ufeff", "\u202e", "\x00", "\x85", "é", "👪", "\\"]


@settings(max_examples=150)
@given(parts=st.lists(st.sampled_from([*WORDS, *SIGNS, *STRANGE_SIGNS]), max_size=60))
def test_text_that_looks_like_a_definition_is_refused(tmp_path: Path, parts: list[str]) -> None:
    path = tmp_path / "alike.yaml"
    path.write_text("".join(parts), encoding="utf-8", newline="")
    assert told(path)


@settings(max_examples=120)
@given(data=st.data())
def test_a_shipped_definition_with_its_lines_mixed_up_never_breaks_the_loader(
    tmp_path: Path, data: st.DataObject
) -> None:
    source, model = data.draw(st.sampled_from([*((path, None) for path in WORKFLOWS), *DATA]))
    lines = source.read_text(encoding="utf-8").splitlines(keepends=True)
    for _ in range(data.draw(st.integers(1, 6))):
        _mix_up(lines, data)
    path = tmp_path / source.name
    path.write_text("".join(lines), encoding="utf-8", newline="")
    if model is None:
        told(path)
    else:
        refused(path, model)


def _mix_up(lines: list[str], data: st.DataObject) -> None:
    at, other = (data.draw(st.integers(0, len(lines) - 1)) for _ in range(2))
    match data.draw(st.sampled_from(["away", "twice", "swap", "value", "deeper", "sign"])):
        case "away" if len(lines) > 1:
            del lines[at]
        case "twice":
            lines.insert(other, lines[at])
        case "swap":
            lines[at], lines[other] = lines[other], lines[at]
        case "value":
            strange = data.draw(st.sampled_from(["7", "[]", "{}", "~", "9" * 400, "[[[1]]]", "0x1F", ".inf", "'"]))
            lines[at] = f"{lines[at].partition(': ')[0]}: {strange}\n"
        case "deeper":
            lines[at] = "  " + lines[at]
        case _:
            line, place = lines[at], data.draw(st.integers(0, len(lines[at])))
            lines[at] = line[:place] + data.draw(st.characters(exclude_categories=["Cs"])) + line[place:]


def shapes(data: Any) -> list[tuple[Any, ...]]:
    """One key path of each shape: of states and of transitions the first that has it.

    `python -m tests.bench.fuzz` goes through all of them.
    """
    found: dict[tuple[Any, ...], tuple[Any, ...]] = {}
    named = {"states", "fields", "choices", "items", "children", "giving", "roles", "activities", "answers"}
    for path in paths(data):
        around = (None, *path)
        alike = tuple("*" if type(key) is int or around[at] in named else key for at, key in enumerate(path))
        found.setdefault(alike, path)
    return list(found.values())


@pytest.mark.parametrize("source", WORKFLOWS, ids=lambda path: path.stem)
def test_at_every_key_a_value_of_any_sort_is_refused_or_fits(tmp_path: Path, source: Path) -> None:
    data = read_document(source).data
    path = tmp_path / source.name
    for number, at in enumerate(shapes(data)):
        for strange in STRANGE if len(data["transitions"]) < 12 else STRANGE[number % 3 :: 3]:
            path.write_text(json.dumps(replaced(data, at, strange), default=str), encoding="utf-8")
            told(path)


@pytest.mark.parametrize(("source", "model"), DATA, ids=lambda each: getattr(each, "stem", ""))
def test_at_every_key_of_a_ladder_list_register_or_mapping_too(
    tmp_path: Path, source: Path, model: type[BaseModel]
) -> None:
    data = read_document(source).data
    path = tmp_path / source.name
    for at in shapes(data):
        for strange in STRANGE:
            path.write_text(json.dumps(replaced(data, at, strange), default=str), encoding="utf-8")
            refused(path, model)
            if model is Ladder:
                check_told(examine_ladder(path, KNOWN))


@pytest.mark.parametrize(
    ("within", "clock"),
    [
        ("P99999999Y", "statutory"),
        ("P99999999999D", "working_days"),
        ("P99999999D", "working_days"),
        (f"P{'9' * 9_000}D", "working_days"),
        ("PT99999999999999H", "elapsed"),
        ("P101Y", "elapsed"),
        ("P1.5M", "statutory"),
        ("P0.4D", "working_days"),
        ("PT0.5S", "elapsed"),
        ("-P2D", "working_days"),
        ("P0D", "working_days"),
        ("P٢D", "working_days"),
        ("P1E9D", "working_days"),
    ],
    ids=lambda text: text[:20],
)
def test_a_term_that_cannot_be_counted_is_refused_before_it_runs(tmp_path: Path, within: str, clock: str) -> None:
    text = ESCALATION.replace("within: P5D, clock: working_days", f"within: '{within}', clock: {clock}")
    assert text != ESCALATION
    path = tmp_path / "term.yaml"
    path.write_text(text, encoding="utf-8")
    found = [each for each in told(path) if each.kind == "wrong-value"]
    assert found and found[0].line == text[: text.index(within)].count("\n") + 1


@given(text=st.from_regex(r"P[0-9]{0,12}[YMWD]([0-9]{1,12}[DM])?(T[0-9]{1,12}[HMS])?", fullmatch=True))
def test_every_term_that_is_accepted_has_an_end(text: str) -> None:
    for clock in Clock:
        try:
            term = Term(text, clock)
        except WrongTerm:
            continue
        assert term.end(datetime(2026, 3, 2, tzinfo=UTC)).year < 2200


@pytest.mark.parametrize("extra", ["version: 99999999999", "version: 1000001", "version: 0", "version: -1"])
def test_a_version_that_no_database_could_keep_is_refused(tmp_path: Path, extra: str) -> None:
    path = tmp_path / "version.yaml"
    path.write_text(ESCALATION.replace("version: 1", extra, 1), encoding="utf-8")
    assert [each.kind for each in told(path)] == ["wrong-value"]


def no_file(path: Path) -> Path:
    return path / "none.yaml"


def a_folder(path: Path) -> Path:
    (path / "inner" / "folder.yaml").mkdir(parents=True)
    return path / "inner"


def a_pipe(path: Path) -> Path:
    os.mkfifo(path / "pipe.yaml")
    return path / "pipe.yaml"


def a_folder_with_a_pipe(path: Path) -> Path:
    a_pipe(path)
    return path


def a_socket(path: Path) -> Path:
    os.chdir(path)
    with socket.socket(socket.AF_UNIX) as server:
        server.bind("socket.yaml")
    return path / "socket.yaml"


def a_link_to_nothing(path: Path) -> Path:
    (path / "link.yaml").symlink_to(path / "gone.yaml")
    return path / "link.yaml"


def a_link_to_itself(path: Path) -> Path:
    (path / "link.yaml").symlink_to(path / "link.yaml")
    return path / "link.yaml"


def a_stream_without_end(_path: Path) -> Path:
    return Path("/dev/zero")


def a_name_that_is_too_long(path: Path) -> Path:
    return path / ("x" * 5_000)


def a_name_with_a_nul(path: Path) -> Path:
    return path / "a\x00b.yaml"


def a_name_that_is_no_text(path: Path) -> Path:
    name = os.fsdecode(bytes(path) + b"/\xff\n.yaml")
    Path(name).write_text("a: 1\n", encoding="utf-8")
    return Path(name)


def ten_megabytes(path: Path) -> Path:
    (path / "large.yaml").write_bytes(b"a: 1\n" * 2_000_000)
    return path / "large.yaml"


NO_FILES = [
    no_file,
    a_folder,
    a_pipe,
    a_folder_with_a_pipe,
    a_socket,
    a_link_to_nothing,
    a_link_to_itself,
    a_stream_without_end,
    a_name_that_is_too_long,
    a_name_with_a_nul,
    a_name_that_is_no_text,
    ten_megabytes,
]


@pytest.mark.parametrize("make", NO_FILES)
def test_what_is_no_file_of_text_is_refused_at_once(
    tmp_path: Path, make: Callable[[Path], Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    path = make(tmp_path)
    assert told(path)
    for model in MODELS.values():
        assert refused(path, model)


def write_chain(folder: Path, count: int, last: int) -> Path:
    """Versions that each extend the one below; the lowest extends version `last`, or is whole when that is 0."""
    for version in range(1, count + 1):
        below = version - 1 or last
        text = f"extends: {{workflow: escalation, version: {below}}}\nworkflow: escalation\nversion: {version}\n"
        content = text if below else ESCALATION
        (folder / f"version_{version}.yaml").write_text(content, encoding="utf-8")
    return folder / f"version_{count}.yaml"


def test_a_few_definitions_on_top_of_each_other_are_read(tmp_path: Path) -> None:
    assert told(write_chain(tmp_path, 6, 0)) == []


def test_a_thousand_definitions_on_top_of_each_other_are_refused(tmp_path: Path) -> None:
    found = told(write_chain(tmp_path, 1_000, 0))
    assert any(each.kind == "too-large" and "extend each other" in each.wrong for each in found)


def test_definitions_that_extend_each_other_in_a_circle_are_refused(tmp_path: Path) -> None:
    assert any(each.kind == "circular-base" for each in told(write_chain(tmp_path, 5, 5)))


@pytest.mark.parametrize(
    "change",
    [
        "transitions: [{name: [x]}]",
        "transitions: [{name: {x: y}, remove: true}]",
        "transitions: [7, null, [], {remove: true}]",
        "transitions: {answer: 1}",
        "states: []",
        "states: {asked: 7}",
        "extends: 7",
        "extends: {workflow: [x], version: 1}",
        "extends: {workflow: escalation, version: [1]}",
    ],
)
def test_an_extension_of_any_shape_is_refused(tmp_path: Path, change: str) -> None:
    (tmp_path / "below.yaml").write_text(ESCALATION, encoding="utf-8")
    above = tmp_path / "above.yaml"
    extends = "" if change.startswith("extends") else "extends: {workflow: escalation, version: 1}\n"
    above.write_text(f"{extends}workflow: escalation\nversion: 2\n{change}\n", encoding="utf-8")
    assert told(above)


def seconds(path: Path) -> float:
    """The least of two: what it takes when nothing comes between, and nothing was read before."""
    spent = []
    for _ in range(2):
        reading._parsed_before.cache_clear()
        start = time.process_time()
        told(path)
        spent.append(time.process_time() - start)
    return min(spent)


@pytest.mark.parametrize("shape", LARGE, ids=lambda shape: shape.__name__)
def test_twice_as_large_a_definition_takes_about_twice_as_long(tmp_path: Path, shape: Callable[[int], str]) -> None:
    count = LARGE[shape]
    small, large = tmp_path / "small.yaml", tmp_path / "large.yaml"
    small.write_text(shape(count), encoding="utf-8")
    large.write_text(shape(2 * count), encoding="utf-8")
    assert not any("holds more than" in each.wrong for each in told(large)), "within the bounds of size"
    assert seconds(large) < SLOWER * seconds(small)


def test_a_large_sound_definition_is_found_sound(tmp_path: Path) -> None:
    path = tmp_path / "large.yaml"
    path.write_text(chain(2_800), encoding="utf-8")
    assert {each.kind for each in told(path)} <= {"needed-name", "unknown-end"}, "only what a real one must have"
