"""Signing in and out."""

from flask import Blueprint, redirect, render_template, request, url_for
from flask_login import current_user, logout_user
from werkzeug.wrappers import Response

from wijkteam.people.service import sign_in
from wijkteam.signing_in.sessions import end_sessions
from wijkteam.web.acting import work
from wijkteam.web.letting_in import inside, let_in
from wijkteam.web.relying_party import here

pages = Blueprint("sign_in", __name__)


@pages.route("/inloggen", methods=["GET", "POST"])
def page() -> Response | str | tuple[str, int]:
    """The sign-in page."""
    if request.method == "GET":
        return render_template("sign_in.html", email="", wrong=False, passkeys=here() is not None)
    email = request.form.get("email", "")
    person = sign_in(work(), email, request.form.get("password", ""))
    if person is None:
        return render_template("sign_in.html", email=email, wrong=True, passkeys=here() is not None), 401
    return redirect(let_in(person.id, ("password",), inside(request.args.get("next"))))


@pages.post("/uitloggen")
def leave() -> Response:
    """Sign out."""
    if current_user.is_authenticated:
        mine = current_user.signed_in
        end_sessions(work(), "signed_out", mine.person_id, [mine.id])
    logout_user()
    return redirect(url_for("sign_in.page"))
