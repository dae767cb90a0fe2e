"""What can be asked about imports: which there were, and what their rows became. Never what stood in a row."""

from dataclasses import dataclass, field

from sqlalchemy import select
from sqlalchemy.orm import Session

from wijkteam.importing.columns import KINDS
from wijkteam.importing.known import find_import
from wijkteam.importing.model import DROPPED, FAILED, KEPT, STAYS, DataImport, ImportedRow
from wijkteam.importing.service import counts
from wijkteam.people import queries as people

MOST_LISTED = 500


@dataclass(frozen=True)
class ListedRow:
    """A row that asks attention: which, and why."""

    sheet: str
    row: int
    outcome: str
    why_nl: str
    why_en: str


@dataclass(frozen=True)
class ShownImport:
    """An import with what became of its rows."""

    of: DataImport
    by: str
    undone_by: str
    became: dict[str, dict[str, int]] = field(default_factory=dict)
    """How many rows by the sheet of their kind, by outcome."""
    failed: list[ListedRow] = field(default_factory=list)
    kept: list[ListedRow] = field(default_factory=list)
    """What was not undone."""

    @property
    def done(self) -> int:
        """How many rows were brought in, or were here already."""
        return sum(count for each in self.became.values() for outcome, count in each.items() if outcome != FAILED)


def imports(session: Session) -> list[DataImport]:
    """All imports but those that were put away before they came in, the newest first."""
    rows = select(DataImport).where(DataImport.state != DROPPED)
    return list(session.scalars(rows.order_by(DataImport.begun_at.desc(), DataImport.id)))


def shown_import(session: Session, import_id: str) -> ShownImport | None:
    """One import with what became of its rows; None when there is no such."""
    found = find_import(session, import_id)
    if found is None:
        return None
    became: dict[str, dict[str, int]] = {}
    counted = counts(session, import_id)
    for kind in KINDS.values():
        mine = {outcome: count for (key, outcome), count in sorted(counted.items()) if key == kind.key}
        if mine:
            became[kind.sheet] = mine
    return ShownImport(
        found,
        people.name(session, found.begun_by),
        people.name(session, found.undone_by),
        became,
        _listed(session, import_id, (FAILED,)),
        _listed(session, import_id, (KEPT, STAYS)),
    )


def _listed(session: Session, import_id: str, outcomes: tuple[str, ...]) -> list[ListedRow]:
    rows = select(ImportedRow).where(ImportedRow.import_id == import_id, ImportedRow.outcome.in_(outcomes))
    return [
        ListedRow(KINDS[each.kind].sheet, each.row, each.outcome, each.why_nl or "", each.why_en or "")
        for each in session.scalars(rows.order_by(ImportedRow.id).limit(MOST_LISTED))
    ]
