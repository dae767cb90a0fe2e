"""Which barriers come together in one household, and which of them comes first: where one breakthrough may free more.

Counts and order only. That one barrier often comes before another does not say that it causes it, nor that the other
one goes when it is taken away; a bestuurder reads where to look, and asks the people behind it.

What counts: a barrier counts once for a household, on the first day that it was named there. An order is called clear
only when households in which one came first outnumber those in which the other did by more than chance would (exact
two-sided sign test, Conover, Practical Nonparametric Statistics, third edition, 1999, §3.4); a day on which both were
named says nothing of order. Many pairs are looked at, so the level is divided by their number (Bonferroni).

Small counts: a barrier of 1 to 4 households is withheld; so is a pair of 1 to 4 households, or one that leaves 1 to 4
households with only one of both; so is an order in which either side, or the ties, are 1 to 4 households.
"""

from collections import defaultdict
from collections.abc import Collection, Hashable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import combinations
from math import comb

from wijkteam.reckoning.small import is_few, may_split

LEVEL = 0.05
"""How often all pairs together may call an order clear that is chance."""


@dataclass(frozen=True)
class Named:
    """A barrier that was named for a household on a day."""

    household: Hashable
    barrier: str
    on: date


@dataclass(frozen=True)
class Order:
    """In how many households one came first, the other did, or both on the same day."""

    one_first: int
    other_first: int
    same_day: int
    clear: bool
    """Whether it is more than chance."""


@dataclass(frozen=True)
class Together:
    """Two barriers that come together in so many households; None where that, or their order, may not be told."""

    one: str
    other: str
    households: int | None
    order: Order | None

    @property
    def first(self) -> str | None:
        """The barrier that clearly comes first."""
        if self.order is None or not self.order.clear:
            return None
        return self.one if self.order.one_first > self.order.other_first else self.other


@dataclass(frozen=True)
class Snowball:
    """Households per barrier, None where too few; and all pairs that come together at all, the most frequent first."""

    barriers: Mapping[str, int | None]
    pairs: tuple[Together, ...]

    def comes_before(self) -> dict[str, tuple[str, ...]]:
        """For each barrier which others it clearly comes before, those that come before most others first."""
        found: dict[str, list[str]] = defaultdict(list)
        for pair in self.pairs:
            if pair.first is not None:
                found[pair.first].append(pair.other if pair.first == pair.one else pair.one)
        return {each: tuple(found[each]) for each in sorted(found, key=lambda each: (-len(found[each]), each))}


def snowball(named: Iterable[Named], withheld: Collection[str] = ()) -> Snowball:
    """What comes together and in which order.

    `withheld` are barriers whose count stands withheld elsewhere: nothing is told of them here either.
    """
    first_days: dict[Hashable, dict[str, date]] = defaultdict(dict)
    for each in named:
        days = first_days[each.household]
        days[each.barrier] = min(each.on, days.get(each.barrier, each.on))
    totals: dict[str, int] = defaultdict(int)
    orders: dict[tuple[str, str], list[int]] = {}
    for days in first_days.values():
        for barrier in days:
            totals[barrier] += 1
        for one, other in combinations(sorted(days), 2):
            counts = orders.setdefault((one, other), [0, 0, 0])
            counts[0 if days[one] < days[other] else 1 if days[other] < days[one] else 2] += 1
    hidden = {barrier for barrier, count in totals.items() if is_few(count)}.union(withheld)
    pairs = [_pair(one, other, counts, totals, hidden, len(orders)) for (one, other), counts in orders.items()]
    return Snowball(
        {barrier: None if barrier in hidden else totals[barrier] for barrier in sorted(totals)},
        tuple(sorted(pairs, key=lambda pair: (-(pair.households or 0), pair.one, pair.other))),
    )


def is_clear(one_first: int, other_first: int, pairs: int = 1) -> bool:
    """Whether this difference is more than chance, when so many pairs are looked at."""
    tries, most = one_first + other_first, max(one_first, other_first)
    tail = sum(comb(tries, each) for each in range(most, tries + 1))
    return bool(2 * tail * pairs < LEVEL * 2**tries)


def _pair(
    one: str, other: str, counts: list[int], totals: Mapping[str, int], hidden: Collection[str], pairs: int
) -> Together:
    together = sum(counts)
    if one in hidden or other in hidden or not may_split(together, totals[one] - together, totals[other] - together):
        return Together(one, other, None, None)
    before, after, same = counts
    order = Order(before, after, same, is_clear(before, after, pairs)) if may_split(before, after, same) else None
    return Together(one, other, together, order)
