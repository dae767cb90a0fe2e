"""Ways to break files: the text of definitions, definitions beside each other, and ladders."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import yaml

from tests.engine.mutations import misspelt
from tests.engine.random_definitions import copied
from wijkteam.engine.checks.surroundings import Surroundings
from wijkteam.engine.loading import examine, examine_ladder
from wijkteam.engine.reading import Finding, read_document

Broken = tuple[str, str, Callable[[], list[Finding]]]
"""Operator, where, and how to see what is found in it."""


def broken_files(folder: Path, original: Path, around: Surroundings) -> Iterator[Broken]:
    """A definition whose text was broken, and two of one version."""
    text = original.read_text(encoding="utf-8")
    for operator, where, broken in _broken_texts(text):
        file = partial(_written, folder / original.name, broken)
        yield operator, f"{original.name}: {where}", partial(_examined, file, around)
    yield (
        "give two definitions one version",
        original.name,
        lambda: examine([original, _written(folder / "again.yaml", text.encode())], around).findings,
    )


def _written(path: Path, content: bytes) -> Path:
    path.write_bytes(content)
    return path


def _examined(file: Callable[[], Path], around: Surroundings) -> list[Finding]:
    return examine([file()], around).findings


def _broken_texts(text: str) -> Iterator[tuple[str, str, bytes]]:
    lines = text.splitlines(keepends=True)
    for number, line in enumerate(lines):
        where = f"line {number + 1}"
        key, colon, value = line.partition(": ")
        before, after = "".join(lines[:number]), "".join(lines[number + 1 :])
        if colon and not line.lstrip().startswith(("-", "#")) and not value.startswith(("{", "[")):
            yield "say a key twice", where, f"{before}{line}{line}{after}".encode()
            yield "name a value by an anchor", where, f"{before}{key}: &here {value}{after}".encode()
            yield "tag a value", where, f"{before}{key}: !!python/name:os.system {value}{after}".encode()
        if "{" in line and not line.lstrip().startswith("#"):
            cut = line[: line.index("{") + 1]
            yield "cut the text off", where, f"{before}{cut}".encode()
        if line.startswith("  ") and line.strip() and not line.lstrip().startswith("#"):
            yield "indent with a tab", where, f"{before}\t{line.lstrip()}{after}".encode()
    yield "append a second document", "at the end", f"{text}---\n{text}".encode()
    yield "save it in another encoding", "all of it", text.encode("utf-16")


def broken_ladders(folder: Path, original: Path, around: Surroundings) -> Iterator[Broken]:
    """A ladder that was broken, or whose people have gone."""
    ladder: Any = read_document(original).data
    for operator, where, broken in _broken_ladders(ladder):
        text = yaml.safe_dump(broken, sort_keys=False).encode()
        file = partial(_written, folder / original.name, text)
        yield operator, f"{original.name}: {where}", partial(_examined_ladder, file, around)
    for function in sorted({rung["function"] for rung in ladder["rungs"]}):
        nobody = replace(around, held=(around.functions or frozenset()) - {function})
        where = f"{original.name}: {function}"
        yield "a rung that nobody holds", where, partial(_examined_ladder, lambda: original, nobody)


def _examined_ladder(file: Callable[[], Path], around: Surroundings) -> list[Finding]:
    return examine_ladder(file(), around)


def _broken_ladders(ladder: Any) -> Iterator[tuple[str, str, Any]]:
    count = len(ladder["rungs"])
    for number in range(count):
        for key in ("number", "function", "layer", "term"):
            broken = copied(ladder)
            del broken["rungs"][number][key]
            yield "drop something of a rung", f"{number} {key}", broken
        broken = copied(ladder)
        broken["rungs"][number]["function"] = misspelt(ladder["rungs"][number]["function"])
        yield "a rung for a function that is not there", str(number), broken
        broken = copied(ladder)
        broken["rungs"][number]["number"] = count + 5
        yield "number the rungs with a gap", str(number), broken
        for within in ("two days", "P0D", "PT5H"):
            broken = copied(ladder)
            broken["rungs"][number]["term"]["within"] = within
            yield "a rung with a term that cannot be counted", f"{number} {within}", broken
    broken = copied(ladder)
    broken["rungs"][-1]["unanswered"] = "climb"
    yield "let the last rung climb on", str(count), broken
    for rung in (0, count + 1):
        yield "a safety rung that is not there", str(rung), {**ladder, "safety_rung": rung}
    yield "no rungs", "all", {**ladder, "rungs": []}
