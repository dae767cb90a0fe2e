"""The tables of seals, and of readings that were destroyed at the end of their term."""

from datetime import date, datetime

from sqlalchemy import BigInteger, ForeignKey, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from wijkteam.storage.columns import Table


class LogSeal(Table):
    """What stood in one log, from where the seal before it ended up to the last row of this one. Never changed.

    The head of a seal covers everything in it and the head of the seal before; it is signed, and can be kept elsewhere.
    """

    __tablename__ = "log_seal"
    __table_args__ = (UniqueConstraint("log", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    log: Mapped[str] = mapped_column(String(10))
    """event or reading."""
    number: Mapped[int]
    """Counts the seals of one log from 1."""
    day: Mapped[date]
    """The day that it closes: everything that was written in it is sealed by this one or before."""
    after_id: Mapped[int] = mapped_column(BigInteger)
    """Rows with a higher number than this one …"""
    last_id: Mapped[int] = mapped_column(BigInteger)
    """… up to and with this one are covered."""
    rows: Mapped[int]
    """How many there were."""
    total: Mapped[int] = mapped_column(BigInteger)
    """How many this seal and all before it cover."""
    leaves: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    """For each row 8 bytes of its number and 32 of its digest: by these a row that does not fit can be named."""
    root: Mapped[str] = mapped_column(String(64))
    previous_head: Mapped[str] = mapped_column(String(64))
    head: Mapped[str] = mapped_column(String(64))
    key_id: Mapped[str] = mapped_column(String(16))
    signature: Mapped[str] = mapped_column(String(128))
    sealed_at: Mapped[datetime]


class ReadingErasure(Table):
    """Readings that were destroyed on a signed list. Never changed: without it a reading cannot be deleted.

    It says nothing of who read what; by its leaves the seals still prove that these rows, and no others, are gone.
    """

    __tablename__ = "reading_erasure"

    id: Mapped[int] = mapped_column(primary_key=True)
    list_id: Mapped[str] = mapped_column(ForeignKey("destruction_list.id"), index=True)
    first_id: Mapped[int] = mapped_column(BigInteger)
    last_id: Mapped[int] = mapped_column(BigInteger)
    before: Mapped[datetime]
    """Only readings from before this moment are meant."""
    leaves: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    """Of each row what a seal keeps of it: 8 bytes of its number and 32 of its digest."""
    at: Mapped[datetime]
