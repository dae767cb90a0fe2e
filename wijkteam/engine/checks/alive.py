"""Alive: which transitions anyone can ever take, from which states, and which of them nothing can close."""

from collections.abc import Iterator
from itertools import combinations

from wijkteam.engine.checks.surroundings import Surroundings
from wijkteam.engine.definition import (
    CHILDREN_ROLE,
    CLOCK_ROLE,
    NOT_PEOPLE,
    PARENT_ROLE,
    WAIT,
    Deed,
    State,
    Transition,
    Workflow,
)
from wijkteam.engine.vocabulary import Vocabulary


class Alive:
    """A definition with what is known around it; what is not known is taken to be possible."""

    def __init__(
        self, workflow: Workflow, vocabulary: Vocabulary | None = None, surroundings: Surroundings | None = None
    ) -> None:
        self.workflow = workflow
        self.vocabulary = vocabulary
        self.surroundings = surroundings

    def can_take(self, transition: Transition, source: str) -> bool:
        """Whether anyone can ever take it from this state: somebody, or the clock when the term is missed."""
        return self.others_can_take(transition, source) or self.clock_can_take(transition, source)

    def others_can_take(self, transition: Transition, source: str) -> bool:
        """Whether anyone but the clock can: people, the parent, or children when the last of them ends."""
        return source in transition.from_ and not self.excluding(transition) and self.has_taker(transition)

    def people_can_take(self, transition: Transition, source: str) -> bool:
        """Whether any person can."""
        people = [role for role in transition.by if role not in NOT_PEOPLE]
        return self.others_can_take(transition, source) and any(self.can_act(role, transition) for role in people)

    def clock_can_take(self, transition: Transition, source: str) -> bool:
        """Whether a missed term of this state ever comes to it: nothing before it is always open."""
        return self.is_called(transition, source) and not self.excluding(transition) and transition.decision is None

    def is_called(self, transition: Transition, source: str) -> bool:
        """Whether the clock ever comes to it when the term of this state is missed."""
        state = self.workflow.states.get(source)
        return state is not None and transition.name in [each.name for each in self.tried(source, state)]

    def tried(self, source: str, state: State) -> list[Transition]:
        """What a missed term comes to, in order: nothing after what is open whenever it would be."""
        found: list[Transition] = []
        for transition in self.named_on_miss(source, state):
            if not any(self.goes_before(each, transition) for each in found):
                found.append(transition)
        return found

    def named_on_miss(self, source: str, state: State) -> list[Transition]:
        """What on_miss names that the state knows and that the clock may take."""
        named = [self.workflow.transition(name) for name in (state.term.on_miss if state.term else [])]
        return [each for each in named if each is not None and source in each.from_ and CLOCK_ROLE in each.by]

    def goes_before(self, before: Transition, after: Transition) -> bool:
        """Whether the first is open whenever the second is, so that the clock never comes to the second."""
        return before.decision is None and not self.waits(before) and set(before.when) <= set(after.when)

    def is_free(self, transition: Transition) -> bool:
        """Whether no guard or mandate can close it."""
        return not transition.when and transition.decision is None

    def waits(self, transition: Transition) -> bool:
        """Whether open children hold it up."""
        return WAIT in self.workflow.child_rules(transition).values()

    def has_taker(self, deed: Deed) -> bool:
        """Whether some role other than the clock can be had by anyone, with a mandate where it decides."""
        return any(self.can_act(role, deed) for role in deed.by if role != CLOCK_ROLE)

    def can_act(self, role: str, deed: Deed) -> bool:
        """Whether anyone can do this in that role, with a mandate where it decides."""
        return self.is_had(role, deed) and (deed.decision is None or self.can_decide(role, deed.decision))

    def is_had(self, role: str, deed: Deed) -> bool:
        """Whether anyone can ever come to this deed in that role."""
        if role == CHILDREN_ROLE:
            return isinstance(deed, Transition) and bool(deed.joins)
        return self.can_be_had(role)

    def can_be_had(self, role: str) -> bool:
        """Whether anyone can have this role; the parent only where subjects of this kind live in one."""
        if role == PARENT_ROLE:
            return self.vocabulary is None or self.vocabulary.parent is not None
        known = self.vocabulary.roles.get(role) if self.vocabulary is not None else None
        return known is None or self.surroundings is None or self.surroundings.can_be_held(known.functions)

    def can_decide(self, role: str, decision: str) -> bool:
        """Whether the register gives a mandate for this decision to a function with this role."""
        known = self.vocabulary.roles.get(role) if self.vocabulary is not None else None
        mandated = self.mandated(decision)
        return known is None or known.functions is None or mandated is None or bool(known.functions & mandated)

    def mandated(self, decision: str) -> frozenset[str] | None:
        """The functions with a mandate for what this rule decides on; None where no register is known."""
        register = self.surroundings.mandated if self.surroundings is not None else None
        rule = self.vocabulary.decisions.get(decision) if self.vocabulary is not None else None
        if register is None or rule is None:
            return None
        powers = register.keys() if rule.powers is None else rule.powers & register.keys()
        return frozenset(function for power in powers for function in register[power])

    def excluding(self, deed: Deed) -> list[tuple[str, str]]:
        """Pairs of its guards that never say yes at the same time."""
        return list(self._excluding(deed))

    def _excluding(self, deed: Deed) -> Iterator[tuple[str, str]]:
        guards = self.vocabulary.guards if self.vocabulary is not None else {}
        known = [name for name in deed.when if name in guards]
        for one, other in combinations(known, 2):
            if other in guards[one].excludes or one in guards[other].excludes:
                yield one, other
