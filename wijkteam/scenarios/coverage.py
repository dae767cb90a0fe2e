"""Coverage: what of a definition the scenarios about it touched, and what they never did."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from wijkteam.engine.definition import WAIT, Deed, Workflow
from wijkteam.engine.findings import KeyPath
from wijkteam.engine.outcomes import CHILDREN, MANDATE, ROLE
from wijkteam.engine.reading import Document, Place
from wijkteam.events.model import Event
from wijkteam.scenarios.playing import OPEN

STATES, TRANSITIONS, WAYS, MISSED, REFUSALS = "states", "transitions", "ways", "missed terms", "refusals"
DEMANDED = (STATES, TRANSITIONS)
"""What a least percentage is asked of; the rest is told."""
STOPPED: Mapping[str, str] = {ROLE: "not yours", MANDATE: "no mandate", CHILDREN: "waits for children"}


@dataclass
class Measure:
    """One sort of thing in a definition: all of them with their places, and which were touched."""

    places: dict[str, Place] = field(default_factory=dict)
    touched: set[str] = field(default_factory=set)

    @property
    def count(self) -> int:
        """How many of them were touched."""
        return len(self.touched & set(self.places))

    @property
    def percent(self) -> float:
        """The share that was touched; 100 when there are none."""
        return 100 * self.count / len(self.places) if self.places else 100.0

    @property
    def untouched(self) -> list[tuple[str, Place]]:
        """What was never touched, in the order of the definition."""
        return [(name, place) for name, place in self.places.items() if name not in self.touched]


class Coverage:
    """What of one version of a workflow was touched."""

    def __init__(self, workflow: Workflow, document: Document) -> None:
        self.workflow = workflow
        self.measures = {name: Measure() for name in (STATES, TRANSITIONS, WAYS, MISSED, REFUSALS)}
        for name, path in _states(workflow):
            self.measures[STATES].places[name] = document.place(path)
        for measure, name, path in _transitions(workflow):
            self.measures[measure].places[name] = document.place(path)

    def add(self, events: Iterable[Event], refusals: Iterable[tuple[str, str, str]]) -> None:
        """Count what happened in a scenario, and what it saw refused."""
        kind = self.workflow.workflow
        for event in events:
            if event.subject_kind != kind:
                continue
            self.measures[STATES].touched.add(event.state_to)
            if event.state_from is not None:
                self.measures[TRANSITIONS].touched.add(event.name)
                self.measures[WAYS].touched.add(_way(event.name, event.state_from))
                if event.actor_id is None:
                    self.measures[MISSED].touched.add(_missed(event.state_from, event.name))
        self.measures[REFUSALS].touched.update(_refusal(name, by) for each, name, by in refusals if each == kind)

    def reaches(self, least: float) -> bool:
        """Whether states and transitions were each touched for at least this percentage."""
        return all(self.measures[name].percent >= least for name in DEMANDED)


def _states(workflow: Workflow) -> Iterable[tuple[str, KeyPath]]:
    return [(name, ("states", name)) for name in workflow.states]


def _transitions(workflow: Workflow) -> Iterable[tuple[str, str, KeyPath]]:
    for name, state in workflow.states.items():
        for missed in state.term.on_miss if state.term else []:
            yield MISSED, _missed(name, missed), ("states", name, "term", "on_miss")
    yield from _refusals(workflow.opening, OPEN, ("opening",))
    for number, transition in enumerate(workflow.transitions):
        path: KeyPath = ("transitions", number)
        yield TRANSITIONS, transition.name, path
        for source in transition.from_:
            yield WAYS, _way(transition.name, source), (*path, "from")
        if transition.is_for_people:
            yield from _refusals(transition, transition.name, path)
            if WAIT in workflow.child_rules(transition).values():
                yield REFUSALS, _refusal(transition.name, CHILDREN), path


def _refusals(deed: Deed, name: str, path: KeyPath) -> Iterable[tuple[str, str, KeyPath]]:
    yield REFUSALS, _refusal(name, ROLE), (*path, "by")
    for guard in deed.when:
        yield REFUSALS, _refusal(name, guard), (*path, "when")
    if deed.decision is not None:
        yield REFUSALS, _refusal(name, MANDATE), (*path, "decision")


def _way(transition: str, source: str) -> str:
    return f"{transition} from {source}"


def _missed(state: str, transition: str) -> str:
    return f"{transition} when {state} takes too long"


def _refusal(transition: str, stopped_by: str) -> str:
    return f"{transition}: {STOPPED.get(stopped_by, stopped_by)}"
