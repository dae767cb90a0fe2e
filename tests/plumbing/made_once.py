"""What every test would make anew and what never differs between tests, made once in a test process."""

import gc
from collections.abc import Callable, Iterable, Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from jinja2 import BytecodeCache
from jinja2.bccache import Bucket
from werkzeug.routing import Rule

from wijkteam import assembly
from wijkteam.engine.checks.surroundings import Surroundings
from wijkteam.engine.loading import Examined

BuildsPath = Callable[..., tuple[str, str]]


class InMemory(BytecodeCache):
    """Compiled templates by the name and the hash of their text."""

    def __init__(self) -> None:
        self.kept: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        found = self.kept.get(f"{bucket.key} {bucket.checksum}")
        if found is not None:
            bucket.load_bytecode(BytesIO(found))

    def dump_bytecode(self, bucket: Bucket) -> None:
        written = BytesIO()
        bucket.write_bytecode(written)
        self.kept[f"{bucket.key} {bucket.checksum}"] = written.getvalue()


@pytest.fixture(scope="session", autouse=True)
def templates_compiled_once() -> Iterator[None]:
    """Every test makes an app of its own, and all of them have the same templates."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(Flask.jinja_options, "bytecode_cache", InMemory())
        yield


@pytest.fixture(scope="session", autouse=True)
def paths_compiled_once() -> Iterator[None]:
    """Werkzeug writes two functions for each rule of an app; they follow from the text of the rule alone."""
    plain = Rule._compile_builder
    kept: dict[Any, BuildsPath] = {}

    def compile_once(rule: Rule, append_unknown: bool = True) -> BuildsPath:
        key = rule.rule, tuple(rule._trace), repr(rule.defaults), append_unknown
        if key not in kept:
            kept[key] = plain(rule, append_unknown)
        return kept[key]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Rule, "_compile_builder", compile_once)
        yield


@pytest.fixture(scope="session", autouse=True)
def definitions_examined_once() -> Iterator[None]:
    """Every house and every command examines all definitions; of the same files and nothing else, the same is found."""
    plain = assembly.examine_definitions
    kept: dict[Any, Examined] = {}

    def examine_once(folders: Iterable[Path], around: Surroundings) -> Examined:
        places = tuple(folders)
        if around.held is not None or around.mandated is not None or around.workflows:
            return plain(places, around)
        files = sorted({path for place in places for path in place.rglob("*.yaml")})
        key = places, tuple((path, path.read_bytes() if path.is_file() else b"") for path in files)
        if key not in kept:
            kept[key] = plain(places, around)
        found = kept[key]
        return Examined(list(found.workflows), list(found.findings), dict(found.documents))

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(assembly, "examine_definitions", examine_once)
        yield


@pytest.fixture(scope="session", autouse=True)
def little_garbage() -> None:
    """Let the collector of garbage pass over all that was imported, and come by less often."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)
