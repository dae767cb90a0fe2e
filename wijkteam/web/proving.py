"""Proving anew who one is, before deeds that somebody at an unlocked screen must not be able to do.

A view with `@proved_recently` is reached only by who proved themselves in the last minutes (Limits.proof). Others get
a page that asks for a proof; a form that they were sending goes along in it, and goes on at once after the proof:
nothing is lost, and no script is needed. Further ways to prove are added with `add_way`.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any, ParamSpec

import structlog
from flask import Blueprint, Response, current_app, redirect, render_template, request, session, url_for
from flask_login import current_user, login_required
from werkzeug.datastructures import ImmutableMultiDict
from werkzeug.wrappers import Response as AnyResponse

from wijkteam.engine.running import Stale
from wijkteam.people.staff import find_person
from wijkteam.signing_in.attempts import TooManyAttempts, begin_attempt, was_right
from wijkteam.signing_in.passwords import has_password, is_password_of
from wijkteam.signing_in.sessions import add_factor, renew_session
from wijkteam.terms import clock
from wijkteam.web.acting import User, house, safety, work
from wijkteam.web.browsers import here
from wijkteam.web.language import _, later
from wijkteam.web.letting_in import inside
from wijkteam.web.scripts import with_script
from wijkteam.web.sign_in import BUSY_SECONDS, too_many, wait

pages = Blueprint("proving", __name__)
log = structlog.get_logger()
Given = ParamSpec("Given")  # not said to people
PREFIX = "proof_"
"""What begins with this in a form belongs to the proof, and not to the deed."""


@dataclass(frozen=True)
class Way:
    """One way to prove who one is: a part of the page, for whom, and how what was filled in is looked at."""

    factor: str
    title: str
    template: str
    """A part of a page: fields, all of which have names that begin with `proof_`."""
    offered: Callable[[User], bool]
    prove: Callable[[User], str]
    """Says what is wrong; empty when it is proved. May raise TooManyAttempts."""
    needs_script: bool = False
    """Whether this system's own script has to run on the page: nowhere else it may."""


WAYS: dict[str, Way] = {}


def add_way(way: Way) -> None:
    """Offer one way more."""
    WAYS[way.factor] = way


def proved_recently(view: Callable[Given, Any]) -> Callable[Given, Any]:
    """Let through only who proved lately who they are; stands under @login_required."""

    @wraps(view)
    def guarded(*arguments: Given.args, **named: Given.kwargs) -> Any:
        if not current_user.is_authenticated:
            return current_app.login_manager.unauthorized()  # type: ignore[attr-defined]
        if not is_recent():
            if request.method in ("GET", "HEAD"):
                return redirect(url_for("proving.page", next=request.full_path.rstrip("?")))
            refused = _prove()
            if refused is not None:
                return refused
        _forget_proof()
        return view(*arguments, **named)

    return guarded


def is_recent() -> bool:
    """Whether the signed-in person proved lately who they are."""
    return bool(clock.now() - current_user.signed_in.proved_at <= safety().limits.proof)


@pages.route("/bewijs-opnieuw", methods=["GET", "POST"])
@login_required
def page() -> AnyResponse:
    """Prove anew before a page is opened."""
    target = inside(request.args.get("next"))
    if request.method == "GET":
        return redirect(target) if is_recent() else ask()
    return _prove() or redirect(target)


def ask(wrong: str = "", status: int = 200) -> Response:
    """The page that asks for a proof, holding everything that was being sent."""
    typed = [each for each in request.form.items(multi=True) if not each[0].startswith((PREFIX, "csrf_token"))]
    ways = [way for way in WAYS.values() if way.offered(current_user)]
    shown = render_template("prove.html", ways=ways, typed=typed, wrong=wrong, tried=request.form.get("proof_way", ""))
    if any(way.needs_script for way in ways):
        return with_script(shown, status)
    return Response(shown, status, content_type="text/html; charset=utf-8")


def proved(factor: str) -> None:
    """The signed-in person proved who they are: written down, and the session gets a new secret."""
    user = current_user
    add_factor(work(), user.signed_in.id, factor, True)
    secret = renew_session(work(), user.signed_in.id)
    if secret is None:
        return
    session["_user_id"] = secret
    renewed = User.load(house(), secret)
    if renewed is not None:
        current_app.login_manager._update_request_context_with_user(renewed)  # type: ignore[attr-defined]
    log.info("sign_in.proved_anew", person=user.person.person_id, session=user.signed_in.id, factor=factor)


def _prove() -> AnyResponse | None:
    """Look at the proof in the form; None when it is good, else what to answer."""
    way = WAYS.get(request.form.get("proof_way", ""))
    if way is None or not way.offered(current_user):
        return ask(status=401)
    try:
        wrong = way.prove(current_user)
    except TooManyAttempts as many:
        return too_many(many.seconds, ask(wait(many.seconds), 429))
    except Stale:
        return too_many(BUSY_SECONDS, ask(wait(BUSY_SECONDS), 429))
    if wrong:
        log.warning("sign_in.not_proved", person=current_user.person.person_id, factor=way.factor)
        return ask(wrong, 401)
    proved(way.factor)
    return None


def _forget_proof() -> None:
    """Views see the form as it was before a proof came along in it."""
    if any(name.startswith(PREFIX) for name in request.form):
        rest = [each for each in request.form.items(multi=True) if not each[0].startswith(PREFIX)]
        request.__dict__["form"] = ImmutableMultiDict(rest)


def _by_password(user: User) -> str:
    person = find_person(work().session, user.person.person_id)
    number = begin_attempt(work(), here(person.email if person else ""))
    if not is_password_of(work().session, user.person.person_id, request.form.get("proof_password", "")):
        return _("Dit is niet uw wachtwoord.")
    was_right(work(), number)
    return ""


add_way(
    Way(
        "password",
        later("Wachtwoord"),
        "components/prove_password.html",
        lambda user: has_password(work().session, user.person.person_id),
        _by_password,
    )
)
