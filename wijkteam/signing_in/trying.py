"""Counting wrong codes: a few end the session that they were tried in, besides what they count for the account."""

from sqlalchemy import update

from wijkteam.signing_in.model import SignInSession
from wijkteam.storage.work import Work
from wijkteam.terms import clock

MOST_MISSES = 5
"""Wrong codes in one session."""


def may_try(work: Work, session_id: int) -> bool:
    """Count one try before the code is looked at, so that guesses at once count too; False ends the session.

    `was_right` takes the tries back again.
    """
    with work.transaction() as session:
        counted = session.execute(
            update(SignInSession)
            .where(SignInSession.id == session_id, SignInSession.ended_at.is_(None), SignInSession.misses < MOST_MISSES)
            .values(misses=SignInSession.misses + 1)
            .returning(SignInSession.id)
            .execution_options(synchronize_session=False)
        ).first()
        if counted is None:
            end = update(SignInSession).where(SignInSession.id == session_id, SignInSession.ended_at.is_(None))
            session.execute(end.values(ended_at=clock.now(), ended_why="wrong_codes"))
        return counted is not None


def was_right(work: Work, session_id: int) -> None:
    """The code was right: the count begins anew."""
    with work.transaction() as session:
        session.execute(update(SignInSession).where(SignInSession.id == session_id).values(misses=0))


def is_over(work: Work, session_id: int) -> bool:
    """Whether the session has ended, or has no tries left; then it is ended."""
    with work.transaction() as session:
        found = session.get(SignInSession, session_id, populate_existing=True)
        if found is None or found.ended_at is not None:
            return True
        if found.misses >= MOST_MISSES:
            found.ended_at, found.ended_why = clock.now(), "wrong_codes"
            return True
        return False
