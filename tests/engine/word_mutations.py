"""Ways to break the words of a definition: texts, keys, names and values."""

from collections.abc import Iterator
from typing import Any

from tests.engine.mutations import CERTAIN, Change, Path, Site, misspelt, operator_called, shown
from tests.engine.random_definitions import copied


@operator_called("drop a field", CERTAIN)
def _drop_field(site: Site) -> Iterator[Change]:
    for name in site.data.get("fields", {}):
        yield name, site.without(("fields", name))


@operator_called("drop a text", CERTAIN)
def _drop_text(site: Site) -> Iterator[Change]:
    for path in _texts(site.data, ()):
        for language in ("nl", "en"):
            yield f"{shown(path)} {language}", site.without((*path, language))
            yield f"{shown(path)} {language} empty", site.put((*path, language), "")


def _texts(data: Any, path: Path) -> Iterator[Path]:
    if isinstance(data, dict):
        if set(data) == {"nl", "en"}:
            yield path
        for key, value in data.items():
            yield from _texts(value, (*path, key))
    elif isinstance(data, list):
        for number, value in enumerate(data):
            yield from _texts(value, (*path, number))


@operator_called("drop a required key", CERTAIN)
def _drop_key(site: Site) -> Iterator[Change]:
    for key in ("workflow", "version", "title", "subject", "initial", "opening", "states", "transitions"):
        yield key, site.without((key,))
    for path, _ in site.transitions():
        for key in ("name", "title", "from", "to", "by"):
            yield shown((*path, key)), site.without((*path, key))
    for path, state in site.states():
        yield shown((*path, "title")), site.without((*path, "title"))
        if "term" in state:
            yield shown((*path, "on_miss")), site.without((*path, "term", "on_miss"))
    for name in site.data.get("fields", {}):
        yield f"type of {name}", site.without(("fields", name, "type"))


@operator_called("misspell a key", CERTAIN)
def _misspell_key(site: Site) -> Iterator[Change]:
    places: list[Path] = [(), ("opening",)]
    places += [path for path, _ in site.transitions()]
    places += [path for path, _ in site.states()]
    places += [(*path, "term") for path, state in site.states() if "term" in state]
    places += [("fields", name) for name in site.data.get("fields", {})]
    for place in places:
        for key in site.at(place):
            data = copied(site.data)
            around: Any = data
            for each in place:
                around = around[each]
            around[misspelt(key, around)] = around.pop(key)
            yield shown((*place, key)), data


@operator_called("misspell a name", CERTAIN)
def _misspell_name(site: Site) -> Iterator[Change]:
    for path in names(site):
        yield shown(path), site.put(path, misspelt(site.at(path)))
    for key in ("states", "fields"):
        for name in site.data.get(key, {}):
            data = copied(site.data)
            data[key] = {misspelt(each) if each == name else each: value for each, value in data[key].items()}
            yield f"{key}.{name}", data


def names(site: Site) -> Iterator[Path]:
    """Every place at which a definition names something that must stand for something."""
    yield ("subject",)
    yield ("initial",)
    for number, _ in enumerate(site.data.get("children", [])):
        yield ("children", number)
    for path, deed in site.deeds():
        for key in ("by", "when", "asks", "may_ask", "effects", "tells", "joins", "from"):
            yield from _each_name((*path, key), deed.get(key))
        if deed.get("to", "same") not in ("same", "previous"):
            yield (*path, "to")
        if "decision" in deed:
            yield (*path, "decision")
    for path, state in site.states():
        if "holder" in state:
            yield (*path, "holder")
        yield from _each_name((*path, "term", "on_miss"), state.get("term", {}).get("on_miss"))
        if "named" in state.get("term", {}):
            yield (*path, "term", "named")
    for name, field in site.data.get("fields", {}).items():
        if "list" in field:
            yield ("fields", name, "list")


def _each_name(path: Path, value: Any) -> Iterator[Path]:
    if isinstance(value, str):
        yield path
    elif isinstance(value, list):
        for number, _ in enumerate(value):
            yield (*path, number)


@operator_called("give a wrong value", CERTAIN)
def _wrong_value(site: Site) -> Iterator[Change]:
    for value in (0, -1, "one", None, [1]):
        yield f"version {value}", site.put(("version",), value)
    for path, state in site.states():
        for key, value in (("final", "perhaps"), ("holder", []), ("title", "Dicht")):
            yield f"{shown(path)} {key}", site.put((*path, key), value)
        for key, value in (("within", "two days"), ("within", "P0D"), ("clock", "sundial"), ("on_miss", [])):
            if key in state.get("term", {}):
                yield f"{shown(path)} {key} {value}", site.put((*path, "term", key), value)
    for path, each in site.transitions():
        for key, value in (("by", []), ("from", []), ("to", ["a", "b"]), ("name", "Not A Name")):
            yield f"{each['name']} {key} {value}", site.put((*path, key), value)
    for name in site.data.get("fields", {}):
        yield f"type of {name}", site.put(("fields", name, "type"), "poem")


@operator_called("name two transitions alike", CERTAIN)
def _same_name(site: Site) -> Iterator[Change]:
    for path, each in site.transitions():
        for _, other in site.transitions():
            if other["name"] != each["name"]:
                yield f"{each['name']} as {other['name']}", site.put((*path, "name"), other["name"])
        for reserved in ("open", "migrate", "clock", "parent"):
            yield f"{each['name']} as {reserved}", site.put((*path, "name"), reserved)
