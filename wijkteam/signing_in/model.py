"""The tables of signing in: sessions, what people prove with, tries, links to set a password, and mail about them."""

from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, Index, LargeBinary, String, UniqueConstraint
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
    misses: Mapped[int] = mapped_column(default=0)
    """Wrong codes since the last right one; too many of them end the session."""


class TotpSecret(Table):
    """What an app on somebody's phone makes its codes from. One for a person; sealed, for nobody to read."""

    __tablename__ = "totp_secret"

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    """The secret in use; None while a first one waits for its first code."""
    pending: Mapped[bytes | None] = mapped_column(LargeBinary)
    """A secret that was shown and not yet confirmed by a code; it opens nothing."""
    last_step: Mapped[int | None] = mapped_column(BigInteger)
    """The time-step (30 seconds) of the last code that was taken: no code of it or before it is taken again."""
    added_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class Passkey(Table):
    """A key in somebody's phone, computer or security key; here stands only its public half."""

    __tablename__ = "passkey"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    credential_id: Mapped[str] = mapped_column(String(1364), unique=True)
    """Base64url of at most 1023 bytes (WebAuthn level 3, 6.4.3)."""
    public_key: Mapped[bytes]
    sign_count: Mapped[int] = mapped_column(BigInteger)
    name: Mapped[str] = mapped_column(String(60))
    transports: Mapped[str] = mapped_column(String(80))
    added_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class RecoveryCode(Table):
    """A code on paper that opens once, for who lost phone or key; here stands only its digest."""

    __tablename__ = "recovery_code"
    __table_args__ = (UniqueConstraint("person_id", "digest"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    digest: Mapped[str] = mapped_column(String(64))
    made_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class PasskeyChallenge(Table):
    """A question that one browser has to sign with a passkey: once, and within minutes."""

    __tablename__ = "passkey_challenge"

    id: Mapped[str] = mapped_column(String(43), primary_key=True)
    """Random; the browser's own cookie holds it, signed."""
    challenge: Mapped[str] = mapped_column(String(90))
    purpose: Mapped[str] = mapped_column(String(20))
    """register or prove: an answer to the one is none to the other."""
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    """Whose answer it has to be; None when nobody said yet who they are."""
    made_at: Mapped[datetime] = mapped_column(index=True)


class FactorChange(Table):
    """What happened to the second factors of a person: written down, and shown to that person."""

    __tablename__ = "factor_change"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    what: Mapped[str] = mapped_column(String(40))
    about: Mapped[str] = mapped_column(String(60))
    """The name of the passkey, where it is about one."""
    done_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    """None for who did it at the command line."""
    at: Mapped[datetime]
    seen_at: Mapped[datetime | None]
    """When that person was shown it; what people do themselves they have seen."""


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
