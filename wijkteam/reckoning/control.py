"""Whether a row of counts changed, or only moved as it always does: control limits.

Method: the chart of individual values with moving ranges, XmR (Shewhart, Economic Control of Quality of Manufactured
Product, 1931; Wheeler and Chambers, Understanding Statistical Process Control, third edition, 2010, chapter 3). The
limits lie at the mean plus and minus 2.66 times the mean moving range: three sigma, as 2.66 = 3 / 1.128. They come from
the differences between neighbours and not from the spread of all values, so that a real change does not hide itself by
widening them. It asks for no distribution; for counts the lower limit is never below zero.

A point is called a change only by one of two rules (after Western Electric, Statistical Quality Control Handbook, 1956,
which chance seldom meets):

1. *outside*: it lies above the upper limit or below the lower one;
2. *run*: it is the eighth or later in a row on one side of the median. By chance that is less than one in a hundred.
   The median and not the mean, so that one month far off does not make all others lie on one side (Anhøj and Olesen,
   PLoS ONE 9, 2014). What lies on the median itself neither counts nor ends the row.

Everything else is noise, also when it looks like a rise. With fewer than 12 periods nothing is called a change: limits
of so few say too little.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from statistics import fmean, median

THREE_SIGMA = 2.66
"""3 / d2, with d2 = 1.128 for ranges of two neighbours."""
RUN = 8
FEWEST_PERIODS = 12


class Signal(StrEnum):
    """By which rule a point is a change."""

    ABOVE = "above"
    BELOW = "below"
    RUN_ABOVE = "run_above"
    RUN_BELOW = "run_below"


@dataclass(frozen=True)
class Limits:
    """Within which a row of counts moves by itself."""

    mean: float
    low: float
    high: float
    median: float


@dataclass(frozen=True)
class Point:
    """One period: its count, and by which rules it is a change; None where nothing is known or may be told."""

    period: str
    count: int | None
    signals: tuple[Signal, ...] = ()


@dataclass(frozen=True)
class Chart:
    """A row of counts with its limits; without limits nothing is called a change."""

    points: tuple[Point, ...]
    limits: Limits | None

    @property
    def changes(self) -> tuple[Point, ...]:
        """The points that are a change."""
        return tuple(point for point in self.points if point.signals)


def limits_of(counts: Sequence[int]) -> Limits | None:
    """The limits of counts in their order; None of fewer than `FEWEST_PERIODS`."""
    if len(counts) < FEWEST_PERIODS:
        return None
    mean = fmean(counts)
    reach = THREE_SIGMA * fmean(abs(after - before) for before, after in zip(counts, counts[1:], strict=False))
    return Limits(mean, max(0.0, mean - reach), mean + reach, median(counts))


def chart(counts: Sequence[tuple[str, int | None]], baseline: int | None = None) -> Chart:
    """The row of counts by period, with its limits and what is a change by them.

    `baseline` is how many of the first periods the limits are reckoned from; left out, all of them. Periods without a
    count are passed over: they stand in no limit, and end a run.
    """
    known = [count for _, count in counts[:baseline] if count is not None]
    limits = limits_of(known)
    if limits is None:
        return Chart(tuple(Point(period, count) for period, count in counts), None)
    points = []
    side = length = 0
    for period, count in counts:
        now = side if count == limits.median else _side(count, limits)
        if now != side:
            side, length = now, 0
        length += now != 0 and count != limits.median
        points.append(Point(period, count, _signals(count, limits, side, length)))
    return Chart(tuple(points), limits)


def _side(count: int | None, limits: Limits) -> int:
    """1 above the median, -1 below it; 0 where nothing is known."""
    return 0 if count is None else (count > limits.median) - (count < limits.median)


def _signals(count: int | None, limits: Limits, side: int, length: int) -> tuple[Signal, ...]:
    if count is None:
        return ()
    found = []
    if count > limits.high:
        found.append(Signal.ABOVE)
    if count < limits.low:
        found.append(Signal.BELOW)
    if length >= RUN and count != limits.median:
        found.append(Signal.RUN_ABOVE if side > 0 else Signal.RUN_BELOW)
    return tuple(found)
