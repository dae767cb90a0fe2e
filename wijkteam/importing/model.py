"""Tables of imports: which file came in, and what each of its rows became. Nothing of what stood in a row is kept."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from wijkteam.keys.sealing import Place
from wijkteam.storage.columns import BigKey, Table

CHECKED, RUNNING, DONE, UNDOING, UNDONE, DROPPED = "checked", "running", "done", "undoing", "undone", "dropped"
ADDED, KNOWN, REOPENED, FAILED = "added", "known", "reopened", "failed"
TAKEN_BACK, STAYS, KEPT = "taken_back", "stays", "kept"
LIVING = text("state NOT IN ('checked', 'undone', 'dropped')")
"""While a file came in, or is coming in, the same file does not come in once more."""


class DataImport(Table):
    """One file that was brought in, or is about to be."""

    __tablename__ = "data_import"
    __table_args__ = (
        Index("uq_data_import_living", "digest", "what", unique=True, sqlite_where=LIVING, postgresql_where=LIVING),
        CheckConstraint("state NOT IN ('undoing', 'undone') OR undone_why IS NOT NULL", name="undone_says_why"),
    )

    id: Mapped[str] = mapped_column(String(12), primary_key=True)
    name: Mapped[str] = mapped_column(String(200))
    """The name of the file."""
    digest: Mapped[str] = mapped_column(String(64))
    """SHA-256 of the file."""
    what: Mapped[str] = mapped_column(String(20))
    """One kind of rows, or workbook."""
    state: Mapped[str] = mapped_column(String(10))
    rows: Mapped[int]
    """How many rows the file holds."""
    begun_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    begun_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    undone_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    undone_at: Mapped[datetime | None]
    undone_why: Mapped[str | None] = mapped_column(Text)
    content_sealed: Mapped[bytes | None] = mapped_column(LargeBinary, deferred=True)
    """The file itself, sealed for this row alone, only while it waits to come in from a page."""

    @property
    def place(self) -> Place:
        """Where its content is kept."""
        return Place("data_import", "content_sealed", self.id)


class ImportedRow(Table):
    """What one row of a file became; once for each row, so that nothing comes in twice."""

    __tablename__ = "imported_row"
    __table_args__ = (
        UniqueConstraint("import_id", "kind", "row"),
        Index("ix_imported_row_key", "kind", "key_digest"),
        Index("ix_imported_row_subject", "kind", "subject_id"),
    )

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    import_id: Mapped[str] = mapped_column(ForeignKey("data_import.id"))
    kind: Mapped[str] = mapped_column(String(20))
    row: Mapped[int]
    """The line of the file or the row of the sheet; the names of the columns stand in row 1."""
    outcome: Mapped[str] = mapped_column(String(10))
    subject_id: Mapped[str | None] = mapped_column(String(20))
    """The number of what it became."""
    version: Mapped[int | None]
    """The version of that subject when it had come in."""
    mark: Mapped[str | None] = mapped_column(String(64))
    """SHA-256 of what it was when it had come in, where it has no version."""
    key_digest: Mapped[str | None] = mapped_column(String(64))
    """SHA-256 of the key by which other rows name it; the key itself is not kept."""
    why_nl: Mapped[str | None] = mapped_column(String(300))
    """Why it did not come in, or why it is kept while the rest was undone; nothing of what stood in the row."""
    why_en: Mapped[str | None] = mapped_column(String(300))
