"""Working without a connection: switching it on for a device, the key, and what a browser asks by itself."""

import hashlib
import json
import secrets
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from flask import Blueprint, Flask, Response, abort, current_app, jsonify, redirect, render_template, request, url_for
from flask_login import current_user, login_required
from flask_wtf.csrf import generate_csrf
from werkzeug.wrappers import Response as AnyResponse

from wijkteam.access.sharing_vocabulary import GUEST
from wijkteam.offline.queries import key_id_of
from wijkteam.offline.service import (
    UNUSED_FOR,
    AlreadySent,
    digest_of,
    give_key,
    switch_off,
    switch_off_everywhere,
    switch_on,
)
from wijkteam.terms import clock
from wijkteam.web.acting import over_all, safety, work
from wijkteam.web.language import language, speak
from wijkteam.web.offline_words import words_of_script
from wijkteam.web.proving import proved_recently
from wijkteam.web.scripts import SCRIPT_POLICY
from wijkteam.web.styles import address_of_sheet, sheet

pages = Blueprint("offline", __name__)
HELD = "X-Offline-Key"
"""Says on every page whose copies the browser may hold: the number of a key, or `none` for nobody's."""
NOBODY = "none"
LASTS_SECONDS = 400 * 24 * 3600
"""How long a browser keeps its mark: as long as browsers keep any cookie."""
PARTS = ("store", "queue", "shown", "worker")
"""The files of which the script that works without a connection is made, in this order."""
PAGE_SCRIPT = "offline/page.js"
"""What pages need besides themselves and the style sheet."""
WORKER_POLICY = "default-src 'none'; script-src 'self'; connect-src 'self'"


def cookie_name() -> str:
    """In production a name that no other site, and no page without https, can set."""
    return "__Host-device" if safety().production else "device"


def device() -> str:
    """The mark of this browser, which it got when somebody switched this on with it; empty for none."""
    return request.cookies.get(cookie_name(), "")[:64] if safety().offline else ""


def may_take_along() -> bool:
    """Whether the signed-in person may work without a connection: who works here, and not only as a guest."""
    return safety().offline and current_user.is_authenticated and work().actor.functions != {GUEST}


def held_key() -> str | None:
    """The number of the signed-in person's key on this device; None for none."""
    mark = device()
    if not mark or not may_take_along():
        return None
    return over_all(key_id_of, work().actor.person_id, digest_of(mark))


def only_where_allowed() -> None:
    """For guests, and where the settings say no, there is nothing here (404)."""
    if not may_take_along():
        abort(404)


@pages.get("/offline")
@login_required
def page() -> str:
    """What it is, what it asks of the device, and the switch."""
    only_where_allowed()
    return render_template(
        "offline/switch.html", on=held_key() is not None, days=UNUSED_FOR.days, limits=safety().limits
    )


@pages.post("/offline/aan")
@login_required
@proved_recently
def turn_on() -> AnyResponse:
    """Take my open cases along on this device."""
    only_where_allowed()
    mark = device() or secrets.token_urlsafe(32)
    switch_on(work(), current_app.extensions["box"], digest_of(mark))
    answer = redirect(url_for("offline.page"))
    answer.set_cookie(
        cookie_name(), mark, max_age=LASTS_SECONDS, secure=safety().production, httponly=True, samesite="Lax"
    )
    return answer


@pages.post("/offline/uit")
@login_required
def turn_off() -> AnyResponse:
    """Take nothing along any more: the key is thrown away, and with it all that this device held of me."""
    only_where_allowed()
    answer = redirect(url_for("offline.page"))
    if device() and not switch_off(work(), digest_of(device())):
        answer.delete_cookie(cookie_name(), secure=safety().production, httponly=True, samesite="Lax")
        answer.headers["Clear-Site-Data"] = '"storage"'
    return answer


@pages.post("/offline/uit-overal")
@login_required
def turn_off_everywhere() -> AnyResponse:
    """Take nothing along on any device, as when one is lost."""
    only_where_allowed()
    switch_off_everywhere(work())
    return redirect(url_for("offline.page"))


@pages.get("/offline/stand")
@login_required
def standing() -> Response:
    """Whose copies this device may hold now, in which language, and a fresh token; also for whom there are none."""
    return jsonify(key=held_key(), token=generate_csrf(), language=language())


@pages.post("/offline/sleutel")
@login_required
def key() -> Response:
    """My key on this device, to be held as long as I am signed in; `until` and `idle` are milliseconds."""
    only_where_allowed()
    given = give_key(work(), current_app.extensions["box"], digest_of(device())) if device() else None
    if given is None:
        abort(404)
    ends = current_user.signed_in.ends_at.timestamp() * 1000
    idle = safety().limits.idle.total_seconds() * 1000
    return jsonify(id=given.id, key=given.key, until=int(ends), idle=int(idle), now=int(clock.now().timestamp() * 1000))


@pages.get("/offline/wacht")
@login_required
def waiting() -> str:
    """What waits to be sent stands on the device only, and its own script shows it in the place of this page."""
    only_where_allowed()
    return render_template("offline/waiting_elsewhere.html")


@pages.get("/offline/dicht")
def closed() -> Response:
    """What a device shows without a connection when nobody is signed in on it; it holds nothing of anybody.

    A browser asks for it without its cookies, and so says in which language.
    """
    if not safety().offline:
        abort(404)
    speak(request.args.get("taal", ""))
    return _with_policy(Response(render_template("offline/closed.html"), content_type="text/html; charset=utf-8"))


@pages.get("/offline.js")
def script() -> Response:
    """The script that works without a connection; at the root, for it looks after every page."""
    if not safety().offline:
        abort(404)
    assets = [address_of_sheet(), url_for("static", filename=PAGE_SCRIPT)]
    given = {"VERSION": _version(sheet().mark), "ASSETS": assets, "TEXTS": words_of_script()}
    begins = [f"const {name} = {json.dumps(value)};\n" for name, value in given.items()]
    strict = '"use strict";\n'  # not said to people
    answer = Response("".join([strict, *begins, *_sources()]), content_type="text/javascript; charset=utf-8")
    answer.headers["Content-Security-Policy"] = WORKER_POLICY
    answer.headers["Service-Worker-Allowed"] = "/"
    return answer


def _static(name: str) -> Path:
    return Path(__file__).parent / "static" / name


def _sources() -> Iterator[str]:
    for part in PARTS:
        yield _static(f"offline/{part}.js").read_text(encoding="utf-8")


@cache
def _version(look: str) -> str:
    """Another one whenever any of it changes, so that browsers fetch it anew."""
    told = hashlib.sha256(look.encode())
    for path in [*(_static(f"offline/{part}.js") for part in PARTS), _static(PAGE_SCRIPT)]:
        told.update(path.read_bytes())
    told.update(json.dumps(words_of_script()).encode())
    return told.hexdigest()[:16]


def _with_policy(answer: Response) -> Response:
    answer.headers["Content-Security-Policy"] = SCRIPT_POLICY
    return answer


def register(app: Flask) -> None:
    """Let pages of a device on which this is on run its script, and say on each whose copies it may hold."""

    @app.context_processor
    def here() -> dict[str, object]:
        return {"offline_here": bool(device()), "may_take_along": may_take_along}

    @app.after_request
    def say_whose(answer: Response) -> Response:
        marked = cookie_name() in request.cookies  # also where it was on before the settings said no
        if marked and answer.mimetype == "text/html" and answer.status_code < 500:
            answer.headers[HELD] = held_key() or NOBODY
            if device():
                answer.headers.setdefault("Content-Security-Policy", SCRIPT_POLICY)
        return answer

    @app.errorhandler(AlreadySent)
    def came_in_before(sent: AlreadySent) -> AnyResponse:
        case_id = sent.outcome.case_id
        return redirect(url_for("cases.page", case_id=case_id) if case_id else url_for("my_work.page"), 303)
