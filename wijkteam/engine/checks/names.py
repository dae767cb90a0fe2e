"""Names: each stands for something, none stands for two things."""

from collections.abc import Collection, Iterator

from wijkteam.engine.definition import MIGRATE, NOT_PEOPLE, PREVIOUS, SAME, Deed, Transition, Workflow
from wijkteam.engine.findings import KeyPath, Wrong
from wijkteam.engine.nearest import one_of
from wijkteam.engine.vocabulary import Vocabulary

RESERVED_STATES = (SAME, PREVIOUS)
RESERVED_TRANSITIONS = NOT_PEOPLE | {MIGRATE}


def unknown(path: KeyPath, what: str, name: str, known: Collection[str]) -> Iterator[Wrong]:
    """A finding when the name stands for nothing, with the nearest that does."""
    if name not in known:
        yield Wrong("unknown-name", path, f"there is no {what} '{name}'", one_of(name, known))


def all_deeds(workflow: Workflow) -> Iterator[tuple[KeyPath, Deed]]:
    """The opening and every transition, with where they stand."""
    yield ("opening",), workflow.opening
    for number, transition in enumerate(workflow.transitions):
        yield ("transitions", number), transition


def check_states(workflow: Workflow) -> Iterator[Wrong]:
    """Names of states and transitions, and from where to where."""
    yield from unknown(("initial",), "state", workflow.initial, workflow.states)
    if workflow.opening.to is not None:
        yield from unknown(("opening", "to"), "state", workflow.opening.to, workflow.states)
    for word in RESERVED_STATES:
        if word in workflow.states:
            yield Wrong("reserved-name", ("states", word), f"'{word}' cannot name a state", "choose another name")
    start = workflow.states.get(workflow.start)
    if start is not None and start.final:
        right = "begin in a state that can be left"
        yield Wrong("final-start", ("initial",), f"the initial state '{workflow.start}' is final", right)
    if start is not None and start.side:
        wrong = f"the initial state '{workflow.start}' is a side state, so that there is no state to go back to"
        yield Wrong("wrong-previous", ("initial",), wrong, "begin on the main road")
    seen = {workflow.opening.name}
    for number, transition in enumerate(workflow.transitions):
        path: KeyPath = ("transitions", number)
        if transition.name in RESERVED_TRANSITIONS:
            wrong = f"'{transition.name}' cannot name a transition"
            yield Wrong("reserved-name", (*path, "name"), wrong, "choose another name")
        if transition.name in seen:
            right = "give each transition its own name"
            yield Wrong("duplicate-name", (*path, "name"), f"'{transition.name}' is used twice", right)
        seen.add(transition.name)
        for source in transition.from_:
            yield from unknown((*path, "from"), "state", source, workflow.states)
            yield from _leaving(workflow, transition, source, path)
        if transition.to not in (SAME, PREVIOUS):
            yield from unknown((*path, "to"), "state", transition.to, workflow.states)


def _leaving(workflow: Workflow, transition: Transition, source: str, path: KeyPath) -> Iterator[Wrong]:
    state = workflow.states.get(source)
    if state is None:
        return
    if state.final:
        right = "take it out of from, or final away"
        yield Wrong("leaving-final", (*path, "from"), f"'{source}' is final, so nothing can follow", right)
    if transition.to == PREVIOUS and not state.side:
        right = f"give '{source}' side: true, or name the state to go to"
        yield Wrong("wrong-previous", (*path, "to"), f"'{source}' is no side state, so it has no previous", right)
    target = workflow.states.get(transition.to)
    if target is not None and target.side and state.side and transition.to != source:
        right = "go back to the previous state first"
        wrong = f"from side state '{source}' to side state '{transition.to}'"
        yield Wrong("side-to-side", (*path, "to"), wrong, right)


def check_needed(workflow: Workflow, vocabulary: Vocabulary) -> Iterator[Wrong]:
    """What the rest of the system works with by name is there, and ends are the ends that it knows."""
    named = {*workflow.states, *(each.name for each in workflow.transitions)}
    for name in sorted(vocabulary.needed - named):
        wrong = f"'{name}' is missing, and pages, reports or rules need it"
        yield Wrong("needed-name", ("states",), wrong, "keep the state or transition of that name; titles are free")
    for name, state in workflow.states.items():
        if state.final and vocabulary.ends is not None and name not in vocabulary.ends:
            right = one_of(name, vocabulary.ends)
            wrong = f"'{name}' is final, but the rest of the system does not know it as an end"
            yield Wrong("unknown-end", ("states", name), wrong, right)
        if not state.final and name in (vocabulary.ends or ()):
            wrong = f"the rest of the system takes '{name}' for an end, and it is not final"
            yield Wrong("unknown-end", ("states", name), wrong, "write final: true")


def check_vocabulary(workflow: Workflow, vocabulary: Vocabulary) -> Iterator[Wrong]:
    """Names that stand for something in Python or in a list."""
    for name, state in workflow.states.items():
        if state.holder is not None:
            yield from unknown(("states", name, "holder"), "role", state.holder, vocabulary.roles)
        if state.term is not None and state.term.named is not None:
            yield from unknown(("states", name, "term", "named"), "term", state.term.named, vocabulary.terms)
    for name, field in workflow.fields.items():
        if field.list is not None:
            yield from unknown(("fields", name, "list"), "list", field.list, vocabulary.lists)
    for number, kind in enumerate(workflow.children):
        yield from unknown(("children", number), "kind of children", kind, vocabulary.children)
    roles = {*vocabulary.roles, *NOT_PEOPLE}
    for path, deed in all_deeds(workflow):
        for key, what, names, known in (
            ("by", "role", deed.by, roles),
            ("when", "guard", deed.when, vocabulary.guards),
            ("effects", "effect", deed.effects, vocabulary.effects),
            ("tells", "recipient", deed.tells, vocabulary.recipients),
            ("decision", "decision rule", [deed.decision] if deed.decision else [], vocabulary.decisions),
        ):
            for name in names:
                yield from unknown((*path, key), what, name, known)
