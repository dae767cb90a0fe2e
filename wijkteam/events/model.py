"""Tables of the event log and of outgoing notices."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from wijkteam.storage.columns import BigKey, Table


class Event(Table):
    """One step of one subject. Never changed and never deleted; only its payload can be erased.

    The payload (what was filled in, what changed) stands apart from the chain: the chain covers its digest. It is
    sealed under the key of its record; only this room reads it (see `wijkteam.events.contents`).
    """

    __tablename__ = "event"
    __table_args__ = (
        UniqueConstraint("subject_kind", "subject_id", "sequence"),
        Index("ix_event_at", "at"),
        Index("ix_event_actor_id_at", "actor_id", "at"),
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


LIVING = text("destroyed_at IS NULL")


class PayloadKey(Table):
    """The key under which all that events record of one record is sealed, itself sealed under the key ring.

    One for a case with everything within it, one for any other subject. Destroying it (the row stays, without the key,
    as proof) makes every copy of those payloads unreadable. What is recorded after that gets a key of its own.
    """

    __tablename__ = "payload_key"
    __table_args__ = (
        Index(
            "uq_payload_key_living",
            "subject_kind",
            "subject_id",
            unique=True,
            sqlite_where=LIVING,
            postgresql_where=LIVING,
        ),
        CheckConstraint("(wrapped IS NULL) = (destroyed_at IS NOT NULL)", name="there_or_destroyed"),
    )

    id: Mapped[str] = mapped_column(String(12), primary_key=True)
    subject_kind: Mapped[str] = mapped_column(String(40))
    subject_id: Mapped[str] = mapped_column(String(12))
    wrapped: Mapped[bytes | None] = mapped_column(LargeBinary)
    """Sealed for this row alone; begins with the id of its key in the ring (see `wijkteam.keys.sealing`)."""
    made_at: Mapped[datetime]
    destroyed_at: Mapped[datetime | None]


class Mail(StrEnum):
    """When a notice is also told by mail, for who wants it so."""

    NOW = "now"
    """At once: it asks something of this person, or everybody must hear it at once."""
    DAILY = "daily"
    """With all other news of the day."""


TO_MAIL = text("mail IS NOT NULL AND message_id IS NULL AND read_at IS NULL")
"""Told in no mail yet, and not read in the system either."""


class Notice(Table):
    """Something a person is told because of a step: in the system, and by mail.

    It is its own place in the outbox: written in the transaction of the step, and told by the one message that it
    names in the end. One from before there was mail says nothing in `mail`.
    """

    __tablename__ = "notice"
    __table_args__ = (
        Index("ix_notice_person_id_read_at", "person_id", "read_at"),
        Index("ix_notice_to_mail", "person_id", sqlite_where=TO_MAIL, postgresql_where=TO_MAIL),
    )

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    subject_kind: Mapped[str] = mapped_column(String(40))
    subject_id: Mapped[str] = mapped_column(String(12))
    about: Mapped[str] = mapped_column(String(60))
    sent_at: Mapped[datetime]
    read_at: Mapped[datetime | None]
    mail: Mapped[Mail | None] = mapped_column(String(8))
    message_id: Mapped[int | None] = mapped_column(BigKey, ForeignKey("message.id"), index=True)


class Erasure(Table):
    """What was recorded about a subject was erased on purpose: all of it, or of one event.

    Without such a row a payload that is gone is a break in the log.
    """

    __tablename__ = "erasure"
    __table_args__ = (UniqueConstraint("subject_kind", "subject_id", "sequence"),)

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    subject_kind: Mapped[str] = mapped_column(String(40))
    subject_id: Mapped[str] = mapped_column(String(12))
    sequence: Mapped[int] = mapped_column(default=0)
    """The event whose payload was erased; 0 is: of every event."""
    at: Mapped[datetime]
    list_id: Mapped[str | None] = mapped_column(ForeignKey("destruction_list.id"), index=True)
    """The signed list on which it was destroyed; None for a correction, which is an event of the subject itself."""
