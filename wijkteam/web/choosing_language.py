"""Choosing the language of the pages, for this browser."""

from typing import cast
from urllib.parse import urlsplit

from flask import Blueprint, Response, current_app, redirect, request
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect

from wijkteam.web.acting import safety
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
    """Show the pages in another language in this browser from now on; back to the page that asked."""
    answer = cast("Response", redirect(_page_before()))
    if tongue in NAMES:
        answer.set_cookie(
            COOKIE,
            tongue,
            max_age=COOKIE_SECONDS,
            secure=safety().production,
            httponly=True,
            samesite="Lax",
        )
    return answer
