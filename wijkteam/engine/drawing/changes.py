"""Two versions in one picture: what is new, what is gone and what is different, each with a mark."""

from collections.abc import Iterable

from wijkteam.engine.comparing import About, Comparison, Kind
from wijkteam.engine.definition import State, Transition, Workflow
from wijkteam.engine.drawing.marks import Look, Mark, Marks

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
    notes = [f"{each.what}: {each.old} → {each.new}" for each in found if each.kind is Kind.CHANGED]
    if len(notes) > MOST_NOTES:
        notes = [*notes[: MOST_NOTES - 1], f"+ {len(notes) - MOST_NOTES + 1}"]
    return Mark(LOOKS[found[0].kind], tuple(notes))


class _Merged:
    """Transitions of both versions: a way that only one of them has is a transition of its own, with its mark."""

    def __init__(self, comparison: Comparison) -> None:
        self.transitions: list[Transition] = []
        self.marks: dict[tuple[str | None, str], Mark] = {}
        for new in comparison.new.transitions:
            old = comparison.old.transition(new.name)
            mark = _mark(comparison, About.TRANSITION, new.name)
            if old is None or old.to != new.to:
                self._add(new, new.from_, Look.ADDED if old is None else None, mark)
                self._add(old, old.from_ if old else [], Look.REMOVED, None)
                continue
            self._add(new, [each for each in new.from_ if each in old.from_], None, mark)
            self._add(new, [each for each in new.from_ if each not in old.from_], Look.ADDED, None)
            self._add(old, [each for each in old.from_ if each not in new.from_], Look.REMOVED, None)
        for old in comparison.old.transitions:
            if comparison.new.transition(old.name) is None:
                self._add(old, old.from_, Look.REMOVED, None)

    def _add(self, transition: Transition | None, sources: Iterable[str], look: Look | None, mark: Mark | None) -> None:
        sources = list(sources)
        if transition is None or not sources:
            return
        name = transition.name if look is None else f"{transition.name} ({look.value})"
        self.transitions.append(transition.model_copy(update={"name": name, "from_": sources}))
        shown = Mark(look, mark.notes if mark else ()) if look is not None else mark
        if shown is not None:
            self.marks[None, name] = shown
