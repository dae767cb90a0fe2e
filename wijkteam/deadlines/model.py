"""The table of deadlines."""

from datetime import datetime

from sqlalchemy import Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from wijkteam.storage.columns import BigKey, Table


class Deadline(Table):
    """The moment by which a subject must have left a state; open until met or fired.

    `met_at` says when the subject moved on in time or too late; `fired_at` when the missed term did its work.
    """

    __tablename__ = "deadline"
    __table_args__ = (
        Index(
            "ix_deadline_open_in_order",
            "due_at",
            "id",
            sqlite_where=text("ended_at IS NULL"),
            postgresql_where=text("ended_at IS NULL"),
        ),
        Index("ix_deadline_subject", "subject_id", "ended_at"),
    )

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    subject_kind: Mapped[str] = mapped_column(String(40))
    subject_id: Mapped[str] = mapped_column(String(12))
    state: Mapped[str] = mapped_column(String(40))
    due_at: Mapped[datetime]
    set_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    fired: Mapped[bool] = mapped_column(default=False)
