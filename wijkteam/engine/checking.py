"""Checking what a definition means: names that exist, states that can be reached and left."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from difflib import get_close_matches

import networkx

from wijkteam.engine.definition import CLOCK_ROLE, PREVIOUS, SAME, Deed, Transition, Workflow
from wijkteam.engine.vocabulary import Vocabulary

KeyPath = tuple[str | int, ...]


@dataclass(frozen=True)
class Wrong:
    """A mistake at a key path of the definition, and what would be right."""

    path: KeyPath
    wrong: str
    right: str


def check_workflow(workflow: Workflow, vocabulary: Vocabulary | None = None) -> list[Wrong]:
    """Every mistake in what a well-shaped definition means; names are checked where a vocabulary is given."""
    found = [*_states(workflow), *_deeds(workflow), *_terms(workflow)]
    if not found:
        found += [*_roads(workflow)]
    if vocabulary is not None:
        found += _names(workflow, vocabulary)
    return found


def _right(name: str, known: Collection[str]) -> str:
    near = get_close_matches(name, sorted(known), 1, 0.6)
    return f"did you mean '{near[0]}'?" if near else f"known are: {', '.join(sorted(known)) or 'none'}"


def _unknown(path: KeyPath, what: str, name: str, known: Collection[str]) -> Iterator[Wrong]:
    if name not in known:
        yield Wrong(path, f"there is no {what} '{name}'", _right(name, known))


def _states(workflow: Workflow) -> Iterator[Wrong]:
    yield from _unknown(("initial",), "state", workflow.initial, workflow.states)
    if workflow.opening.to is not None:
        yield from _unknown(("opening", "to"), "state", workflow.opening.to, workflow.states)
    for word in (SAME, PREVIOUS):
        if word in workflow.states:
            yield Wrong(("states", word), f"'{word}' cannot name a state", "choose another name")
    initial = workflow.states.get(workflow.initial)
    if initial is not None and initial.final:
        yield Wrong(
            ("initial",),
            f"the initial state '{workflow.initial}' is final",
            "begin in a state that can be left",
        )
    seen: set[str] = set()
    for number, transition in enumerate(workflow.transitions):
        path: KeyPath = ("transitions", number)
        if transition.name in seen or transition.name == workflow.opening.name:
            yield Wrong((*path, "name"), f"'{transition.name}' is used twice", "give each transition its own name")
        seen.add(transition.name)
        for source in transition.from_:
            yield from _unknown((*path, "from"), "state", source, workflow.states)
            yield from _leaving(workflow, transition, source, path)
        if transition.to not in (SAME, PREVIOUS):
            yield from _unknown((*path, "to"), "state", transition.to, workflow.states)


def _leaving(workflow: Workflow, transition: Transition, source: str, path: KeyPath) -> Iterator[Wrong]:
    state = workflow.states.get(source)
    if state is None:
        return
    if state.final:
        yield Wrong(
            (*path, "from"),
            f"'{source}' is final, so nothing can follow",
            "take it out of from, or final away",
        )
    if transition.to == PREVIOUS and not state.side:
        right = f"give '{source}' side: true, or name the state to go to"
        yield Wrong((*path, "to"), f"'{source}' is no side state, so it has no previous", right)
    target = workflow.states.get(transition.to)
    if target is not None and target.side and state.side and transition.to != source:
        right = "go back to the previous state first"
        yield Wrong((*path, "to"), f"from side state '{source}' to side state '{transition.to}'", right)


def _deeds(workflow: Workflow) -> Iterator[Wrong]:
    asked: set[str] = set()
    for path, deed in _all_deeds(workflow):
        names = [ask.field for ask in deed.questions]
        asked.update(names)
        for name in names:
            yield from _unknown((*path, "asks"), "field", name, workflow.fields)
        for name in sorted({each for each in names if names.count(each) > 1}):
            yield Wrong((*path, "asks"), f"'{name}' is asked twice", "ask it once")
        if CLOCK_ROLE in deed.by and deed.asks:
            yield Wrong((*path, "asks"), "the clock cannot fill anything in", "ask nothing, or take clock out of by")
    for name in workflow.fields:
        if name not in asked:
            yield Wrong(("fields", name), f"nothing asks for '{name}'", "ask it somewhere, or remove it")


def _all_deeds(workflow: Workflow) -> Iterator[tuple[KeyPath, Deed]]:
    yield ("opening",), workflow.opening
    for number, transition in enumerate(workflow.transitions):
        yield ("transitions", number), transition


def _terms(workflow: Workflow) -> Iterator[Wrong]:
    for name, state in workflow.states.items():
        path: KeyPath = ("states", name, "term", "on_miss")
        for missed in state.term.on_miss if state.term else []:
            transition = workflow.transition(missed)
            known = [each.name for each in workflow.transitions_from(name)]
            if transition is None or name not in transition.from_:
                yield Wrong(path, f"'{missed}' cannot be taken from '{name}'", _right(missed, known))
            elif CLOCK_ROLE not in transition.by:
                yield Wrong(path, f"the clock may not take '{missed}'", f"add {CLOCK_ROLE} to its by")


def _roads(workflow: Workflow) -> Iterator[Wrong]:
    graph: networkx.DiGraph[str] = networkx.DiGraph()
    graph.add_nodes_from(workflow.states)
    main = [name for name, state in workflow.states.items() if not state.final and not state.side]
    for transition in workflow.transitions:
        for source in transition.from_:
            targets = main if transition.to == PREVIOUS else [source if transition.to == SAME else transition.to]
            graph.add_edges_from((source, target) for target in targets)
    start = workflow.opening.to or workflow.initial
    reached = {start, *networkx.descendants(graph, start)}
    finals = [name for name, state in workflow.states.items() if state.final]
    if not finals:
        yield Wrong(("states",), "no state is final, so nothing ever ends", "give at least one state final: true")
    ending = {*finals, *(each for final in finals for each in networkx.ancestors(graph, final))}
    for name, state in workflow.states.items():
        path: KeyPath = ("states", name)
        if name not in reached:
            yield Wrong(path, f"'{name}' cannot be reached", "lead a transition to it, or remove it")
        if finals and name not in ending:
            yield Wrong(path, f"from '{name}' no end can be reached", "lead a transition towards a final state")
        ways = [each for each in workflow.transitions_from(name) if set(each.by) != {CLOCK_ROLE}]
        leaving = [each for each in ways if each.to not in (SAME, name)]
        if not state.final and not leaving:
            yield Wrong(path, f"nobody can leave '{name}'", "add a transition out of it that people may take")
        if state.side and not any(each.to == PREVIOUS for each in ways):
            yield Wrong(path, f"the side state '{name}' has no way back", "add a transition with to: previous")


def _names(workflow: Workflow, vocabulary: Vocabulary) -> Iterator[Wrong]:
    roles = {*vocabulary.roles, CLOCK_ROLE}
    for name, state in workflow.states.items():
        if state.holder is not None:
            yield from _unknown(("states", name, "holder"), "role", state.holder, vocabulary.roles)
        if state.term is not None and state.term.named is not None:
            yield from _unknown(("states", name, "term", "named"), "term", state.term.named, vocabulary.terms)
    for name, field in workflow.fields.items():
        if field.list is not None:
            yield from _unknown(("fields", name, "list"), "list", field.list, vocabulary.lists)
    for path, deed in _all_deeds(workflow):
        for key, what, names, known in (
            ("by", "role", deed.by, roles),
            ("when", "guard", deed.when, set(vocabulary.guards)),
            ("effects", "effect", deed.effects, set(vocabulary.effects)),
            ("tells", "recipient", deed.tells, set(vocabulary.recipients)),
            (
                "decision",
                "decision rule",
                [deed.decision] if deed.decision else [],
                set(vocabulary.decisions),
            ),
        ):
            for name in names:
                yield from _unknown((*path, key), what, name, known)
