"""How far the simulation can be believed: fitted to the first part of the past, held against the rest."""

from bisect import bisect_right
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import chain
from math import sqrt

from wijkteam.simulating.history import Life, seen_until
from wijkteam.simulating.hours import DAY
from wijkteam.simulating.measuring import deciles
from wijkteam.simulating.model import Played, Run
from wijkteam.simulating.staffing import People
from wijkteam.simulating.stays import Stay, StayKey, missed_share, past_stays
from wijkteam.simulating.world import ENOUGH_SUBJECTS, Given, World, build_world

ENOUGH_TO_JUDGE = 20
"""With fewer stays in the held-back part nothing is said of a state."""
ONE_IN_A_HUNDRED = 1.628
"""Times the root of (n + m) / nm: the distance that chance exceeds once in a hundred times (Smirnov 1948)."""
MUCH = 0.25
"""A difference between medians or ninth deciles that matters, as a part of the past's."""
SOME = 0.1
"""A difference that matters where the distributions lie far apart."""
FAR = 0.15
"""A distance that is far."""
MANY_MORE = 0.1
"""A difference between the shares of missed terms that matters."""
TWO_AND_A_HALF = 2.576
"""Standard errors that chance exceeds once in a hundred times."""
RAN_AT_ALL = 0.5
DAY_OF_GRACE = DAY
HOUR_OF_A_DAY = 1 / 24


class Verdict(StrEnum):
    """What is said of one state."""

    FITS = "fits"
    DIFFERS = "differs"
    TOO_FEW = "too few to judge"


@dataclass(frozen=True)
class Sample:
    """Stays that ended: how many, median and ninth decile in days, and which part missed its term."""

    count: float
    """Of one run, where there were more."""
    median: float | None
    p90: float | None
    missed: float | None


@dataclass(frozen=True)
class Compared:
    """One state, on one rung where that makes a difference; no state at all stands for the whole way to the end."""

    state: str | None
    rung: int | None
    past: Sample
    simulated: Sample
    distance: float | None
    """The largest distance between both distributions (Kolmogorov and Smirnov), from 0 to 1."""
    verdict: Verdict


@dataclass(frozen=True)
class Fit:
    """What the comparison with held-back history says."""

    fitted_subjects: int
    held_back_subjects: int
    from_moment: float
    until_moment: float
    terms_ran: bool
    """Whether missed terms did something in the past; else they did nothing in this comparison either."""
    rows: list[Compared]
    outcomes: dict[str, tuple[float, float]]
    """For each final state the share of the past, and of the simulation, among those that came in."""


def distance(one: Sequence[float], other: Sequence[float]) -> float:
    """The largest distance between two empirical distributions (Kolmogorov and Smirnov). Both hold something."""
    first, second = sorted(one), sorted(other)
    return max(
        abs(bisect_right(first, value) / len(first) - bisect_right(second, value) / len(second))
        for value in chain(first, second)
    )


def judge(past: Sequence[float], simulated: Sequence[float], runs: int = 1) -> tuple[float | None, Verdict]:
    """Whether two samples of days agree: apart by too little to matter.

    Apart by much, and yet no more than chance allows: too few to judge.

    `simulated` comes from so many runs together.
    """
    fewest, most = sorted((len(past), len(simulated) / runs))
    if fewest < ENOUGH_TO_JUDGE:
        return None, Verdict.DIFFERS if most >= 2 * ENOUGH_TO_JUDGE else Verdict.TOO_FEW
    apart = distance(past, simulated)
    by_chance = ONE_IN_A_HUNDRED * sqrt((len(past) + len(simulated)) / (len(past) * len(simulated)))
    cuts = list(zip(deciles(past) or (), deciles(simulated) or (), strict=True))
    off = max(abs(ours - theirs) / max(theirs, HOUR_OF_A_DAY) for theirs, ours in cuts[1:])
    if apart <= by_chance:
        return apart, Verdict.TOO_FEW if off > MUCH else Verdict.FITS
    return apart, Verdict.DIFFERS if off > (SOME if apart > FAR else MUCH) else Verdict.FITS


def hold_back(
    given: Given, people: People, lives: Sequence[Life], until: float, part: float, seed: str, runs: int
) -> Fit | None:
    """Fit to the first part of the past, play the arrivals of the rest, compare. None where too little is left.

    Both sides are cut off at the same moment, so that what had not ended counts for neither.
    """
    ordered = sorted(lives, key=lambda life: life.opened_at)
    split = ordered[min(len(ordered) - 1, int(len(ordered) * (1 - part)))].opened_at
    before = seen_until(ordered, split)
    after = [life for life in ordered if life.opened_at >= split]
    finals = {name for name, state in given.workflow.states.items() if state.final}
    if sum(life.last.state in finals for life in before) < ENOUGH_SUBJECTS or len(after) < ENOUGH_TO_JUDGE:
        return None
    world = build_world(given, people, before, split)
    ran = clock_ran(world, lives, until)
    arrivals = [life.opened_at for life in after]
    played = [Run(world, arrivals, until, f"{seed}/held-back/{number}", ran).play() for number in range(runs)]
    past = list(past_stays(after, world.rules, until))
    simulated = [stay for run in played for stay in run.stays]
    rows = [_compare(world, key, past, simulated, runs) for key in world.places()]
    lengths = [(life.last.entered - life.opened_at) / DAY for life in after if life.last.state in finals]
    rows.append(_whole(lengths, [length / DAY for run in played for length in run.lengths], runs))
    return Fit(len(before), len(after), split, until, ran, rows, _outcomes(after, played, finals))


def clock_ran(world: World, lives: Sequence[Life], until: float) -> bool:
    """Whether missed terms did something in the past: of stays that outlasted theirs, half show a step of the clock."""
    outlasted, did = 0, 0
    for life in lives:
        for stay in life.stays:
            if stay.state not in world.workflow.states:
                continue
            due = world.rules.term_end(stay.state, stay.rung, life.opened_at, stay.entered, again=False)
            clocked = any(step.by_clock for step in [*stay.steps, *([stay.left] if stay.left else [])])
            if due is not None and (clocked or (stay.left.at if stay.left else until) > due + DAY_OF_GRACE):
                outlasted += 1
                did += clocked
    return outlasted == 0 or did >= RAN_AT_ALL * outlasted


def missed_apart(past: Sequence[Stay], simulated: Sequence[Stay]) -> bool:
    """Whether the shares that missed their term lie further apart than chance allows, and far enough to matter."""
    ours, theirs = missed_share(simulated), missed_share(past)
    if ours is None or theirs is None:
        return False
    together = missed_share([*past, *simulated]) or 0.0
    by_chance = TWO_AND_A_HALF * sqrt(together * (1 - together) * (1 / len(past) + 1 / len(simulated)))
    return abs(ours - theirs) > max(MANY_MORE, by_chance)


def _compare(world: World, key: StayKey, past: Sequence[Stay], simulated: Sequence[Stay], runs: int) -> Compared:
    ours, theirs = (_of_key(world, key, stays) for stays in (simulated, past))
    apart, verdict = judge(_days(theirs), _days(ours), runs)
    if verdict is Verdict.FITS and missed_apart(theirs, ours):
        verdict = Verdict.DIFFERS
    return Compared(
        key[0],
        key[1],
        _sample(_days(theirs), 1, missed_share(theirs)),
        _sample(_days(ours), runs, missed_share(ours)),
        apart,
        verdict,
    )


def _of_key(world: World, key: StayKey, stays: Sequence[Stay]) -> list[Stay]:
    return [stay for stay in stays if world.key(stay.state, stay.rung) == key]


def _days(stays: Sequence[Stay]) -> list[float]:
    return [stay.days for stay in stays if stay.days is not None]


def _whole(past: Sequence[float], simulated: Sequence[float], runs: int) -> Compared:
    apart, verdict = judge(past, simulated, runs)
    return Compared(None, None, _sample(past, 1, None), _sample(simulated, runs, None), apart, verdict)


def _sample(days: Sequence[float], runs: int, missed: float | None) -> Sample:
    cuts = deciles(days)
    return Sample(len(days) / runs, cuts[1] if cuts else None, cuts[2] if cuts else None, missed)


def _outcomes(after: Sequence[Life], played: Sequence[Played], finals: set[str]) -> dict[str, tuple[float, float]]:
    past = Counter(life.last.state for life in after)
    simulated: Counter[str] = sum((run.ended for run in played), Counter())
    total = max(1, sum(run.arrived for run in played))
    return {name: (past[name] / len(after), simulated[name] / total) for name in sorted(finals)}
