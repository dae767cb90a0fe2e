"""Ways to break what a parent asks of its children, and ladders."""

from collections.abc import Iterator
from typing import Any

from tests.engine.mutations import CERTAIN, JUDGED, Change, Path, Site, misspelt, operator_called
from tests.engine.random_definitions import copied


def _rules(site: Site) -> Iterator[tuple[Path, Any]]:
    for path, each in site.transitions():
        for kind, rule in each.get("children", {}).items():
            yield (*path, "children", kind), rule


def _child(site: Site, kind: str) -> Any:
    return site.family.definitions.get(kind)


@operator_called("misspell what children take", CERTAIN)
def _misspell_take(site: Site) -> Iterator[Change]:
    for path, rule in _rules(site):
        yield f"{path} kind", _renamed(site, path)
        if isinstance(rule, dict):
            yield f"{path} take", site.put((*path, "take"), misspelt(rule["take"]))
            for name, source in rule.get("giving", {}).items():
                yield f"{path} giving {source}", site.put((*path, "giving", name), misspelt(source))
                giving = {misspelt(each) if each == name else each: value for each, value in rule["giving"].items()}
                yield f"{path} {name} of the child", site.put((*path, "giving"), giving)


def _renamed(site: Site, path: Path) -> Any:
    data = site.without(path)
    children: Any = data
    for key in path[:-1]:
        children = children[key]
    children[misspelt(str(path[-1]))] = site.at(path)
    return data


@operator_called("let children take something else", JUDGED)
def _other_take(site: Site) -> Iterator[Change]:
    for path, rule in _rules(site):
        child = _child(site, str(path[-1]))
        for each in child["transitions"] if child and isinstance(rule, dict) else ():
            if each["name"] != rule["take"]:
                yield f"{path} {each['name']}", site.put((*path, "take"), each["name"])


@operator_called("do not give children what they are asked", JUDGED)
def _give_less(site: Site) -> Iterator[Change]:
    for path, rule in _rules(site):
        for name in rule.get("giving", {}) if isinstance(rule, dict) else ():
            yield f"{path} {name}", site.without((*path, "giving", name))
            for field in site.data["fields"]:
                if field != rule["giving"][name]:
                    yield f"{path} {name} from {field}", site.put((*path, "giving", name), field)


@operator_called("leave children behind", CERTAIN)
def _leave(site: Site) -> Iterator[Change]:
    for path, each in site.transitions():
        if site.data["states"].get(each["to"], {}).get("final"):
            for kind in site.data.get("children", []):
                data = copied(site.data)
                data["transitions"][path[1]]["children"] = {**each.get("children", {}), kind: "leave"}
                yield f"{each['name']} {kind}", data


@operator_called("ask of children what none can do", CERTAIN)
def _none_can(site: Site) -> Iterator[Change]:
    for path, each in site.transitions():
        for kind in site.data.get("children", []):
            for rule in ({"take": "fly_away"}, "forget", {"giving": {}}):
                data = copied(site.data)
                data["transitions"][path[1]]["children"] = {**each.get("children", {}), kind: rule}
                yield f"{each['name']} {kind} {rule}", data
        data = copied(site.data)
        data["transitions"][path[1]]["children"] = {**each.get("children", {}), "chimney": "wait"}
        yield f"{each['name']} chimney", data


@operator_called("close a child's way to follow", JUDGED)
def _child_stays(site: Site) -> Iterator[Change]:
    for path, each in site.transitions():
        if "parent" not in each["by"]:
            continue
        others = [role for role in each["by"] if role != "parent"]
        if others:
            yield f"{each['name']} not for the parent", site.put((*path, "by"), others)
        for guard in site.words.guards:
            yield f"{each['name']} when {guard}", site.put((*path, "when"), [*each.get("when", []), guard])
        for name in site.data.get("fields", {}):
            if name not in [*each.get("asks", []), *each.get("may_ask", [])]:
                yield f"{each['name']} asks {name}", site.put((*path, "asks"), [*each.get("asks", []), name])


@operator_called("let nobody join what joins", CERTAIN)
def _no_join(site: Site) -> Iterator[Change]:
    for path, each in site.transitions():
        if "joins" in each:
            yield f"{each['name']} joins nothing", site.without((*path, "joins"))
            by = [role for role in each["by"] if role != "children"] or [next(iter(site.words.roles))]
            yield f"{each['name']} not by children", site.put((*path, "by"), by)
            for kind in each["joins"]:
                rest = [other for other in site.data["children"] if other != kind]
                yield f"{each['name']} without {kind}", site.put(("children",), rest)
        elif site.data.get("children"):
            yield f"{each['name']} by children", site.put((*path, "by"), ["children"])
