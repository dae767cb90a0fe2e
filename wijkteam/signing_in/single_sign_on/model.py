"""Tables of single sign-on: whose account at the provider is whose here, and what the provider gave."""

from datetime import datetime

from sqlalchemy import ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from wijkteam.storage.columns import Table


class ProviderIdentity(Table):
    """One account at a provider belongs to one person here, and a person has one account at each provider."""

    __tablename__ = "provider_identity"
    __table_args__ = (UniqueConstraint("issuer", "subject"), UniqueConstraint("issuer", "person_id"))

    id: Mapped[int] = mapped_column(primary_key=True)
    issuer: Mapped[str] = mapped_column(String(255))
    subject: Mapped[str] = mapped_column(String(255))
    """What the provider calls this account for ever (claim `sub`); e-mail addresses change and are given out again."""
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    linked_how: Mapped[str] = mapped_column(String(20))
    """`email`: by a verified address at the first sign-in; `made`: the person came with it; `by_hand`."""
    linked_at: Mapped[datetime]
    told_at: Mapped[datetime | None]
    """When the person was told, on a page of their own, that the account was tied to them."""


class ProviderGrant(Table):
    """A function that somebody held or holds because the provider said so; the memory of what came and went by it."""

    __tablename__ = "provider_grant"

    id: Mapped[int] = mapped_column(primary_key=True)
    identity_id: Mapped[int] = mapped_column(ForeignKey("provider_identity.id", ondelete="CASCADE"), index=True)
    held_function_id: Mapped[int | None] = mapped_column(ForeignKey("held_function.id", ondelete="SET NULL"))
    function: Mapped[str] = mapped_column(String(40))
    team_id: Mapped[int | None] = mapped_column(ForeignKey("team.id"))
    given_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


class ProviderSignIn(Table):
    """What signing out at the provider needs of a session here; taken out with that session's end."""

    __tablename__ = "provider_sign_in"

    session_id: Mapped[int] = mapped_column(ForeignKey("sign_in_session.id"), primary_key=True)
    identity_id: Mapped[int] = mapped_column(ForeignKey("provider_identity.id", ondelete="CASCADE"), index=True)
    id_token: Mapped[str] = mapped_column(Text)
    ends_at: Mapped[datetime]


class SeenLogoutToken(Table):
    """A logout token that was used, so that it cannot be used again before it expires."""

    __tablename__ = "seen_logout_token"

    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    expires_at: Mapped[datetime] = mapped_column(index=True)
