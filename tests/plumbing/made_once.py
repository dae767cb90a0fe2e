"""What every test would make anew and what never differs between tests, made once in a test process."""

import gc
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest
from alembic.config import Config
from alembic.script import ScriptDirectory
from werkzeug.routing import Rule

from wijkteam import assembly
from wijkteam.engine.checks.surroundings import Surroundings
from wijkteam.engine.loading import Examined


@pytest.fixture(scope="session", autouse=True)
def paths_compiled_once() -> Iterator[None]:
    """Werkzeug makes patterns of each rule of an app, and writes two functions for it.

    They follow from the text of the rule and from what the map makes of the names in it.
    """
    plain = Rule.compile
    kept: dict[Any, dict[str, Any]] = {}

    def compile_once(rule: Rule) -> None:
        at = rule.map
        assert at is not None
        if at.host_matching or rule.subdomain:
            return plain(rule)
        key = rule.rule, rule.merge_slashes, repr(rule.defaults), tuple(at.converters.items())
        if key not in kept:
            plain(rule)
            both = {name: getattr(rule, name).__func__ for name in ("_build", "_build_unknown")}
            parts = {name: getattr(rule, name) for name in ("_parts", "_trace", "_converters")}
            kept[key] = {**parts, **both, "arguments": frozenset(rule.arguments)}
            return None
        found = kept[key]
        rule._parts, rule._trace, rule._converters = list(found["_parts"]), found["_trace"], found["_converters"]
        rule.arguments.update(found["arguments"])
        rule._build = found["_build"].__get__(rule, None)
        rule._build_unknown = found["_build_unknown"].__get__(rule, None)
        return None

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Rule, "compile", compile_once)
        yield


@pytest.fixture(scope="session", autouse=True)
def migrations_read_once() -> Iterator[None]:
    """Alembic runs each file of a migration to learn what comes after what: for every command that opens a database."""
    plain = ScriptDirectory.from_config
    kept: dict[Any, ScriptDirectory] = {}

    def read_once(config: Config) -> ScriptDirectory:
        place = Path(config.get_main_option("script_location") or "")
        key = place, tuple((each, each.stat().st_mtime_ns) for each in sorted(place.glob("versions/*.py")))
        if key not in kept:
            kept[key] = plain(config)
        return kept[key]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ScriptDirectory, "from_config", read_once)
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
