"""Tables of lists of what is to be destroyed, of what stands on them, and of what is kept all the same."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from wijkteam.storage.columns import BigKey, Table
from wijkteam.storage.subject import SubjectColumns

LISTED, KEPT, DESTROYED = "listed", "kept", "destroyed"


class DestructionList(SubjectColumns, Table):
    """A list of records to destroy: one draws it up, another signs it, and it stays as proof without personal data."""

    __tablename__ = "destruction_list"
    __table_args__ = (
        CheckConstraint("signed_by IS NULL OR drawn_up_by IS NULL OR signed_by <> drawn_up_by", name="four_eyes"),
        CheckConstraint(
            "state NOT IN ('signed', 'carried_out') OR (signed_by IS NOT NULL AND signed_at IS NOT NULL)",
            name="signed_by_someone",
        ),
    )
    workflow = "destruction_list"

    drawn_up_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    """None where the clock drew it up."""
    reckoned_on: Mapped[date]
    """The day on which it was reckoned what may be destroyed."""
    listed: Mapped[int]
    """How many records stood on it at first."""
    items_digest: Mapped[str] = mapped_column(String(64))
    """SHA-256 over what was listed, so that nothing can be added afterwards."""
    signed_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    signed_at: Mapped[datetime | None]
    answer: Mapped[str | None] = mapped_column(Text)
    destroyed: Mapped[int | None]
    kept: Mapped[int | None]
    proof: Mapped[str | None] = mapped_column(String(64))
    """SHA-256 over the proofs of all that was destroyed."""
    ended_at: Mapped[datetime | None]


class DestructionItem(Table):
    """One record on a list. It names no person and no household."""

    __tablename__ = "destruction_item"
    __table_args__ = (
        UniqueConstraint("list_id", "subject_kind", "subject_id"),
        Index("ix_destruction_item_subject", "subject_kind", "subject_id"),
    )

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    list_id: Mapped[str] = mapped_column(ForeignKey("destruction_list.id"))
    subject_kind: Mapped[str] = mapped_column(String(40))
    subject_id: Mapped[str] = mapped_column(String(12))
    rule: Mapped[str] = mapped_column(String(40))
    """The row of the table of retention by which it may be destroyed."""
    law: Mapped[str] = mapped_column(String(200))
    destroy_from: Mapped[date]
    state: Mapped[str] = mapped_column(String(10), default=LISTED)
    reason: Mapped[str | None] = mapped_column(String(40))
    """Why it is kept all the same: a code of the table of retention."""
    done_at: Mapped[datetime | None]
    payloads: Mapped[int | None]
    """How many events had what they recorded erased."""
    proof: Mapped[str | None] = mapped_column(String(64))
    """SHA-256 over the heads of the chains that stay."""


class Scrubbing(Table):
    """The places of what was destroyed before this moment were written over in the database's own files."""

    __tablename__ = "scrubbing"

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    """When it began."""


class RetentionHold(Table):
    """Why one record is kept longer than the law asks, up to a last day or until further notice."""

    __tablename__ = "retention_hold"
    __table_args__ = (Index("ix_retention_hold_subject", "subject_kind", "subject_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    subject_kind: Mapped[str] = mapped_column(String(40))
    subject_id: Mapped[str] = mapped_column(String(12))
    reason: Mapped[str] = mapped_column(String(40))
    last_day: Mapped[date | None]
    """None is: until further notice."""
    set_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    set_at: Mapped[datetime]
    lifted_at: Mapped[datetime | None]


class Correction(SubjectColumns, Table):
    """A resident says that something recorded is wrong (AVG art. 16): it is put right, or the resident's words stay."""

    __tablename__ = "correction"
    __table_args__ = (
        CheckConstraint("state <> 'corrected' OR is_right IS NOT NULL", name="corrected_says_what_is_right"),
        CheckConstraint("state <> 'refused' OR why_not IS NOT NULL", name="refused_has_reason"),
    )
    workflow = "correction"

    case_id: Mapped[str] = mapped_column(ForeignKey("household_case.id"), index=True)
    about_event: Mapped[int]
    """The number of the event of the case in which it was recorded."""
    asked_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    """Who wrote the request down."""
    what_is_wrong: Mapped[str] = mapped_column(Text)
    statement: Mapped[str | None] = mapped_column(Text)
    """In the resident's own words; it stays beside the record, also after a refusal."""
    is_right: Mapped[str | None] = mapped_column(Text)
    struck: Mapped[bool] = mapped_column(default=False)
    """Whether the old text was erased, and not only noted to be wrong."""
    why_not: Mapped[str | None] = mapped_column(Text)
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    ended_at: Mapped[datetime | None]
