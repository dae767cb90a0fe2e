"""How long people take, and which step they take then: drawn from what the past shows, or from given figures."""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate
from math import log
from random import Random
from typing import Protocol

NORMAL_P90 = 1.2815515655446004
HALF_AN_ANSWER = 0.5


@dataclass(frozen=True)
class Act:
    """One step of a person: so much open time after the one before, in seconds."""

    gap: float
    name: str


Script = tuple[Act, ...]
"""What people do during one stay, in order; the last act ends it."""


class Delay(Protocol):
    """What happens in a stay, unless the clock comes first."""

    def draw(self, chance: Random) -> Script:
        """One script at random; empty when nobody will ever do anything."""


@dataclass(frozen=True)
class Observed:
    """A stay of the past: what people did, and whether they ended it or the clock or the present broke it off."""

    acts: Script
    lasted: float
    """Seconds of open time."""
    ended: bool


class FromThePast:
    """Draws whole stays of the past, weighed for those that were broken off (Kaplan and Meier 1958).

    What was broken off lasted at least so long: its weight goes to longer ones. What is left beyond the longest stay
    that a person ended is drawn at half an ending in all the time that was waited beyond it (the Jeffreys prior for a
    rate without events), so that what never got an answer in years hardly ever gets one here.
    """

    def __init__(self, observed: Sequence[Observed]) -> None:
        ended, shares, self.rest = weigh(observed)
        self.scripts = [each.acts for each in ended]
        self.cumulative = list(accumulate(shares))
        self.longest = max([each.lasted for each in ended], default=0.0)
        self.beyond = sum(each.lasted - self.longest for each in observed if each.lasted > self.longest)

    def draw(self, chance: Random) -> Script:
        """A stay of the past, or one that lasts longer than any that ended."""
        drawn = chance.random()
        if not self.scripts:
            return ()
        if drawn < self.cumulative[-1] or self.rest <= 0:
            return self.scripts[min(bisect_right(self.cumulative, drawn), len(self.scripts) - 1)]
        gap = self.longest + chance.expovariate(HALF_AN_ANSWER) * self.beyond
        like = chance.choices(self.scripts, cum_weights=self.cumulative)[0]
        return (Act(gap, like[-1].name),)


def weigh(observed: Sequence[Observed]) -> tuple[list[Observed], list[float], float]:
    """The stays that ended, the share of each in the distribution of all, and the share beyond the longest of them."""
    ordered = sorted(observed, key=lambda each: (each.lasted, not each.ended))
    surviving = 1.0
    ended: list[Observed] = []
    shares: list[float] = []
    for number, each in enumerate(ordered):
        if each.ended:
            share = surviving / (len(ordered) - number)
            ended.append(each)
            shares.append(share)
            surviving -= share
    return ended, shares, max(0.0, surviving if ordered and not ordered[-1].ended else 0.0)


class AsGiven:
    """Draws a lognormal delay by its median and ninth decile (seconds of open time), and one of the ways by weight."""

    def __init__(self, median: float, p90: float, ways: dict[str, float]) -> None:
        self.mean = log(median)
        self.deviation = max(0.0, log(p90 / median) / NORMAL_P90)
        self.names = list(ways)
        self.weights = list(ways.values())

    def draw(self, chance: Random) -> Script:
        """One delay, then one step; nothing where there is no way."""
        gap = chance.lognormvariate(self.mean, self.deviation)
        if not self.names or not sum(self.weights):
            return ()
        return (Act(gap, chance.choices(self.names, self.weights)[0]),)
