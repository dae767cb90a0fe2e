"""Withholding over many tables that share figures: several breakdowns, filters, and periods within each other. Pure.

Somebody who asks for the year and each of its quarters, for all wijken and then for all barriers, lays the answers side
by side. So what is withheld is decided once for all that can be asked, and not per page:

1. *One cube.* What can be asked is fixed beforehand: rows (places in a tree, barriers, rungs, all adding up to one
   total), parts (answered, open) that may add up to a whole, and periods within each other. Every figure is a cell.
2. *Linked tables.* The cube is cut into tables that `withholding` judges exactly: rows by parts for each period, and
   rows by the parts of a period for each part. What one table withholds is withheld in every table in which it stands,
   until nothing more is withheld (the way of statistical offices: De Wolf, HiTaS, in Inference Control in Statistical
   Databases, 2002).
3. *Nothing pinned.* Then bounds are drawn in over the whole cube as an attacker would: each withheld cell lies between
   what its sums leave for it. While that leaves one value for a cell, more is withheld.
4. *Other periods are sums.* A period that is none of the cube's, such as two years together, is told only where it
   is a sum of cells that are shown. It says nothing that was not said already.

A period that has not ended is in no cube: watching it grow from day to day would tell of each household by itself. When
one ends, what earlier reports showed is known for good: it is handed in, and newer figures are withheld instead.

Limits. What is counted of an ended period must not change afterwards, or reports made before and after can be laid side
by side; corrections do change it. Tables are judged exactly one by one and together by bounds: more than is customary,
less than a proof for every cube; tests attack it by integer programming. Places are never crossed with barriers, so a
report has a filter on either and not on both: tried, it took most other figures with it in a small municipality, and
the attack still found a cell.
"""

from collections import defaultdict
from collections.abc import Collection, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from wijkteam.reports.network import Place
from wijkteam.reports.withholding import TOTAL, Count, Counted, Layout, withheld_counts

WHOLE = "whole"
"""All parts together."""


@dataclass(frozen=True)
class Counts:
    """One thing that is counted: of which household, in which finest row of each breakdown, which part and period."""

    household: Hashable
    rows: tuple[str, ...]
    part: str
    period: str


@dataclass(frozen=True, order=True)
class Cell:
    """A figure that can be asked for: `row` may be `TOTAL`, `part` may be `WHOLE`."""

    row: str
    part: str
    period: str


@dataclass(frozen=True)
class Breakdown:
    """Rows that add up to `TOTAL`: each with the row above it, which is another one or `TOTAL`.

    `parts` are the columns that are shown of them, and `whole` says whether those add up to a column that is shown too.
    """

    above: Mapping[str, str]
    parts: tuple[str, ...]
    whole: bool = False

    @property
    def rows(self) -> tuple[str, ...]:
        """Every row once, `TOTAL` with them."""
        return tuple(dict.fromkeys([*self.above, *self.above.values(), TOTAL]))

    @property
    def columns(self) -> tuple[str, ...]:
        """What is shown of each row."""
        return (*self.parts, WHOLE) if self.whole else self.parts


@dataclass(frozen=True)
class Shape:
    """What can be asked: the breakdowns, and of each period the one that it is a part of, if any."""

    breakdowns: tuple[Breakdown, ...]
    within: Mapping[str, str | None]

    def periods_in(self) -> dict[str, tuple[str, ...]]:
        """The periods within each period that has any."""
        found: dict[str, list[str]] = defaultdict(list)
        for period, over in self.within.items():
            if over is not None:
                found[over].append(period)
        return {over: tuple(parts) for over, parts in found.items()}

    def cells(self) -> list[Cell]:
        """Every figure that can be asked for, once."""
        return list(
            dict.fromkeys(
                Cell(row, column, period)
                for each in self.breakdowns
                for row in each.rows
                for column in each.columns
                for period in self.within
            )
        )


@dataclass
class Cube:
    """All figures that can be asked for, and which of them are withheld."""

    shape: Shape
    counts: dict[Cell, Count]
    shown_before: frozenset[Cell] = frozenset()
    hidden: set[Cell] = field(default_factory=set)

    @property
    def shown(self) -> frozenset[Cell]:
        """What is told: to be handed in as `shown_before` when the next period ends."""
        return frozenset(self.counts) - self.hidden

    def told(self, cell: Cell) -> int | None:
        """The figure, or None where it is withheld. Raises KeyError for what cannot be asked."""
        return None if cell in self.hidden else self.counts[cell].value

    def told_over(self, row: str, part: str, periods: Iterable[str]) -> int | None:
        """The sum over periods that do not overlap, or None where one of them is withheld."""
        total = 0
        for period in periods:
            told = self.told(Cell(row, part, period))
            if told is None:
                return None
            total += told
        return total


def cube_of(counted: Iterable[Counts], shape: Shape, shown_before: Collection[Cell] = ()) -> Cube:
    """Count everything that can be asked for, and decide what of it is withheld.

    `shown_before` are figures that earlier reports showed, such as those of the first quarters when the year ends:
    whoever kept those reports has them, so that others are withheld instead. They can never be small ones.
    """
    values: dict[Cell, int] = defaultdict(int)
    homes: dict[Cell, set[Hashable]] = defaultdict(set)
    every = shape.cells()
    for each in counted:
        for cell in _cells_of(each, shape):
            values[cell] += 1
            homes[cell].add(each.household)
    seen = frozenset(shown_before)
    cube = Cube(shape, {cell: Count(values[cell], len(homes[cell])) for cell in every}, seen)
    tables = list(_tables(cube))
    known = equations(shape)
    _withhold(cube, tables)
    while pinned := _pinned(cube, known):
        cube.hidden.add(_next(cube, pinned))
        _withhold(cube, tables)
    return cube


def _cells_of(counts: Counts, shape: Shape) -> Iterator[Cell]:
    rows = {TOTAL}
    for breakdown in shape.breakdowns:
        for row in counts.rows:
            while row in breakdown.above:
                rows.add(row)
                row = breakdown.above[row]
    period: str | None = counts.period
    while period is not None:
        for row in rows:
            yield Cell(row, counts.part, period)
            yield Cell(row, WHOLE, period)
        period = shape.within[period]


@dataclass(frozen=True)
class _Table:
    """A table of the cube with the cell that stands at each of its places, and the other way round."""

    counted: Counted
    cells: Mapping[Place, Cell]
    at: Mapping[Cell, Place]


def _tables(cube: Cube) -> Iterator[_Table]:
    inside = cube.shape.periods_in()
    for each in cube.shape.breakdowns:
        for period in cube.shape.within:
            cells = {(row, column): Cell(row, column, period) for row in each.rows for column in each.columns}
            layout = Layout(each.above, WHOLE if each.whole else None, each.parts if each.whole else ())
            yield _table(cube, cells, layout)
        for period, parts in inside.items():
            for column in each.columns:
                cells = {(row, part): Cell(row, column, part) for row in each.rows for part in (*parts, period)}
                yield _table(cube, cells, Layout(each.above, period, parts))


def _table(cube: Cube, cells: dict[Place, Cell], layout: Layout) -> _Table:
    counted = Counted({place: cube.counts[cell] for place, cell in cells.items()}, layout)
    return _Table(counted, cells, {cell: place for place, cell in cells.items()})


def _withhold(cube: Cube, tables: Sequence[_Table]) -> None:
    """Until no table withholds more than all of them do together."""
    before: dict[int, frozenset[Cell]] = {}
    changed = True
    while changed:
        changed = False
        for number, table in enumerate(tables):
            also = frozenset(cell for cell in table.at if cell in cube.hidden)
            if before.get(number) == also:
                continue
            seen = frozenset(table.at[cell] for cell in cube.shown_before if cell in table.at)
            found = withheld_counts(table.counted, frozenset(table.at[cell] for cell in also), seen)
            before[number] = also.union(table.cells[place] for place in found)
            if before[number] > also:
                cube.hidden |= before[number]
                changed = True


Equation = tuple[Cell, tuple[Cell, ...]]
"""A cell and the cells that add up to it."""


def equations(shape: Shape) -> list[Equation]:
    """All sums that a reader knows to hold in every cube of this shape."""
    found: dict[Equation, None] = {}
    inside = shape.periods_in()
    for each in shape.breakdowns:
        under: dict[str, list[str]] = defaultdict(list)
        for row, above in each.above.items():
            under[above].append(row)
        for row in set(each.above.values()) - set(each.above) - {TOTAL}:
            under[TOTAL].append(row)
        for period in shape.within:
            for column in each.columns:
                for over, rows in under.items():
                    found[Cell(over, column, period), tuple(Cell(row, column, period) for row in rows)] = None
            if each.whole:
                for row in each.rows:
                    found[Cell(row, WHOLE, period), tuple(Cell(row, part, period) for part in each.parts)] = None
        for period, parts in inside.items():
            for row in each.rows:
                for column in each.columns:
                    found[Cell(row, column, period), tuple(Cell(row, column, part) for part in parts)] = None
    return list(found)


def _pinned(cube: Cube, known: Sequence[Equation]) -> list[tuple[Cell, Equation]]:
    """Withheld cells for which one value is left, each with a sum that says so."""
    most = max((count.value for count in cube.counts.values()), default=0) + 1
    low = {cell: 1 if cell in cube.hidden else count.value for cell, count in cube.counts.items()}
    high = {cell: most if cell in cube.hidden else count.value for cell, count in cube.counts.items()}
    by: dict[Cell, Equation] = {}
    open_ones = [each for each in known if any(cell in cube.hidden for cell in (each[0], *each[1]))]
    changed = True
    while changed:
        changed = False
        for whole, parts in open_ones:
            lows, highs = sum(low[each] for each in parts), sum(high[each] for each in parts)
            bounds = [(whole, lows, highs)]
            bounds += [(each, low[whole] - highs + high[each], high[whole] - lows + low[each]) for each in parts]
            for cell, least, largest in bounds:
                if cell in cube.hidden and (least > low[cell] or largest < high[cell]):
                    low[cell], high[cell] = max(low[cell], least), min(high[cell], largest)
                    by[cell] = (whole, parts)
                    changed = True
    return [(cell, by[cell]) for cell in sorted(cube.hidden) if low[cell] == high[cell]]


def _next(cube: Cube, pinned: Sequence[tuple[Cell, Equation]]) -> Cell:
    """The shown cell of fewest households in a sum that pins one; else of the cube.

    There is always one: with all above zero withheld nothing can be reckoned with, so nothing is pinned.
    """

    def shown(cells: Iterable[Cell]) -> list[Cell]:
        return [cell for cell in cells if cell not in cube.hidden and cube.counts[cell].value > 0]

    near = [cell for _, (whole, parts) in pinned for cell in shown((whole, *parts))]
    return min(
        near or shown(cube.counts), key=lambda cell: (cell in cube.shown_before, cube.counts[cell].households, cell)
    )
