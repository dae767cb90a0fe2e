"""The table of what can be found: no text as it was written, only its folded words, and of whom it is."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from wijkteam.storage.columns import BigKey, Table

AS_VECTOR = "array_to_tsvector(string_to_array(terms, ' '))"
"""How PostgreSQL looks at the terms; SQLite keeps them in its own index (FTS5), which triggers keep in step."""


class SearchEntry(Table):
    """What one row of another table can be found by. Who may read it follows from the one of four that is filled in."""

    __tablename__ = "search_entry"
    __table_args__ = (
        UniqueConstraint("kind", "ref"),
        Index("ix_search_entry_terms", text(AS_VECTOR), postgresql_using="gin").ddl_if(dialect="postgresql"),
    )

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    kind: Mapped[str] = mapped_column(String(20))
    """note, or the kind of a source; see `wijkteam.search.sources`."""
    ref: Mapped[str] = mapped_column(String(12))
    """The id of that row."""
    case_id: Mapped[str | None] = mapped_column(ForeignKey("household_case.id"), index=True)
    household_id: Mapped[int | None] = mapped_column(ForeignKey("household.id"), index=True)
    signal_id: Mapped[str | None] = mapped_column(ForeignKey("resident_signal.id"), index=True)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    names: Mapped[str] = mapped_column(Text)
    """The parts of its names, folded, with blanks between."""
    terms: Mapped[str] = mapped_column(Text)
    """Everything it can be found by, with blanks between; of notes see `wijkteam.search.notes`."""


class CaseToCompare(Table):
    """A case that was just opened, to be compared with those of others later: opening takes no longer for it."""

    __tablename__ = "case_to_compare"

    case_id: Mapped[str] = mapped_column(ForeignKey("household_case.id"), primary_key=True)


class PossibleDouble(Table):
    """Somebody who cannot read this case opened one like it. Its owner is told by whom; which case is not kept."""

    __tablename__ = "possible_double"

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    case_id: Mapped[str] = mapped_column(ForeignKey("household_case.id"), index=True)
    opened_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    found_at: Mapped[datetime]
    seen_at: Mapped[datetime | None]
