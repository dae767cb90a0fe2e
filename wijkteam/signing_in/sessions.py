"""Sessions on the server's side: begun, looked up by their secret, proved anew, and ended."""

import hashlib
import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import bindparam, select, update
from sqlalchemy.orm import Session

from wijkteam.people.acting import KnownPerson
from wijkteam.people.model import Person
from wijkteam.signing_in.model import SignInSession
from wijkteam.storage.lookups import straight
from wijkteam.storage.work import Work
from wijkteam.terms import clock

SEEN_EVERY = timedelta(minutes=1)
"""How precisely it is written down when a session was last used."""


class KnownSession(NamedTuple):
    """A session as it stood when it was looked up."""

    id: int
    person_id: int
    factors: str
    complete: bool
    began_at: datetime
    seen_at: datetime
    proved_at: datetime
    ends_at: datetime
    ended_at: datetime | None
    whose: KnownPerson


_OF_SESSION, _OF_PERSON = KnownSession._fields[:-1], KnownPerson._fields
WITH_PERSON = (
    select(
        *(getattr(SignInSession, name) for name in _OF_SESSION),
        *(getattr(Person, name).label(f"person_{name}_") for name in _OF_PERSON),
    )
    .join(Person, Person.id == SignInSession.person_id)
    .where(SignInSession.secret_digest == bindparam("digest"))
)
"""Asked by every request, and so built once."""


@dataclass(frozen=True)
class Limits:
    """How long a session lasts: without use, in all, and how long a proof counts for deeds that ask for one anew."""

    idle: timedelta = timedelta(minutes=30)
    longest: timedelta = timedelta(hours=10)
    proof: timedelta = timedelta(minutes=10)

    @staticmethod
    def of(idle_minutes: int, session_hours: int) -> "Limits":
        """The limits as settings say them."""
        return Limits(timedelta(minutes=idle_minutes), timedelta(hours=session_hours))


@dataclass(frozen=True)
class Begun:
    """What a new session is begun with."""

    person_id: int
    factors: tuple[str, ...]
    complete: bool = True
    address: str = ""
    browser: str = ""
    provider_session: str | None = None


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode("utf-8", "replace")).hexdigest()


def begin_session(work: Work, begun: Begun, limits: Limits) -> str:
    """Begin a session and return its secret, which is kept nowhere but in the browser."""
    secret, now = secrets.token_urlsafe(32), clock.now()
    with work.transaction() as session:
        session.add(
            SignInSession(
                secret_digest=_digest(secret),
                person_id=begun.person_id,
                factors="+".join(begun.factors),
                complete=begun.complete,
                began_at=now,
                seen_at=now,
                proved_at=now,
                ends_at=now + limits.longest,
                address=begun.address[:45],
                browser=begun.browser[:120],
                provider_session=begun.provider_session,
            )
        )
    return secret


def session_of(session: Session, secret: str, limits: Limits) -> KnownSession | None:
    """The session with this secret, complete or not, when it has not ended, by a deed, by time or by lack of use.

    Whose it is comes along in the same question.
    """
    row: Sequence[Any] | None = straight(session)(WITH_PERSON, {"digest": _digest(secret)}).one_or_none()
    if row is None:
        return None
    found = KnownSession._make([*row[: len(_OF_SESSION)], KnownPerson._make(row[len(_OF_SESSION) :])])
    if found.ended_at is not None:
        return None
    now = clock.now()
    return found if now < found.ends_at and now - found.seen_at < limits.idle else None


def whose_session(session: Session, secret: str) -> int | None:
    """Whose session this secret is or was, also after its end; None for an unknown secret."""
    return session.scalar(select(SignInSession.person_id).where(SignInSession.secret_digest == _digest(secret)))


def was_seen(work: Work, found: KnownSession) -> None:
    """Write down that a session is in use; at most once a minute."""
    now = clock.now()
    if now - found.seen_at < SEEN_EVERY:
        return
    with work.transaction() as session:
        session.execute(update(SignInSession).where(SignInSession.id == found.id).values(seen_at=now))


def add_factor(work: Work, session_id: int, factor: str, complete: bool) -> None:
    """Write down that a person proved who they are with one factor more, or once again."""
    with work.transaction() as session:
        found = session.get(SignInSession, session_id)
        if found is not None and found.ended_at is None:
            known = found.factors.split("+")
            found.factors = "+".join(known if factor in known else [*known, factor])
            found.complete = found.complete or complete
            found.proved_at = clock.now()


def renew_session(work: Work, session_id: int) -> str | None:
    """Give a session a new secret, as at every rise of what it may do; the old one opens nothing any more.

    Returns the new secret; None when the session has ended.
    """
    secret = secrets.token_urlsafe(32)
    with work.transaction() as session:
        lives = (SignInSession.id == session_id) & SignInSession.ended_at.is_(None)
        renewing = update(SignInSession).where(lives).values(secret_digest=_digest(secret))
        renewed = session.execute(renewing.returning(SignInSession.id)).all()
    return secret if renewed else None


def end_other_sessions(work: Work, why: str, person_id: int, but: int) -> int:
    """End all of a person's sessions but one; returns how many ended."""
    with work.transaction() as session:
        mine = select(SignInSession.id).where(SignInSession.person_id == person_id, SignInSession.id != but)
        return end_sessions(work, why, person_id, session.scalars(mine).all())


def end_sessions(work: Work, why: str, person_id: int, only: Iterable[int] | None = None) -> int:
    """End all of a person's sessions, or only those with these numbers; returns how many ended."""
    ending = update(SignInSession).where(SignInSession.person_id == person_id, SignInSession.ended_at.is_(None))
    if only is not None:
        ending = ending.where(SignInSession.id.in_(list(only)))
    with work.transaction() as session:
        ended = session.execute(ending.values(ended_at=clock.now(), ended_why=why).returning(SignInSession.id))
        return len(ended.all())
