"""The tables of working without a connection: a key for each person on each device, and what was sent from there."""

from datetime import datetime

from sqlalchemy import ForeignKey, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from wijkteam.storage.columns import Table


class OfflineKey(Table):
    """What one person's copies on one device are encrypted with. The browser holds it only while they are signed in."""

    __tablename__ = "offline_key"
    __table_args__ = (UniqueConstraint("person_id", "device_digest"),)

    id: Mapped[str] = mapped_column(String(22), primary_key=True)
    """Random; stands beside what is encrypted with it, and tells nothing of whose it is."""
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    device_digest: Mapped[str] = mapped_column(String(64), index=True)
    """Of the mark that the browser of that device holds."""
    sealed: Mapped[bytes] = mapped_column(LargeBinary)
    """The key itself, sealed under the key ring, or without one under the app's own secret."""
    made_at: Mapped[datetime]
    used_at: Mapped[datetime] = mapped_column(index=True)


class SentOnce(Table):
    """One thing that a device sent, written in the same transaction as what it did: so a second time does nothing."""

    __tablename__ = "sent_once"

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    sending: Mapped[str] = mapped_column(String(36), primary_key=True)
    """A UUID that the device drew when the person pressed the button."""
    digest: Mapped[str] = mapped_column(String(64))
    """Of what was sent: the same number with other contents is another thing, and is refused."""
    case_id: Mapped[str | None] = mapped_column(ForeignKey("household_case.id"), index=True)
    """The case that it was about, or that it opened."""
    version: Mapped[int | None]
    """The version of the case that it made; None where it left the case itself as it was."""
    written_at: Mapped[datetime | None]
    """When it was written, as the device says; None where it was sent at once."""
    sent_at: Mapped[datetime] = mapped_column(index=True)
