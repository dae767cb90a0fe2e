"""The table of residents' requests about their own data."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from wijkteam.storage.columns import Table
from wijkteam.storage.subject import SubjectColumns


class DataRequest(SubjectColumns, Table):
    """A resident's request by AVG art. 15 to 22; it ends only told, withdrawn, or with why it could not be told."""

    __tablename__ = "data_request"
    __table_args__ = (
        CheckConstraint(
            "state <> 'told' OR (outcome IS NOT NULL AND answer IS NOT NULL AND told_on IS NOT NULL)",
            name="told_means_told",
        ),
        CheckConstraint("state <> 'not_told' OR why_not_told IS NOT NULL", name="not_told_has_reason"),
        CheckConstraint("state <> 'withdrawn' OR (answer IS NOT NULL AND told_on IS NOT NULL)", name="withdrawn_told"),
    )
    workflow = "data_request"

    kind: Mapped[str] = mapped_column(String(20))
    """Which right: access (15), rectification (16), erasure (17), restriction (18), portability (20) …"""
    words: Mapped[str] = mapped_column(Text)
    """What the resident asks, in the resident's own words."""
    received_on: Mapped[date]
    requester: Mapped[str | None] = mapped_column(String(300))
    contact: Mapped[str | None] = mapped_column(String(300))
    household_id: Mapped[int | None] = mapped_column(ForeignKey("household.id"), index=True)
    """About which household; empty for somebody whom we do not know, or not yet."""
    received_by: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    handler_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    identity_what: Mapped[str | None] = mapped_column(Text)
    """What was asked to be sure who asks (AVG art. 12(6)); never a copy of a document."""
    identity_asked_on: Mapped[date | None]
    identity_by: Mapped[date | None]
    identity_how: Mapped[str | None] = mapped_column(String(300))
    identity_sure_on: Mapped[date | None]
    suspended_days: Mapped[int] = mapped_column(default=0)
    """For how many days the term stood still while we waited for proof of who asks."""
    extended: Mapped[bool] = mapped_column(default=False)
    extended_why: Mapped[str | None] = mapped_column(Text)
    extended_told_on: Mapped[date | None]
    asked_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    """Who was asked last what only they know, such as the owner of a case."""
    question: Mapped[str | None] = mapped_column(Text)
    answer_by: Mapped[date | None]
    contribution: Mapped[str | None] = mapped_column(Text)
    """What they answered."""
    contributed_on: Mapped[date | None]
    outcome: Mapped[str | None] = mapped_column(String(20))
    """granted, partly or refused."""
    refusal_ground: Mapped[str | None] = mapped_column(String(40))
    what_was_done: Mapped[str | None] = mapped_column(Text)
    receivers_told: Mapped[str | None] = mapped_column(Text)
    """Which receivers of the data were told of it, or why not (AVG art. 19)."""
    answer: Mapped[str | None] = mapped_column(Text)
    """What the resident was told, or is going to be told."""
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    decided_at: Mapped[datetime | None]
    told_how: Mapped[str | None] = mapped_column(String(20))
    told_on: Mapped[date | None]
    why_not_told: Mapped[str | None] = mapped_column(Text)
    ended_at: Mapped[datetime | None]
