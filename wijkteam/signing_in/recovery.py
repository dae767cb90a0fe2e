"""Recovery codes: on paper, for who lost phone or key. Ten, shown once, renewed together, each good for one time."""

import hashlib
import secrets

from sqlalchemy import delete, update

from wijkteam.signing_in.held import write_down
from wijkteam.signing_in.model import RecoveryCode
from wijkteam.storage.work import Work
from wijkteam.terms import clock

HOW_MANY = 10
SIGNS, GROUP = 16, 4
LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Thirty-two signs that are not mistaken for each other (Crockford): sixteen of them are 80 random bits."""
READ_AS = str.maketrans({"I": "1", "L": "1", "O": "0"})


def renew_codes(work: Work, person_id: int) -> list[str]:
    """Make ten new codes and end all older ones; this is the only time that they can be read."""
    codes = ["".join(secrets.choice(LETTERS) for _ in range(SIGNS)) for _ in range(HOW_MANY)]
    with work.transaction() as session:
        session.execute(delete(RecoveryCode).where(RecoveryCode.person_id == person_id))
        session.add_all(
            RecoveryCode(person_id=person_id, digest=_digest(person_id, code), made_at=clock.now()) for code in codes
        )
        write_down(work, person_id, "recovery_codes_renewed")
    return ["-".join(code[start : start + GROUP] for start in range(0, SIGNS, GROUP)) for code in codes]


def use_code(work: Work, person_id: int, given: str) -> bool:
    """Whether this is one of the person's codes, not used before; it is used up. Of two at once one is right."""
    code = "".join(each for each in given.upper().translate(READ_AS) if each in LETTERS)
    if len(code) != SIGNS:
        return False
    mine = (RecoveryCode.person_id == person_id) & (RecoveryCode.digest == _digest(person_id, code))
    with work.transaction() as session:
        used = session.execute(
            update(RecoveryCode)
            .where(mine, RecoveryCode.used_at.is_(None))
            .values(used_at=clock.now())
            .returning(RecoveryCode.id)
            .execution_options(synchronize_session=False)
        )
        if used.first() is None:
            return False
        write_down(work, person_id, "recovery_code_used")
        return True


def _digest(person_id: int, code: str) -> str:
    """80 random bits cannot be guessed, so that a slow hash adds nothing to a quick one."""
    return hashlib.sha256(f"recovery:{person_id}:{code}".encode()).hexdigest()
