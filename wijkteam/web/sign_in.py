"""Signing in and out."""

from flask import Blueprint, redirect, render_template, request, url_for
from flask_login import current_user, login_user, logout_user
from werkzeug.wrappers import Response

from wijkteam.people.service import sign_in
from wijkteam.signing_in.sessions import end_sessions
from wijkteam.web.acting import safety, sign_in_as, work
from wijkteam.web.single_sign_on import sign_out_address

pages = Blueprint("sign_in", __name__)


def _inside(target: str | None) -> str:
    if target and target.startswith("/") and not target.startswith(("//", "/\\")) and target.isprintable():
        return target
    return url_for("my_work.page")


@pages.route("/inloggen", methods=["GET", "POST"])
def page() -> Response | str | tuple[str, int]:
    """The sign-in page."""
    if not safety().ways_in.passwords:
        return render_template("single_sign_on/only.html")
    if request.method == "GET":
        return render_template("sign_in.html", email="", wrong=False)
    email = request.form.get("email", "")
    person = sign_in(work(), email, request.form.get("password", ""))
    if person is None:
        return render_template("sign_in.html", email=email, wrong=True), 401
    user = sign_in_as(person.id, ("password",))
    if user is not None:
        login_user(user)
    return redirect(_inside(request.args.get("next")))


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
