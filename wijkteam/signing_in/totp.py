"""Codes of an app (TOTP, RFC 6238): six digits, a new one every 30 seconds, each taken at most once."""

import hmac
import re

import pyotp
from sqlalchemy import or_, update
from sqlalchemy.orm import Session

from wijkteam.signing_in.held import write_down
from wijkteam.signing_in.model import TotpSecret
from wijkteam.signing_in.sealing import Box, Unsealable, place_of
from wijkteam.storage.work import Work
from wijkteam.terms import clock

STEP = 30
"""Seconds (RFC 6238, 4.1)."""
SKEW = 1
"""A phone's clock may be one step off, either way (RFC 6238, 5.2)."""
CODE = re.compile(r"[0-9]{6}")
SPACES = re.compile(r"\s")


def begin_totp(work: Work, person_id: int, box: Box) -> str:
    """Make a new secret for an app and return it (base32, 160 bits); until a code confirms it, it opens nothing."""
    secret = pyotp.random_base32()
    with work.transaction() as session:
        row = session.get(TotpSecret, person_id)
        if row is None:
            row = TotpSecret(person_id=person_id, added_at=clock.now())
            session.add(row)
        row.pending = box.seal(secret, place_of(person_id))
    return secret


def pending_secret(session: Session, person_id: int, box: Box) -> str | None:
    """The secret that waits for its first code; None when none does."""
    row = session.get(TotpSecret, person_id)
    return _unsealed(row.pending, person_id, box) if row is not None else None


def address_for_app(secret: str, email: str, municipality: str) -> str:
    """What the square picture says to the app: an otpauth address with secret, person and system."""
    return pyotp.TOTP(secret).provisioning_uri(name=email, issuer_name=f"wijkteam {municipality}")


def confirm_totp(work: Work, person_id: int, code: str, box: Box) -> bool:
    """Take the new secret in use when the code is one of its; that code cannot be used again."""
    with work.transaction() as session:
        row = session.get(TotpSecret, person_id, with_for_update=True, populate_existing=True)
        secret = _unsealed(row.pending, person_id, box) if row is not None else None
        step = _step_of(secret, code)
        if row is None or step is None:
            return False
        row.sealed, row.pending, row.last_step = row.pending, None, step
        row.added_at = row.used_at = clock.now()
        write_down(work, person_id, "totp_set_up")
        return True


def prove_totp(work: Work, person_id: int, code: str, box: Box) -> bool:
    """Whether this is the person's code of now, not used before; of two who send it at once one is right."""
    with work.transaction() as session:
        row = session.get(TotpSecret, person_id, with_for_update=True, populate_existing=True)
        step = _step_of(_unsealed(row.sealed, person_id, box) if row is not None else None, code)
        if row is None or step is None:
            return False
        taken = session.execute(
            update(TotpSecret)
            .where(
                TotpSecret.person_id == person_id,
                TotpSecret.sealed == row.sealed,
                or_(TotpSecret.last_step.is_(None), TotpSecret.last_step < step),
            )
            .values(last_step=step, used_at=clock.now())
            .returning(TotpSecret.person_id)
            .execution_options(synchronize_session=False)
        )
        return taken.first() is not None


def _step_of(secret: str | None, given: str) -> int | None:
    """The time-step that a code belongs to, the newest of those that could be; None for a wrong code."""
    code = SPACES.sub("", given)
    if secret is None or not CODE.fullmatch(code):
        return None
    now, made = int(clock.now().timestamp()) // STEP, pyotp.TOTP(secret)
    steps = range(max(now - SKEW, 0), now + SKEW + 1)
    found = [step for step in steps if hmac.compare_digest(made.generate_otp(step), code)]
    return max(found, default=None)


def _unsealed(sealed: bytes | None, person_id: int, box: Box) -> str | None:
    try:
        return box.unseal(sealed, place_of(person_id)) if sealed else None
    except Unsealable:  # sealed with a key that is not here: no code of it can be right any more
        return None
