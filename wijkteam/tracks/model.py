"""The table of tracks."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from wijkteam.storage.columns import Table
from wijkteam.storage.subject import SubjectColumns


class Track(SubjectColumns, Table):
    """One life domain of a household within its case: one goal, one worker, and always a next step while it is open."""

    __tablename__ = "track"
    __table_args__ = (
        CheckConstraint(
            "ended_at IS NOT NULL OR (next_step <> '' AND next_step_on IS NOT NULL)", name="open_track_has_next_step"
        ),
    )
    workflow = "track"

    case_id: Mapped[str] = mapped_column(ForeignKey("household_case.id"), index=True)
    team_id: Mapped[int] = mapped_column(ForeignKey("team.id"))
    life_domain: Mapped[str] = mapped_column(String(40))
    goal: Mapped[str] = mapped_column(Text)
    worker_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    next_step: Mapped[str] = mapped_column(Text)
    next_step_on: Mapped[date]
    waiting_for: Mapped[str | None] = mapped_column(Text)
    result: Mapped[str | None] = mapped_column(Text)
    """What was reached, or why it stopped."""
    ended_at: Mapped[datetime | None]
