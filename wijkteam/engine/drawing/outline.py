"""What there is to show of a workflow, in the words of one language: the same for pictures and lists."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from wijkteam.engine.definition import PREVIOUS, SAME, Deed, State, Workflow
from wijkteam.engine.drawing.marks import NO_MARKS, Look, Mark, Marks
from wijkteam.engine.drawing.words import BY_ITSELF, Language, RoleTitles, listed, role_title, say, term_in_words

PARTED = frozenset({Look.ADDED, Look.REMOVED})
"""Looks that set a way apart from the same step out of other states."""

MANY = 4
"""From so many states on, a way is drawn once with a number that those states refer to."""


@dataclass(frozen=True)
class Step:
    """A transition, as it is shown."""

    name: str
    title: str
    help: str
    by: str
    by_itself: bool
    decision: bool
    mark: Mark | None = None


@dataclass(frozen=True)
class Way:
    """Steps that lead from the same states to the same one; `target` None is back to where a subject came from."""

    steps: tuple[Step, ...]
    sources: tuple[str, ...]
    target: str | None
    back: bool
    """Whether it leads to a state that was passed before."""
    number: int | None = None
    """Given to a way from so many states that they refer to it."""

    @property
    def by_itself(self) -> bool:
        """Whether it goes without a person."""
        return self.steps[0].by_itself


@dataclass(frozen=True)
class Stand:
    """A state, as it is shown."""

    name: str
    title: str
    help: str
    holder: str
    term: str
    missed: str
    final: bool
    side: bool
    resting: bool
    stays: tuple[Step, ...]
    """Steps that do not leave this state, but for those of many states."""
    mark: Mark | None = None


@dataclass(frozen=True)
class Shared:
    """A step that stays where it is, possible in many states."""

    step: Step
    states: tuple[str, ...]
    where: str
    """Those states in words."""


@dataclass(frozen=True)
class Outline:
    """A whole workflow, as it is shown."""

    name: str
    title: str
    version: str
    """In words."""
    language: Language
    opening: Step
    start: str
    states: tuple[Stand, ...]
    """The one in which it begins first, those in which it ends last."""
    ways: tuple[Way, ...]
    shared: tuple[Shared, ...]
    marks: Marks

    def state(self, name: str) -> Stand:
        """The state of that name. Raises KeyError."""
        for each in self.states:
            if each.name == name:
                return each
        raise KeyError(name)

    @property
    def steps(self) -> Mapping[str, Step]:
        """Every step once, by name."""
        leaving = [step for way in self.ways for step in way.steps]
        staying = [step for state in self.states for step in state.stays]
        return {step.name: step for step in (*leaving, *staying, *(each.step for each in self.shared))}

    def ways_from(self, state: str) -> list[Way]:
        """The ways that leave a state."""
        return [way for way in self.ways if state in way.sources]


def outline(workflow: Workflow, language: Language, titles: RoleTitles, marks: Marks = NO_MARKS) -> Outline:
    """What there is to show of a workflow; `titles` says what its roles are called."""
    return _Outliner(workflow, language, titles, marks).whole()


class _Outliner:
    def __init__(self, workflow: Workflow, language: Language, titles: RoleTitles, marks: Marks) -> None:
        self.workflow, self.language, self.titles, self.marks = workflow, language, titles, marks
        names = list(workflow.states)
        self.order = sorted(
            names, key=lambda name: (name != workflow.start, workflow.states[name].final, names.index(name))
        )
        self.stays: dict[str, list[str]] = {}
        self.leaves: dict[tuple[str, str], list[str]] = {}
        for transition in workflow.transitions:
            for source in transition.from_:
                if transition.to in (SAME, source):
                    self.stays.setdefault(transition.name, []).append(source)
                else:
                    self.leaves.setdefault((transition.name, transition.to), []).append(source)

    def whole(self) -> Outline:
        """All of it."""
        workflow = self.workflow
        return Outline(
            name=workflow.workflow,
            title=getattr(workflow.title, self.language),
            version=say(self.language, "version", workflow.version),
            language=self.language,
            opening=self._step(workflow.opening.name, workflow.opening, ()),
            start=workflow.start,
            states=tuple(self._stand(name, workflow.states[name]) for name in self.order),
            ways=tuple(self._ways()),
            shared=tuple(
                Shared(self._named(name, sources), tuple(sources), self._where(sources))
                for name, sources in self.stays.items()
                if len(sources) >= MANY
            ),
            marks=self.marks,
        )

    def _step(self, name: str, deed: Deed, sources: Iterable[str]) -> Step:
        return Step(
            name=name,
            title=getattr(deed.title, self.language),
            help=getattr(deed.help, self.language) if deed.help else "",
            by=listed((role_title(role, self.titles, self.language) for role in deed.by), self.language),
            by_itself=BY_ITSELF.issuperset(deed.by),
            decision=deed.decision is not None,
            mark=self.marks.of_step(name, sources),
        )

    def _named(self, name: str, sources: Iterable[str]) -> Step:
        transition = self.workflow.transition(name)
        assert transition is not None, name
        return self._step(name, transition, sources)

    def _stand(self, name: str, state: State) -> Stand:
        here = [each for each, sources in self.stays.items() if name in sources and len(sources) < MANY]
        missed = [self._title(each) for each in state.term.on_miss] if state.term else []
        return Stand(
            name=name,
            title=getattr(state.title, self.language),
            help=getattr(state.help, self.language) if state.help else "",
            holder=role_title(state.holder, self.titles, self.language) if state.holder else "",
            term=term_in_words(state.term, self.language) if state.term else "",
            missed=listed(missed, self.language) if missed else "",
            final=state.final,
            side=state.side,
            resting=state.resting,
            stays=tuple(self._named(each, [name]) for each in here),
            mark=self.marks.states.get(name),
        )

    def _title(self, transition: str) -> str:
        found = self.workflow.transition(transition)
        return str(getattr(found.title, self.language)) if found else transition

    def _ways(self) -> list[Way]:
        grouped: dict[tuple[tuple[str, ...], str, bool, bool, str], list[Step]] = {}
        for (name, target), sources in self.leaves.items():
            many = len(sources) >= MANY
            for (back, _look), part in self._parts(name, sources, target, many).items():
                step = self._named(name, part if not many or not self._came_or_went(name, part) else ())
                key = (tuple(part), target, back, step.by_itself, name if many else "")
                grouped.setdefault(key, []).append(step)
        ways, number = [], 0
        for (starts, target, back, _, alone), steps in grouped.items():
            number += bool(alone)
            goes_to = None if target == PREVIOUS else target
            ways.append(Way(tuple(steps), starts, goes_to, back, number if alone else None))
        return ways

    def _parts(
        self, name: str, sources: list[str], target: str, many: bool
    ) -> Mapping[tuple[bool, Look | None], list[str]]:
        """Sources that share a way: all of many, else those on the same side of the target that changed alike."""
        if many:
            return {(False, None): sources}
        parts: dict[tuple[bool, Look | None], list[str]] = {}
        for source in sources:
            back = target != PREVIOUS and self.order.index(source) > self.order.index(target)
            mark = self.marks.of_step(name, [source])
            look = mark.look if mark is not None and mark.look in PARTED else None
            parts.setdefault((back, look), []).append(source)
        return parts

    def _came_or_went(self, name: str, sources: list[str]) -> bool:
        marks = [self.marks.steps.get((source, name)) for source in sources]
        return any(mark is not None and mark.look in PARTED for mark in marks)

    def _where(self, sources: list[str]) -> str:
        missing = [name for name in self.order if not self.workflow.states[name].final and name not in sources]
        if not missing:
            return say(self.language, "all_open")
        if len(missing) <= len(sources) // 2:
            return say(self.language, "all_but", listed(map(self._state_title, missing), self.language))
        return say(self.language, "in", listed(map(self._state_title, sources), self.language))

    def _state_title(self, name: str) -> str:
        return str(getattr(self.workflow.states[name].title, self.language))
