"""Passwords: given to people, and checked. Kept only as argon2id hashes."""

from functools import lru_cache
from typing import Any

import structlog
from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from argon2.low_level import Type
from sqlalchemy import update
from sqlalchemy.orm import Session

from wijkteam.people.model import Person
from wijkteam.people.queries import person_by_email
from wijkteam.people.service import WrongPerson
from wijkteam.signing_in.password_rules import LONGEST, normalised, what_is_wrong
from wijkteam.storage.work import Work

log = structlog.get_logger()
PARAMETERS: dict[str, Any] = {
    "time_cost": 3,
    "memory_cost": 65_536,
    "parallelism": 4,
    "hash_len": 32,
    "salt_len": 16,
    "type": Type.ID,
}
"""The second set that RFC 9106 recommends: argon2id with 64 MiB (in KiB here), three rounds, four lanes."""


class WeakPassword(WrongPerson):
    """This password is too short, too long, or too easy to guess."""


@lru_cache(maxsize=1)
def _hasher() -> PasswordHasher:
    return PasswordHasher(**PARAMETERS)


@lru_cache(maxsize=1)
def _hash_of_nothing() -> str:
    """A hash that no password belongs to, so that an unknown address takes as long as a known one."""
    return _hasher().hash("nobody has this password")


def check_password(password: str, person: Person, municipality: str) -> None:
    """Raises WeakPassword when this person cannot take this password."""
    wrong = what_is_wrong(password, (person.name, person.email, person.email.split("@")[0], municipality))
    if wrong is not None:
        raise WeakPassword(wrong[1], wrong[0])


def give_password(work: Work, person_id: int, password: str) -> None:
    """Let somebody sign in with this password from now on; whether it is good enough the caller has checked."""
    hashed = _hasher().hash(normalised(password))
    with work.transaction() as session:
        session.get_one(Person, person_id).password_hash = hashed


def person_with(work: Work, email: str, password: str) -> Person | None:
    """The person when address and password belong together, else None; equally slow for unknown addresses.

    A hash that was made with weaker parameters than today's is made anew.
    """
    person = person_by_email(work.session, email)
    known = person.password_hash if person is not None and person.active else None
    if not _belongs(known, password) or person is None or known is None:
        return None
    if _hasher().check_needs_rehash(known):
        _make_anew(work, person.id, known, password)
    return person


def is_password_of(session: Session, person_id: int, password: str) -> bool:
    """Whether this is the password of somebody who is still active."""
    person = session.get(Person, person_id)
    return _belongs(person.password_hash if person is not None and person.active else None, password)


def has_password(session: Session, person_id: int) -> bool:
    """Whether somebody can prove who they are by a password."""
    person = session.get(Person, person_id)
    return person is not None and person.password_hash is not None


def _belongs(known: str | None, password: str) -> bool:
    fits = len(password) <= LONGEST
    try:
        _hasher().verify(known if known and fits else _hash_of_nothing(), normalised(password[:LONGEST]))
    except (VerificationError, InvalidHashError):
        return False
    return bool(known) and fits


def _make_anew(work: Work, person_id: int, known: str, password: str) -> None:
    """Keep a stronger hash, unless somebody has changed the password at this very moment."""
    hashed = _hasher().hash(normalised(password))
    with work.transaction() as session:
        same = (Person.id == person_id) & (Person.password_hash == known)
        session.execute(update(Person).where(same).values(password_hash=hashed))
    log.info("password.rehashed", person=person_id)
