"""The table of mail to residents that waits."""

from datetime import datetime

from sqlalchemy import Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from wijkteam.storage.columns import BigKey, Table


class ResidentMail(Table):
    """A mail to whoever gave a signal: about which one, and of which kind. Nothing of it is kept here, nor to whom.

    Where it goes is read from the signal when it is sent, so that nothing goes any more once that was emptied. The
    code in it is made only then, and is kept as a digest alone.
    """

    __tablename__ = "resident_mail"
    __table_args__ = (
        UniqueConstraint("subject_kind", "subject_id", "version"),
        Index("ix_resident_mail_waits", "ended_at", "send_after"),
    )

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    subject_kind: Mapped[str] = mapped_column(String(40))
    subject_id: Mapped[str] = mapped_column(String(12))
    version: Mapped[int]
    """The step that it tells of; 1 is that the signal was given, and tells the code."""
    asked_at: Mapped[datetime]
    send_after: Mapped[datetime]
    attempts: Mapped[int] = mapped_column(default=0)
    ended_at: Mapped[datetime | None]
    """When it was sent, or was given up or no longer needed."""
