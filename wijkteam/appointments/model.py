"""Tables of appointments, and of the secret addresses under which a person's calendar reads them."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from wijkteam.storage.columns import BigKey, Table
from wijkteam.storage.subject import SubjectColumns


class Appointment(SubjectColumns, Table):
    """An appointment of a case: one of us, somebody else, a moment."""

    __tablename__ = "appointment"
    __table_args__ = (CheckConstraint("minutes > 0", name="appointment_lasts"),)
    workflow = "appointment"

    case_id: Mapped[str] = mapped_column(ForeignKey("household_case.id"), index=True)
    goer_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    """Who of us goes."""
    what_for: Mapped[str] = mapped_column(String(300))
    with_whom: Mapped[str | None] = mapped_column(String(300))
    place: Mapped[str | None] = mapped_column(String(300))
    starts_at: Mapped[datetime] = mapped_column(index=True)
    minutes: Mapped[int]
    is_next_step: Mapped[bool] = mapped_column(default=False)
    """Whether it stands on the case as its next step, so that moving it moves that too."""
    result: Mapped[str | None] = mapped_column(Text)
    """How it went, or why it did not happen."""
    ended_at: Mapped[datetime | None]


class CalendarFeed(Table):
    """The secret address of somebody's calendar, of which only a digest is kept. A new one ends the one before."""

    __tablename__ = "calendar_feed"

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    digest: Mapped[str] = mapped_column(String(64), unique=True)
    """SHA-256 of the secret."""
    with_names: Mapped[bool]
    """Whether it tells whom an appointment is about; else only when, and that there is one."""
    made_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    logged_at: Mapped[datetime | None]
    """When a reading through it was last written in the log."""
