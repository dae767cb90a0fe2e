"""Playing definitions out: every configuration that a subject can get into, and all that goes wrong on the way.

This judges definitions without the checker: it drives the real engine through everything that people, the clock
and children can do, and writes down what a resident would suffer from.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import product
from typing import Any

import networkx

from tests.engine.stand_ins import ALL_AGAINST, NOTHING_AGAINST, Against, BlindMessage, Person, Stage, Thing, fitting
from wijkteam.engine.definition import LEAVE, WAIT, TakeAlong, Transition, Workflow
from wijkteam.engine.fields import WrongFields
from wijkteam.engine.running import Refused
from wijkteam.terms import clock

Key = tuple[str, str | None, tuple[tuple[str, int], ...], bool]
"""State, state it came from, what is left of guards that run out, and whether a term runs."""
MOST_CONFIGURATIONS = 3_000


def key_of(thing: Thing) -> Key:
    """The configuration that a thing is in."""
    return thing.state, thing.previous_state, tuple(sorted(thing.counts.items())), thing.due is not None


@dataclass(frozen=True)
class Way:
    """One step from one configuration to the next."""

    source: Key
    target: Key
    name: str
    by_clock: bool
    against: bool
    """Whether it was open with the wind against: nothing that could say no had to say yes."""


@dataclass
class Played:
    """All that can happen with subjects of one workflow."""

    workflow: Workflow
    reached: dict[Key, Thing] = field(default_factory=dict)
    ways: set[Way] = field(default_factory=set)
    problems: set[str] = field(default_factory=set)
    taken_along: set[str] = field(default_factory=set)
    """Transitions of children that a parent made them take."""
    answered: set[tuple[str, str]] = field(default_factory=set)
    """State and transition: which missed terms were ever answered by what."""
    held: set[str] = field(default_factory=set)
    """States in which whoever holds the ball could do something."""

    def is_final(self, key: Key) -> bool:
        return self.workflow.states[key[0]].final


def play(stage: Stage, workflow: Workflow, children: dict[str, Played] | None = None) -> Played:
    """Everything from the opening on, with any child in any configuration of its own."""
    return _Player(stage, workflow, children or {}).everything()


class _Player:
    def __init__(self, stage: Stage, workflow: Workflow, children: dict[str, Played]) -> None:
        self.stage, self.workflow, self.children = stage, workflow, children
        self.words = stage.vocabularies[workflow.subject]
        self.played = Played(workflow)
        self.waiting: list[Thing] = []

    def everything(self) -> Played:
        for all_of_it, run_out in product((False, True), repeat=2):
            thing = self.stage.open(self.workflow.workflow, all_of_it, run_out)
            if thing is not None:
                self._arrive(thing)
        if not self.waiting:
            self.played.problems.add("nobody can open one")
        while self.waiting:
            thing = self.waiting.pop()
            if not self.workflow.states[thing.state].final:
                self._people(thing)
                self._joins(thing)
                if thing.due is not None:
                    self._clock(thing)
        return self.played

    def _arrive(self, thing: Thing) -> Key:
        key = key_of(thing)
        if key not in self.played.reached:
            if len(self.played.reached) >= MOST_CONFIGURATIONS:
                raise RuntimeError("this is no small state space")
            thing.events.clear()
            thing.children = []
            self.played.reached[key] = thing
            self.waiting.append(thing)
        return key

    def _people(self, thing: Thing) -> None:
        for against in (NOTHING_AGAINST, ALL_AGAINST):
            done: set[str] = set()
            for person in self.stage.people:
                for option in self.stage.options(thing, person, against):
                    if not option.open:
                        continue
                    transition = option.transition
                    if self._holds_the_ball(person, thing, transition):
                        self.played.held.add(thing.state)
                    if transition.name in done:
                        continue
                    done.add(transition.name)
                    for given, tried in self._attempts(thing, transition, against):
                        before = [key_of(child) for child in tried.children]
                        with clock.standing_at(thing.due or thing.state_since):
                            self.stage.fire(tried, transition.name, person, given, against)
                        self._family(transition, tried, before)
                        self._way(thing, tried, transition.name, False, bool(against))

    def _holds_the_ball(self, person: Person, thing: Thing, transition: Transition) -> bool:
        holder = self.workflow.states[thing.state].holder
        if holder not in transition.by or holder not in self.words.roles:
            return False
        functions = self.words.roles[holder].functions
        return functions is None or person.function in functions

    def _attempts(
        self, thing: Thing, transition: Transition, against: Against
    ) -> Iterator[tuple[dict[str, Any], Thing]]:
        """With only what must be filled in, and with the wind fair also with all of it and with every child."""
        least = fitting(self.workflow, transition, self.words, False)
        yield least, thing.again()
        if against:
            return
        if transition.may_ask:
            yield fitting(self.workflow, transition, self.words, True), thing.again()
        for tried in self._with_children(thing, transition):
            yield least, tried

    def _with_children(self, thing: Thing, transition: Transition) -> Iterator[Thing]:
        for kind, rule in self.workflow.child_rules(transition).items():
            if not (rule == LEAVE or isinstance(rule, TakeAlong)) or kind not in self.children:
                continue
            played = self.children[kind]
            for key, child in list(played.reached.items()):
                if not played.is_final(key):
                    tried = thing.again()
                    tried.children = [child.again()]
                    tried.children[0].parent = tried
                    yield tried

    def _family(self, transition: Transition, tried: Thing, before: list[Key]) -> None:
        for child, source in zip(tried.children, before, strict=True):
            state = source[0]
            rule = self.workflow.child_rules(transition)[child.kind]
            ended = self.stage.desk.has_ended(child)
            if isinstance(rule, TakeAlong):
                self.played.taken_along.add(rule.take)
                self._followed(child, rule.take, source)
                if not ended:
                    self.played.problems.add(f"{transition.name} takes a child along from {state}, and it goes on")
            if self.workflow.states[tried.state].final and not ended:
                self.played.problems.add(f"{transition.name} leaves a child behind in {state}")

    def _followed(self, child: Thing, name: str, source: Key) -> None:
        """What its parent made a child do is one of the things that can happen to it."""
        below = self.children[child.kind]
        below.reached.setdefault(key_of(child), child.again())
        below.ways |= {Way(source, key_of(child), name, False, against) for against in (False, True)}

    def _joins(self, thing: Thing) -> None:
        """What follows when the last child of some kind ends."""
        joined = {kind for each in self.workflow.transitions_from(thing.state) for kind in each.joins}
        for kind in sorted(joined & self.children.keys()):
            below = self.children[kind]
            for way in [each for each in below.ways if below.is_final(each.target) and not each.by_clock]:
                tried, child = thing.again(), below.reached[way.source].again()
                tried.children, child.parent = [child], tried
                if self._ends(child, way.name) and tried.version > thing.version:
                    self._way(thing, tried, tried.events[-1]["name"], False, True)

    def _ends(self, child: Thing, name: str) -> bool:
        workflow = self.children[child.kind].workflow
        transition = workflow.transition(name)
        assert transition is not None
        given = fitting(workflow, transition, self.stage.vocabularies[workflow.subject], False)
        for person in self.stage.people:
            if any(option.open and option.transition == transition for option in self.stage.options(child, person)):
                self.stage.fire(child, name, person, given)
                return True
        return False

    def _clock(self, thing: Thing) -> None:
        rule = self.workflow.states[thing.state].term
        missed = [self.workflow.transition(name) for name in (rule.on_miss if rule else [])]
        for against in self._winds(missed):
            for held_up in (False, True):
                tried = thing.again()
                tried.children = self._in_the_way(missed) if held_up else []
                name = self.stage.miss(tried, against)
                if name is None:
                    self.played.problems.add(f"silence after the term of {thing.state}")
                    continue
                self.played.answered.add((thing.state, name))
                if tried.due is not None and tried.due <= (thing.due or tried.due) and tried.state == thing.state:
                    self.played.problems.add(f"time stands still in {thing.state}")
                self._way(thing, tried, name, True, against == ALL_AGAINST)

    def _winds(self, missed: list[Transition | None]) -> set[Against]:
        """Guards that say no: none, all, or those that let the clock come to each transition in turn."""
        found = {NOTHING_AGAINST, ALL_AGAINST}
        before: set[str] = set()
        for each in missed:
            found.add(frozenset(before - set(each.when if each else ())))
            before |= set(each.when if each else ())
        return found

    def _in_the_way(self, missed: list[Transition | None]) -> list[Thing]:
        """Open children for which one of these would wait."""
        waiting = {
            kind
            for each in missed
            if each is not None
            for kind, rule in self.workflow.child_rules(each).items()
            if rule == WAIT and kind in self.children
        }
        found = []
        for kind in sorted(waiting):
            played = self.children[kind]
            found += [child.again() for key, child in played.reached.items() if not played.is_final(key)][:1]
        return found

    def _way(self, thing: Thing, tried: Thing, name: str, by_clock: bool, against: bool) -> None:
        source = key_of(thing)
        self.played.ways.add(Way(source, self._arrive(tried), name, by_clock, against))


def what_goes_wrong(played: Played) -> set[str]:
    """What a resident or a professional would suffer from, whatever the checker says of it."""
    found = set(played.problems)
    workflow = played.workflow
    if not played.reached:
        return found
    states = {key[0] for key in played.reached}
    found |= {f"{name} is never reached" for name in workflow.states if name not in states}
    fired = {way.name for way in played.ways} | played.taken_along
    found |= {f"{each.name} is never taken" for each in workflow.transitions if each.name not in fired}
    found |= _waiting(played, states)
    for against in (False, True):
        ending = _ending(played, against)
        found |= {
            f"no end from {key[0]}{' with the wind against' if against else ''}"
            for key in played.reached
            if key not in ending
        }
    found |= _on_the_clock(played)
    return found


def _waiting(played: Played, states: set[str]) -> set[str]:
    found: set[str] = set()
    for name in states:
        state = played.workflow.states[name]
        if state.final:
            continue
        if state.holder is None or name not in played.held:
            found.add(f"nobody can do anything with the ball in {name}")
        left = any(way.source[0] == name and way.target[0] != name and not way.by_clock for way in played.ways)
        if not left:
            found.add(f"nobody can leave {name}")
        for missed in state.term.on_miss if state.term else []:
            if (name, missed) not in played.answered:
                found.add(f"{missed} never follows the term of {name}")
    for key in played.reached:
        state = played.workflow.states[key[0]]
        if not key[3] and not state.final and not state.resting:
            found.add(f"no term runs in {key[0]}")
        if state.side and key[1] is None:
            found.add(f"nowhere to go back to from {key[0]}")
    return found


def _ending(played: Played, against: bool) -> set[Key]:
    graph: networkx.DiGraph[Key] = networkx.DiGraph()
    graph.add_nodes_from(played.reached)
    graph.add_edges_from((way.source, way.target) for way in played.ways if way.against or not against)
    finals = [key for key in played.reached if played.is_final(key)]
    return {*finals, *(each for final in finals for each in networkx.ancestors(graph, final))}


def _on_the_clock(played: Played) -> set[str]:
    """Rounds that time makes for ever, but for reminders that tell somebody each time."""
    graph: networkx.DiGraph[Key] = networkx.DiGraph()
    for way in played.ways:
        transition = played.workflow.transition(way.name)
        assert transition is not None
        reminds = transition.reminder and transition.tells and way.source[0] == way.target[0]
        if way.by_clock and not reminds:
            graph.add_edge(way.source, way.target)
    rounds = [each for each in networkx.strongly_connected_components(graph) if len(each) > 1]
    rounds += [{key} for key in networkx.nodes_with_selfloops(graph)]
    return {f"the clock goes round in {', '.join(sorted({key[0] for key in each}))}" for each in rounds}


def problems(stage: Stage, workflows: list[Workflow]) -> set[str]:
    """What goes wrong in any of these definitions, children first; a refusal of the engine itself is wrong too."""
    named = {each.workflow: each for each in workflows}
    played: dict[str, Played] = {}

    def of(name: str) -> Played:
        if name not in played:
            workflow = named[name]
            below = {kind: of(kind) for kind in workflow.children if kind in named}
            played[name] = play(stage, workflow, below)
        return played[name]

    try:
        everything = [of(name) for name in named]
    except (Refused, WrongFields, BlindMessage, KeyError, ValueError, AttributeError) as error:
        return {f"{type(error).__name__}: {error}"}
    for each in everything:
        taken = {
            name
            for other in everything
            if each.workflow.workflow in other.workflow.children
            for name in other.taken_along
        }
        each.taken_along = taken
    return {f"{each.workflow.workflow}: {problem}" for each in everything for problem in what_goes_wrong(each)}
