"""Signing in and out."""

import structlog
from flask import Blueprint, current_app, redirect, render_template, request, url_for
from flask_login import current_user, logout_user
from werkzeug.wrappers import Response

from wijkteam.engine.running import Stale
from wijkteam.signing_in.attempts import TooManyAttempts, begin_attempt, was_right
from wijkteam.signing_in.passwords import person_with
from wijkteam.signing_in.sessions import end_sessions
from wijkteam.terms.words import counted
from wijkteam.web import kept, relying_party
from wijkteam.web.acting import safety, work
from wijkteam.web.browsers import here
from wijkteam.web.language import _, said
from wijkteam.web.letting_in import inside, let_in
from wijkteam.web.single_sign_on import sign_out_address

pages = Blueprint("sign_in", __name__)
log = structlog.get_logger()
BUSY_SECONDS = 5


def form(email: str = "", wrong: str = "", status: int = 200, typed: kept.Kept | None = None) -> Response:
    """The sign-in page, with what is wrong and with what somebody typed who was signed out meanwhile."""
    if not safety().ways_in.passwords:
        only = render_template("single_sign_on/only.html")
        return Response(only, status, content_type="text/html; charset=utf-8")
    mail = current_app.extensions["sends_mail"]
    shown = render_template(
        "sign_in.html",
        email=email,
        wrong=wrong,
        typed=typed,
        sends_mail=mail,
        passkeys=relying_party.here() is not None,
    )
    return Response(shown, status, content_type="text/html; charset=utf-8")


@pages.route("/inloggen", methods=["GET", "POST"])
def page() -> Response | str:
    """The sign-in page."""
    if request.method == "GET" or not safety().ways_in.passwords:
        return form()
    email, typed = request.form.get("email", ""), kept.sent()
    tried = here(email)
    try:
        number = begin_attempt(work(), tried)
    except TooManyAttempts as many:
        log.warning("sign_in.waits", account=tried.account[:12], address=tried.address, seconds=many.seconds)
        return too_many(many.seconds, form(email, wait(many.seconds), 429, typed))
    except Stale:
        return too_many(BUSY_SECONDS, form(email, wait(BUSY_SECONDS), 429, typed))
    person = person_with(work(), email, request.form.get("password", ""))
    if person is None:
        log.warning("sign_in.missed", account=tried.account[:12], address=tried.address)
        return form(email, _("Dit e-mailadres en wachtwoord horen niet bij elkaar."), 401, typed)
    was_right(work(), number)
    target = let_in(person.id, ("password",), inside(request.args.get("next")))
    if typed is not None and current_user.is_authenticated and kept.is_of(typed, person.id):
        return render_template("kept.html", typed=typed)
    return redirect(target)


def wait(seconds: int) -> str:
    """What somebody is told who tried too often."""
    long = counted(seconds, "seconds") if seconds < 60 else counted(-(-seconds // 60), "minutes")
    return _("U hebt het te vaak geprobeerd. Wacht %(long)s en probeer het dan opnieuw.", long=said(long))


def too_many(seconds: int, answer: Response) -> Response:
    """Say also to machines when to come back."""
    answer.headers["Retry-After"] = str(seconds)
    return answer


def ask_to_sign_in() -> Response:
    """What somebody gets who is not signed in (any more): after signing in they are where they wanted to be.

    Who was sending a form gets back what was typed after signing in, to send it then.
    """
    if request.method in ("GET", "HEAD"):
        return redirect(url_for("sign_in.page", next=request.full_path.rstrip("?")))
    typed = kept.from_form()
    wrong = _("U bent uitgelogd, omdat u een tijd niets deed. Log opnieuw in. Wat u invulde, is er dan nog.")
    return form("", wrong, 401, typed)


@pages.post("/uitloggen")
def leave() -> Response | str:
    """Sign out."""
    onward = None
    if current_user.is_authenticated:
        mine = current_user.signed_in
        end_sessions(work(), "signed_out", mine.person_id, [mine.id])
        onward = sign_out_address(mine.id)
    logout_user()
    if onward is not None:
        return render_template("single_sign_on/leaving.html", onward=onward)
    return redirect(url_for("sign_in.page"))
