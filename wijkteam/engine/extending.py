"""A definition that extends another: it says only what differs, and is checked as a whole."""

from collections.abc import Mapping
from typing import Any

from wijkteam.engine.findings import KeyPath
from wijkteam.engine.nearest import one_of
from wijkteam.engine.reading import Document

EXTENDS = "extends"
REMOVE = "remove"
MOST_BASES = 12
"""Definitions on top of each other: nobody can say any more what a higher one comes down to."""
Key = tuple[str, int]


def key_of(document: Document) -> Key | None:
    """Name and version as the document gives them; None when it gives neither."""
    data = document.data
    if not isinstance(data, dict):
        return None
    name, version = data.get("workflow"), data.get("version")
    return (name, version) if isinstance(name, str) and isinstance(version, int) else None


def extended(document: Document, library: Mapping[Key, Document]) -> Document:
    """The document on top of the one it extends, and so on down; the same document when it extends none.

    Mappings are laid over each other, null takes a key away, transitions go by name and `remove: true` takes
    one away, any other list is replaced. What cannot be found is among the findings.
    """
    return _extended(document, library, ())


def _extended(document: Document, library: Mapping[Key, Document], seen: tuple[Key, ...]) -> Document:
    if not isinstance(document.data, dict) or EXTENDS not in document.data:
        return document
    path: KeyPath = (EXTENDS,)
    named = document.data[EXTENDS]
    whole = Document(document.file, document.data, dict(document.places), list(document.findings))
    whole.data = {key: value for key, value in document.data.items() if key != EXTENDS}
    if not isinstance(named, dict) or not isinstance(named.get("version"), int) or "workflow" not in named:
        right = "write extends: {workflow: household_case, version: 1}"
        whole.findings.append(
            document.finding("wrong-value", path, "'extends' must name a workflow and a version", right)
        )
        return whole
    key = (str(named["workflow"]), int(named["version"]))
    if key in seen or key == key_of(document):
        whole.findings.append(
            document.finding(
                "circular-base", path, f"{key[0]} version {key[1]} extends itself", "raise its own version"
            )
        )
        return whole
    if key not in library:
        right = one_of(_said(key), [_said(each) for each in library])
        whole.findings.append(document.finding("unknown-base", path, f"there is no {_said(key)} to extend", right))
        return whole
    if len(seen) == MOST_BASES:
        wrong = f"more than {MOST_BASES} definitions extend each other"
        whole.findings.append(document.finding("too-large", path, wrong, "write one of them out in full"))
        return whole
    return _Overlay(_extended(library[key], library, (*seen, key)), document).whole()


def _said(key: Key) -> str:
    return f"{key[0]} version {key[1]}"


class _Overlay:
    def __init__(self, base: Document, own: Document) -> None:
        self.base, self.own = base, own
        self.result = Document(own.file, None, {}, [*base.findings, *own.findings])

    def whole(self) -> Document:
        data = {key: value for key, value in self.own.data.items() if key != EXTENDS}
        self.result.places[()] = self.own.place(())
        self.result.data = self._mapping(self.base.data, data, (), (), ())
        return self.result

    def _mapping(self, base: Any, own: dict[str, Any], at: KeyPath, base_at: KeyPath, own_at: KeyPath) -> Any:
        """`at` is the path in the result, `base_at` and `own_at` where the two sides come from."""
        below = base if isinstance(base, dict) else {}
        merged: dict[str, Any] = {}
        for key, value in below.items():
            if key not in own:
                merged[key] = self._taken(self.base, value, (*at, key), (*base_at, key))
        for key, value in own.items():
            paths = (*at, key), (*base_at, key), (*own_at, key)
            if value is None:
                if key not in below:
                    self._nothing_to_remove(paths[2], key)
                continue
            self.result.places[paths[0]] = self.own.place(paths[2])
            if isinstance(value, dict) and isinstance(below.get(key), dict):
                merged[key] = self._mapping(below[key], value, *paths)
            elif paths[0] == ("transitions",) and isinstance(value, list):
                merged[key] = self._transitions(below.get(key), value)
            else:
                merged[key] = self._taken(self.own, value, paths[0], paths[2])
        order = [key for key in below if key in merged] + [key for key in merged if key not in below]
        return {key: merged[key] for key in order}

    def _taken(self, side: Document, value: Any, at: KeyPath, side_at: KeyPath) -> Any:
        self.result.places[at] = side.place(side_at)
        items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
        for key, inner in items:
            self._taken(side, inner, (*at, key), (*side_at, key))
        return value

    def _transitions(self, base: Any, own: list[Any]) -> list[Any]:
        below = base if isinstance(base, list) else []
        mine = {
            each["name"]: number
            for number, each in enumerate(own)
            if isinstance(each, dict) and isinstance(each.get("name"), str)
        }
        merged: list[Any] = []
        used: set[int] = set()
        for number, each in enumerate(below):
            at: KeyPath = ("transitions", len(merged))
            base_at: KeyPath = ("transitions", number)
            name = each.get("name") if isinstance(each, dict) else None
            if not isinstance(name, str) or name not in mine:
                merged.append(self._taken(self.base, each, at, base_at))
                continue
            used.add(mine[name])
            change = own[mine[name]]
            if change.get(REMOVE) is not True:
                self.result.places[at] = self.own.place(("transitions", mine[name]))
                merged.append(self._mapping(each, change, at, base_at, ("transitions", mine[name])))
        for number, each in enumerate(own):
            if number in used:
                continue
            own_at: KeyPath = ("transitions", number)
            if isinstance(each, dict) and each.get(REMOVE) is True:
                self._nothing_to_remove(own_at, str(each.get("name", "")))
                continue
            merged.append(self._taken(self.own, each, ("transitions", len(merged)), own_at))
        return merged

    def _nothing_to_remove(self, path: KeyPath, name: str) -> None:
        wrong = f"there is no '{name}' below to take away"
        self.result.findings.append(self.own.finding("nothing-to-remove", path, wrong, "leave it out"))
