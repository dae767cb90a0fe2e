"""Deeds: who can take them, what they ask, what they decide, whom they tell."""

from collections import Counter
from collections.abc import Iterator, Mapping

from wijkteam.engine.checks.names import all_deeds, unknown
from wijkteam.engine.checks.roads import Roads
from wijkteam.engine.checks.surroundings import Surroundings
from wijkteam.engine.definition import CLOCK_ROLE, Deed, Transition, Workflow
from wijkteam.engine.findings import KeyPath, Wrong
from wijkteam.engine.vocabulary import DecisionRule, Effect, Guard, Vocabulary


def check_fields(workflow: Workflow) -> Iterator[Wrong]:
    """Asked fields are described, asked once, and not of the clock."""
    asked: set[str] = set()
    for path, deed in all_deeds(workflow):
        names = [ask.field for ask in deed.questions]
        asked.update(names)
        for name in names:
            yield from unknown((*path, "asks"), "field", name, workflow.fields)
        for name in sorted(name for name, times in Counter(names).items() if times > 1):
            yield Wrong("field-asked-twice", (*path, "asks"), f"'{name}' is asked twice", "ask it once")
        if CLOCK_ROLE in deed.by and deed.asks:
            right = "ask nothing, or take clock out of by"
            yield Wrong("clock-asked", (*path, "asks"), "the clock cannot fill anything in", right)
    for name in workflow.fields:
        if name not in asked:
            wrong = f"nothing asks for '{name}'"
            yield Wrong("unasked-field", ("fields", name), wrong, "ask it somewhere, or remove it")


def check_use_of_fields(workflow: Workflow, vocabulary: Vocabulary) -> Iterator[Wrong]:
    """What is asked is used, and what rules cannot do without is asked."""
    for path, deed in all_deeds(workflow):
        rules = dict(_rules(deed, vocabulary))
        known = {field for rule in rules.values() for field in (*rule.reads, *_needs(rule))}
        for ask in deed.questions:
            field = workflow.fields.get(ask.field)
            if field is not None and not field.for_record and ask.field not in known:
                wrong = f"'{ask.field}' is asked, but no guard, effect or rule of '{_name(deed)}' knows it"
                right = "name an effect that keeps it, say for_record: true in fields, or do not ask it"
                yield Wrong("unused-field", (*path, "asks"), wrong, right)
        for name, rule in rules.items():
            for field_name in sorted(_needs(rule) - set(deed.asks)):
                wrong = f"'{name}' cannot do without the field '{field_name}', and '{_name(deed)}' does not ask it"
                yield Wrong("missing-field", path, wrong, f"add {field_name} to asks")


def _rules(deed: Deed, vocabulary: Vocabulary) -> Iterator[tuple[str, Guard | Effect | DecisionRule]]:
    known: Mapping[str, Guard | Effect | DecisionRule]
    for names, known in (
        (deed.when, vocabulary.guards),
        (deed.effects, vocabulary.effects),
        ([deed.decision] if deed.decision else [], vocabulary.decisions),
    ):
        yield from ((name, known[name]) for name in names if name in known)


def _needs(rule: Guard | Effect | DecisionRule) -> frozenset[str]:
    return frozenset() if isinstance(rule, Guard) else rule.needs


def _name(deed: Deed) -> str:
    return getattr(deed, "name", "open")


def check_holders(workflow: Workflow, roads: Roads) -> Iterator[Wrong]:
    """In a state that is not final somebody holds the ball, and can do something with it."""
    for name, state in workflow.states.items():
        path: KeyPath = ("states", name)
        if state.final:
            continue
        if state.holder is None:
            wrong, right = f"nobody holds the ball in '{name}'", "add holder: the role that has to act"
            yield Wrong("nobody-holds", path, wrong, right, roads.way_to(name))
        elif not any(state.holder in each.by for each in workflow.transitions_from(name)):
            wrong = f"'{state.holder}' holds the ball in '{name}', but can take nothing there"
            right = "name the holder in by of a transition from it, or name another holder"
            yield Wrong("idle-holder", (*path, "holder"), wrong, right, roads.way_to(name))


def check_dead(
    workflow: Workflow, roads: Roads, vocabulary: Vocabulary | None, surroundings: Surroundings | None
) -> Iterator[Wrong]:
    """Transitions that no one can ever take."""
    for number, transition in enumerate(workflow.transitions):
        path: KeyPath = ("transitions", number)
        if not _can_be_taken(workflow, transition, vocabulary, surroundings):
            wrong = f"no one can ever take '{transition.name}'"
            right = "name a role that somebody can have, or name it in on_miss of a term"
            yield Wrong("dead-transition", (*path, "by"), wrong, right, _way(transition, roads))
        for one, other in _excluding(transition, vocabulary):
            wrong = f"'{one}' and '{other}' never hold at the same time"
            right = "keep one of the two"
            yield Wrong("excluding-guards", (*path, "when"), wrong, right, _way(transition, roads))


def _can_be_taken(
    workflow: Workflow, transition: Transition, vocabulary: Vocabulary | None, surroundings: Surroundings | None
) -> bool:
    for role in transition.by:
        if role == CLOCK_ROLE:
            if any(_calls(workflow, source, transition.name) for source in transition.from_):
                return True
            continue
        known = vocabulary.roles.get(role) if vocabulary is not None else None
        if known is None or surroundings is None or surroundings.can_be_held(known.functions):
            return True
    return False


def _calls(workflow: Workflow, state: str, name: str) -> bool:
    found = workflow.states.get(state)
    return found is not None and found.term is not None and name in found.term.on_miss


def _excluding(transition: Transition, vocabulary: Vocabulary | None) -> Iterator[tuple[str, str]]:
    guards = vocabulary.guards if vocabulary else {}
    for number, one in enumerate(transition.when):
        for other in transition.when[number + 1 :]:
            if one in guards and other in guards and (other in guards[one].excludes or one in guards[other].excludes):
                yield one, other


def check_messages(workflow: Workflow, vocabulary: Vocabulary, roads: Roads) -> Iterator[Wrong]:
    """Nobody is told of what they may not read."""
    for path, deed in all_deeds(workflow):
        for name in deed.tells:
            if name in vocabulary.recipients and not vocabulary.recipients[name].can_read:
                wrong = f"'{name}' may not read what '{_name(deed)}' tells them of"
                yield Wrong("blind-message", (*path, "tells"), wrong, "leave them out", _way(deed, roads))


def _way(deed: Deed, roads: Roads) -> tuple[str, ...]:
    sources = deed.from_ if isinstance(deed, Transition) else []
    return roads.way_to(next((each for each in sources if each in roads.reached), ""))


def check_mandate(
    workflow: Workflow, vocabulary: Vocabulary, surroundings: Surroundings, roads: Roads
) -> Iterator[Wrong]:
    """For each decision some function in the register can take it."""
    if surroundings.mandated is None:
        return
    mandated = frozenset(function for functions in surroundings.mandated.values() for function in functions)
    for path, deed in all_deeds(workflow):
        if deed.decision is None:
            continue
        roles = [vocabulary.roles[role] for role in deed.by if role in vocabulary.roles]
        if any(role.functions is None or role.functions & mandated for role in roles):
            continue
        named = ", ".join(sorted({function for role in roles for function in role.functions or ()})) or "nobody"
        wrong = f"no mandate in the register lets anyone take '{_name(deed)}' (it is for: {named})"
        right = "give one of these functions a mandate, or let another role decide"
        yield Wrong("no-mandate", (*path, "decision"), wrong, right, _way(deed, roads))
