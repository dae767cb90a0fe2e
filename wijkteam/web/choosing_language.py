"""Choosing the language of the pages, for this browser."""

from typing import cast

from flask import Blueprint, Response, redirect, request

from wijkteam.web.acting import safety
from wijkteam.web.language import COOKIE, NAMES
from wijkteam.web.letting_in import inside

pages = Blueprint("language", __name__)
COOKIE_SECONDS = 365 * 24 * 3600


@pages.post("/taal/<tongue>")
def choose(tongue: str) -> Response:
    """Show the pages in another language in this browser from now on; back to the page that asked."""
    answer = cast("Response", redirect(inside(request.form.get("next"))))
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
