"""The tables of residents' signals, of complaints about conduct, and of following one without an account."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column

from wijkteam.storage.columns import BigKey, Table
from wijkteam.storage.subject import SubjectColumns


class ResidentSignal(SubjectColumns, Table):
    """An idea, a complaint or a worry of a resident; it ends with telling back, or with why that was impossible."""

    __tablename__ = "resident_signal"
    __table_args__ = (
        CheckConstraint("state <> 'told' OR (answer IS NOT NULL AND told_on IS NOT NULL)", name="told_means_told"),
        CheckConstraint("state <> 'cannot_be_told' OR why_not_told IS NOT NULL", name="not_told_has_reason"),
    )
    workflow = "resident_signal"

    kind: Mapped[str] = mapped_column(String(20))
    words: Mapped[str] = mapped_column(Text)
    """What the resident said, in the resident's own words."""
    language: Mapped[str | None] = mapped_column(String(10))
    """The language of the page on which it was given; None where somebody who works here wrote it down."""
    words_in_dutch: Mapped[str | None] = mapped_column(Text)
    resident: Mapped[str | None] = mapped_column(String(300))
    contact: Mapped[str | None] = mapped_column(String(300))
    buurt_code: Mapped[str | None] = mapped_column(ForeignKey("buurt.code"), index=True)
    team_id: Mapped[int] = mapped_column(ForeignKey("team.id"), index=True)
    received_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    """Who wrote it down; None where the resident did so on the page."""
    followed: Mapped[bool] = mapped_column(default=False, server_default=false())
    """Whether the resident has a code to follow it, and so reads every answer on the page."""
    handler_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    promised_action: Mapped[str | None] = mapped_column(Text)
    promised_by: Mapped[str | None] = mapped_column(String(300))
    promised_on: Mapped[date | None]
    rung: Mapped[int | None]
    """The rung of the ladder where it lies or lay last, since the resident said that it did not help."""
    what_was_done: Mapped[str | None] = mapped_column(Text)
    answer: Mapped[str | None] = mapped_column(Text)
    told_how: Mapped[str | None] = mapped_column(String(40))
    told_on: Mapped[date | None]
    why_not_told: Mapped[str | None] = mapped_column(Text)
    why_not_a_signal: Mapped[str | None] = mapped_column(Text)
    judgement: Mapped[str | None] = mapped_column(String(20))
    judged_why: Mapped[str | None] = mapped_column(Text)


class ConductComplaint(SubjectColumns, Table):
    """A complaint about how somebody who works here behaved towards a resident (Awb chapter 9)."""

    __tablename__ = "conduct_complaint"
    __table_args__ = (
        CheckConstraint(
            "state NOT IN ('found', 'told') OR (findings IS NOT NULL AND conclusion IS NOT NULL)",
            name="told_means_found",
        ),
        CheckConstraint("state <> 'not_handled' OR not_handled_ground IS NOT NULL", name="not_handled_has_ground"),
        CheckConstraint("handler_id IS NULL OR about_id IS NULL OR handler_id <> about_id", name="handled_by_another"),
    )
    workflow = "conduct_complaint"

    words: Mapped[str] = mapped_column(Text)
    language: Mapped[str | None] = mapped_column(String(10))
    words_in_dutch: Mapped[str | None] = mapped_column(Text)
    about_whom: Mapped[str | None] = mapped_column(String(300))
    """Whom it is about, in the resident's own words."""
    resident: Mapped[str | None] = mapped_column(String(300))
    contact: Mapped[str | None] = mapped_column(String(300))
    buurt_code: Mapped[str | None] = mapped_column(ForeignKey("buurt.code"), index=True)
    team_id: Mapped[int] = mapped_column(ForeignKey("team.id"), index=True)
    """The team whose conduct it is about; nobody of it handles the complaint."""
    received_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    followed: Mapped[bool] = mapped_column(default=False, server_default=false())
    about_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    handler_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    confirmed_on: Mapped[date | None]
    """When receipt was confirmed in writing (Awb 9:6)."""
    copy_sent_on: Mapped[date | None]
    """When whom it is about got a copy (Awb 9:9)."""
    hearing_on: Mapped[date | None]
    hearing_how: Mapped[str | None] = mapped_column(String(300))
    hearing_waived: Mapped[str | None] = mapped_column(String(40))
    hearing_report: Mapped[str | None] = mapped_column(Text)
    findings: Mapped[str | None] = mapped_column(Text)
    conclusion: Mapped[str | None] = mapped_column(String(40))
    measures: Mapped[str | None] = mapped_column(Text)
    not_handled_ground: Mapped[str | None] = mapped_column(String(40))
    not_handled_why: Mapped[str | None] = mapped_column(Text)
    judgement: Mapped[str | None] = mapped_column(String(20))
    judged_why: Mapped[str | None] = mapped_column(Text)


class FollowCode(Table):
    """A code with which a resident follows one subject: only its digest, so that reading this opens nothing."""

    __tablename__ = "follow_code"
    __table_args__ = (UniqueConstraint("subject_kind", "subject_id", "mailed"),)

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    subject_kind: Mapped[str] = mapped_column(String(40))
    subject_id: Mapped[str] = mapped_column(String(12))
    digest: Mapped[str] = mapped_column(String(64), unique=True)
    mailed: Mapped[bool] = mapped_column(default=False, server_default=false())
    """Whether this one was mailed: made at that moment, beside the one that was shown on the page."""
    made_at: Mapped[datetime]


class PublicTry(Table):
    """That something came from an address to a page without account; kept a day, by a digest of that day alone."""

    __tablename__ = "public_try"
    __table_args__ = (Index("ix_public_try_place_purpose_at", "place", "purpose", "at"),)

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    place: Mapped[str] = mapped_column(String(64))
    purpose: Mapped[str] = mapped_column(String(10))
    at: Mapped[datetime] = mapped_column(index=True)
