"""Stand-ins in memory for subjects, people and words, so that any definition can be played on the real engine."""

from collections.abc import Callable, Mapping
from copy import copy
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from wijkteam.engine.checks.surroundings import Surroundings
from wijkteam.engine.definition import AskedField, Deed, FieldType, Workflow
from wijkteam.engine.fields import LONGEST_LINE
from wijkteam.engine.outcomes import Option, Refused, Step, due_at
from wijkteam.engine.running import Engine
from wijkteam.engine.vocabulary import (
    Authority,
    Children,
    DecisionRule,
    Effect,
    Guard,
    Reason,
    Recipients,
    Role,
    Situation,
    Vocabulary,
)
from wijkteam.terms import clock
from wijkteam.terms.term import Term

STEPS_UP = 2
"""How often something can be repeated before a guard that runs out says no."""
LONG_STORY = "Een lang verhaal. " * (1 + LONGEST_LINE // 18)
"""Too long for one line."""
OPENED_AT = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


Against = frozenset[str]
"""Names of guards that say no."""
ANYTHING = "anything"
NOTHING_AGAINST: Against = frozenset()
ALL_AGAINST: Against = frozenset({ANYTHING})


class BlindMessage(AssertionError):
    """Somebody was told of what they may not read."""


@dataclass
class Thing:
    """A subject in memory."""

    kind: str
    workflow_version: int = 0
    state: str = ""
    previous_state: str | None = None
    version: int = 0
    opened_at: datetime = OPENED_AT
    state_since: datetime = OPENED_AT
    counts: dict[str, int] = field(default_factory=dict)
    """For each guard that runs out, how often it will still say yes."""
    kept: dict[str, Any] = field(default_factory=dict)
    """What effects have kept of the fields that were filled in."""
    due: datetime | None = None
    """When the term that runs now ends; no part of the subject itself but of what journals keep."""
    events: list[dict[str, Any]] = field(default_factory=list)
    children: list["Thing"] = field(default_factory=list)
    parent: "Thing | None" = None
    id: str = "t"

    def workflow_name(self) -> str:
        return self.kind

    def tracked(self) -> dict[str, Any]:
        named = ("workflow_version", "state", "previous_state", "opened_at", "state_since")
        values = {name: getattr(self, name) for name in named}
        return {**values, **{f"count of {name}": count for name, count in self.counts.items()}, **self.kept}

    def again(self) -> "Thing":
        """The same thing as it is now, on which something else can be tried."""
        other = copy(self)
        other.counts, other.kept, other.events = dict(self.counts), dict(self.kept), list(self.events)
        other.children = [child.again() for child in self.children]
        for child in other.children:
            child.parent = other
        return other


@dataclass(frozen=True)
class Person:
    """Somebody with one function, or with none."""

    person_id: int | None
    function: str | None
    is_clock: bool = False


CLOCK = Person(None, None, True)


@dataclass
class Wind:
    """Which guards that nothing in a definition decides on are against whoever acts; with ANYTHING the register too."""

    against: Against = NOTHING_AGAINST
    filled_in: bool = False
    """Whether fields are really filled in now, and not only asked about."""


class InMemory:
    """What the journals keep of a step: its event, its term, and that people were told."""

    def record(self, step: Step, vocabulary: Vocabulary) -> None:
        thing: Thing = step.subject
        thing.events.append({"sequence": thing.version, "name": step.name, "changes": dict(step.changes)})
        if step.restarts_term:
            thing.due = due_at(step, vocabulary, step.at)
        for name in step.deed.tells:
            vocabulary.recipients[name].find(step.situation)


@dataclass
class Desk:
    """A unit of work that writes nothing down."""

    engine: Engine

    def lock(self, subject: Thing) -> None:
        """Nobody else is here."""

    def has_ended(self, subject: Thing) -> bool:
        return self.engine.has_ended(subject)


@dataclass
class Stage:
    """An engine on stand-in words, with everybody who can act."""

    engine: Engine
    people: list[Person]
    wind: Wind
    vocabularies: Mapping[str, Vocabulary]

    def __post_init__(self) -> None:
        self.desk = Desk(self.engine)

    def options(self, thing: Thing, person: Person, against: Against = NOTHING_AGAINST) -> list[Option]:
        """What this person can do, also with the wind against."""
        self.wind.against, self.wind.filled_in = against, False
        return self.engine.options(thing, person, self.desk)

    def fire(
        self, thing: Thing, name: str, person: Person, given: Mapping[str, Any], against: Against = NOTHING_AGAINST
    ) -> Step:
        """Take a transition for real. Raises what `Engine.fire` raises."""
        self.wind.against, self.wind.filled_in = against, True
        return self.engine.fire(thing, name, person, given, self.desk)

    def miss(self, thing: Thing, against: Against = NOTHING_AGAINST) -> str | None:
        """Let the term that runs be missed: the name of what followed, None when nothing could."""
        moment, thing.due = thing.due, None
        assert moment is not None
        rule = self.engine.workflow(thing.kind, thing.workflow_version).states[thing.state].term
        for name in rule.on_miss if rule else []:
            with clock.standing_at(moment):
                try:
                    self.fire(thing, name, CLOCK, {}, against)
                except Refused:
                    continue
            return name
        return None

    def open(self, kind: str, all_of_it: bool, run_out: bool = False) -> Thing | None:
        """A thing that somebody opened; None when nobody can. Guards that run out may have done so from the start."""
        self.wind.against, self.wind.filled_in = NOTHING_AGAINST, True
        workflow = self.engine.workflow(kind)
        given = fitting(workflow, workflow.opening, self.vocabularies[workflow.subject], all_of_it)
        guards = self.vocabularies[workflow.subject].guards.items()
        workflow_guards = [name for name, guard in guards if guard.runs_out_by]
        for person in self.people:
            thing = Thing(kind, counts=dict.fromkeys(workflow_guards, 0) if run_out else {})
            try:
                with clock.standing_at(OPENED_AT):
                    self.engine.open(thing, person, given, self.desk)
            except Refused:
                continue
            return thing
        return None


def fitting(workflow: Workflow, deed: Deed, words: Vocabulary, all_of_it: bool) -> dict[str, Any]:
    """Fields as somebody could fill them in: only what must be, or all of it."""
    names = [*deed.asks, *(deed.may_ask if all_of_it else [])]
    return {name: _fitting(workflow.fields[name], words) for name in names}


def _fitting(asked: AskedField, words: Vocabulary) -> Any:
    match asked.type:
        case FieldType.DATE | FieldType.FUTURE_DATE:
            return (OPENED_AT + timedelta(days=9_000)).date()
        case FieldType.MONEY:
            return 12_500
        case FieldType.CHOICE:
            return sorted(asked.choices if asked.choices is not None else words.lists[asked.list or ""])[0]
        case FieldType.PERSON:
            return 1
        case FieldType.YES_NO:
            return True
        case FieldType.LINE:
            return "een regel"
        case FieldType.TEXT:
            return LONG_STORY


def stage(workflows: list[Workflow], around: Surroundings) -> Stage:
    """A stage for these definitions; people hold the functions that there are."""
    wind = Wind()
    functions = around.functions or frozenset()
    people = [Person(number, function) for number, function in enumerate([*sorted(functions), None], 1)]
    words = {name: stand_in(each, around, wind) for name, each in around.vocabularies.items()}
    return Stage(Engine(workflows, words.values(), [InMemory()]), people, wind, words)


def stand_in(words: Vocabulary, around: Surroundings, wind: Wind) -> Vocabulary:
    """Words with the same names and the same declared nature, that need no database.

    A guard that runs out says yes a few times. A guard that excludes others says yes when they say no. The rest
    say yes unless the wind is against. A role is had by everybody with one of its functions.
    """
    guards: dict[str, Guard] = {}
    for name, guard in words.guards.items():
        guards[name] = replace(guard, check=_check(name, guard, guards, wind))
    return Vocabulary(
        subject=words.subject,
        roles={name: _role(each) for name, each in words.roles.items()},
        guards=guards,
        effects={
            name: Effect(_apply(name, each, words.guards), each.reads, each.needs)
            for name, each in words.effects.items()
        },
        decisions={
            name: DecisionRule(_judge(each, around, wind), each.reads, each.needs)
            for name, each in words.decisions.items()
        },
        terms={name: lambda subject, at: Term("P2D") for name in words.terms},
        recipients={name: Recipients(_find(name, each)) for name, each in words.recipients.items()},
        lists=words.lists,
        children={kind: Children(_open(kind), each.title) for kind, each in words.children.items()},
        parent=(lambda situation: situation.subject.parent) if words.parent else None,
    )


def _check(name: str, guard: Guard, guards: Mapping[str, Guard], wind: Wind) -> Callable[[Situation], Reason | None]:
    no = Reason(f"{name} zegt nee.", f"{name} says no.")

    def check(situation: Situation) -> Reason | None:
        if guard.excludes:
            says_yes = all(guards[other].check(situation) is not None for other in guard.excludes)
        elif guard.runs_out_by:
            says_yes = situation.subject.counts.get(name, STEPS_UP) > 0
        else:
            says_yes = name not in wind.against and ANYTHING not in wind.against
        return None if says_yes else no

    return check


def _apply(name: str, effect: Effect, guards: Mapping[str, Guard]) -> Callable[[Situation], None]:
    def apply(situation: Situation) -> None:
        thing: Thing = situation.subject
        for each in effect.needs:
            thing.kept[each] = situation.fields[each]
        for each in effect.reads & situation.fields.keys():
            thing.kept[each] = situation.fields[each]
        for guard_name, guard in guards.items():
            left = thing.counts.get(guard_name, STEPS_UP)
            if name in guard.runs_out_by:
                thing.counts[guard_name] = max(left - 1, 0)
            if name in guard.comes_back_by:
                thing.counts[guard_name] = min(left + 1, STEPS_UP)

    return apply


def _role(role: Role) -> Role:
    def holds(situation: Situation) -> bool:
        return role.functions is None or situation.actor.function in role.functions

    return Role(holds, lambda situation: role.title.en, role.title, role.functions)


def _judge(rule: DecisionRule, around: Surroundings, wind: Wind) -> Callable[[Situation], Authority]:
    mandated = around.mandated
    within = None
    if mandated is not None:
        powers = mandated if rule.powers is None else rule.powers & mandated.keys()
        within = frozenset(function for power in powers for function in mandated[power])

    def judge(situation: Situation) -> Authority:
        for each in rule.needs if wind.filled_in else ():
            situation.fields[each]
        covered = within is None or situation.actor.function in within
        return Authority(covered and ANYTHING not in wind.against, Reason("Geen mandaat.", "No mandate."))

    return judge


def _find(name: str, recipients: Recipients) -> Callable[[Situation], list[int]]:
    def find(situation: Situation) -> list[int]:
        if not recipients.can_read:
            raise BlindMessage(name)
        return []

    return find


def _open(kind: str) -> Callable[[Situation], list[Any]]:
    def find(situation: Situation) -> list[Any]:
        return [each for each in situation.subject.children if each.kind == kind and not situation.work.has_ended(each)]

    return find
