"""Roads through a workflow: what can be reached, what ends, what goes round."""

from collections.abc import Iterable, Iterator
from functools import cached_property
from itertools import islice

import networkx

from wijkteam.engine.definition import CLOCK_ROLE, PREVIOUS, SAME, Transition, Workflow
from wijkteam.engine.findings import Wrong
from wijkteam.engine.vocabulary import Vocabulary

MOST_LOOPS = 200


class Roads:
    """The graph of a workflow: states, and every way from one to the next."""

    def __init__(self, workflow: Workflow) -> None:
        self.workflow = workflow
        self.graph = self._graph(workflow.transitions)

    def targets(self, transition: Transition, source: str) -> list[str]:
        """Every state that the transition can lead to from this source."""
        if transition.to == PREVIOUS:
            return self._entered_from.get(source, [])
        return [source if transition.to == SAME else transition.to]

    @cached_property
    def _entered_from(self) -> dict[str, list[str]]:
        """For each side state, the states that a subject can come from, and so go back to."""
        found: dict[str, dict[str, None]] = {}
        for transition in self.workflow.transitions:
            target = self.workflow.states.get(transition.to)
            if target is not None and target.side:
                come_from = found.setdefault(transition.to, {})
                come_from.update((each, None) for each in transition.from_ if not self.workflow.states[each].side)
        return {side: list(sources) for side, sources in found.items()}

    def _graph(self, transitions: Iterable[Transition]) -> "networkx.DiGraph[str]":
        graph: networkx.DiGraph[str] = networkx.DiGraph()
        graph.add_nodes_from(self.workflow.states)
        gone_back: set[str] = set()
        for transition in transitions:
            for source in transition.from_:
                if transition.to == PREVIOUS:
                    if source in gone_back:
                        continue
                    gone_back.add(source)
                for target in self.targets(transition, source):
                    if not graph.has_edge(source, target):
                        graph.add_edge(source, target, by=transition.name)
        return graph

    @cached_property
    def reached(self) -> set[str]:
        """Every state that a subject can come into."""
        start = self.workflow.start
        return {start, *networkx.descendants(self.graph, start)}

    @cached_property
    def ending(self) -> set[str]:
        """Every state from which a final one can be reached."""
        finals = [name for name, state in self.workflow.states.items() if state.final]
        layers: Iterable[list[str]] = networkx.bfs_layers(self.graph.reverse(copy=False), finals)
        return {each for layer in layers for each in layer}

    def way_to(self, state: str) -> tuple[str, ...]:
        """The shortest road from the opening to a state: states with the transitions between them."""
        if state not in self.reached:
            return ()
        road = [state]
        while road[-1] in self._came_from:
            road.append(self._came_from[road[-1]])
        road.reverse()
        told = [road[0]]
        for source, target in zip(road, road[1:], strict=False):
            told += [f"-{self.graph.edges[source, target]['by']}→", target]
        return tuple(told)

    @cached_property
    def _came_from(self) -> dict[str, str]:
        """For each state that is reached, the one before it on a shortest road."""
        return dict(networkx.bfs_predecessors(self.graph, self.workflow.start))

    def on_the_clock(self) -> "networkx.MultiDiGraph[str]":
        """Only the ways that missed terms take."""
        graph: networkx.MultiDiGraph[str] = networkx.MultiDiGraph()
        for name, state in self.workflow.states.items():
            for missed in state.term.on_miss if state.term else []:
                transition = self.workflow.transition(missed)
                if transition is not None and name in transition.sources and CLOCK_ROLE in transition.by:
                    for target in self.targets(transition, name):
                        graph.add_edge(name, target, key=transition.name)
        return graph


def check_ends(workflow: Workflow, roads: Roads) -> Iterator[Wrong]:
    """States that cannot be reached, left or ended."""
    finals = [name for name, state in workflow.states.items() if state.final]
    if not finals:
        wrong = "no state is final, so nothing ever ends"
        yield Wrong("no-end", ("states",), wrong, "give at least one state final: true", roads.way_to(workflow.start))
    reached = tuple(each for each in workflow.states if each in roads.reached)
    for name, state in workflow.states.items():
        path = ("states", name)
        if name not in roads.reached:
            right = "lead a transition to it, or remove it"
            yield Wrong("unreachable-state", path, f"'{name}' cannot be reached", right, ("reached:", *reached))
        if finals and name not in roads.ending:
            right = "lead a transition towards a final state"
            yield Wrong("no-end", path, f"from '{name}' no end can be reached", right, roads.way_to(name))
        ways = [each for each in workflow.transitions_from(name) if set(each.by) != {CLOCK_ROLE}]
        if not state.final and not any(each.to not in (SAME, name) for each in ways):
            right = "add a transition out of it that people may take"
            yield Wrong("stuck-state", path, f"nobody can leave '{name}'", right, roads.way_to(name))
        if state.side and not any(each.to == PREVIOUS for each in ways):
            right = "add a transition with to: previous"
            wrong = f"the side state '{name}' has no way back"
            yield Wrong("side-without-return", path, wrong, right, roads.way_to(name))


def check_clock_loops(workflow: Workflow, roads: Roads, vocabulary: Vocabulary | None) -> Iterator[Wrong]:
    """Rounds that the clock makes for ever without anyone doing anything."""
    graph = roads.on_the_clock()
    for source, target, name in list(graph.edges(keys=True)):
        transition = workflow.transition(name)
        if transition is not None and source == target and _is_harmless(transition, vocabulary):
            graph.remove_edge(source, target, key=name)
    loops: Iterable[list[str]] = networkx.simple_cycles(networkx.DiGraph(graph))
    for loop in islice(loops, MOST_LOOPS):
        edges = list(zip(loop, [*loop[1:], loop[0]], strict=True))
        taken = [
            transition
            for source, target in edges
            for name in graph.get_edge_data(source, target)
            if (transition := workflow.transition(str(name))) is not None
        ]
        effects = {effect for each in taken for effect in each.effects}
        if any(_runs_out(each, effects, vocabulary) for each in taken):
            continue
        first = taken[0]
        shown = [part for (source, _), each in zip(edges, taken, strict=False) for part in (source, f"-{each.name}→")]
        wrong = f"the clock goes round for ever by '{first.name}' from '{loop[0]}'"
        right = "end it by a guard that runs out, or make it a reminder that tells somebody"
        yield Wrong("clock-loop", ("states", loop[0], "term", "on_miss"), wrong, right, (*shown, loop[0]))


def _is_harmless(transition: Transition, vocabulary: Vocabulary | None) -> bool:
    """A stay that fires once, a reminder that tells somebody, or a climb that runs out."""
    if transition.to == SAME and not transition.restarts_term:
        return True
    if transition.reminder and transition.tells:
        return True
    return _runs_out(transition, set(transition.effects), vocabulary)


def _runs_out(transition: Transition, effects: set[str], vocabulary: Vocabulary | None) -> bool:
    """Whether some guard of it says no in the end, by an effect within the loop; unknown guards may."""
    if vocabulary is None:
        return bool(transition.when)
    guards = (vocabulary.guards.get(name) for name in transition.when)
    return any(guard is not None and guard.runs_out_by & effects for guard in guards)
