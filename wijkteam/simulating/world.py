"""The world of a simulation: what the past and the given figures together say about people, delays and choices."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from random import Random

from wijkteam.engine.definition import Workflow
from wijkteam.engine.vocabulary import Vocabulary
from wijkteam.simulating.delays import Act, AsGiven, Delay, FromThePast, Observed
from wijkteam.simulating.figures import Figures
from wijkteam.simulating.history import Life, PastStay, last_moment
from wijkteam.simulating.hours import (
    DAY,
    WEEK,
    WORKING_DAYS_A_WEEK,
    AroundTheClock,
    Hours,
    OfficeHours,
    OpenFrom,
    local_of,
    start_of_week,
)
from wijkteam.simulating.rules import Rules
from wijkteam.simulating.staffing import Doers, People, Staffing, doers
from wijkteam.simulating.stays import StayKey
from wijkteam.terms import calendar

ENOUGH_SUBJECTS = 30
"""With fewer that ended, the past says too little, and only given figures are used."""
ENOUGH_STAYS = 10
"""With fewer that a person ended, a state or rung is not fitted by itself."""
BUSIEST = 0.8
"""People of the past are taken to have been busy for at most this part of their time."""
DAY_BLIND = 0.5
"""Office hours hold when people act on days off less than half as often as if they did not mind the day."""
EDGE = 0.025
MARGIN_WEEKS = 260


@dataclass(frozen=True)
class Basis:
    """Where the delays and choices of one state come from."""

    state: str
    rung: int | None
    source: str
    ended: int = 0
    """Stays of the past that a person ended."""
    broken_off: int = 0
    """Stays that the clock ended, or that still lasted."""


@dataclass(frozen=True)
class Given:
    """What is asked of a simulation and does not change by what is fitted."""

    workflow: Workflow
    vocabulary: Vocabulary
    figures: Figures
    wanted: Mapping[str, int]
    """How many people hold each function that was told on the command line."""


@dataclass
class World:
    """All that a run needs and that stays the same from run to run."""

    workflow: Workflow
    rules: Rules
    hours: Hours
    staffing: Staffing
    figures: Figures
    delays: dict[StayKey, Delay] = field(default_factory=dict)
    basis: list[Basis] = field(default_factory=list)
    first_rungs: tuple[int, ...] = (1,)
    """Rungs on which subjects began, as often as they did."""

    @property
    def rate(self) -> float:
        """How much work a person does in an hour of open time: available hours through open hours."""
        figures = self.figures
        weekly = figures.hours_per_day * figures.available * WORKING_DAYS_A_WEEK * 3600
        return min(1.0, weekly / self.hours.open_per_week)

    def effort(self, step: str) -> float:
        """How much open time a step takes of one person, in seconds."""
        return self.figures.efforts.get(step, self.figures.effort_minutes) * 60 / self.rate

    def key(self, state: str, rung: int | None) -> StayKey:
        """By what the delays of a stay are looked up."""
        return (state, rung if self.staffing.depends_on_rung(state) else None)

    def places(self) -> list[StayKey]:
        """All there are: every state that is not final, on every rung where that makes a difference."""
        ladder = self.rules.vocabulary.ladder
        rungs: list[int | None] = [rung.number for rung in ladder.rungs] if ladder else []
        return [
            (name, rung)
            for name, state in self.workflow.states.items()
            if not state.final
            for rung in (rungs if self.staffing.depends_on_rung(name) else [None])
        ]

    def first_rung(self, chance: Random) -> int | None:
        """Where a new subject begins on its ladder; None without a ladder."""
        return chance.choice(self.first_rungs) if self.rules.vocabulary.ladder else None


def build_world(given: Given, people: People | None, lives: Sequence[Life], until: float) -> World:
    """The world as the past shows it, and as given where it shows too little (no lives: all of it as given)."""
    past = doers(lives, given.workflow, given.vocabulary, people) if people else Doers()
    staffing = Staffing(given.workflow, given.vocabulary, given.figures, given.wanted, people, past)
    rules = Rules(given.workflow, given.vocabulary, staffing.held)
    world = World(given.workflow, rules, _hours(lives, given.figures, until), staffing, given.figures)
    world.first_rungs = _first_rungs(lives)
    observed = _observed(world, lives, until)
    for state, rung in world.places():
        delay, basis = _delay(world, state, rung, observed, until)
        world.delays[state, rung] = delay
        world.basis.append(basis)
    if lives:
        _find_too_few(world, lives, until)
    return world


def _hours(lives: Sequence[Life], figures: Figures, until: float) -> Hours:
    """Office hours or all hours, whichever people kept in the past."""
    moments = [
        local_of(step.at)
        for life in lives
        for stay in life.stays
        for step in [*stay.steps, *([stay.left] if stay.left else [])]
        if not step.by_clock
    ]
    on_days_off = sum(not calendar.is_working_day(moment.date()) for moment in moments)
    if moments and on_days_off / len(moments) > DAY_BLIND * 2 / 7:
        return AroundTheClock()
    first = min((life.opened_at for life in lives), default=until)
    window = OpenFrom(figures.open_from, figures.open_until)
    if moments:
        clock_hours = sorted(moment.hour for moment in moments)
        window = OpenFrom(clock_hours[int(EDGE * len(moments))], clock_hours[int((1 - EDGE) * len(moments))] + 1)
    return OfficeHours(local_of(first - WEEK).date(), local_of(until + MARGIN_WEEKS * WEEK).date(), window)


def _first_rungs(lives: Iterable[Life]) -> tuple[int, ...]:
    return tuple(life.stays[0].rung for life in lives if life.stays[0].rung is not None) or (1,)


def _observed(world: World, lives: Iterable[Life], until: float) -> dict[StayKey, list[Observed]]:
    found: dict[StayKey, list[Observed]] = defaultdict(list)
    for life in lives:
        for stay in life.stays:
            state = world.workflow.states.get(stay.state)
            if state is not None and not state.final:
                found[world.key(stay.state, stay.rung)].append(_acts(world, stay, until))
    return found


def _acts(world: World, stay: PastStay, until: float) -> Observed:
    left = stay.left
    transition = world.rules.by_name.get(left.name) if left else None
    ended = left is not None and not left.by_clock and transition is not None and stay.state in transition.from_
    acts: list[Act] = []
    since = stay.entered
    for step in [*stay.steps, *([left] if ended and left is not None else [])]:
        known = world.rules.by_name.get(step.name)
        if not step.by_clock and known is not None and stay.state in known.from_:
            acts.append(Act(world.hours.between(since, step.at), step.name))
            since = step.at
    end = left.at if left is not None else until
    return Observed(tuple(acts), world.hours.between(stay.entered, end), ended)


def _delay(
    world: World, state: str, rung: int | None, observed: Mapping[StayKey, list[Observed]], until: float
) -> tuple[Delay, Basis]:
    """From this rung's own past, else that of all rungs of the state, else as given."""
    figures = world.figures
    own = observed.get((state, rung), [])
    everywhere = [each for (name, _), found in observed.items() if name == state for each in found]
    ways = {each.name for each in world.rules.ways(state, rung)}
    told = f"given in {figures.figures}"
    if state not in figures.states and state not in figures.choices:
        for found, source in ((own, "the past"), (everywhere, "the past, all rungs together")):
            fitting = [each for each in found if not each.ended or each.acts[-1].name in ways]
            ended = sum(each.ended for each in fitting)
            if ended >= ENOUGH_STAYS:
                return FromThePast(fitting), Basis(state, rung, source, ended, len(fitting) - ended)
        told = figures.source
    ended = sum(each.ended for each in own)
    median, p90 = _given_days(world, state, rung, until)
    of_a_day = world.hours.open_per_week / WEEK * DAY
    weights = figures.choices.get(state) or _past_choices(everywhere) or dict.fromkeys(sorted(ways), 1.0)
    chosen = {name: weight for name, weight in weights.items() if name in ways}
    return AsGiven(median * of_a_day, p90 * of_a_day, chosen), Basis(state, rung, told, ended, len(own) - ended)


def _past_choices(observed: Iterable[Observed]) -> dict[str, float]:
    counted = Counter(each.acts[-1].name for each in observed if each.ended)
    return {name: float(counted[name]) for name in sorted(counted)} if counted.total() >= ENOUGH_STAYS else {}


def _given_days(world: World, state: str, rung: int | None, until: float) -> tuple[float, float]:
    figures = world.figures
    if state in figures.states:
        return figures.states[state].median_days, figures.states[state].p90_days
    monday = start_of_week(local_of(until).date())
    end = world.rules.term_end(state, rung, monday, monday, again=False)
    if end is None:
        return figures.delay.median_days, figures.delay.p90_days
    days = (end - monday) / DAY
    return figures.delay.median_of_term * days, figures.delay.p90_of_term * days


def _find_too_few(world: World, lives: Sequence[Life], until: float) -> None:
    """Find the functions whose people of today could not have done the past's work by the given efforts."""
    work: dict[str, float] = defaultdict(float)
    for life in lives:
        for stay in life.stays:
            if stay.state not in world.workflow.states:
                continue
            for act in _acts(world, stay, until).acts:
                function = world.staffing.function(stay.state, act.name, stay.rung)
                if function is not None:
                    work[function] += min(act.gap, world.effort(act.name))
    span = world.hours.between(min(life.opened_at for life in lives), min(until, last_moment(lives)))
    for function, took in work.items():
        people = world.staffing.post(function).people
        if function not in world.staffing.wanted and people and took > BUSIEST * people * span:
            world.staffing.too_few.add(function)
