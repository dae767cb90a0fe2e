"""Figures from runs: what each run shows, and how far the runs lie apart."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from statistics import median, quantiles

from wijkteam.engine.ladder import Rung
from wijkteam.simulating.hours import DAY
from wijkteam.simulating.model import Played, Work
from wijkteam.simulating.stays import Stay, StayKey, missed_share
from wijkteam.simulating.world import World

HOUR = 3600.0


@dataclass(frozen=True)
class Spread:
    """A figure over all runs: the middle run, the lowest and the highest."""

    middle: float
    low: float
    high: float


@dataclass(frozen=True)
class Waits:
    """How long stays lasted, in days, of those that ended: a tenth was shorter than p10, a tenth longer than p90."""

    count: Spread
    p10: Spread | None
    median: Spread | None
    p90: Spread | None


@dataclass(frozen=True)
class StateFigures:
    """One state, on one rung where that makes a difference."""

    state: str
    rung: int | None
    waits: Waits
    missed: Spread
    """How many stays missed their term."""
    missed_share: Spread | None
    still_there: Spread


@dataclass(frozen=True)
class FunctionFigures:
    """The load on one function while subjects came in."""

    function: str
    people: int | None
    """None: always enough."""
    source: str
    used: Spread | None
    """Part of the available time that was used; None where there are always enough people."""
    hours_per_week: Spread
    """Hours of work a week, all people together."""
    mean_queue: Spread
    longest_queue: Spread
    waited_hours: Spread
    """How long work waited for somebody, in hours, on average."""


@dataclass(frozen=True)
class RungFigures:
    """The load on one rung of the ladder."""

    rung: int
    function: str
    came: Spread
    at_once: Spread
    """How many subjects stood on it at one time, on average, while subjects came in."""
    hours_per_week: Spread
    used: Spread | None
    """Part of its function's available time that this rung took; None where nobody knows how much there is."""
    climbed: Spread
    """How many the clock moved up from it."""


@dataclass(frozen=True)
class Measured:
    """Everything that the runs show."""

    arrived: Spread
    open: Spread
    outcomes: dict[str, Spread]
    lengths: Waits
    climbs: Spread
    reminders: Spread
    states: list[StateFigures]
    functions: list[FunctionFigures]
    rungs: list[RungFigures]


def spread(values: Iterable[float | None]) -> Spread | None:
    """Middle, lowest and highest of what the runs show; None where no run shows anything."""
    known = sorted(value for value in values if value is not None)
    return Spread(median(known), known[0], known[-1]) if known else None


def counted(values: Iterable[float]) -> Spread:
    """The same for figures that every run has."""
    found = spread(values)
    return found if found is not None else Spread(0.0, 0.0, 0.0)


def deciles(values: Sequence[float]) -> tuple[float, float, float] | None:
    """The first decile, the median and the ninth decile; None for no values."""
    if len(values) < 2:
        return (values[0],) * 3 if values else None
    cuts = quantiles(values, n=10, method="inclusive")
    return cuts[0], cuts[4], cuts[8]


def waits_of(runs: Sequence[Sequence[float]]) -> Waits:
    """How long things lasted (days), run by run."""
    each = [deciles(values) for values in runs]
    first, middle, last = (spread(cut[place] if cut else None for cut in each) for place in range(3))
    return Waits(counted(len(values) for values in runs), first, middle, last)


def measure(world: World, runs: Sequence[Played]) -> Measured:
    """All figures of all runs. Load and queues are those from the first to the last arrival."""
    by_key = [_by_key(world, run.stays) for run in runs]
    outcomes = [name for name, state in world.workflow.states.items() if state.final]
    return Measured(
        arrived=counted(run.arrived for run in runs),
        open=counted(run.open for run in runs),
        outcomes={name: counted(run.ended[name] for run in runs) for name in outcomes},
        lengths=waits_of([[length / DAY for length in run.lengths] for run in runs]),
        climbs=counted(run.climbs for run in runs),
        reminders=counted(run.reminders for run in runs),
        states=[_state(key, [found[key] for found in by_key]) for key in world.places()],
        functions=_functions(world, runs),
        rungs=_rungs(world, runs, by_key),
    )


def _by_key(world: World, stays: Iterable[Stay]) -> dict[StayKey, list[Stay]]:
    found: dict[StayKey, list[Stay]] = defaultdict(list)
    for stay in stays:
        found[world.key(stay.state, stay.rung)].append(stay)
    return found


def _state(key: StayKey, runs: Sequence[Sequence[Stay]]) -> StateFigures:
    return StateFigures(
        state=key[0],
        rung=key[1],
        waits=waits_of([[stay.days for stay in stays if stay.days is not None] for stays in runs]),
        missed=counted(sum(stay.missed for stay in stays) for stays in runs),
        missed_share=spread(missed_share(stays) for stays in runs),
        still_there=counted(sum(stay.left is None for stay in stays) for stays in runs),
    )


def overlap(start: float, end: float | None, run: Played) -> tuple[float, float]:
    """The part of a span that lies between the first and the last arrival; empty where its end is its start."""
    first, last = max(start, run.start), min(run.horizon if end is None else end, run.last_arrival)
    return first, max(first, last)


def _per_run(runs: Sequence[Played], figure: Callable[[Played, float], float]) -> Spread:
    """A figure by run and the length of its arrivals in seconds, at least one."""
    return counted(figure(run, max(1.0, run.last_arrival - run.start)) for run in runs)


def hours_of_one(world: World) -> float:
    """How many hours a week one person has for this work."""
    return world.hours.open_per_week * world.rate / HOUR


def _functions(world: World, runs: Sequence[Played]) -> list[FunctionFigures]:
    names = sorted({work.function for run in runs for work in run.works})
    return [_function(world, name, runs) for name in names]


def _function(world: World, name: str, runs: Sequence[Played]) -> FunctionFigures:
    post = world.staffing.post(name)

    def mine(run: Played) -> list[Work]:
        return [work for work in run.works if work.function == name]

    one = hours_of_one(world)
    return FunctionFigures(
        function=name,
        people=post.people,
        source=post.source,
        used=_used_by(world, runs, mine, post.people),
        hours_per_week=_per_run(runs, lambda run, _length: _busy(world, mine(run), run) * one),
        mean_queue=_per_run(runs, lambda run, length: sum(_waited(work, run) for work in mine(run)) / length),
        longest_queue=counted(run.longest_queue.get(name, 0) for run in runs),
        waited_hours=_per_run(runs, lambda run, _length: _mean_wait(world, mine(run), run)),
    )


def _used_by(
    world: World, runs: Sequence[Played], works: Callable[[Played], list[Work]], people: int | None
) -> Spread | None:
    """Part of the time of so many people; of nobody's time nothing is used."""
    if people is None:
        return None
    return counted(_busy(world, works(run), run) / max(1, people) for run in runs)


def _busy(world: World, works: Iterable[Work], run: Played) -> float:
    """How many people were at work on average, in open time while subjects came in."""
    spans = [overlap(work.began, work.ended, run) for work in works if work.began is not None]
    busy = sum(world.hours.between(*span) for span in spans)
    return busy / max(1.0, world.hours.between(run.start, run.last_arrival))


def _waited(work: Work, run: Played) -> float:
    taken = work.began if work.began is not None else work.ended
    first, last = overlap(work.asked, taken, run)
    return last - first


def _mean_wait(world: World, works: Sequence[Work], run: Played) -> float:
    """Open hours until work was taken up, or until now where it never was."""
    waited = []
    for work in works:
        taken = work.began if work.began is not None else work.ended
        waited.append(world.hours.between(work.asked, run.horizon if taken is None else taken) / HOUR)
    return sum(waited) / len(waited) if waited else 0.0


def _rungs(world: World, runs: Sequence[Played], by_key: Sequence[dict[StayKey, list[Stay]]]) -> list[RungFigures]:
    ladder = world.rules.vocabulary.ladder
    found = []
    for rung in ladder.rungs if ladder else []:
        on_it = [
            [stay for (_, number), stays in keyed.items() if number == rung.number for stay in stays]
            for keyed in by_key
        ]
        people = world.staffing.post(rung.function).people or None
        found.append(
            RungFigures(
                rung=rung.number,
                function=rung.function,
                came=counted(len(stays) for stays in on_it),
                at_once=counted(_at_once(stays, run) for stays, run in zip(on_it, runs, strict=True)),
                hours_per_week=_per_run(runs, partial(_rung_hours, world, rung)),
                used=_used_by(world, runs, partial(_on_rung, rung), people),
                climbed=counted(sum(stay.by_clock for stay in stays) for stays in on_it),
            )
        )
    return found


def _rung_hours(world: World, rung: Rung, run: Played, _length: float) -> float:
    return _busy(world, _on_rung(rung, run), run) * hours_of_one(world)


def _on_rung(rung: Rung, run: Played) -> list[Work]:
    return [work for work in run.works if work.rung == rung.number]


def _at_once(stays: Iterable[Stay], run: Played) -> float:
    spans = [overlap(stay.entered, stay.left, run) for stay in stays]
    return sum(last - first for first, last in spans) / max(1.0, run.last_arrival - run.start)
