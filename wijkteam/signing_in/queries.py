"""What can be asked about sessions."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from wijkteam.signing_in.model import SignInSession
from wijkteam.signing_in.sessions import Limits
from wijkteam.terms import clock


def live_sessions(session: Session, person_id: int, limits: Limits) -> list[SignInSession]:
    """The sessions with which this person can do things now, the one used last first."""
    now = clock.now()
    found = select(SignInSession).where(
        SignInSession.person_id == person_id,
        SignInSession.ended_at.is_(None),
        SignInSession.ends_at > now,
        SignInSession.seen_at > now - limits.idle,
    )
    return list(session.scalars(found.order_by(SignInSession.seen_at.desc(), SignInSession.id.desc())))
