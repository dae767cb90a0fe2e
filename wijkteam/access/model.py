"""Tables of readings, and of what gives a ground for reading besides the work itself."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from wijkteam.storage.columns import BigKey, Table
from wijkteam.storage.subject import SubjectColumns


class Reading(Table):
    """Somebody read a case (or what hangs under it), or looked in the logs: who, on whose behalf, what, why, when.

    Never changed, deleted only on a signed list at the end of its term, and sealed every day. The fields are those that
    NEN 7513 asks of a log of access.
    """

    __tablename__ = "reading"
    __table_args__ = (
        Index("ix_reading_case_id_at", "case_id", "at"),
        Index("ix_reading_person_id_at", "person_id", "at"),
        Index("ix_reading_at", "at"),
        Index("ix_reading_ground_at", "ground", "at"),
    )

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    """Who; empty at the command line, where `account` says it."""
    case_id: Mapped[str | None] = mapped_column(ForeignKey("household_case.id"))
    """Of which case; empty when the logs were searched for no case in particular."""
    ground: Mapped[str] = mapped_column(String(20))
    what: Mapped[str] = mapped_column(String(60))
    at: Mapped[datetime]
    function: Mapped[str | None] = mapped_column(String(40))
    """The function that gives the ground, or in which the person works."""
    on_behalf_of: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    """Who is away, and whose function gives the ground."""
    ground_kind: Mapped[str | None] = mapped_column(String(40))
    """The escalation, request, share or broken glass on which the ground rests …"""
    ground_id: Mapped[str | None] = mapped_column(String(12))
    subject_kind: Mapped[str | None] = mapped_column(String(40))
    """What was read, where that is something under the case …"""
    subject_id: Mapped[str | None] = mapped_column(String(12))
    how: Mapped[str | None] = mapped_column(String(10))
    """page, document, export, print or command; empty in readings from before this was kept."""
    session_id: Mapped[int | None]
    """The number of the sign-in session."""
    address: Mapped[str | None] = mapped_column(String(45))
    account: Mapped[str | None] = mapped_column(String(60))
    """Whose account ran a command."""
    asked: Mapped[str | None] = mapped_column(String(300))
    """By what the logs were searched."""


class NamedReader(Table):
    """Somebody who may read an extra-protected case; nobody else does, whatever other ground there is."""

    __tablename__ = "named_reader"
    __table_args__ = (UniqueConstraint("case_id", "person_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[str] = mapped_column(ForeignKey("household_case.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    named_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    named_at: Mapped[datetime]


class BreakGlass(SubjectColumns, Table):
    """Somebody reads one case without any other ground, for a reason and a short time, and is asked about it after."""

    __tablename__ = "break_glass"
    workflow = "break_glass"

    case_id: Mapped[str] = mapped_column(ForeignKey("household_case.id"), index=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    reason: Mapped[str] = mapped_column(Text)
    until: Mapped[datetime]
    reviewed_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    judgement: Mapped[str | None] = mapped_column(String(20))
    """What the review found: justified, or not."""
    review: Mapped[str | None] = mapped_column(Text)
    ended_at: Mapped[datetime | None]


class GlassTry(Table):
    """One try to break the glass, also when it opened nothing. Only privacy officers read these."""

    __tablename__ = "glass_try"
    __table_args__ = (Index("ix_glass_try_person_id_at", "person_id", "at"),)

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime]
    sought: Mapped[str] = mapped_column(String(300))
    """What was typed: who or where, or the number of a case."""
    outcome: Mapped[str] = mapped_column(String(40))
    """opened, or the name of what in the workflow stopped it."""
    glass_id: Mapped[str | None] = mapped_column(ForeignKey("break_glass.id"))


class GuestAccess(SubjectColumns, Table):
    """Somebody of another organisation reads one case, for a period, on a legal ground of sharing."""

    __tablename__ = "guest_access"
    workflow = "guest_access"

    case_id: Mapped[str] = mapped_column(ForeignKey("household_case.id"), index=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    shared_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    purpose: Mapped[str] = mapped_column(Text)
    ground: Mapped[str] = mapped_column(String(40))
    """Code of a legal ground in the list of grounds for sharing, which names law and article."""
    categories: Mapped[str] = mapped_column(Text)
    """Which kinds of data are shared."""
    necessity: Mapped[str] = mapped_column(Text)
    informed_on: Mapped[date | None]
    not_informed_why: Mapped[str | None] = mapped_column(Text)
    first_day: Mapped[date]
    last_day: Mapped[date]
    ended_at: Mapped[datetime | None]
