"""Letting somebody in who proved something: all the way, or as far as the second step."""

from datetime import timedelta

from flask import request, session, url_for
from flask_login import current_user, login_user

from wijkteam.people.queries import acting
from wijkteam.signing_in.held import has_unseen
from wijkteam.signing_in.policy import what_is_missing
from wijkteam.signing_in.sessions import Begun, KnownSession, begin_session, end_sessions, session_of
from wijkteam.signing_in.single_sign_on.service import carry_over
from wijkteam.terms import clock
from wijkteam.web.acting import house, safety, sign_in_as, work

HALF_WAY, WHERE_TO = "half_way", "half_way_to"
PATIENCE = timedelta(minutes=10)
"""How long somebody may take over the second step."""


def inside(target: str | None) -> str:
    """A target within this system; anything else is one's own work."""
    if target and target.startswith("/") and not target.startswith(("//", "/\\")) and target.isprintable():
        return target
    return url_for("my_work.page")


def let_in(person_id: int, factors: tuple[str, ...], target: str) -> str:
    """Let in who proved these factors; returns where to go: the target, or the second step when one is missing.

    Every time a new session begins, with a new secret: what a browser held before opens nothing more.
    """
    forget_half_way()
    if missing(person_id, factors):
        begun = Begun(person_id, factors, False, request.remote_addr or "", request.user_agent.string)
        session[HALF_WAY], session[WHERE_TO] = begin_session(work(), begun, safety().limits), target
        return url_for("second_step.page")
    user = sign_in_as(person_id, factors)
    if user is not None:
        login_user(user)
        work().actor = user.person  # what this same request still shows is theirs
    # what an administrator did to somebody's second step, that person hears first
    return url_for("my_factors.page") if has_unseen(work().session, person_id) else target


def missing(person_id: int, factors: tuple[str, ...] | frozenset[str]) -> list[str]:
    """What somebody who proved these factors still has to do; see `what_is_missing`."""
    return what_is_missing(work().session, person_id, frozenset(factors), safety().production, house().sign_in_policy)


def half_way() -> KnownSession | None:
    """The session of who still has the second step to do; it opens nothing but that."""
    secret = session.get(HALF_WAY)
    found = session_of(work().session, secret, safety().limits) if isinstance(secret, str) else None
    if found is None or found.complete or clock.now() - found.began_at >= PATIENCE:
        return None
    return found if acting(work().session, found.whose) is not None else None


def forget_half_way() -> str:
    """End a session that was half way, when there is one; returns where its person wanted to go."""
    found = half_way()
    if found is not None:
        end_sessions(work(), "went_on", found.person_id, [found.id])
    session.pop(HALF_WAY, None)
    return inside(session.pop(WHERE_TO, None))


def go_on(found: KnownSession, factor: str) -> str:
    """Who was half way proved one more; returns where to go."""
    person_id, factors = found.person_id, tuple(found.factors.split("+"))
    old = found.id
    onward = let_in(person_id, (*factors, factor), forget_half_way())
    new = current_user.signed_in if current_user.is_authenticated else half_way()
    if new is not None:
        carry_over(work(), old, new.id)
    return onward
