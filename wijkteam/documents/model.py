"""The table of documents."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from wijkteam.storage.columns import BigKey, Table


class Document(Table):
    """A file that belongs to a subject; read on the grounds of that subject. Never altered once it is there."""

    __tablename__ = "document"
    __table_args__ = (Index("ix_document_subject", "subject_kind", "subject_id"),)

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    subject_kind: Mapped[str] = mapped_column(String(40))
    subject_id: Mapped[str] = mapped_column(String(12))
    purpose: Mapped[str] = mapped_column(String(20))
    """attachment, letter or case_file."""
    name: Mapped[str] = mapped_column(String(200))
    media_type: Mapped[str] = mapped_column(String(100))
    size: Mapped[int]
    """In bytes."""
    digest: Mapped[str] = mapped_column(String(64))
    """SHA-256 of the content."""
    content: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    """Only read when it is asked for."""
    added_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    added_at: Mapped[datetime]
