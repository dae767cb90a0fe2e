"""Somebody who lays all that was ever published side by side, and computes what it leaves of what was kept back.

What is counted is made of cells that are as fine as anything published can tell apart. Every published figure is an
equation or a bound between them; that no zero is ever kept back is known too. Whether a figure that was kept back can
have another value than its own is decided in whole numbers and exactly: a solver proposes other municipalities, and one
counts only when its whole numbers fit everything that is known, added up without any rounding. What a solver may be off
by therefore never makes a figure safe; and one is called found only when whole-number programming says that there is no
other municipality, above its value nor below it.
"""

from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass, field

import numpy
from scipy.optimize import Bounds, LinearConstraint, linprog, milp
from scipy.sparse import csr_matrix, vstack

MOST = 10_000
"""No cell is larger, so that there is always an end to it."""
Cells = Iterable[Hashable]
Whole = numpy.ndarray[tuple[int], numpy.dtype[numpy.int64]]
NOTHING_ELSE = 2
"""What the solver says when nothing fits."""


class Contradiction(AssertionError):
    """What is known is not what really is: the attacker reckons with something that is not so."""


@dataclass
class Attacker:
    """Everything known of some cells, each a whole number that is not below zero."""

    cells: dict[Hashable, int] = field(default_factory=dict)
    equal: dict[tuple[tuple[int, int], ...], int] = field(default_factory=dict)
    least: dict[tuple[tuple[int, int], ...], int] = field(default_factory=dict)

    def told(self, cells: Cells, value: int) -> None:
        """A figure was published. Raises Contradiction when it was published otherwise elsewhere."""
        row = self._row(dict.fromkeys(cells, 1))
        if self.equal.setdefault(row, value) != value:
            raise Contradiction(f"told as {self.equal[row]} and as {value}")

    def withheld(self, cells: Cells) -> None:
        """A figure was kept back: so it is no zero."""
        self.at_least(dict.fromkeys(cells, 1), 1)

    def part_of(self, part: Cells, whole: Cells, times: int = 1) -> None:
        """So many times the one sum is never more than the other."""
        row = dict.fromkeys(whole, 1)
        for cell in part:
            row[cell] = row.get(cell, 0) - times
        self.at_least(row, 0)

    def at_least(self, row: Mapping[Hashable, int], bound: int) -> None:
        """So many times each of these cells is so much together, or more."""
        found = self._row(row)
        self.least[found] = max(bound, self.least.get(found, bound))

    def _row(self, row: Mapping[Hashable, int]) -> tuple[tuple[int, int], ...]:
        places = ((self.cells.setdefault(cell, len(self.cells)), times) for cell, times in row.items() if times)
        return tuple(sorted(places))

    def found(self, wanted: Mapping[Hashable, Cells], truth: Mapping[Hashable, int]) -> dict[Hashable, int]:
        """Which of these figures can have no other value than their own, and which value that is.

        `truth` is what every cell really is. Raises Contradiction when what is known is not so.
        """
        known = _Known(self.equal, self.least, len(self.cells))
        really = numpy.array([truth.get(cell, 0) for cell in self.cells], dtype=numpy.int64)
        if not known.fits(really):
            raise Contradiction(known.what_is_wrong(really, list(self.cells)))
        rows = {name: self._row(dict.fromkeys(cells, 1)) for name, cells in wanted.items()}
        others = [really]
        pinned = {}
        for name, row in rows.items():
            value = _sum(row, really)
            if all(_sum(row, other) == value for other in others):
                other = known.another(row, value)
                if other is None:
                    pinned[name] = value
                else:
                    others.append(other)
        return pinned


def _sum(row: tuple[tuple[int, int], ...], values: Whole) -> int:
    return sum(times * int(values[place]) for place, times in row)


class _Known:
    """What is known, as matrices: sums that are a value, and sums that are at least a value."""

    def __init__(
        self,
        equal: Mapping[tuple[tuple[int, int], ...], int],
        least: Mapping[tuple[tuple[int, int], ...], int],
        width: int,
    ) -> None:
        self.width = width
        self.equal, self.is_equal = _matrix(list(equal), width), numpy.array([*equal.values()], dtype=numpy.int64)
        self.least, self.is_least = _matrix(list(least), width), numpy.array([*least.values()], dtype=numpy.int64)
        self.both = vstack([self.equal, self.least]).tocsr()

    def fits(self, values: Whole) -> bool:
        """Whether these whole numbers agree with everything, without any rounding."""
        return bool(
            (values >= 0).all()
            and (self.equal @ values == self.is_equal).all()
            and (self.least @ values >= self.is_least).all()
        )

    def what_is_wrong(self, values: Whole, names: list[Hashable]) -> str:
        for matrix, wanted, wrong in (
            (self.equal, self.is_equal, self.equal @ values != self.is_equal),
            (self.least, self.is_least, self.least @ values < self.is_least),
        ):
            for number in numpy.flatnonzero(wrong):
                row = matrix.getrow(number)
                cells = [(names[place], int(values[place])) for place in row.indices]
                return f"{cells} is {int((matrix @ values)[number])} and not {wanted[number]}"
        return "a cell is below zero"

    def another(self, row: tuple[tuple[int, int], ...], value: int) -> Whole | None:
        """Another municipality in which this sum is not that value; None when there is none."""
        for sign in (1, -1):
            for found in (self._by_line(row, sign), self._by_whole_numbers(row, sign, value)):
                if found is not None and _sum(row, found) != value:
                    return found
        return None

    def _by_line(self, row: tuple[tuple[int, int], ...], sign: int) -> Whole | None:
        """Quick: as far from it as can be, when that happens to be in whole numbers."""
        aim = numpy.zeros(self.width)
        for place, times in row:
            aim[place] = -sign * times
        done = linprog(aim, -self.least, -self.is_least, self.equal, self.is_equal, (0, MOST), method="highs")
        return self._rounded(done.x)

    def _by_whole_numbers(self, row: tuple[tuple[int, int], ...], sign: int, value: int) -> Whole | None:
        """Thorough: any municipality at all with another value on this side."""
        own = _matrix([row], self.width)
        beyond = (value + 1, numpy.inf) if sign > 0 else (-numpy.inf, value - 1)
        limits = [
            LinearConstraint(self.equal, self.is_equal, self.is_equal),
            LinearConstraint(self.least, self.is_least, numpy.inf),
            LinearConstraint(own, *beyond),
        ]
        done = milp(numpy.zeros(self.width), constraints=limits, integrality=1, bounds=Bounds(0, MOST))
        found = self._rounded(done.x)
        if found is None and done.status != NOTHING_ELSE:
            raise ArithmeticError(f"the solver does not know: {done.message}")
        return found

    def _rounded(self, values: "numpy.ndarray[tuple[int], numpy.dtype[numpy.float64]] | None") -> Whole | None:
        if values is None:
            return None
        whole: Whole = numpy.rint(values).astype(numpy.int64)
        return whole if self.fits(whole) else None


def _matrix(rows: list[tuple[tuple[int, int], ...]], width: int) -> csr_matrix:
    data = [times for row in rows for _, times in row]
    at = [place for row in rows for place, _ in row]
    down = [number for number, row in enumerate(rows) for _ in row]
    return csr_matrix((numpy.array(data, dtype=numpy.int64), (down, at)), shape=(len(rows), width))
