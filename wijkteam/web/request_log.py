"""Each request has a number, which its log lines carry and its answer tells; none of them says whom it is about.

A line names the page by its route, never by its path: a path can hold the number of a case or the code of a signal.
"""

import re
import secrets
import time

import structlog
from flask import Flask, Response, g, request
from flask_login import AnonymousUserMixin

from wijkteam.health.measures import Measures
from wijkteam.web.safety import Safety

log = structlog.get_logger()
GOOD_ID = re.compile(r"^[A-Za-z0-9-]{8,64}$")
TRACEPARENT = re.compile(r"^00-([0-9a-f]{32})-([0-9a-f]{16})-[0-9a-f]{2}$")
"""W3C Trace Context: what a proxy or a caller that traces sends along."""
HEADER = "X-Request-ID"
UNNAMED = "unknown"
OF_MACHINES = frozenset({"standing.alive", "standing.ready", "standing.metrics"})
"""What machines ask: nobody is looked up for it, so that it answers also where nobody can be."""
QUIET = OF_MACHINES | {"static"}


def register(app: Flask, safety: Safety, measures: Measures) -> None:
    """Number, measure and (where the settings ask for it) log every request of this app."""

    @app.before_request
    def begin() -> None:
        g.began = time.perf_counter()
        if request.endpoint in OF_MACHINES:
            g._login_user = AnonymousUserMixin()
        # only a proxy of our own is believed: anybody else could write in our log what they like
        given = request.headers.get(HEADER, "") if safety.proxies else ""
        g.request_id = given if GOOD_ID.match(given) else secrets.token_hex(8)
        traced = TRACEPARENT.match(request.headers.get("traceparent", ""))
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(request_id=g.request_id)
        if traced:
            structlog.contextvars.bind_contextvars(trace_id=traced.group(1))

    @app.after_request
    def end(response: Response) -> Response:
        # a test client may keep a request open, and an error may come before it began
        if "request_id" not in g:
            return response
        response.headers[HEADER] = g.request_id
        took = time.perf_counter() - g.began
        page = request.endpoint or UNNAMED
        measures.answered(page, request.method, response.status_code, took)
        if safety.log_requests and page not in QUIET:
            log.info(
                "request",
                page=page,
                method=request.method if request.method in ("GET", "POST", "HEAD") else "other",
                status=response.status_code,
                milliseconds=round(took * 1000, 1),
            )
        return response

    @app.teardown_request
    def forget(_error: BaseException | None) -> None:
        structlog.contextvars.clear_contextvars()
