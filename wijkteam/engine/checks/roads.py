"""Roads through a workflow: what can be reached, what ends, what goes round."""

from collections.abc import Callable, Iterable, Iterator
from functools import cached_property
from typing import TypeAlias

import networkx

from wijkteam.engine.checks.alive import Alive
from wijkteam.engine.definition import PREVIOUS, SAME, Transition, Workflow
from wijkteam.engine.findings import Wrong

Place = tuple[str, str | None]
"""A state, and for a side state the one that the subject came from."""
Graph: TypeAlias = "networkx.DiGraph[Place]"


class Roads:
    """The graph of a workflow: its places, and every way from one to the next that anyone can ever take."""

    def __init__(self, alive: Alive) -> None:
        self.alive = alive
        self.workflow = alive.workflow
        self.graph = self._graph(alive.can_take)

    def targets(self, transition: Transition, source: str) -> list[str]:
        """Every state that the transition can lead to from this source."""
        found = (self._target(transition, place) for place in self._places_of.get(source, []))
        return list(dict.fromkeys(place[0] for place in found if place is not None))

    @cached_property
    def places(self) -> list[Place]:
        """Every state, a side state once for each state of the main road from which anyone can enter it."""
        found: dict[Place, None] = {}
        for name, state in self.workflow.states.items():
            for came_from in self._entered_from.get(name, []) if state.side else [None]:
                found[name, came_from] = None
        return list(found)

    @cached_property
    def _places_of(self) -> dict[str, list[Place]]:
        found: dict[str, list[Place]] = {}
        for place in self.places:
            found.setdefault(place[0], []).append(place)
        return found

    @cached_property
    def _entered_from(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for transition in self.workflow.transitions:
            target = self.workflow.states.get(transition.to)
            if target is not None and target.side:
                found.setdefault(transition.to, []).extend(
                    source
                    for source in transition.from_
                    if not self.workflow.states[source].side and self.alive.can_take(transition, source)
                )
        return found

    def _target(self, transition: Transition, place: Place) -> Place | None:
        state, came_from = place
        if transition.to == PREVIOUS:
            return (came_from, None) if came_from is not None else None
        if transition.to in (SAME, state):
            return place
        if self.workflow.states[transition.to].side:
            return transition.to, came_from if self.workflow.states[state].side else state
        return transition.to, None

    def _graph(self, can_take: Callable[[Transition, str], bool]) -> Graph:
        graph: Graph = networkx.DiGraph()
        graph.add_nodes_from(self.places)
        for place in self.places:
            for transition in self.workflow.transitions_from(place[0]):
                target = self._target(transition, place)
                if target is not None and can_take(transition, place[0]) and not graph.has_edge(place, target):
                    graph.add_edge(place, target, by=transition.name)
        return graph

    @cached_property
    def _reached(self) -> set[Place]:
        start = (self.workflow.start, None)
        return {start, *(networkx.descendants(self.graph, start) if start in self.graph else ())}

    @cached_property
    def reached(self) -> set[str]:
        """Every state that a subject can come into."""
        return {state for state, _ in self._reached}

    @cached_property
    def ending(self) -> set[str]:
        """Every state from which, wherever the subject came from, a final one can be reached."""
        return self._ending(self.graph)

    @cached_property
    def surely_ending(self) -> set[str]:
        """Every state from which a final one can be reached by ways that no guard or mandate can close."""
        return self._ending(self._graph(self._stays_open))

    def _stays_open(self, transition: Transition, source: str) -> bool:
        return self.alive.is_free(transition) and self.alive.can_take(transition, source)

    def _ending(self, graph: Graph) -> set[str]:
        finals = [place for place in self.places if self.workflow.states[place[0]].final]
        layers: Iterable[list[Place]] = networkx.bfs_layers(graph.reverse(copy=False), finals)
        ending = {place for layer in layers for place in layer}
        asked = self._reached | {place for place in self.places if place[0] not in self.reached}
        return set(self.workflow.states) - {state for state, _ in asked - ending}

    def way_to(self, state: str) -> tuple[str, ...]:
        """The shortest road from the opening to a state: states with the transitions between them."""
        if state not in self.reached or (self.workflow.start, None) not in self.graph:
            return ()
        road = [self._nearest[state]]
        while road[-1] in self._came_from:
            road.append(self._came_from[road[-1]])
        road.reverse()
        told = [road[0][0]]
        for source, target in zip(road, road[1:], strict=False):
            told += [f"-{self.graph.edges[source, target]['by']}→", target[0]]
        return tuple(told)

    @cached_property
    def _came_from(self) -> dict[Place, Place]:
        """For each place that is reached, the one before it on a shortest road; nearest places first."""
        return dict(networkx.bfs_predecessors(self.graph, (self.workflow.start, None)))

    @cached_property
    def _nearest(self) -> dict[str, Place]:
        """For each state that is reached, the place of it that is nearest to the opening."""
        found: dict[str, Place] = {}
        for place in ((self.workflow.start, None), *self._came_from):
            found.setdefault(place[0], place)
        return found

    def people_ways(self, state: str) -> list[Transition]:
        """What people can take from a state."""
        return [each for each in self.workflow.transitions_from(state) if self.alive.people_can_take(each, state)]


def check_ends(workflow: Workflow, roads: Roads) -> Iterator[Wrong]:
    """States that cannot be reached, left or ended."""
    finals = [name for name, state in workflow.states.items() if state.final]
    if not finals:
        wrong = "no state is final, so nothing ever ends"
        yield Wrong("no-end", ("states",), wrong, "give at least one state final: true", roads.way_to(workflow.start))
    for name, state in workflow.states.items():
        path = ("states", name)
        if name not in roads.reached:
            reached = tuple(each for each in workflow.states if each in roads.reached)
            right = "lead a transition to it, or remove it"
            yield Wrong("unreachable-state", path, f"'{name}' cannot be reached", right, ("reached:", *reached))
        if finals and name not in roads.ending:
            right = "lead a transition towards a final state"
            yield Wrong("no-end", path, f"from '{name}' no end can be reached", right, roads.way_to(name))
        elif name in roads.reached and name not in roads.surely_ending:
            right = "add a way out without guards, for when they say no"
            wrong = f"every road from '{name}' to an end passes a guard or a mandate, which may say no for ever"
            yield Wrong("guarded-end", path, wrong, right, roads.way_to(name))
        ways = roads.people_ways(name)
        if not state.final and not any(each.to not in (SAME, name) for each in ways):
            right = "add a transition out of it that people may take"
            yield Wrong("stuck-state", path, f"nobody can leave '{name}'", right, roads.way_to(name))
        if state.side and not any(each.to == PREVIOUS for each in ways):
            right = "add a transition with to: previous"
            wrong = f"the side state '{name}' has no way back"
            yield Wrong("side-without-return", path, wrong, right, roads.way_to(name))
