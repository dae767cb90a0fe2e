"""Setting a password by a link that is good once, and asking for such a link."""

import secrets

from flask import Blueprint, current_app, g, redirect, render_template, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from wijkteam.people.model import Person
from wijkteam.people.service import WrongPerson
from wijkteam.signing_in.accounts import INVITATION, ask_for_link, find_link, set_password_by_link
from wijkteam.signing_in.attempts import came_in, device_digest, network
from wijkteam.web.acting import work
from wijkteam.web.browsers import here
from wijkteam.web.language import _, said

pages = Blueprint("passwords", __name__)


@pages.route("/wachtwoord-vergeten", methods=["GET", "POST"])
def forgotten() -> str:
    """Ask for a link. The answer is the same for everyone, whether an address is known or not."""
    mail = bool(current_app.extensions["sends_mail"])
    if request.method == "POST" and mail:
        ask_for_link(work(), request.form.get("email", ""), network(request.remote_addr or ""))
    return render_template("password_forgotten.html", asked=request.method == "POST", sends_mail=mail)


@pages.route("/wachtwoord/<secret>", methods=["GET", "POST"])
def choose(secret: str) -> Response | str | tuple[str, int]:
    """Choose a password by a link."""
    asked = find_link(work().session, secret)
    if asked is None:
        return _no_good()
    if request.method == "GET":
        return _form(asked.person, asked.kind)
    new = request.form.get("new", "")
    if new != request.form.get("again", ""):
        return _form(asked.person, asked.kind, {"again": _("Dit is niet hetzelfde als het nieuwe wachtwoord.")}), 422
    try:
        town = str(current_app.jinja_env.globals["municipality"])
        person = set_password_by_link(work(), secret, new, town)
    except WrongPerson as wrong:
        return _form(asked.person, asked.kind, {"new": said(wrong)}), 422
    if person is None:
        return _no_good()
    _know_this_browser(person)
    return redirect(url_for("sign_in.page", gekozen=1))


def _know_this_browser(person: Person) -> None:
    """Who holds the link is the owner: guesses from elsewhere do not keep them out of what they just set."""
    g.browser_mark = secrets.token_urlsafe(32)
    came_in(work(), here(person.email), device_digest(g.browser_mark))


def _form(person: Person, kind: str, mistakes: dict[str, str] | None = None) -> str:
    return render_template(
        "password_choose.html", who=person, invited=kind == INVITATION, mistakes=mistakes or {}, me=current_user
    )


def _no_good() -> tuple[str, int]:
    text = _("Deze link werkt niet (meer). Een link werkt één keer, en 24 uur lang. Vraag een nieuwe aan.")
    return render_template("message.html", title=_("Link werkt niet"), text=text), 404
