"""One run: every subject is a process that waits for people and for its terms, by the definition's own rules."""

import sys
from collections import Counter
from collections.abc import Generator, Sequence
from dataclasses import dataclass, field
from math import inf
from random import Random
from typing import Any

from simpy import Environment, Event, Resource

from wijkteam.engine.definition import Transition
from wijkteam.simulating.delays import Act
from wijkteam.simulating.stays import Stay
from wijkteam.simulating.world import World

ENOUGH = sys.maxsize
Waiting = Generator[Event, Any, bool]
"""A wait that says whether it was finished: False when the clock ended the stay first."""


@dataclass
class Work:
    """One step of a person: when it was there to be done, when it was taken up, when it was done (POSIX seconds).

    Never taken up and yet ended: the clock took the subject away while it waited. Not ended: so at the horizon.
    """

    function: str
    rung: int | None
    """On which rung, where that makes a difference."""
    asked: float
    began: float | None = None
    ended: float | None = None


@dataclass
class Played:
    """All that happened in one run."""

    start: float
    last_arrival: float
    horizon: float
    stays: list[Stay] = field(default_factory=list)
    works: list[Work] = field(default_factory=list)
    longest_queue: dict[str, int] = field(default_factory=dict)
    lengths: list[float] = field(default_factory=list)
    """From opening to end, in seconds, of those that ended."""
    ended: Counter[str] = field(default_factory=Counter)
    """How many ended in each final state."""
    arrived: int = 0
    open: int = 0
    """How many had not ended at the horizon."""
    climbs: int = 0
    """How often the clock moved a subject up the ladder."""
    reminders: int = 0


@dataclass
class _Subject:
    chance: Random
    opened_at: float
    state: str
    rung: int | None
    first_rung: int | None
    stay: Stay
    previous: str | None = None
    due: float | None = None


class Run:
    """Plays arrivals through the world until the horizon; the same seed plays the same."""

    def __init__(self, world: World, arrivals: Sequence[float], horizon: float, seed: str, terms_run: bool = True):
        self.world = world
        self.rules = world.rules
        self.terms_run = terms_run
        """Whether a missed term does something; else it is only counted."""
        self.seed = seed
        self.arrivals = arrivals
        self.env = Environment(arrivals[0] if arrivals else horizon)
        self.pools: dict[str, Resource] = {}
        start = float(self.env.now)
        self.played = Played(start, arrivals[-1] if arrivals else start, horizon)

    def play(self) -> Played:
        """Everything up to the horizon."""
        self.env.process(self._arrive())
        self.env.run(until=self.played.horizon)
        self.played.open = self.played.arrived - self.played.ended.total()
        return self.played

    def _arrive(self) -> Generator[Event, Any, None]:
        for number, moment in enumerate(self.arrivals):
            yield self.env.timeout(moment - self.env.now)
            self.played.arrived += 1
            self.env.process(self._live(self._new_subject(number)))

    def _new_subject(self, number: int) -> _Subject:
        chance = Random(f"{self.seed}/{number}")
        first = self.world.first_rung(chance)
        workflow = self.world.workflow
        rung = self.rules.rung_after(workflow.opening, first, first)
        now = float(self.env.now)
        stay = Stay(workflow.start, rung, now)
        self.played.stays.append(stay)
        subject = _Subject(chance, now, workflow.start, rung, first, stay)
        subject.due = self.rules.term_end(workflow.start, rung, now, now, again=False)
        return subject

    def _live(self, subject: _Subject) -> Generator[Event, Any, None]:
        states = self.world.workflow.states
        while not states[subject.state].final:
            stay = subject.stay
            acts = self.world.delays[self.world.key(subject.state, subject.rung)].draw(subject.chance)
            for act in acts:
                finished = yield from self._act(subject, act)
                if not finished or subject.stay is not stay:
                    break
            if subject.stay is stay:
                yield from self._until(subject, inf)
        self.played.ended[subject.state] += 1
        self.played.lengths.append(self.env.now - subject.opened_at)

    def _act(self, subject: _Subject, act: Act) -> Waiting:
        """The wait before a step, then the work at it, then the step itself."""
        hours = self.world.hours
        effort = min(act.gap, self.world.effort(act.name))
        if not (yield from self._until(subject, hours.after(self.env.now, act.gap - effort))):
            return False
        function = self.world.staffing.function(subject.state, act.name, subject.rung)
        if function is None:
            done = yield from self._until(subject, hours.after(self.env.now, effort))
        else:
            done = yield from self._work(subject, function, effort)
        if done:
            transition = self.rules.by_name[act.name]
            if self.rules.is_open(transition, subject.state, subject.rung):
                self._take(subject, transition, by_clock=False)
        return done

    def _until(self, subject: _Subject, moment: float) -> Waiting:
        """Wait until a moment, while terms end as they do. What falls on the same moment as a term is in time."""
        stay = subject.stay
        while subject.due is not None and subject.due < moment:
            yield self.env.timeout(max(0.0, subject.due - self.env.now))
            self._miss(subject)
            if subject.stay is not stay:
                return False
        if moment == inf:
            yield self.env.event()
        elif moment > self.env.now:
            yield self.env.timeout(moment - self.env.now)
        return True

    def _work(self, subject: _Subject, function: str, effort: float) -> Waiting:
        """Wait for somebody of the function, and then for the work to be done."""
        pool = self._pool(function)
        work = Work(function, self.world.key(subject.state, subject.rung)[1], self.env.now)
        self.played.works.append(work)
        with pool.request() as request:
            self.played.longest_queue[function] = max(self.played.longest_queue[function], len(pool.queue))
            if not (yield from self._until_taken_up(subject, request)):
                work.ended = self.env.now
                return False
            work.began = self.env.now
            done = yield from self._until(subject, self.world.hours.after(self.env.now, effort))
            work.ended = self.env.now
            return done

    def _until_taken_up(self, subject: _Subject, request: Event) -> Waiting:
        stay = subject.stay
        while not request.triggered:
            if subject.due is None:
                yield request
                continue
            yield request | self.env.timeout(max(0.0, subject.due - self.env.now))
            if not request.triggered:
                self._miss(subject)
                if subject.stay is not stay:
                    return False
        return True

    def _pool(self, function: str) -> Resource:
        pool = self.pools.get(function)
        if pool is None:
            people = self.world.staffing.post(function).people
            pool = self.pools[function] = Resource(self.env, capacity=ENOUGH if people is None else max(1, people))
            self.played.longest_queue[function] = 0
            if people == 0:
                pool.request()
        return pool

    def _miss(self, subject: _Subject) -> None:
        """The term ended: take what the state says, the first that is open."""
        rule = self.world.workflow.states[subject.state].term
        subject.stay.missed = True
        subject.due = None
        for name in rule.on_miss if rule and self.terms_run else []:
            transition = self.rules.by_name[name]
            if self.rules.is_open(transition, subject.state, subject.rung):
                before = subject.rung or 0
                self._take(subject, transition, by_clock=True)
                self.played.climbs += (subject.rung or 0) > before
                self.played.reminders += transition.reminder
                return

    def _take(self, subject: _Subject, transition: Transition, by_clock: bool) -> None:
        target = self.rules.target(transition, subject.state, subject.previous)
        if target is None:
            return
        now = float(self.env.now)
        rung = self.rules.rung_after(transition, subject.rung, subject.first_rung)
        elsewhere = target != subject.state
        if elsewhere:
            subject.previous = self.rules.previous(subject.state, target)
        if elsewhere or rung != subject.rung:
            subject.stay.left, subject.stay.by_clock = now, by_clock
            subject.state, subject.rung = target, rung
            subject.stay = Stay(target, rung, now)
            if not self.world.workflow.states[target].final:
                self.played.stays.append(subject.stay)
        if elsewhere or transition.restarts_term:
            subject.due = self.rules.term_end(target, rung, subject.opened_at, now, again=not elsewhere)
