"""Ways to break what is done: roles, guards, effects, questions, messages and mandates."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from tests.engine.mutations import CERTAIN, JUDGED, Change, Site, listed, operator_called, shown
from tests.engine.random_definitions import copied


@operator_called("drop a role", JUDGED)
def _drop_role(site: Site) -> Iterator[Change]:
    for path, deed in site.deeds():
        for number, role in enumerate(deed["by"]):
            yield f"{shown(path)} {role}", site.put((*path, "by"), deed["by"][:number] + deed["by"][number + 1 :])


@operator_called("give a transition to another role", JUDGED)
def _other_role(site: Site) -> Iterator[Change]:
    for path, deed in site.deeds():
        for role in [*site.words.roles, "clock", "parent"]:
            if [role] != deed["by"]:
                yield f"{shown(path)} {role}", site.put((*path, "by"), [role])


def _without_each(site: Site, key: str) -> Iterator[Change]:
    for path, deed in site.deeds():
        for number, name in enumerate(deed.get(key, [])):
            yield f"{shown(path)} {name}", site.put((*path, key), deed[key][:number] + deed[key][number + 1 :])


@operator_called("drop an effect", JUDGED)
def _drop_effect(site: Site) -> Iterator[Change]:
    yield from _without_each(site, "effects")


@operator_called("drop a guard", JUDGED)
def _drop_guard(site: Site) -> Iterator[Change]:
    yield from _without_each(site, "when")


@operator_called("drop a message", JUDGED)
def _drop_message(site: Site) -> Iterator[Change]:
    for path, deed in site.deeds():
        if "tells" in deed:
            yield shown(path), site.without((*path, "tells"))


@operator_called("add an effect", JUDGED)
def _add_effect(site: Site) -> Iterator[Change]:
    for path, deed in site.deeds():
        for name in site.words.effects:
            if name not in deed.get("effects", []):
                yield f"{shown(path)} {name}", site.put((*path, "effects"), [*deed.get("effects", []), name])


@operator_called("add a guard", JUDGED)
def _add_guard(site: Site) -> Iterator[Change]:
    for path, deed in site.deeds():
        for name in site.words.guards:
            if name not in deed.get("when", []):
                yield f"{shown(path)} {name}", site.put((*path, "when"), [*deed.get("when", []), name])


@operator_called("guard every way that people have out of a state", JUDGED)
def _guard_all(site: Site) -> Iterator[Change]:
    for path, state in site.states():
        for guard in [] if state.get("final") else list(site.words.guards)[:2]:
            data = copied(site.data)
            for each in data["transitions"]:
                if path[1] in listed(each["from"]) and each["by"] != ["clock"]:
                    each["when"] = [*dict.fromkeys([*each.get("when", []), guard])]
            yield f"{path[1]} by {guard}", data


@operator_called("do not ask what was asked", JUDGED)
def _ask_less(site: Site) -> Iterator[Change]:
    yield from _without_each(site, "asks")
    for path, deed in site.deeds():
        for name in deed.get("asks", []):
            data = site.put((*path, "asks"), [each for each in deed["asks"] if each != name])
            site_deed: Any = data
            for key in path:
                site_deed = site_deed[key]
            site_deed["may_ask"] = [*site_deed.get("may_ask", []), name]
            yield f"{shown(path)} {name} only if one likes", data


@operator_called("ask what nothing works with", CERTAIN)
def _ask_unused(site: Site) -> Iterator[Change]:
    new = {"type": "text", "title": {"nl": "Nieuw", "en": "New"}}
    for path, deed in site.deeds():
        data = site.put((*path, "asks"), [*deed.get("asks", []), "brand_new"])
        data["fields"] = {**data.get("fields", {}), "brand_new": new}
        yield shown(path), data
    yield "described only", site.put(("fields",), {**site.data.get("fields", {}), "brand_new": new})


@operator_called("ask the same twice", CERTAIN)
def _ask_twice(site: Site) -> Iterator[Change]:
    for path, deed in site.deeds():
        for name in deed.get("asks", []):
            yield f"{shown(path)} {name}", site.put((*path, "asks"), [*deed["asks"], name])
            yield f"{shown(path)} {name} again", site.put((*path, "may_ask"), [*deed.get("may_ask", []), name])


@operator_called("ask the clock to fill something in", CERTAIN)
def _ask_the_clock(site: Site) -> Iterator[Change]:
    for path, each in site.transitions():
        if "clock" not in each["by"] and each.get("asks"):
            yield f"clock for {each['name']}", site.put((*path, "by"), [*each["by"], "clock"])
        for name in site.data.get("fields", {}) if "clock" in each["by"] else ():
            yield f"{each['name']} asks {name}", site.put((*path, "asks"), [name])


@operator_called("let the clock decide", CERTAIN)
def _clock_decides(site: Site) -> Iterator[Change]:
    for path, deed in site.transitions():
        if "decision" in deed:
            yield shown(path), site.put((*path, "by"), [*deed["by"], "clock"])


@operator_called("tell who may not read", CERTAIN)
def _tell_the_blind(site: Site) -> Iterator[Change]:
    for blind in [name for name, each in site.words.recipients.items() if not each.can_read]:
        for path, deed in site.deeds():
            yield f"{shown(path)} {blind}", site.put((*path, "tells"), [*deed.get("tells", []), blind])


@operator_called("add guards that exclude each other", CERTAIN)
def _excluding(site: Site) -> Iterator[Change]:
    for one, guard in site.words.guards.items():
        for other in sorted(guard.excludes):
            for path, _ in site.deeds():
                yield f"{shown(path)} {one}, {other}", site.put((*path, "when"), [one, other])


@operator_called("take a mandate out of the register", JUDGED)
def _no_mandate(site: Site) -> Iterator[Change]:
    around = site.family.around
    for power in around.mandated or {}:
        rest = {name: functions for name, functions in (around.mandated or {}).items() if name != power}
        yield f"without {power}", copied(site.data), replace(around, mandated=rest)
        for function in sorted((around.mandated or {})[power]):
            fewer = {**(around.mandated or {}), power: (around.mandated or {})[power] - {function}}
            yield f"{power} not for {function}", copied(site.data), replace(around, mandated=fewer)
    yield "an empty register", copied(site.data), replace(around, mandated={})


@operator_called("take a function away", JUDGED)
def _no_function(site: Site) -> Iterator[Change]:
    around = site.family.around
    for function in sorted(around.functions or ()):
        rest = (around.functions or frozenset()) - {function}
        yield function, copied(site.data), replace(around, functions=rest, held=rest)
