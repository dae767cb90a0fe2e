"""From the token that a program shows to the person for whom it acts. No cookie counts here."""

from collections.abc import Callable
from functools import wraps
from typing import Any

import structlog
from flask import Blueprint, Response, abort, g, request
from flask_login import AnonymousUserMixin

from wijkteam.access.sharing_vocabulary import GUEST
from wijkteam.api_access.service import LetIn, let_in
from wijkteam.storage.work import Origin
from wijkteam.terms import clock
from wijkteam.web.acting import work
from wijkteam.web.api.problems import Problem
from wijkteam.web.language import NAMES, _, language, speak

VERSION = "1.2.0"
USES_IN_A_MINUTE = 300
"""How often one token may be used in a minute, over all processes together."""
WITHOUT_TOKEN: set[str] = set()
"""Endpoints that tell nothing of anybody: the description of this API, and the way to a token."""
log = structlog.get_logger()


def bearer() -> LetIn:
    """The token of this request."""
    found: LetIn = g.bearer
    return found


def needs(scope: str, view: Callable[..., Any]) -> Callable[..., Any]:
    """The same view, for tokens of this scope."""

    @wraps(view)
    def seen(*given: Any, **named: Any) -> Any:
        if scope not in bearer().scopes:
            raise Problem(403, _("Dit token mag dit niet. Nodig is: %(scope)s.", scope=scope))
        return view(*given, **named)

    return seen


def _refuse(why: str) -> Problem:
    shown = 'Bearer realm="wijkteam"' + (', error="invalid_token"' if why else "")  # not said to people
    return Problem(401, _("Stuur een geldig token mee."), {"WWW-Authenticate": shown})


def let_in_or_refuse() -> None:
    """Before each request: say in which language, and let the token's person act. 401, 429 when too fast."""
    speak(request.accept_languages.best_match(list(NAMES)) or "nl")
    g._login_user = AnonymousUserMixin()
    if request.endpoint in WITHOUT_TOKEN:
        return
    shown = request.authorization
    if shown is None or shown.type != "bearer" or not shown.token:
        raise _refuse("")
    opened = work()
    found = let_in(opened, shown.token)
    if found is None:
        log.info("api.refused", address=request.remote_addr)
        raise _refuse("unknown")
    if found.uses > USES_IN_A_MINUTE:
        wait = 60 - int(clock.now().timestamp()) % 60
        raise Problem(429, _("Dit token wordt te vaak gebruikt. Wacht even."), {"Retry-After": str(wait)})
    g.bearer = found
    opened.actor = found.person
    opened.origin = Origin(None, request.remote_addr, token=f"token {found.token_id}: {found.name}")
    if found.person.functions == {GUEST}:
        abort(404)


def say_which(response: Response) -> Response:
    """After each request: the version of this API (semantic), and the language of what it says."""
    response.headers["API-Version"] = VERSION
    response.headers["Content-Language"] = language()
    response.vary.update(["Accept-Language", "Authorization"])
    return response


def register(api: Blueprint) -> None:
    """Let these routes be reached with a token only."""
    api.before_request(let_in_or_refuse)
    api.after_request(say_which)
