"""The table of escalations."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from wijkteam.storage.columns import Table
from wijkteam.storage.subject import SubjectColumns


class Escalation(SubjectColumns, Table):
    """One question that someone higher on the ladder has to answer: what is needed, from whom."""

    __tablename__ = "escalation"
    __table_args__ = (
        CheckConstraint("state IN ('resolved', 'withdrawn') OR rung >= 1", name="open_has_rung"),
        CheckConstraint("state <> 'asked' OR respond_by IS NOT NULL", name="asked_has_respond_by"),
        Index("ix_escalation_state_rung", "state", "rung"),
    )
    workflow = "escalation"

    case_id: Mapped[str] = mapped_column(ForeignKey("household_case.id"), index=True)
    team_id: Mapped[int] = mapped_column(ForeignKey("team.id"))
    asked_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    kind: Mapped[str] = mapped_column(String(20))
    """question, or for_information: not stuck, but you should know."""
    question: Mapped[str] = mapped_column(Text)
    barrier: Mapped[str] = mapped_column(String(40), index=True)
    remedy: Mapped[str | None] = mapped_column(String(40))
    safety_at_stake: Mapped[bool] = mapped_column(default=False)
    ladder: Mapped[str] = mapped_column(String(40))
    rung: Mapped[int]
    highest_rung: Mapped[int]
    rung_since: Mapped[datetime]
    respond_by: Mapped[datetime | None]
    answer: Mapped[str | None] = mapped_column(Text)
    answered_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    answered_at: Mapped[datetime | None]
    agreed_step: Mapped[str | None] = mapped_column(Text)
    agreed_on: Mapped[date | None]
    result: Mapped[str | None] = mapped_column(Text)
    ended_at: Mapped[datetime | None]
