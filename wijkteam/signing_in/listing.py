"""Who can get in, for who keeps that."""

from typing import NamedTuple

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from wijkteam.people.model import Person
from wijkteam.signing_in.model import SignInSession
from wijkteam.signing_in.sessions import Limits
from wijkteam.terms import clock


class Account(NamedTuple):
    """One person: how they get in, and in how many browsers they are signed in now."""

    name: str
    email: str
    active: bool
    has_password: bool
    sessions: int


def accounts_of(session: Session, limits: Limits) -> list[Account]:
    """Everybody, also who has left, by name."""
    now = clock.now()
    alive = (
        SignInSession.ended_at.is_(None) & (SignInSession.ends_at > now) & (SignInSession.seen_at > now - limits.idle)
    )
    counted = (
        select(
            Person.name, Person.email, Person.active, Person.password_hash.is_not(None), func.count(SignInSession.id)
        )
        .outerjoin(SignInSession, (SignInSession.person_id == Person.id) & alive)
        .group_by(Person.id, Person.name, Person.email, Person.active, Person.password_hash)
        .order_by(Person.name, Person.id)
    )
    return [Account(*row) for row in session.execute(counted)]
