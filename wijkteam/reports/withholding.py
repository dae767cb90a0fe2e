"""Which counts a report keeps back, so that no small group of households can be read from it. Pure.

The rule (a threshold rule with complementary cell suppression):

1. *Small*. A count on 1 to 4 households is withheld. A part whose rest stands nowhere (late, of all asked) is
   withheld too when that rest could be 1 to 4 households, because subtracting gives it away.
2. *Not computed back*. Counts add up over columns, over rows, and from buurt to wijk to municipality. Further
   counts are withheld, those of fewest households first, until for each small count (a) at least 5 values
   fit all that is shown, also for a reader who knows that no zero is ever withheld, and (b) every sum that
   can be computed and that the count is part of covers at least 5 households.
3. *Derived*. A median or other derived figure is to be withheld with the count that it rests on.

A zero is shown: it tells of nobody. It never needs to be withheld, because what pins a hidden count is always
a shown count above zero, and that one can be withheld instead.

How it is known to be safe: rows in one hierarchy by one flat set of columns form a network. Each equation is
a node and each count an arc between two of them. What a count can be is then what can flow round through its
arc, so that (a) and (b) are small maximum flows, both exact and in whole numbers.

Limits. A reader who knows the order in which further counts are chosen, or who is one of the households, may learn
more; so may one who combines bounds on a total that is itself withheld in several tables. Tables and periods that are
laid side by side are judged together in `linked`.

Source: Hundepool and others, Handbook on Statistical Disclosure Control, second edition (2024), chapters 4
and 5: frequency rule, secondary suppression, feasibility intervals.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from wijkteam.reckoning.small import FEWEST as FEWEST
from wijkteam.reports.network import Arc, Network, Place

TOTAL = "total"
"""The row that all rows without a row above them add up to."""

Key = TypeVar("Key")


class WrongCounts(ValueError):
    """The counts do not hang together: a row, a column or a sum is not what the others say."""


@dataclass(frozen=True)
class Count:
    """How often something was counted, and how many different households stand behind it."""

    value: int
    households: int


@dataclass(frozen=True)
class Layout:
    """How the counts of one table add up, which is what a reader can reckon with.

    `above` gives a row the row that it is a part of, such as a buurt its wijk; other rows fall under `TOTAL`,
    where the counts have that row. `parts` are the columns that together make up the column `whole` exactly.
    `portions` gives a column the column that it is a portion of, while the rest of it stands nowhere, such as
    late of asked.
    """

    above: Mapping[str, str] = field(default_factory=dict)
    whole: str | None = None
    parts: tuple[str, ...] = ()
    portions: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Counted:
    """The counts of one table by row and column, every row in every column, and how they add up."""

    counts: Mapping[Place, Count]
    layout: Layout = field(default_factory=Layout)

    def parts_of(self) -> dict[str, list[str]]:
        """The rows under each row that has any."""
        rows = dict.fromkeys(row for row, _ in self.counts)
        parts: dict[str, list[str]] = {}
        for row in rows:
            above = self.layout.above.get(row, TOTAL)
            if row != TOTAL and above in rows:
                parts.setdefault(above, []).append(row)
        return parts

    def columns(self) -> list[str]:
        """Every column once."""
        return list(dict.fromkeys(column for _, column in self.counts))


def withheld_counts(
    counted: Counted, also: frozenset[Place] = frozenset(), shown_before: frozenset[Place] = frozenset()
) -> frozenset[Place]:
    """Which counts must not be shown: the small ones, and whatever would give them away.

    `also` names counts to withhold whatever their size, such as totals that another table withholds; zeros
    and places that this table does not have are passed over. `shown_before` names counts that readers have already
    seen in another report; of the further counts they are taken last.

    Raises WrongCounts when counts do not add up as the layout says.
    """
    _check(counted)
    weights = _weights(counted)
    asked = {place for place in also if weights.get(place, 0) > 0}
    small = {place for place, weight in weights.items() if 0 < weight < FEWEST}
    network = Network(_arcs(counted, weights), small | asked, shown_before)
    safe: set[Place] = set()
    while network.hidden > safe:
        for place in sorted(network.hidden - safe):
            while (cut := network.cut_around(place, FEWEST)) is not None:
                network.hide_one_across(cut)
            safe.add(place)
    return frozenset(network.hidden)


def withheld_together(tables: Sequence[Counted]) -> list[frozenset[Place]]:
    """Which counts must not be shown of tables over the same subjects, so with the same totals.

    A total that one table withholds is withheld in all of them, with what would give it away there.
    """
    totals: frozenset[Place] = frozenset()
    while True:
        found = [withheld_counts(table, totals) for table in tables]
        hidden = frozenset(place for places in found for place in places if place[0] == TOTAL)
        if hidden <= totals:
            return found
        totals |= hidden


def _check(counted: Counted) -> None:
    counts, layout, parts = counted.counts, counted.layout, counted.parts_of()
    for (row, column), count in counts.items():
        if count.value < count.households or (count.value > 0) != (count.households > 0):
            raise WrongCounts(f"{column} of {row}: {count.value} on {count.households} households")
        if row in parts and count.value != sum(counts[each, column].value for each in parts[row]):
            raise WrongCounts(f"{column} of {row} is not the sum of its rows")
        if column == layout.whole and count.value != sum(counts[row, each].value for each in layout.parts):
            raise WrongCounts(f"{column} of {row} is not the sum of its columns")


def _weights(counted: Counted) -> dict[Place, int]:
    """Households that each count tells about: of itself, or of the rest of its whole when those are fewer."""
    weights = {}
    for (row, column), count in counted.counts.items():
        weights[row, column] = count.households
        whole = counted.counts.get((row, counted.layout.portions.get(column, "")))
        if whole is not None and 0 < count.value < whole.value:
            rest = max(1, whole.households - count.households)
            weights[row, column] = min(count.households, rest)
    return weights


def _covers(counted: Counted, weights: Mapping[Place, int]) -> dict[Place, int]:
    """Households that each count surely adds to a sum, also when a household stands behind several counts.

    A count of at least `FEWEST` always covers a sum by itself. Smaller ones cover it together only as far as
    their households are different ones.
    """
    counts, layout, parts = counted.counts, counted.layout, counted.parts_of()
    rows_overlap = any(
        sum(counts[each, column].households for each in rows) > counts[row, column].households
        for row, rows in parts.items()
        for column in counted.columns()
    )
    covers = {}
    for (row, column), weight in weights.items():
        cover = weight
        if weight < FEWEST and (rows_overlap or (layout.whole is not None and row in parts)):
            cover = 0
        elif weight < FEWEST and layout.whole is not None and column in layout.parts:
            together = sum(counts[row, each].households for each in layout.parts)
            cover = max(0, weight - (together - counts[row, layout.whole].households))
        covers[row, column] = cover
    return covers


_GROUND = ("", "")


def _arcs(counted: Counted, weights: Mapping[Place, int]) -> dict[Place, Arc]:
    """The counts as arcs between equations, so that what flows into an equation flows out of it.

    The equation (row, column) says that the rows under it add up in that column; (row, "") that its columns
    add up to the whole. The latter follows from the rows below where there are any, so that only rows without
    have one. Then each count stands in at most two equations, once on either side.
    """
    layout, parts, covers = counted.layout, counted.parts_of(), _covers(counted, weights)
    over = {each: row for row, rows in parts.items() for each in rows}
    arcs = {}
    for (row, column), count in counted.counts.items():
        own = (row, column) if row in parts else _GROUND
        if row not in parts and layout.whole is not None and column in (*layout.parts, layout.whole):
            own = (row, "")
        above = (over[row], column) if row in over else _GROUND
        tail, head = (above, own) if column == layout.whole else (own, above)
        place = (row, column)
        arcs[place] = Arc(place, tail, head, count.value, weights[place], covers[place])
    return arcs
