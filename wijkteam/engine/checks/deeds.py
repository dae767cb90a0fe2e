"""Deeds: who can take them, what they ask, what they decide, whom they tell."""

from collections import Counter
from collections.abc import Iterator, Mapping

from wijkteam.engine.checks.alive import Alive
from wijkteam.engine.checks.names import all_deeds, unknown
from wijkteam.engine.checks.roads import Roads
from wijkteam.engine.definition import CHILDREN_ROLE, CLOCK_ROLE, NOT_PEOPLE, AskedField, Deed, Transition, Workflow
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
        for role in (CLOCK_ROLE, CHILDREN_ROLE):
            if role in deed.by and deed.decision is not None:
                right = f"let a person decide, or take {role} out of by"
                yield Wrong("clock-decides", (*path, "decision"), f"the {role} has no mandate to decide", right)
            if role in deed.by and deed.asks:
                right = f"ask nothing, or take {role} out of by"
                yield Wrong("clock-asked", (*path, "asks"), f"the {role} cannot fill anything in", right)
    for name, field in workflow.fields.items():
        if name not in asked:
            wrong = f"nothing asks for '{name}'"
            yield Wrong("unasked-field", ("fields", name), wrong, "ask it somewhere, or remove it")
        yield from _who_requires(name, field)


def _who_requires(name: str, field: AskedField) -> Iterator[Wrong]:
    path: KeyPath = ("fields", name)
    if "basis" not in field.model_fields_set:
        wrong = f"'{name}' does not say who requires it"
        yield Wrong("basis-unsaid", path, wrong, "add basis: law, local or optional")
    elif field.basis == "law" and field.article is None:
        wrong = f"'{name}' is required by law, and no article is named"
        yield Wrong("article-unsaid", path, wrong, "add article, such as Awb 3:46, or another basis")
    elif field.basis != "law" and field.article is not None:
        wrong = f"'{name}' names an article, and the law does not require it"
        yield Wrong("article-unsaid", path, wrong, "say basis: law, or take the article away")


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
        elif not roads.alive.can_be_had(state.holder):
            wrong, right = f"no one can ever be '{state.holder}', who holds the ball in '{name}'", "name another holder"
            yield Wrong("nobody-holds", (*path, "holder"), wrong, right, roads.way_to(name))
        elif not any(
            state.holder in each.by and roads.alive.can_act(state.holder, each) for each in roads.people_ways(name)
        ):
            wrong = f"'{state.holder}' holds the ball in '{name}', but can take nothing there"
            right = "name the holder in by of a transition from it, or name another holder"
            yield Wrong("idle-holder", (*path, "holder"), wrong, right, roads.way_to(name))


def check_dead(workflow: Workflow, roads: Roads) -> Iterator[Wrong]:
    """Transitions that no one can ever take, and an opening that no one can do."""
    alive = roads.alive
    for path, deed in all_deeds(workflow):
        if not _can_be_taken(deed, alive):
            wrong = f"no one can ever take '{_name(deed)}'"
            right = "name a role that somebody can have, or name it in on_miss of a term"
            yield Wrong("dead-transition", (*path, "by"), wrong, right, _way(deed, roads))
        for one, other in alive.excluding(deed):
            wrong = f"'{one}' and '{other}' never hold at the same time"
            right = "keep one of the two"
            yield Wrong("excluding-guards", (*path, "when"), wrong, right, _way(deed, roads))


def _can_be_taken(deed: Deed, alive: Alive) -> bool:
    if not isinstance(deed, Transition):
        return any(alive.can_be_had(role) for role in deed.by if role not in NOT_PEOPLE)
    held = any(alive.is_had(role, deed) for role in deed.by if role != CLOCK_ROLE)
    return held or any(alive.is_called(deed, source) for source in deed.from_)


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


def check_mandate(workflow: Workflow, vocabulary: Vocabulary, roads: Roads) -> Iterator[Wrong]:
    """For each decision some function in the register can take it."""
    for path, deed in all_deeds(workflow):
        if deed.decision is None or roads.alive.has_taker(deed):
            continue
        roles = [vocabulary.roles[role] for role in deed.by if role in vocabulary.roles]
        named = ", ".join(sorted({function for role in roles for function in role.functions or ()})) or "nobody"
        wrong = f"no mandate in the register lets anyone take '{_name(deed)}' (it is for: {named})"
        right = "give one of these functions a mandate, or let another role decide"
        yield Wrong("no-mandate", (*path, "decision"), wrong, right, _way(deed, roads))
