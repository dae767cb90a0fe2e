"""Families: what a transition of a parent asks of the children that live within it."""

from collections.abc import Iterable, Iterator

from wijkteam.engine.definition import (
    CHILDREN_ROLE,
    LEAVE,
    PARENT_ROLE,
    WAIT,
    AskedField,
    TakeAlong,
    Transition,
    Workflow,
)
from wijkteam.engine.findings import KeyPath, Wrong
from wijkteam.engine.nearest import one_of

Found = Iterator[tuple[Workflow, Wrong]]
Advice = tuple[str, str]
"""What is wrong, and what would be right."""


def check_child_rules(workflow: Workflow) -> Iterator[Wrong]:
    """Rules are about kinds that live within the subject; what a final state leaves behind is told."""
    for number, transition in enumerate(workflow.transitions):
        for kind, rule in transition.children.items():
            path: KeyPath = ("transitions", number, "children", kind)
            if kind not in workflow.children:
                right = one_of(kind, workflow.children, "name it in children of the workflow")
                yield Wrong("unknown-name", path, f"no children of the kind '{kind}' live here", right)
            target = workflow.states.get(transition.to)
            if rule == LEAVE and target is not None and target.final:
                wrong = f"'{transition.name}' ends the subject and leaves open '{kind}' behind"
                yield Wrong("child-left", path, wrong, "wait for them, or take them along")


def check_joins(workflow: Workflow) -> Iterator[Wrong]:
    """A join is for kinds of children that live here, and is taken by them."""
    for number, transition in enumerate(workflow.transitions):
        path: KeyPath = ("transitions", number, "joins")
        for kind in transition.joins:
            if kind not in workflow.children:
                right = one_of(kind, workflow.children, "name it in children of the workflow")
                yield Wrong("unknown-name", path, f"no children of the kind '{kind}' live here", right)
        if transition.joins and CHILDREN_ROLE not in transition.by:
            wrong = f"'{transition.name}' joins {', '.join(transition.joins)}, but is not by {CHILDREN_ROLE}"
            yield Wrong("wrong-join", path, wrong, f"add {CHILDREN_ROLE} to its by")


def check_families(workflows: Iterable[Workflow], beside: Iterable[Workflow] = ()) -> Found:
    """Children that are taken along can always follow, and end by it; needs the definitions of the children."""
    own = list(workflows)
    newest: dict[str, Workflow] = {}
    for workflow in sorted([*beside, *own], key=lambda each: each.version):
        newest[workflow.workflow] = workflow
    cannot: dict[tuple[str, str], list[Advice]] = {}
    for parent in own:
        for number, transition in enumerate(parent.transitions):
            for kind, rule in transition.children.items():
                if isinstance(rule, TakeAlong) and kind in newest:
                    path: KeyPath = ("transitions", number, "children", kind)
                    child = newest[kind]
                    if (kind, rule.take) not in cannot:
                        cannot[kind, rule.take] = list(_cannot_follow(child, rule.take))
                    for wrong, right in (*cannot[kind, rule.take], *_giving(parent, transition, rule, child)):
                        yield parent, Wrong("child-cannot-follow", path, wrong, right)
        yield from _never_taken(parent, newest)
    yield from _for_parents_beside(own, newest)


def _for_parents_beside(own: list[Workflow], newest: dict[str, Workflow]) -> Found:
    """What parents that are not looked at themselves ask of children that are: told of the child."""
    looked_at = {id(each) for each in own}
    for parent in newest.values():
        for transition in parent.transitions if id(parent) not in looked_at else ():
            for kind, rule in transition.children.items():
                child = newest.get(kind)
                if isinstance(rule, TakeAlong) and child is not None and id(child) in looked_at:
                    names = [each.name for each in child.transitions]
                    path: KeyPath = ("transitions", names.index(rule.take)) if rule.take in names else ("transitions",)
                    following = (*_cannot_follow(child, rule.take), *_giving(parent, transition, rule, child))
                    for wrong, right in following:
                        told = f"{wrong} (by '{transition.name}' of '{parent.workflow}' it is taken along)"
                        yield child, Wrong("child-cannot-follow", path, told, right)


def _cannot_follow(child: Workflow, take: str) -> Iterator[Advice]:
    """Why a child could not take a transition along with whatever parent."""
    taken = child.transition(take)
    if taken is None:
        yield (
            f"'{child.workflow}' has no transition '{take}'",
            one_of(take, [each.name for each in child.transitions]),
        )
        return
    if PARENT_ROLE not in taken.by:
        yield f"'{take}' of '{child.workflow}' is not for its parent", f"add {PARENT_ROLE} to its by"
    target = child.states.get(taken.to)
    if target is None or not target.final:
        yield f"'{take}' does not end '{child.workflow}'", "take along by a transition into a final state"
    for name, state in child.states.items():
        if not state.final and name not in taken.sources:
            right = f"add {name} to from of '{take}', or wait for them"
            yield f"'{take}' cannot be taken from '{name}' of '{child.workflow}'", right
    if taken.when or taken.decision:
        yield f"'{take}' of '{child.workflow}' may be blocked by a guard", "take along by one without guards"
    if WAIT in child.child_rules(taken).values():
        right = "let it take its own children along"
        yield f"'{take}' of '{child.workflow}' waits for children of its own", right


def _giving(parent: Workflow, transition: Transition, rule: TakeAlong, child: Workflow) -> Iterator[Advice]:
    """What the child's transition asks, against what the parent's gives it."""
    taken = child.transition(rule.take)
    if taken is None:
        return
    for name in taken.asks:
        if name not in rule.giving:
            yield f"'{rule.take}' asks '{name}', and nothing gives it", f"add giving: {{{name}: …}}"
    asked = {ask.field for ask in taken.questions}
    for name, source in rule.giving.items():
        if name not in asked:
            yield f"'{rule.take}' does not ask '{name}'", one_of(name, taken.asks, "leave it out")
        elif source not in _given_for(name, taken, transition):
            yield f"'{transition.name}' does not ask '{source}'", one_of(source, transition.asks, "ask it")
        elif not _fits(child.fields.get(name), parent.fields.get(source)):
            yield f"'{source}' and '{name}' of '{child.workflow}' are not of one type", "give another field"


def _given_for(name: str, taken: Transition, transition: Transition) -> list[str]:
    """What may be given for a field of the child: what must be filled in there must be filled in here too."""
    return transition.asks if name in taken.asks else [ask.field for ask in transition.questions]


def _fits(field: AskedField | None, source: AskedField | None) -> bool:
    """Whether one can be filled in with the other; a field that is not described is named elsewhere."""
    if field is None or source is None:
        return True
    return (field.type, field.list) == (source.type, source.list) and set(source.choices or ()) <= set(
        field.choices or ()
    )


def _never_taken(child: Workflow, known: dict[str, Workflow]) -> Found:
    parents = [each for each in known.values() if child.workflow in each.children]
    taken = {
        rule.take
        for parent in parents
        for transition in parent.transitions
        for kind, rule in transition.children.items()
        if kind == child.workflow and isinstance(rule, TakeAlong)
    }
    for number, transition in enumerate(child.transitions):
        if parents and transition.by == [PARENT_ROLE] and transition.name not in taken:
            wrong = f"no one can ever take '{transition.name}': no parent takes it along"
            yield child, Wrong("dead-transition", ("transitions", number, "by"), wrong, "name another role in by")
