"""Tables of the event log and of outgoing notices."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from wijkteam.storage.columns import BigKey, Table


class Event(Table):
    """One step of one subject. Never changed and never deleted; only its payload can be erased.

    The payload (what was filled in, what changed) stands apart from the chain: the chain covers its digest.
    """

    __tablename__ = "event"
    __table_args__ = (
        UniqueConstraint("subject_kind", "subject_id", "sequence"),
        Index("ix_event_at", "at"),
        Index("ix_event_name_at", "subject_kind", "name", "at"),
    )

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    subject_kind: Mapped[str] = mapped_column(String(40))
    subject_id: Mapped[str] = mapped_column(String(12))
    sequence: Mapped[int]
    name: Mapped[str] = mapped_column(String(60))
    state_from: Mapped[str | None] = mapped_column(String(40))
    state_to: Mapped[str] = mapped_column(String(40))
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    mandate_id: Mapped[int | None] = mapped_column(ForeignKey("mandate.id"))
    at: Mapped[datetime]
    payload: Mapped[str | None] = mapped_column(Text)
    payload_digest: Mapped[str] = mapped_column(String(64))
    previous_hash: Mapped[str] = mapped_column(String(64))
    hash: Mapped[str] = mapped_column(String(64))


class Notice(Table):
    """Something a person is told because of a step."""

    __tablename__ = "notice"
    __table_args__ = (Index("ix_notice_person_id_read_at", "person_id", "read_at"),)

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    subject_kind: Mapped[str] = mapped_column(String(40))
    subject_id: Mapped[str] = mapped_column(String(12))
    about: Mapped[str] = mapped_column(String(60))
    sent_at: Mapped[datetime]
    read_at: Mapped[datetime | None]
