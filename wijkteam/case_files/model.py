"""The table of documents of a case; the files themselves stand in the table of documents."""

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from wijkteam.storage.columns import Table
from wijkteam.storage.subject import SubjectColumns


class CaseFile(SubjectColumns, Table):
    """One file that was added to a case. Once removed its content is gone, and only that it was there stays."""

    __tablename__ = "case_file"
    workflow = "case_file"

    case_id: Mapped[str] = mapped_column(ForeignKey("household_case.id"), index=True)
    added_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    name: Mapped[str] = mapped_column(String(200))
    why: Mapped[str | None] = mapped_column(String(300))
    """What it is, or what it is kept for."""
    digest: Mapped[str] = mapped_column(String(64))
    """SHA-256 of the content."""
    removed_at: Mapped[datetime | None]
