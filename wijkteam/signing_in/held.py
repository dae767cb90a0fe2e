"""Which second factors a person has, and what happened to them."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from wijkteam.signing_in.accounts import tell_about_account
from wijkteam.signing_in.model import FactorChange, Passkey, RecoveryCode, TotpSecret
from wijkteam.storage.work import Work
from wijkteam.terms import clock

LONGEST_NAME = 60
MAILED = {
    "totp_set_up": "factor_added",
    "passkey_added": "factor_added",
    "totp_removed": "factor_removed",
    "passkey_removed": "factor_removed",
    "recovery_code_used": "recovery_code_used",
    "reset": "factors_reset",
}
"""What a person is also told by mail, where mail is set up: by which kind of mail."""


@dataclass(frozen=True)
class Held:
    """The second factors of one person that could be used now."""

    totp: TotpSecret | None
    passkeys: tuple[Passkey, ...]
    codes_left: int

    @property
    def kinds(self) -> frozenset[str]:
        """The kinds of factor of which this person has one; recovery codes alone are none."""
        found = {"totp"} if self.totp else set()
        return frozenset(found | ({"passkey"} if self.passkeys else set()))


def held_factors(session: Session, person_id: int) -> Held:
    """Everything that a person can prove with beside a password."""
    secret = session.scalar(select(TotpSecret).where(TotpSecret.person_id == person_id, TotpSecret.sealed.is_not(None)))
    keys = session.scalars(select(Passkey).where(Passkey.person_id == person_id).order_by(Passkey.id))
    left = select(func.count()).where(RecoveryCode.person_id == person_id, RecoveryCode.used_at.is_(None))
    return Held(secret, tuple(keys), session.scalar(left) or 0)


def write_down(work: Work, person_id: int, what: str, about: str = "", done_by: Any = "themselves") -> None:
    """Write down, in the caller's transaction, what happened to somebody's factors; others' deeds are still to be seen.

    `done_by` is the number of who did it, None for the command line; left out it is the person.
    """
    if what in MAILED:
        tell_about_account(work, person_id, MAILED[what])
    own = done_by in ("themselves", person_id)
    work.session.add(
        FactorChange(
            person_id=person_id,
            what=what,
            about=about[:LONGEST_NAME],
            done_by=person_id if own else done_by,
            at=clock.now(),
            seen_at=clock.now() if own else None,
        )
    )


def changes(session: Session, person_id: int, most: int = 20) -> list[FactorChange]:
    """What happened last to somebody's factors, the newest first."""
    asked = select(FactorChange).where(FactorChange.person_id == person_id)
    return list(session.scalars(asked.order_by(FactorChange.id.desc()).limit(most)))


def has_unseen(session: Session, person_id: int) -> bool:
    """Whether somebody else did something to this person's factors that the person was not shown yet."""
    unseen = select(FactorChange.id).where(FactorChange.person_id == person_id, FactorChange.seen_at.is_(None))
    return session.scalar(unseen.limit(1)) is not None


def were_seen(work: Work, person_id: int) -> None:
    """Write down that the person was shown all of it."""
    unseen = (FactorChange.person_id == person_id) & FactorChange.seen_at.is_(None)
    with work.transaction() as session:
        session.execute(update(FactorChange).where(unseen).values(seen_at=clock.now()))
