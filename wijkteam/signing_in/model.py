"""The table of sign-in sessions."""

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from wijkteam.storage.columns import Table


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
