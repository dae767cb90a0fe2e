"""Two versions in one picture: what is new, what is gone and what is different, each with a mark."""

from wijkteam.engine.definition import SAME, State, Transition, Workflow
from wijkteam.engine.differences import About, Comparison, Kind
from wijkteam.engine.drawing.marks import Look, Mark, Marks
from wijkteam.engine.drawing.outline import MANY

LOOKS = {Kind.ADDED: Look.ADDED, Kind.REMOVED: Look.REMOVED, Kind.CHANGED: Look.CHANGED}
MOST_NOTES = 3
SHOWN = frozenset({"from"})
"""Attributes of which the picture itself shows what differs."""


def both_versions(comparison: Comparison) -> tuple[Workflow, Marks]:
    """A workflow that holds what either version has, only to be drawn, and the marks of what differs."""
    merged = _Merged(comparison)
    states = _in_order(comparison)
    whole = comparison.new.model_copy(update={"states": states, "transitions": merged.transitions})
    marks = {name: _mark(comparison, About.STATE, name) for name in states}
    return whole, Marks({name: mark for name, mark in marks.items() if mark}, merged.marks, quiet=True)


def _in_order(comparison: Comparison) -> dict[str, State]:
    """The states of the new version, with each one that is gone after the one that it used to follow."""
    names = list(comparison.new.states)
    after = ""
    for name in comparison.old.states:
        if name not in comparison.new.states:
            names.insert(names.index(after) + 1 if after else 0, name)
        after = name
    return {name: comparison.new.states.get(name) or comparison.old.states[name] for name in names}


def _mark(comparison: Comparison, about: About, name: str) -> Mark | None:
    found = [each for each in comparison.of(about) if each.name == name and each.attribute not in SHOWN]
    if not found:
        return None
    notes = [each.short for each in found if each.kind is Kind.CHANGED]
    if len(notes) > MOST_NOTES:
        notes = [*notes[: MOST_NOTES - 1], f"+ {len(notes) - MOST_NOTES + 1}"]
    return Mark(LOOKS[found[0].kind], tuple(notes))


class _Merged:
    """Transitions of both versions: one that leads elsewhere now is drawn as both the old and the new one."""

    def __init__(self, comparison: Comparison) -> None:
        self.comparison = comparison
        self.transitions: list[Transition] = []
        self.marks: dict[tuple[str | None, str], Mark] = {}
        for new in comparison.new.transitions:
            old = comparison.old.transition(new.name)
            mark = _mark(comparison, About.TRANSITION, new.name)
            if mark is not None:
                self.marks[None, new.name] = mark
            if old is None or old.to != new.to:
                self.transitions.append(new)
                self._removed(old)
            else:
                self._both(old, new)
        for old in comparison.old.transitions:
            if comparison.new.transition(old.name) is None:
                self._removed(old)

    def _removed(self, old: Transition | None) -> None:
        if old is not None:
            name = f"{old.name} ({Look.REMOVED})"
            self.transitions.append(old.model_copy(update={"name": name}))
            self.marks[None, name] = Mark(Look.REMOVED)

    def _both(self, old: Transition, new: Transition) -> None:
        gone = [state for state in old.from_ if state not in new.from_]
        came = [state for state in new.from_ if state not in old.from_]
        self.transitions.append(new.model_copy(update={"from_": [*new.from_, *gone]}))
        if new.to == SAME and len(new.from_) + len(gone) >= MANY:
            found = [each for each in self.comparison.of(About.TRANSITION) if each.name == new.name]
            if found:
                self.marks[None, new.name] = Mark(Look.CHANGED, tuple(each.short for each in found)[:MOST_NOTES])
            return
        self.marks |= {(state, new.name): Mark(Look.REMOVED) for state in gone}
        self.marks |= {(state, new.name): Mark(Look.ADDED) for state in came}
