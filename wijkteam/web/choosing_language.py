"""Choosing the language of the pages for this browser, and of mail for who is signed in."""

from contextlib import suppress
from typing import cast
from urllib.parse import urlsplit

from flask import Blueprint, Response, current_app, redirect, request
from sqlalchemy.exc import IntegrityError
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect

from wijkteam.engine.running import Stale
from wijkteam.messages.service import choose_language
from wijkteam.web.acting import safety, work
from wijkteam.web.language import COOKIE, NAMES
from wijkteam.web.letting_in import inside

pages = Blueprint("language", __name__)
COOKIE_SECONDS = 365 * 24 * 3600


def _page_before() -> str:
    """The page of ours that asked, as the browser says; one's own work when it does not say, or was no page.

    A form cannot carry its own address: the page of what may not be read would differ from that of what is not there.
    """
    before, ours = urlsplit(request.referrer or ""), current_app.create_url_adapter(request)
    if before.netloc != request.host or ours is None:
        return inside(None)
    try:
        ours.match(before.path, method="GET")
    except (HTTPException, RequestRedirect):
        return inside(None)
    return inside(f"{before.path}?{before.query}" if before.query else before.path)


@pages.post("/taal/<tongue>")
def choose(tongue: str) -> Response:
    """Show the pages in this language from now on in this browser, and mail who is signed in in it; then go back."""
    answer = cast("Response", redirect(_page_before()))
    if tongue in NAMES:
        if work().actor.person_id is not None:
            with suppress(Stale, IntegrityError):  # two choices of one person at once: either will do
                choose_language(work(), tongue)
        answer.set_cookie(
            COOKIE,
            tongue,
            max_age=COOKIE_SECONDS,
            secure=safety().production,
            httponly=True,
            samesite="Lax",
        )
    return answer
