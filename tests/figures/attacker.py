"""Somebody who lays all that was ever published side by side, and computes what it leaves of what was kept back.

What is counted is made of cells that are as fine as anything published can tell apart. Every published figure is an
equation between them; that no zero is ever kept back is known too. Linear programming then says between which values
each figure that was kept back must lie: nobody who adds, subtracts or bounds by hand learns more than that.
"""

from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass, field
from math import ceil, floor

from scipy.optimize import linprog
from scipy.sparse import csr_matrix

ALMOST = 1e-4
"""What the solver may be off by: what is counted are whole numbers."""
Sum = tuple[Hashable, ...]
"""The cells that a figure adds up."""


@dataclass
class Attacker:
    """Everything known of some cells, each a whole number that is not below zero."""

    cells: dict[Hashable, int] = field(default_factory=dict)
    known: list[tuple[Sum, int]] = field(default_factory=list)
    at_least: list[tuple[Sum, Sum, int]] = field(default_factory=list)

    def told(self, cells: Iterable[Hashable], value: int) -> None:
        """A figure was published."""
        self.known.append((self._met(cells), value))

    def withheld(self, cells: Iterable[Hashable]) -> None:
        """A figure was kept back: so it is no zero."""
        self.at_least.append((self._met(cells), (), 1))

    def part_of(self, part: Iterable[Hashable], whole: Iterable[Hashable]) -> None:
        """Of two sums the one is never more than the other."""
        self.at_least.append((self._met(whole), self._met(part), 0))

    def _met(self, cells: Iterable[Hashable]) -> Sum:
        found = tuple(cells)
        for cell in found:
            self.cells.setdefault(cell, len(self.cells))
        return found

    def narrowed(self, wanted: Mapping[Hashable, Iterable[Hashable]], values: int) -> dict[Hashable, tuple[int, int]]:
        """Which of the figures asked for have fewer than so many values left, and between which two they lie.

        Raises ValueError when what was published contradicts itself.
        """
        sums = {name: tuple(self.cells[cell] for cell in cells if cell in self.cells) for name, cells in wanted.items()}
        rooms = self._rooms()
        seen: dict[Hashable, tuple[float, float]] = {name: (float("inf"), float("-inf")) for name in sums}
        found: dict[Hashable, tuple[int, int]] = {}
        for name, own in sums.items():
            for sign in (1, -1):
                low, high = seen[name]
                if high - low >= values - 1 - ALMOST:
                    break
                solution = _extreme(rooms, own, sign, len(self.cells))
                for other, places in sums.items():
                    total = sum(solution[place] for place in places)
                    seen[other] = min(seen[other][0], total), max(seen[other][1], total)
            low, high = ceil(seen[name][0] - ALMOST), floor(seen[name][1] + ALMOST)
            if high - low < values - 1:
                found[name] = (low, high)
        return found

    def _rooms(self) -> "Rooms":
        equal = [(dict.fromkeys((self.cells[cell] for cell in cells), 1), value) for cells, value in self.known]
        below = []
        for whole, part, least in self.at_least:
            row: dict[int, int] = {}
            for cells, sign in ((whole, -1), (part, 1)):
                for cell in cells:
                    row[self.cells[cell]] = row.get(self.cells[cell], 0) + sign
            below.append((row, -least))
        return Rooms(*(_matrix(rows, len(self.cells)) for rows in (equal, below)))


@dataclass(frozen=True)
class Rooms:
    """What is known, as matrices: sums that are a value, and sums that are at most a value."""

    equal: tuple[csr_matrix, list[int]]
    below: tuple[csr_matrix, list[int]]


MOST = 10_000
"""No cell is larger, so that there is always an end to it."""


def _matrix(rows: list[tuple[dict[int, int], int]], width: int) -> tuple[csr_matrix, list[int]]:
    data, at, down = [], [], []
    for number, (row, _) in enumerate(rows):
        for cell, sign in row.items():
            data.append(sign)
            at.append(cell)
            down.append(number)
    return csr_matrix((data, (down, at)), shape=(len(rows), width)), [value for _, value in rows]


def _extreme(rooms: Rooms, own: tuple[int, ...], sign: int, width: int) -> list[float]:
    aim = [0.0] * width
    for place in own:
        aim[place] += sign
    (equal, is_equal), (below, is_below) = rooms.equal, rooms.below
    done = linprog(aim, below, is_below, equal, is_equal, bounds=(0, MOST), method="highs")
    if not done.success:
        raise ValueError(f"what was published contradicts itself: {done.message}")
    return list(done.x)
