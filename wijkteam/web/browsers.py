"""Browsers that an account is known with: their mark, which is a cookie, and what is written down of coming in."""

import secrets
from typing import Any

import structlog
from flask import Flask, Response, current_app, g, request, session
from flask_login import user_logged_in
from itsdangerous import BadSignature, URLSafeTimedSerializer

from wijkteam.people.staff import find_person
from wijkteam.signing_in.attempts import Try, account_digest, came_in, device_digest, knows_device, network
from wijkteam.signing_in.delays import RULES
from wijkteam.web.acting import User, safety, work

log = structlog.get_logger()
MOST_SIGNS = 80


def register(app: Flask) -> None:
    """From now on every way in leaves a known browser behind, and a line in the log."""
    user_logged_in.connect(_came_in, app)

    @app.after_request
    def mark(response: Response) -> Response:
        """Give the browser its mark after somebody came in with it."""
        given = g.pop("browser_mark", None)
        if given is not None:
            response.set_cookie(
                cookie_name(),
                _signer().dumps(given),
                max_age=int(RULES.known_for.total_seconds()),
                secure=safety().production,
                httponly=True,
                samesite="Lax",
            )
        return response


def cookie_name() -> str:
    """In production a name that no other site, and no page without https, can set."""
    return "__Host-browser" if safety().production else "browser"


def here(email: str) -> Try:
    """Who tries: this account, from this network, with this browser."""
    return Try(
        account_digest(email, current_app.config["SECRET_KEY"]),
        network(request.remote_addr or ""),
        device_digest(_mark()),
    )


def asking() -> Try:
    """Who asks to sign in with a passkey and has not said who they are: only the address counts."""
    address = network(request.remote_addr or "")
    return Try(account_digest(f"passkey {address}", current_app.config["SECRET_KEY"]), address)


def _signer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(current_app.config["SECRET_KEY"], salt="known browser")  # not said to people


def _mark() -> str:
    """The mark of this browser when it is one of ours and not too old; empty for none."""
    try:
        text = _signer().loads(request.cookies.get(cookie_name(), ""), max_age=int(RULES.known_for.total_seconds()))
    except BadSignature:
        return ""
    return text if isinstance(text, str) and len(text) <= MOST_SIGNS else ""


def _came_in(_app: Flask, user: User, **_more: Any) -> None:
    """Write down that somebody was let in, and know this browser from now on.

    A browser gets a mark of its own making never, and a new one unless this account has come in with it before: so
    nobody becomes known by a mark that was put into the browser of another.
    """
    session.pop("csrf_token", None)  # what a page held before somebody came in counts no more
    g.pop("csrf_token", None)
    person = find_person(work().session, user.person.person_id)
    if person is None:
        return
    tried = here(person.email)
    g.browser_mark = _mark() if knows_device(work().session, tried) else secrets.token_urlsafe(32)
    came_in(work(), tried, device_digest(g.browser_mark))
    log.info(
        "sign_in.well",
        person=person.id,
        session=user.signed_in.id,
        factors=user.signed_in.factors,
        address=tried.address,
    )
