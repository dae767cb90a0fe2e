"""The tables of signing in: sessions, tries, links to set a password, and mail about them."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from wijkteam.storage.columns import BigKey, Table


class SignInSession(Table):
    """One person signed in with one browser. The browser holds a secret; here stands only its digest."""

    __tablename__ = "sign_in_session"

    id: Mapped[int] = mapped_column(primary_key=True)
    secret_digest: Mapped[str] = mapped_column(String(64), unique=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    factors: Mapped[str] = mapped_column(String(80))
    """What was proved with, joined by a plus sign: password, totp, passkey, recovery_code, single_sign_on."""
    complete: Mapped[bool]
    """False while a second factor is still asked for: such a session opens no page but that one."""
    began_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    proved_at: Mapped[datetime]
    """When this person last proved who they are; deeds that ask for it anew look here."""
    ends_at: Mapped[datetime]
    """The end that no use moves."""
    ended_at: Mapped[datetime | None]
    ended_why: Mapped[str | None] = mapped_column(String(40))
    address: Mapped[str] = mapped_column(String(45))
    browser: Mapped[str] = mapped_column(String(120))
    provider_session: Mapped[str | None] = mapped_column(String(255), index=True)
    """The session at the provider of single sign-on that this one came from."""


class SignInAttempt(Table):
    """One try to sign in. No address of a person stands here, only a digest that this system alone can make."""

    __tablename__ = "sign_in_attempt"
    __table_args__ = (
        Index("ix_sign_in_attempt_account_digest_at", "account_digest", "at"),
        Index("ix_sign_in_attempt_address_at", "address", "at"),
        Index("ix_sign_in_attempt_at", "at"),
    )

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    account_digest: Mapped[str] = mapped_column(String(64))
    lane: Mapped[str] = mapped_column(String(80))
    """Where its misses are counted: with a known browser, from a known address, or elsewhere."""
    address: Mapped[str] = mapped_column(String(45))
    """The network that it came from: an IPv4 address, or the first half of an IPv6 address."""
    device: Mapped[str] = mapped_column(String(64))
    """The digest of the browser's own mark, empty for a browser that has none."""
    at: Mapped[datetime]
    outcome: Mapped[str] = mapped_column(String(8))
    """missed (also while it is being looked at), half (this proof was right) or well (let in wholly)."""


class PasswordLink(Table):
    """A link that lets one person set a password, once, within a day. Only the digest of its secret is kept."""

    __tablename__ = "password_link"

    id: Mapped[int] = mapped_column(primary_key=True)
    secret_digest: Mapped[str] = mapped_column(String(64), unique=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    kind: Mapped[str] = mapped_column(String(20))
    made_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    """The administrator who made it; None when the person asked for it, or it was made on the command line."""
    made_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class SignInMail(Table):
    """A mail about signing in that waits: what was asked, for whom. A link in it is made only when it is sent.

    Whoever asks for a new password with an address that nobody has leaves such a row too, without a person: so that
    both take the same time. The worker throws these away.
    """

    __tablename__ = "sign_in_mail"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    kind: Mapped[str] = mapped_column(String(20))
    asked_at: Mapped[datetime]
    asked_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    address: Mapped[str] = mapped_column(String(45), index=True)
    """The network that it was asked from, empty when an administrator asked."""
    send_after: Mapped[datetime] = mapped_column(index=True)
    attempts: Mapped[int]
    ended_at: Mapped[datetime | None]
