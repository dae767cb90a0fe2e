"""My access: my password, and where I am signed in."""

import structlog
from flask import Blueprint, abort, current_app, redirect, render_template, request, session, url_for
from flask_login import current_user, login_required
from werkzeug.wrappers import Response

from wijkteam.engine.running import Stale
from wijkteam.people.service import WrongPerson
from wijkteam.people.staff import find_person
from wijkteam.signing_in.accounts import WrongPassword, change_password
from wijkteam.signing_in.attempts import TooManyAttempts, begin_attempt, was_right
from wijkteam.signing_in.passwords import has_password
from wijkteam.signing_in.queries import live_sessions
from wijkteam.signing_in.sessions import end_other_sessions, end_sessions, renew_session
from wijkteam.web.acting import safety, work
from wijkteam.web.browser_names import browser_name
from wijkteam.web.browsers import here
from wijkteam.web.language import _, said
from wijkteam.web.sign_in import BUSY_SECONDS, too_many, wait

pages = Blueprint("my_access", __name__)
log = structlog.get_logger()


def _show(mistakes: dict[str, str] | None = None, status: int = 200, done: str = "") -> Response:
    me = current_user.person.person_id
    shown = render_template(
        "my_access.html",
        sessions=[(each, browser_name(each.browser)) for each in live_sessions(work().session, me, safety().limits)],
        this=current_user.signed_in.id,
        has_password=has_password(work().session, me),
        mistakes=mistakes or {},
        done=done,
    )
    return current_app.make_response((shown, status))


@pages.get("/mijn-toegang")
@login_required
def page() -> Response:
    """My password, and where I am signed in."""
    return _show(done=_("Uw wachtwoord is veranderd.") if request.args.get("gewijzigd") else "")


@pages.post("/mijn-toegang/wachtwoord")
@login_required
def password() -> Response:
    """Change my password: the present one is asked for, and a wrong one counts as a miss."""
    me = current_user.person.person_id
    person = find_person(work().session, me)
    new = request.form.get("new", "")
    if person is None:
        abort(404)
    if new != request.form.get("again", ""):
        return _show({"again": _("Dit is niet hetzelfde als het nieuwe wachtwoord.")}, 422)
    try:
        number = begin_attempt(work(), here(person.email))
        town = str(current_app.jinja_env.globals["municipality"])
        change_password(work(), me, request.form.get("present", ""), new, town, current_user.signed_in.id)
    except TooManyAttempts as many:
        return too_many(many.seconds, _show({"present": wait(many.seconds)}, 429))
    except Stale:
        return too_many(BUSY_SECONDS, _show({"present": wait(BUSY_SECONDS)}, 429))
    except WrongPassword as wrong:
        return _show({"present": said(wrong)}, 422)
    except WrongPerson as wrong:
        was_right(work(), number)
        return _show({"new": said(wrong)}, 422)
    was_right(work(), number)
    secret = renew_session(work(), current_user.signed_in.id)
    if secret is not None:
        session["_user_id"] = secret
    return redirect(url_for("my_access.page", gewijzigd=1))


@pages.post("/mijn-toegang/sessie/<int:session_id>/stoppen")
@login_required
def stop(session_id: int) -> Response:
    """Sign out elsewhere: one session of mine."""
    me = current_user.person.person_id
    if session_id not in {each.id for each in live_sessions(work().session, me, safety().limits)}:
        abort(404)
    end_sessions(work(), "ended_by_owner", me, [session_id])
    log.info("sign_in.ended", person=me, session=session_id)
    return redirect(url_for("my_access.page"))


@pages.post("/mijn-toegang/andere-stoppen")
@login_required
def stop_others() -> Response:
    """Sign out everywhere else."""
    me = current_user.person.person_id
    ended = end_other_sessions(work(), "ended_by_owner", me, current_user.signed_in.id)
    log.info("sign_in.ended", person=me, sessions=ended)
    return redirect(url_for("my_access.page"))
