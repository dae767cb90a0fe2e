"""What verification finds: where, what is wrong, and which sort of change that is."""

from dataclasses import dataclass
from enum import StrEnum


class Change(StrEnum):
    """What was done to a log, or to what follows from it."""

    CHANGED = "changed"
    REMOVED = "removed"
    REORDERED = "reordered"
    INSERTED = "inserted"
    ROW = "row"
    """A subject's own row says something else than its events."""
    KEY = "key"
    """The key of what was recorded is not there, or does not open."""
    SEAL = "seal"
    SIGNATURE = "signature"


@dataclass(frozen=True)
class Break:
    """Something in a log or in a subject that does not agree with the rest."""

    subject_kind: str
    subject_id: str
    sequence: int | None
    wrong: str
    change: Change = Change.CHANGED
    row_id: int | None = None
    """The number of the row in its table, where one row is meant."""

    def __str__(self) -> str:
        """One line: where, and what is wrong."""
        place = f"{self.subject_kind} {self.subject_id}"
        row = f" (row {self.row_id})" if self.row_id is not None else ""
        return f"{place} event {self.sequence}{row}: {self.wrong}" if self.sequence else f"{place}: {self.wrong}"
