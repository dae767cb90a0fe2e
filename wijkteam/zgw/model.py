"""The tables of zaakgericht werken: which case is known elsewhere under which number, and what comes in from there."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import BigInteger, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from wijkteam.storage.columns import BigKey, Table


class ZaakState(StrEnum):
    """How a case, or what came in, stands with the case system."""

    WAITING = "waiting"
    DONE = "done"
    DEAD = "dead"
    """The case system refuses it, and it is not tried again by itself."""
    PASSED = "passed"
    """What came in is not for us."""


class Zaak(Table):
    """A case as the municipality's case system knows it.

    The case itself is the outbox: what stands here is how far its versions were published, so that nothing is lost and
    the order is that of its own chain. A worker leases the row by moving `send_after` ahead.
    """

    __tablename__ = "zaak"
    __table_args__ = (Index("ix_zaak_state_send_after", "state", "send_after"),)

    case_id: Mapped[str] = mapped_column(ForeignKey("household_case.id"), primary_key=True)
    number: Mapped[str] = mapped_column(String(40), unique=True)
    """Its `identificatie`: made from the id of the case, so that it is found back before it is made twice."""
    url: Mapped[str | None] = mapped_column(String(500))
    """None until it is there."""
    version: Mapped[int]
    """The version of the case that was published last; 0 before anything was."""
    told: Mapped[str] = mapped_column(String(64))
    """Digest of all that was published; empty before anything was."""
    state: Mapped[ZaakState] = mapped_column(String(10))
    send_after: Mapped[datetime]
    attempts: Mapped[int]
    last_error: Mapped[str | None] = mapped_column(String(200))
    """Status and codes only: an answer in words may repeat what was sent."""
    sent_at: Mapped[datetime | None]
    look_after: Mapped[datetime | None] = mapped_column(index=True)
    """When it is to be looked at there, because something was changed in it; None when nothing is to be looked at."""
    looks: Mapped[int] = mapped_column(default=0, server_default="0")
    """Counts each notification and each attempt to look: whoever wrote it last has the last word."""


class ZaakDecision(Table):
    """A decision that was published as a besluit."""

    __tablename__ = "zaak_decision"

    decision_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("decision.id"), primary_key=True)
    url: Mapped[str] = mapped_column(String(500))
    undone: Mapped[str | None] = mapped_column(String(20))
    """What the case system was told that became of it after an objection: revised or withdrawn."""


class ZaakDocument(Table):
    """A letter that was published as an informatieobject."""

    __tablename__ = "zaak_document"

    letter_id: Mapped[str] = mapped_column(ForeignKey("letter.id"), primary_key=True)
    url: Mapped[str] = mapped_column(String(500))


class ZaakNews(Table):
    """Something that somebody else changed in a zaak of ours: noticed once, until the owner of the case has seen it.

    Of what it says only the catalogue's own name for it is kept, never an explanation that somebody typed.
    """

    __tablename__ = "zaak_news"

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    case_id: Mapped[str] = mapped_column(ForeignKey("household_case.id"), index=True)
    resource: Mapped[str] = mapped_column(String(20))
    """status or resultaat; zaak when it cannot be read there any more."""
    url: Mapped[str] = mapped_column(String(500), unique=True)
    title: Mapped[str] = mapped_column(String(80))
    at: Mapped[datetime | None]
    noticed_at: Mapped[datetime]
    look_by: Mapped[date | None]
    """The last day for its owner to look at it; afterwards it is put to who leads the team too. None: from before."""
    seen_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    seen_at: Mapped[datetime | None]


class ZaakNotice(Table):
    """How far the notification system was told of a case; the case itself is the outbox, as with a zaak."""

    __tablename__ = "zaak_notice"
    __table_args__ = (Index("ix_zaak_notice_state_send_after", "state", "send_after"),)

    case_id: Mapped[str] = mapped_column(ForeignKey("household_case.id"), primary_key=True)
    version: Mapped[int]
    """The version of the case of which was told last; 0 before anything was."""
    state: Mapped[ZaakState] = mapped_column(String(10))
    send_after: Mapped[datetime]
    attempts: Mapped[int]
    last_error: Mapped[str | None] = mapped_column(String(200))
    sent_at: Mapped[datetime | None]


class ZaakIntake(Table):
    """A zaak elsewhere that becomes a signal here, once."""

    __tablename__ = "zaak_intake"
    __table_args__ = (Index("ix_zaak_intake_state_send_after", "state", "send_after"),)

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    url: Mapped[str] = mapped_column(String(500), unique=True)
    number: Mapped[str | None] = mapped_column(String(40))
    signal_id: Mapped[str | None] = mapped_column(ForeignKey("resident_signal.id"))
    state: Mapped[ZaakState] = mapped_column(String(10))
    send_after: Mapped[datetime]
    attempts: Mapped[int]
    last_error: Mapped[str | None] = mapped_column(String(200))
    arrived_at: Mapped[datetime]
    taken_at: Mapped[datetime | None]
