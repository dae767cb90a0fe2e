"""Codes to follow a signal with: too long to guess, easy to read aloud, shown once and kept as a digest only."""

import hashlib
import re
import secrets

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from wijkteam.signals.model import FollowCode
from wijkteam.storage.subject import ALPHABET
from wijkteam.terms import clock

BLOCKS, SIGNS = 5, 4
"""Twenty signs out of thirty: 98 bits."""
LONGEST_TYPED = 60
_BESIDES = re.compile(r"[\s\-–—_.·]+")


def new_code() -> str:
    """A new code, in blocks: k7mp-3xqa-….  The alphabet has no signs that look alike."""
    return "-".join("".join(secrets.choice(ALPHABET) for _ in range(SIGNS)) for _ in range(BLOCKS))


def digest_of(typed: str) -> str:
    """What stands for a code, in whatever capitals, blanks and dashes it was typed; something for any text.

    A code is drawn and not chosen, so that a plain digest cannot be turned back into one.
    """
    plain = _BESIDES.sub("", typed[:LONGEST_TYPED].casefold())
    return hashlib.blake2b(plain.encode("utf-8", "replace"), digest_size=32, person=b"follow").hexdigest()


def keep_code(session: Session, kind: str, subject_id: str) -> str:
    """Give a subject its code, in the caller's transaction; this is the only time that it can be read."""
    code = new_code()
    session.add(FollowCode(subject_kind=kind, subject_id=subject_id, digest=digest_of(code), made_at=clock.now()))
    return code


def keep_mailed_code(session: Session, kind: str, subject_id: str) -> str:
    """Give a subject a second code, to be mailed now; one that was mailed before opens nothing any more."""
    code, mine = new_code(), (FollowCode.subject_kind == kind, FollowCode.subject_id == subject_id)
    session.execute(
        delete(FollowCode).where(*mine, FollowCode.mailed), execution_options={"synchronize_session": False}
    )
    at = clock.now()
    session.add(FollowCode(subject_kind=kind, subject_id=subject_id, digest=digest_of(code), mailed=True, made_at=at))
    return code


def subject_of_code(session: Session, typed: str) -> tuple[str, str] | None:
    """Kind and id of the subject that a code follows; None for any other text, whatever is wrong with it."""
    found = session.scalars(select(FollowCode).where(FollowCode.digest == digest_of(typed))).one_or_none()
    return (found.subject_kind, found.subject_id) if found is not None else None


def forget_code(session: Session, kind: str, subject_ids: list[str]) -> None:
    """Nobody follows these any more."""
    rows = delete(FollowCode).where(FollowCode.subject_kind == kind, FollowCode.subject_id.in_(subject_ids))
    session.execute(rows.execution_options(synchronize_session=False))
