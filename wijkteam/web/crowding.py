"""When more is asked than can be done: who comes then is told at once to come back, and all others are helped in time.

Without a bound everybody waits longer and longer, until browsers give up on answers that are still being made. So each
process does some requests at once, lets some wait for a while, and says no to the rest: with a page that was made
beforehand and asks nothing of the database. What machines ask about the process itself never waits.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

import structlog
from flask import Flask, Response, g, render_template
from flask_login import AnonymousUserMixin
from werkzeug.http import parse_cookie
from werkzeug.wsgi import ClosingIterator

from wijkteam.health.measures import Measures
from wijkteam.web.api import problems
from wijkteam.web.api import routes as api
from wijkteam.web.language import COOKIE, NAMES, _, speak

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

log = structlog.get_logger()
PATIENCE = 5.0
"""For so many seconds a request waits for its turn."""
BRIEFLY = 0.05
"""For so many seconds a request lets the one that is at work go on alone; then it goes on beside it.

Only one thread of a process can run at a time. Two that are at work stop for each other at each question to the
database, which costs a quarter of all that a process can do; behind one that takes long nobody should wait."""
COME_BACK = 10
"""After so many seconds it makes sense to ask again."""
TO_REFUSE = 8
"""Threads that neither work nor wait, so that one is always there to say no."""
LOG_EVERY = 10.0
NEVER_WAIT = frozenset({"/healthz", "/readyz", "/metrics"})


class Door:
    """Lets a bounded number of requests in at once, and a bounded number wait before it."""

    def __init__(self, app: Flask, at_once: int, waiting: int, patience: float = PATIENCE) -> None:
        self._app, self._inside = app, app.wsgi_app
        self._free, self._places, self._patience = at_once, waiting, patience
        self._at_once, self._waiting = at_once, 0
        self._lock = threading.Lock()
        self._change, self._alone = threading.Condition(self._lock), threading.Condition(self._lock)
        self._said: dict[tuple[str, bool], Response] = {}
        self._refused, self._logged = 0, 0.0

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer a request, or say that it has to come back."""
        inside: WSGIApplication = self._inside
        if environ.get("PATH_INFO") in NEVER_WAIT:
            return inside(environ, start_response)
        if not self._enter():
            return self._refuse(environ)(environ, start_response)
        try:
            answer = inside(environ, start_response)
        except BaseException:
            self._leave()
            raise
        return ClosingIterator(answer, self._leave)

    def _enter(self) -> bool:
        with self._lock:
            if 0 < self._free < self._at_once:
                self._wait(self._alone, lambda: self._free == self._at_once, BRIEFLY)
            if self._free <= 0 and not self._wait(self._change, lambda: self._free > 0, self._patience):
                return False
            self._free -= 1
            return True

    def _wait(self, change: threading.Condition, until: Callable[[], bool], seconds: float) -> bool:
        """Wait, if there is a place to; whether it came to that."""
        if self._waiting >= self._places:
            return False
        self._waiting += 1
        try:
            return change.wait_for(until, seconds)
        finally:
            self._waiting -= 1

    def _leave(self) -> None:
        with self._lock:
            self._free += 1
            self._change.notify()
            if self._free == self._at_once:
                self._alone.notify()

    def _refuse(self, environ: WSGIEnvironment) -> Response:
        measures: Measures = self._app.extensions["measures"]
        measures.answered("too_busy", environ["REQUEST_METHOD"], 503, 0.0)
        self._tell_log()
        tongue = parse_cookie(environ).get(COOKIE, "")
        kind = tongue if tongue in NAMES else "nl", environ.get("PATH_INFO", "").startswith(api.BASE)
        if kind not in self._said:
            self._said[kind] = self._page(*kind)
        made = self._said[kind]
        return Response(made.get_data(), made.status_code, made.headers)

    def _page(self, tongue: str, for_a_program: bool) -> Response:
        """The answer in a language, with the headers that every answer has."""
        with self._app.test_request_context("/"):
            g._login_user = AnonymousUserMixin()  # the page is the same for everybody
            speak(tongue)
            text = _(
                "Het is nu te druk. Wat u net deed is niet bewaard. "
                "Ga terug: wat u invulde staat er nog. Probeer het over een halve minuut nog eens."
            )
            if for_a_program:
                answer: Response = problems.problem(503, text)
            else:
                title = _("Het is nu te druk")
                page = render_template("message.html", title=title, text=text, same_for_all=True)
                answer = self._app.make_response((page, 503))
            answer = self._app.process_response(answer)
        answer.headers["Retry-After"] = str(COME_BACK)
        answer.headers.pop("X-Request-ID", None)
        answer.headers.pop("Set-Cookie", None)
        return answer

    def _tell_log(self) -> None:
        """How many were refused, in a line once in a while: under a flood the log must not be a second one."""
        now = time.monotonic()
        with self._lock:
            self._refused += 1
            if now - self._logged < LOG_EVERY:
                return
            refused, self._refused, self._logged = self._refused, 0, now
        log.warning("web.too_busy", refused=refused)


def keep_the_door(app: Flask, at_once: int, waiting: int, patience: float = PATIENCE) -> None:
    """Let this app do so many requests at once in this process, and so many more wait."""
    app.wsgi_app = Door(app, at_once, waiting, patience)  # type: ignore[method-assign]


def threads_for(at_once: int, waiting: int) -> int:
    """How many threads a process needs, so that one is always there to say no."""
    return at_once + waiting + TO_REFUSE
