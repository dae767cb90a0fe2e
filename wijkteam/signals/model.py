"""The table of residents' signals."""

from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from wijkteam.storage.columns import Table
from wijkteam.storage.subject import SubjectColumns


class ResidentSignal(SubjectColumns, Table):
    """A suggestion or complaint of a resident; it ends only with telling back, or with why that was impossible."""

    __tablename__ = "resident_signal"
    __table_args__ = (
        CheckConstraint("state <> 'told' OR (answer IS NOT NULL AND told_on IS NOT NULL)", name="told_means_told"),
        CheckConstraint("state <> 'cannot_be_told' OR why_not_told IS NOT NULL", name="not_told_has_reason"),
    )
    workflow = "resident_signal"

    kind: Mapped[str] = mapped_column(String(20))
    words: Mapped[str] = mapped_column(Text)
    """What the resident said, in the resident's own words."""
    resident: Mapped[str | None] = mapped_column(String(300))
    contact: Mapped[str | None] = mapped_column(String(300))
    buurt_code: Mapped[str | None] = mapped_column(ForeignKey("buurt.code"), index=True)
    team_id: Mapped[int] = mapped_column(ForeignKey("team.id"), index=True)
    received_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    handler_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    what_was_done: Mapped[str | None] = mapped_column(Text)
    answer: Mapped[str | None] = mapped_column(Text)
    told_how: Mapped[str | None] = mapped_column(String(40))
    told_on: Mapped[date | None]
    why_not_told: Mapped[str | None] = mapped_column(Text)
