"""The figures of the bestuurder's report, each with its definition."""

from dataclasses import dataclass, field
from datetime import date, datetime


@dataclass(frozen=True)
class Definition:
    """What a table counts, from which events, and what it leaves out."""

    code: str
    title: str
    meaning: str


@dataclass(frozen=True)
class Cell:
    """One figure; `value` is None where there is nothing to tell, `withheld` where it may not be told."""

    value: float | int | None
    withheld: bool = False


@dataclass(frozen=True)
class Row:
    """One line of a table."""

    key: str
    label: str
    cells: dict[str, Cell]
    part_of: str | None = None


@dataclass(frozen=True)
class Table:
    """Figures by line and column, with their definition."""

    definition: Definition
    columns: dict[str, str]
    rows: tuple[Row, ...]

    @property
    def telling(self) -> tuple[Row, ...]:
        """The rows to show where room is short: of a long table those in which anything is withheld or not zero."""
        if len(self.rows) <= SHORT:
            return self.rows
        return tuple(row for row in self.rows if any(cell.withheld or cell.value for cell in row.cells.values()))


SHORT = 8
"""So many rows a table may have that is always shown whole."""


@dataclass(frozen=True)
class EscalationReport:
    """What blocks our people, where, for how long, and what was not achieved."""

    municipality: str
    period_from: date
    period_until: date
    made_at: datetime
    headline: dict[str, Cell]
    tables: tuple[Table, ...]
    notes: tuple[str, ...] = field(default=())

    def table(self, code: str) -> Table:
        """The table of that code. Raises KeyError."""
        for each in self.tables:
            if each.definition.code == code:
                return each
        raise KeyError(code)
