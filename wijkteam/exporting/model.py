"""The table of exports of everything: who asked for one and why, who consented to numbers, and what was made."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from wijkteam.storage.columns import Table
from wijkteam.storage.subject import SubjectColumns


class FullExport(SubjectColumns, Table):
    """Everything was taken out, or somebody asked for it; the file itself is kept nowhere here."""

    __tablename__ = "full_export"
    __table_args__ = (
        CheckConstraint("consented_by IS NULL OR consented_by <> asked_by", name="four_eyes"),
        CheckConstraint("state <> 'made' OR NOT with_bsn OR consented_by IS NOT NULL", name="bsn_has_consent"),
        CheckConstraint("state <> 'made' OR digest IS NOT NULL", name="made_has_digest"),
    )
    workflow = "full_export"

    asked_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    why: Mapped[str] = mapped_column(Text)
    with_bsn: Mapped[bool]
    consented_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    answer: Mapped[str | None] = mapped_column(Text)
    """Why it was refused."""
    digest: Mapped[str | None] = mapped_column(String(64))
    """SHA-256 of the manifest, which names that of every file."""
    made_at: Mapped[datetime | None]
