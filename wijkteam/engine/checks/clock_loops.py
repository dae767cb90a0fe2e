"""Rounds that the clock makes by itself, with nobody doing anything: do they ever end?"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice, product

import networkx

from wijkteam.engine.checks.roads import Roads
from wijkteam.engine.definition import Transition
from wijkteam.engine.findings import Wrong

MOST_LOOPS = 200
MOST_COMBINATIONS = 200


@dataclass(frozen=True)
class _Way:
    source: str
    target: str
    transition: Transition


def check_clock_loops(roads: Roads) -> Iterator[Wrong]:
    """Rounds that the clock makes for ever without anyone doing anything."""
    for loop in _endless(roads, [way for way in _on_the_clock(roads) if not _is_harmless(way)]):
        shown = tuple(part for way in loop for part in (way.source, f"-{way.transition.name}→"))
        wrong = f"the clock goes round for ever by '{loop[0].transition.name}' from '{loop[0].source}'"
        right = "end it by a guard that runs out, or make it a reminder that tells somebody"
        path = ("states", loop[0].source, "term", "on_miss")
        yield Wrong("clock-loop", path, wrong, right, (*shown, loop[0].source))


def _on_the_clock(roads: Roads) -> list[_Way]:
    """The ways that missed terms take."""
    return [
        _Way(name, target, transition)
        for name, state in roads.workflow.states.items()
        for transition in roads.alive.tried(name, state)
        if roads.alive.clock_can_take(transition, name)
        for target in roads.targets(transition, name)
    ]


def _is_harmless(way: _Way) -> bool:
    """A stay after which no term runs, or a reminder that tells somebody."""
    transition = way.transition
    stays = way.source == way.target
    return stays and (not transition.restarts_term or (transition.reminder and bool(transition.tells)))


def _endless(roads: Roads, ways: list[_Way]) -> Iterator[list[_Way]]:
    """Rounds in which no guard ever runs out.

    Within each set of states that lead to each other, ways fall away whose guard is run out by their own effects
    while nothing in the set lets it come back; that may break the set up, and so on. What is left is followed
    loop by loop, for guards that run out by the effects of another way in the same loop.
    """
    parts = list(networkx.strongly_connected_components(_graph(ways)))
    part_of = {state: number for number, states in enumerate(parts) for state in states}
    grouped: list[list[_Way]] = [[] for _ in parts]
    for way in ways:
        if part_of[way.source] == part_of[way.target]:
            grouped[part_of[way.source]].append(way)
    for within in grouped:
        lasting = [way for way in within if not _runs_out(roads, way, [way], within)]
        if len(lasting) < len(within):
            yield from _endless(roads, lasting)
        else:
            yield from _loops(roads, within)


def _graph(ways: list[_Way]) -> "networkx.DiGraph[str]":
    graph: networkx.DiGraph[str] = networkx.DiGraph()
    graph.add_edges_from((way.source, way.target) for way in ways)
    return graph


def _loops(roads: Roads, ways: list[_Way]) -> Iterator[list[_Way]]:
    for states in islice(networkx.simple_cycles(_graph(ways)), MOST_LOOPS):
        steps = zip(states, [*states[1:], states[0]], strict=True)
        choices = [[way for way in ways if (way.source, way.target) == step] for step in steps]
        for loop in islice(product(*choices), MOST_COMBINATIONS):
            if not any(_runs_out(roads, way, list(loop), ways) for way in loop):
                yield list(loop)
                break


def _runs_out(roads: Roads, way: _Way, together: list[_Way], around: list[_Way]) -> bool:
    """Whether a guard of this way says no in the end, by effects that come with it; unknown guards may."""
    if roads.alive.vocabulary is None:
        return bool(way.transition.when)
    effects = _effects(together)
    coming_back = _effects(around)
    known = roads.alive.vocabulary.guards
    guards = [known[name] for name in way.transition.when if name in known]
    return any(guard.runs_out_by & effects and not guard.comes_back_by & coming_back for guard in guards)


def _effects(ways: list[_Way]) -> set[str]:
    return {effect for way in ways for effect in way.transition.effects}
