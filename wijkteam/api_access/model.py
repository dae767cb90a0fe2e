"""The tables of access for programs: tokens, and the systems that ask for them themselves."""

from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from wijkteam.storage.columns import Table


class ApiClient(Table):
    """A system that signs in for itself (OAuth 2.0 client credentials) and acts for one named system person."""

    __tablename__ = "api_client"

    id: Mapped[int] = mapped_column(primary_key=True)
    client_id: Mapped[str] = mapped_column(String(40), unique=True)
    """What the system calls itself by; no secret."""
    secret_digest: Mapped[str] = mapped_column(String(64))
    """Of a random secret of 256 bits, shown once."""
    name: Mapped[str] = mapped_column(String(60))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    """For whom it acts: its functions are what this system may do."""
    scopes: Mapped[str] = mapped_column(String(60))
    """The most that its tokens may do, separated by spaces."""
    made_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


class AccessToken(Table):
    """What a program shows to act for one person. Here stands only its digest."""

    __tablename__ = "access_token"

    id: Mapped[int] = mapped_column(primary_key=True)
    secret_digest: Mapped[str] = mapped_column(String(64), unique=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    client_id: Mapped[int | None] = mapped_column(ForeignKey("api_client.id"), index=True)
    """The system that asked for it; None for one that a person made for themselves."""
    name: Mapped[str] = mapped_column(String(60))
    """What its maker calls it; it stands in the log of readings."""
    scopes: Mapped[str] = mapped_column(String(60))
    made_at: Mapped[datetime]
    ends_at: Mapped[datetime] = mapped_column(index=True)
    used_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]
    proved_at: Mapped[datetime | None]
    """When its person last proved anew who they are, for great deeds with this token."""
    minute: Mapped[int] = mapped_column(BigInteger, default=0)
    """The minute (since 1970) in which it was last used …"""
    uses: Mapped[int] = mapped_column(default=0)
    """… and how often in that minute."""
