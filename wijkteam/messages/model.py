"""Tables of outgoing mail, and of how each person wants it."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from wijkteam.storage.columns import BigKey, Table


class MessageState(StrEnum):
    """Where a message is on its way out."""

    WAITING = "waiting"
    SENT = "sent"
    DEAD = "dead"
    """It could not be delivered, and is not tried again by itself."""
    DROPPED = "dropped"
    """Somebody decided that it need not go any more."""
    UNNEEDED = "unneeded"
    """All of it had been read in the system, or its person has left."""


class MailChoice(StrEnum):
    """How a person wants to be told by mail."""

    AT_ONCE = "at_once"
    """What asks something of me at once, the rest once a day."""
    DAILY = "daily"
    """Everything once a day."""
    NONE = "none"


class Message(Table):
    """One mail to one person, about the notices that name it: at once, or the daily one of a day.

    A worker that sends it first moves `send_after` ahead and counts the attempt: if it is killed, another takes over
    at that moment. `mail_id` is the Message-ID, made once, by which a mail that arrives twice can be recognised.
    """

    __tablename__ = "message"
    __table_args__ = (
        UniqueConstraint("person_id", "digest_day"),
        Index("ix_message_state_send_after", "state", "send_after"),
    )

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    digest_day: Mapped[date | None]
    """The day of which this is the daily mail; None when it went at once."""
    mail_id: Mapped[str] = mapped_column(String(200), unique=True)
    created_at: Mapped[datetime]
    state: Mapped[MessageState] = mapped_column(String(10))
    send_after: Mapped[datetime]
    attempts: Mapped[int] = mapped_column(default=0)
    last_error: Mapped[str | None] = mapped_column(Text)
    sent_at: Mapped[datetime | None]
    ended_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    end_reason: Mapped[str | None] = mapped_column(Text)


class MailPreference(Table):
    """How a person wants mail; without a row: at once what asks something, the rest once a day, in Dutch."""

    __tablename__ = "mail_preference"

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    choice: Mapped[MailChoice] = mapped_column(String(10))
    language: Mapped[str] = mapped_column(String(2), default="nl", server_default="nl")
    """The language that this person chose last on the pages: mail to them is in it too."""
    changed_at: Mapped[datetime]
