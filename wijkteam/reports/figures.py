"""What a report is made of: cells in rows and columns, each with the definition of what was counted."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime

from wijkteam.engine.definition import Text

TOTAL = "total"


class WrongTable(ValueError):
    """The table does not hang together: a row, a column or a sum is not what the others say."""


@dataclass(frozen=True)
class Definition:
    """What a figure means, so that anyone can derive it again from the events."""

    code: str
    title: Text
    meaning: Text
    """What is counted, and on which moment it falls in the period."""
    sources: tuple[str, ...]
    """Events that it is derived from, written workflow.transition."""
    left_out: Text
    """What is not counted, and why."""


@dataclass(frozen=True)
class Column:
    """One measure of a table.

    How measures hang together decides what could be computed back (see withholding):
    - `adds_to`: this column and all others with the same `adds_to` together make up that column exactly;
    - `part_of`: a part of that column, while the rest stands nowhere (late, of all that was asked);
    - `rests_on`: no count but derived from the subjects of that column (a median, an average, a highest).
    """

    key: str
    title: Text
    meaning: Text
    adds_to: str | None = None
    part_of: str | None = None
    rests_on: str | None = None
    unit: Text | None = None


@dataclass(frozen=True)
class Cell:
    """One figure, and how many different households stand behind it.

    A value None that is not withheld means that there is nothing to tell, such as the median of no cases.
    A withheld cell keeps neither its value nor its number of households.
    """

    value: int | float | None
    households: int = 0
    withheld: bool = False


WITHHELD = Cell(value=None, households=0, withheld=True)


@dataclass(frozen=True)
class Line:
    """One row: a cell to every column of its table.

    `parent` is the key of the row that this one is a part of (a buurt's wijk), None under the totals.
    `words` are residents' own words that go with the row; they are left out where the row is withheld.
    """

    key: str
    label: Text
    cells: tuple[Cell, ...]
    parent: str | None = None
    words: tuple[str, ...] = ()


@dataclass(frozen=True)
class Table:
    """Rows and columns under one definition.

    `adds_up` says that every count of a row falls in that row only: rows without parent add up to the totals,
    and rows add up to their parent. Derived columns (`rests_on`) never add up.
    """

    definition: Definition
    columns: tuple[Column, ...]
    rows: tuple[Line, ...]
    totals: Line | None = None
    adds_up: bool = True

    def lines(self) -> Iterator[Line]:
        """All rows, and the totals where there are any."""
        yield from self.rows
        if self.totals is not None:
            yield self.totals

    def place_of(self, column: str) -> int:
        """Where this column stands. Raises WrongTable when the table does not have it."""
        for place, each in enumerate(self.columns):
            if each.key == column:
                return place
        raise WrongTable(f"table {self.definition.code} has no column '{column}'")

    def cell(self, line: Line, column: str) -> Cell:
        """The cell of this line under that column. Raises WrongTable when there is no such column."""
        return line.cells[self.place_of(column)]

    def with_lines(self, lines: dict[str, Line]) -> "Table":
        """The same table with other lines under the same keys; the totals stand under `TOTAL`."""
        totals = None if self.totals is None else lines[TOTAL]
        return replace(self, rows=tuple(lines[row.key] for row in self.rows), totals=totals)


@dataclass(frozen=True)
class EscalationReport:
    """What the bestuurder's escalation report tells, for escalations asked in a period.

    `period_from` and `period_to` are Dutch calendar days, both included; `made_at` is an aware moment. The
    rows of `per_buurt` have their wijk's key in `per_wijk` as parent. The totals of all tables on escalations
    are the municipality's, so equal where a column has the same key.
    """

    municipality: str
    period_from: date
    period_to: date
    made_at: datetime
    per_rung: Table
    per_barrier: Table
    waiting: Table
    per_wijk: Table
    per_buurt: Table
    not_achieved: Table
    approvals: Table | None = None

    def tables(self) -> dict[str, Table]:
        """The report's tables by name, in the order in which they are read."""
        found = {
            "per_rung": self.per_rung,
            "per_barrier": self.per_barrier,
            "waiting": self.waiting,
            "per_wijk": self.per_wijk,
            "per_buurt": self.per_buurt,
            "not_achieved": self.not_achieved,
        }
        return found if self.approvals is None else {**found, "approvals": self.approvals}
