"""How figures lie: the middle, the ends, and how sure a share is. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from decimal import ROUND_HALF_UP, Decimal
from math import sqrt

DAY = timedelta(days=1)
CERTAINTY = 1.959963984540054
"""Standard deviations to either side that hold 95% of a normal distribution."""


@dataclass(frozen=True)
class Spread:
    """How waits lie; None where there are none.

    The median is the middle one, or halfway between the two in the middle; the others are the shortest wait that
    such a part of all did not exceed (nearest rank).
    """

    p10: timedelta
    p25: timedelta
    median: timedelta
    p75: timedelta
    p90: timedelta


def spread(waits: Sequence[timedelta]) -> Spread | None:
    """How these waits lie; None of none."""
    if not waits:
        return None
    ordered = sorted(waits)
    count = len(ordered)
    middle = (ordered[(count - 1) // 2] + ordered[count // 2]) / 2
    p10, p25, p75, p90 = (ordered[-(-count * part // 100) - 1] for part in (10, 25, 75, 90))
    return Spread(p10, p25, middle, p75, p90)


def median_amount(cents: Sequence[int]) -> int | None:
    """The middle amount in whole cents, half a cent upward; None of none."""
    if not cents:
        return None
    ordered = sorted(cents)
    twice = ordered[(len(ordered) - 1) // 2] + ordered[len(ordered) // 2]
    return -(-twice // 2)


def days(time: timedelta) -> Decimal:
    """A time in calendar days, to one hundredth."""
    microseconds = time // timedelta(microseconds=1)
    return (Decimal(microseconds) / 86_400_000_000).quantize(Decimal("0.01"), ROUND_HALF_UP)


@dataclass(frozen=True)
class Share:
    """A part of a whole, and between which shares the true one lies with 95% certainty, were these a sample."""

    count: int
    of: int

    @property
    def value(self) -> float | None:
        """From 0 to 1; None of nothing."""
        return self.count / self.of if self.of else None

    @property
    def interval(self) -> tuple[float, float] | None:
        """Wilson's score interval (1927) at 95%; None of nothing. It stays between 0 and 1, also for small numbers."""
        if not self.of:
            return None
        z2, n, p = CERTAINTY**2, self.of, self.count / self.of
        middle = (p + z2 / (2 * n)) / (1 + z2 / n)
        half = CERTAINTY * sqrt(p * (1 - p) / n + z2 / (4 * n * n)) / (1 + z2 / n)
        return (max(0.0, middle - half) if self.count else 0.0, min(1.0, middle + half) if self.count < n else 1.0)
