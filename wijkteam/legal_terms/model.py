"""The table of running legal terms."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from wijkteam.storage.columns import Table
from wijkteam.storage.subject import SubjectColumns


class LegalTerm(SubjectColumns, Table):
    """One term that a law sets in a case. It keeps the length and the rules of the day on which it began."""

    __tablename__ = "legal_term"
    workflow = "legal_term"

    case_id: Mapped[str] = mapped_column(ForeignKey("household_case.id"), index=True)
    team_id: Mapped[int] = mapped_column(ForeignKey("team.id"))
    matter: Mapped[str] = mapped_column(String(40))
    """The code of the row in the table of legal terms."""
    concerns: Mapped[str | None] = mapped_column(Text)
    started_on: Mapped[date]
    started_time: Mapped[str | None] = mapped_column(String(5))
    """The time on Dutch clocks, for terms in hours: 14:30."""
    within: Mapped[str] = mapped_column(String(40))
    clock: Mapped[str] = mapped_column(String(20))
    days: Mapped[str] = mapped_column(String(10))
    """What moves an end on a day off: act, eu or none."""
    law: Mapped[str] = mapped_column(Text)
    standstills: Mapped[str] = mapped_column(Text, default="[]")
    """JSON: a list of days on which it stood still, as [noticed on, resumed on, reason]."""
    extensions: Mapped[str] = mapped_column(Text, default="[]")
    """JSON: a list of extensions, as [by, told on, whether the municipality named the day]."""
    suspended_on: Mapped[date | None]
    """The day of the notice by which it stands still now."""
    suspended_until: Mapped[date | None]
    """The last day of that, as far as is known."""
    suspension_reason: Mapped[str | None] = mapped_column(String(40))
    ends_on: Mapped[date]
    ends_at: Mapped[datetime]
    why_nl: Mapped[str] = mapped_column(Text)
    """Why it ends when it ends, step by step."""
    why_en: Mapped[str] = mapped_column(Text)
    met_on: Mapped[date | None]
    result: Mapped[str | None] = mapped_column(Text)
    """What was done, or why it no longer matters."""
    ended_at: Mapped[datetime | None]
