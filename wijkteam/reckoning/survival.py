"""How long things take when some of them have not ended yet: survival curves with right-censoring.

What still waits is not left out (that would make waiting look short) and not counted as ended (that would be untrue):
it counts as waiting for as long as it was seen, and leaves the reckoning then.

Method: the product-limit estimator (Kaplan and Meier, Journal of the American Statistical Association 53, 1958) with
Greenwood's variance (1926). Bands are pointwise, on the log-minus-log scale (Kalbfleisch and Prentice, The Statistical
Analysis of Failure Time Data, second edition, 2002, §1.4), which keeps them between 0 and 1. The median is the shortest
time by which at most half still waits; its range is where the bands pass a half (Brookmeyer and Crowley, Biometrics 38,
1982).

Reckoned from counts per length, so that a summary by day is enough and a million waits cost no more than the number of
different lengths. It assumes that being still open says nothing of how long it will take yet.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import takewhile
from math import exp, log, sqrt
from operator import add
from statistics import NormalDist

from wijkteam.reckoning.small import FEWEST

LEVEL = 0.95
"""How sure a band is to hold the true share, at each length by itself."""
ALMOST = 1e-12
"""Shares nearer than this are the same: they differ by rounding only."""


class WrongWaits(ValueError):
    """A length or a count is below zero."""


@dataclass(frozen=True)
class Waits:
    """How many ended after exactly so many days, and how many were last seen then and still wait.

    `ended_homes` and `waiting_homes` are the different households among them that are counted at no other length; left
    out, each of them is of a household of its own.
    """

    days: int
    ended: int = 0
    still_waiting: int = 0
    ended_homes: int | None = None
    waiting_homes: int | None = None

    @property
    def counts(self) -> tuple[int, int, int, int]:
        """All four numbers."""
        ended_homes = self.ended if self.ended_homes is None else self.ended_homes
        return self.ended, self.still_waiting, ended_homes, self._waiting_homes

    @property
    def _waiting_homes(self) -> int:
        return self.still_waiting if self.waiting_homes is None else self.waiting_homes


@dataclass(frozen=True)
class Step:
    """The curve from so many days on, until the next step.

    `share` is the part that still waits after them, between 0 and 1; `low` and `high` are its band, None where no band
    can be reckoned: before anything ended, and once nothing waits.
    """

    days: int
    at_risk: int
    ended: int
    left_sight: int
    share: float
    low: float | None
    high: float | None
    ended_homes: int = 0
    """Households among what ended that are counted at no other step."""
    left_homes: int = 0
    """The same of what left sight."""


@dataclass(frozen=True)
class Length:
    """A number of days with its range; None where it lies beyond what was seen."""

    days: int | None
    low: int | None
    high: int | None


@dataclass(frozen=True)
class Survival:
    """A survival curve: its steps by length, over so many in all of which so many ended."""

    steps: tuple[Step, ...]
    count: int
    ended: int
    level: float

    @property
    def still_waiting(self) -> int:
        """How many had not ended."""
        return self.count - self.ended

    @property
    def seen_until(self) -> int:
        """The longest length that was seen, in days; 0 of nothing."""
        return self.steps[-1].days if self.steps else 0

    @property
    def median(self) -> Length:
        """How many days half of them wait at most."""
        return self.by_share(0.5)

    def by_share(self, share: float) -> Length:
        """After how many days at most this share still waits."""

        def first(shares: Iterable[tuple[int, float | None]]) -> int | None:
            return next((days for days, each in shares if each is not None and each <= share + ALMOST), None)

        return Length(
            first((step.days, step.share) for step in self.steps),
            first((step.days, _lower(step)) for step in self.steps),
            first((step.days, _upper(step)) for step in self.steps),
        )

    def share_after(self, days: int) -> float | None:
        """Which part still waits after so many days; None beyond what was seen while some still wait."""
        passed = list(takewhile(lambda step: step.days <= days, self.steps))
        share = passed[-1].share if passed else 1.0
        return None if days > self.seen_until and share > 0 else share


def survival(waits: Iterable[Waits], level: float = LEVEL) -> Survival:
    """The curve of these waits. `level` is how sure the bands are, between 0 and 1.

    Of what ends and what is last seen after equally many days, the ending comes first, as is the custom.

    Raises WrongWaits for a length or a count below zero.
    """
    by_days = _by_days(waits)
    count = at_risk = sum(ended + waiting for ended, waiting, *_ in by_days.values())
    width = NormalDist().inv_cdf((1 + level) / 2)
    steps: list[Step] = []
    share, variance = 1.0, 0.0
    for days in sorted(by_days):
        ended, waiting, *homes = by_days[days]
        share *= (at_risk - ended) / at_risk
        if at_risk > ended:
            variance += ended / (at_risk * (at_risk - ended))
        low, high = _band(share, variance, width)
        steps.append(Step(days, at_risk, ended, waiting, share, low, high, *homes))
        at_risk -= ended + waiting
    return Survival(tuple(steps), count, sum(ended for ended, *_ in by_days.values()), level)


def coarse(curve: Survival, fewest: int = FEWEST) -> Survival:
    """The same curve with fewer steps, so that none tells of fewer than `fewest` households that ended or left sight.

    A step is kept when since the last one that was kept either nothing ended or it ended for at least that many
    households, likewise what left sight, and nothing is left or what is left is of as many. Its share and band stay
    what they are; what was counted in between is counted with it. A curve of too few gives no steps. A household counts
    at one step of the whole curve alone, so that steps tell of so many different ones, also taken together.
    """

    def few(number: int, homes: int) -> bool:
        return number > 0 and homes < fewest

    kept: list[Step] = []
    homes_left = sum(step.ended_homes + step.left_homes for step in curve.steps)
    ended = gone = ended_homes = gone_homes = 0
    for step in curve.steps:
        ended, gone = ended + step.ended, gone + step.left_sight
        ended_homes, gone_homes = ended_homes + step.ended_homes, gone_homes + step.left_homes
        homes_left -= step.ended_homes + step.left_homes
        left = step.at_risk - step.ended - step.left_sight
        parts = (ended, ended_homes), (gone, gone_homes), (left, homes_left)
        if ended + gone and not any(few(*part) for part in parts):
            at_risk = left + ended + gone
            kept.append(Step(step.days, at_risk, ended, gone, step.share, step.low, step.high, ended_homes, gone_homes))
            ended = gone = ended_homes = gone_homes = 0
    return Survival(tuple(kept), curve.count, curve.ended, curve.level)


def _by_days(waits: Iterable[Waits]) -> dict[int, tuple[int, ...]]:
    found: dict[int, tuple[int, ...]] = {}
    for each in waits:
        if min(each.days, *each.counts) < 0:
            raise WrongWaits(f"{each.days} days, {each.ended} ended, {each.still_waiting} still waiting")
        if each.ended or each.still_waiting:
            before = found.get(each.days, (0, 0, 0, 0))
            found[each.days] = tuple(map(add, before, each.counts))
    return found


def _band(share: float, variance: float, width: float) -> tuple[float | None, float | None]:
    if not 0 < share < 1:
        return None, None
    spread = exp(width * sqrt(variance) / abs(log(share)))
    return share**spread, share ** (1 / spread)


def _lower(step: Step) -> float | None:
    """Once nothing waits, the lowest share that fits is none."""
    return step.share if step.low is None else step.low


def _upper(step: Step) -> float | None:
    return step.high
