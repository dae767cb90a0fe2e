"""The tables of webhooks: who is told of what, and what is on its way out."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from wijkteam.storage.columns import BigKey, Table


class DeliveryState(StrEnum):
    """Where an event is on its way to one receiver."""

    WAITING = "waiting"
    SENT = "sent"
    DEAD = "dead"
    """The receiver did not take it, and it is not tried again by itself."""
    UNNEEDED = "unneeded"
    """The webhook was ended, or what it is about may not leave any more."""


class WebhookSubscription(Table):
    """A receiver: where it listens, and of which kinds of subjects it hears. Ended ones stay, as a record."""

    __tablename__ = "webhook_subscription"

    id: Mapped[str] = mapped_column(String(12), primary_key=True)
    name: Mapped[str] = mapped_column(String(60))
    url: Mapped[str] = mapped_column(String(500))
    kinds: Mapped[str] = mapped_column(String(500))
    """Kinds of subjects, with a space before and after each."""
    secret: Mapped[bytes] = mapped_column(LargeBinary)
    """What events are signed with, sealed for this row under the key ring."""
    made_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    made_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    ended_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    """Who ended it; None where the receiver said that it is gone (410)."""


class WebhookDelivery(Table):
    """One step of one subject on its way to one receiver: written in the transaction of the step, sent once each.

    A worker that sends it first moves `send_after` ahead and counts the attempt: if it is killed, another takes over
    at that moment. The receiver knows what comes twice by the event's id, which is reckoned from what stands here.
    """

    __tablename__ = "webhook_delivery"
    __table_args__ = (
        UniqueConstraint("subscription_id", "subject_kind", "subject_id", "sequence"),
        Index("ix_webhook_delivery_state_send_after", "state", "send_after"),
    )

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    subscription_id: Mapped[str] = mapped_column(ForeignKey("webhook_subscription.id"))
    subject_kind: Mapped[str] = mapped_column(String(40))
    subject_id: Mapped[str] = mapped_column(String(12))
    case_id: Mapped[str | None] = mapped_column(String(12))
    """The case that it hangs under, for asking anew whether anything about it may leave."""
    sequence: Mapped[int]
    name: Mapped[str] = mapped_column(String(60))
    at: Mapped[datetime]
    state: Mapped[DeliveryState] = mapped_column(String(10))
    send_after: Mapped[datetime]
    attempts: Mapped[int]
    last_error: Mapped[str | None] = mapped_column(String(200))
    """What went wrong the last time, in our words: nothing of what the receiver answered."""
    sent_at: Mapped[datetime | None]
