"""Signing in with a work account elsewhere, and signing out there and here."""

import secrets
from urllib.parse import urlencode

import structlog
from flask import Blueprint, current_app, make_response, redirect, render_template, request, session, url_for
from flask_login import current_user, login_required, login_user
from werkzeug.wrappers import Response

from wijkteam.signing_in.sessions import Begun, add_factor
from wijkteam.signing_in.single_sign_on import flow
from wijkteam.signing_in.single_sign_on.model import ProviderIdentity
from wijkteam.signing_in.single_sign_on.provider import CALLBACK, SIGNED_OUT, Provider
from wijkteam.signing_in.single_sign_on.queries import tied_lately
from wijkteam.signing_in.single_sign_on.refusals import SOMEBODY_ELSE, NotSignedIn
from wijkteam.signing_in.single_sign_on.service import (
    Recognised,
    begin_from_provider,
    forget_sign_in,
    recognise,
    session_name,
    sign_out_from_there,
    was_told,
)
from wijkteam.signing_in.single_sign_on.tokens import read_logout_token
from wijkteam.terms import clock
from wijkteam.web.acting import User, house, safety, work
from wijkteam.web.language import _, said
from wijkteam.web.letting_in import HALF_WAY, WHERE_TO, missing

pages = Blueprint("single_sign_on", __name__)
log = structlog.get_logger()
UNDER_WAY, ONWARD = "single_sign_on", "single_sign_on_out"
ONE_FACTOR, TWO_FACTORS = "work_account", "single_sign_on"
"""What is written down of a sign-in at the provider: one proof there, or more than one."""
SECOND_STEP = "/inloggen/tweede-stap"
MOST_TARGET = 300


def provider() -> Provider | None:
    """The provider that the settings name; one for this process, for it remembers keys."""
    own = safety().ways_in.single_sign_on
    if own is None:
        return None
    found: Provider = current_app.extensions.setdefault("single_sign_on", Provider(own))
    return found


@pages.app_context_processor
def ways_in() -> dict[str, object]:
    """How people get in, for the sign-in page; and for their own first page, which account was tied to them lately."""
    return {"ways_in": safety().ways_in, "tied_lately": _tied_lately}


def _tied_lately() -> str | None:
    found = tied_lately(work().session, current_user.person.person_id) if current_user.is_authenticated else None
    return _when(found) if found else None


def _when(identity: ProviderIdentity) -> str:
    at = clock.local(identity.linked_at)
    return _("%(date)s om %(time)s", date=at.strftime("%d-%m-%Y"), time=at.strftime("%H:%M"))


@pages.errorhandler(NotSignedIn)
def failed(error: NotSignedIn) -> tuple[str, int]:
    """One plain page for everything that can go wrong; the log says what, and nothing about who."""
    log.info("single_sign_on.failed", why=error.why.name, detail=error.detail)
    return render_template("single_sign_on/failed.html", text=said(error.why)), error.why.http


@pages.get("/inloggen/extern")
def start() -> Response:
    """To the provider."""
    theirs = provider()
    if theirs is None:
        return redirect(url_for("sign_in.page"))
    attempt, address = flow.begin(theirs, _inside(request.args.get("next")))
    session[UNDER_WAY] = flow.keep(session.get(UNDER_WAY), attempt)
    return redirect(address)


@pages.get("/inloggen/extern/opnieuw")
@login_required
def prove_anew() -> Response:
    """To the provider, to prove anew who one is before something that asks for it."""
    theirs = provider()
    if theirs is None:
        return redirect(url_for("sign_in.page"))
    attempt, address = flow.begin(theirs, _inside(request.args.get("next")), current_user.signed_in.id)
    session[UNDER_WAY] = flow.keep(session.get(UNDER_WAY), attempt)
    return redirect(address)


@pages.get(CALLBACK)
def back() -> Response:
    """Back from the provider, with its answer."""
    theirs = provider()
    if theirs is None:
        return redirect(url_for("sign_in.page"))
    attempt, session[UNDER_WAY] = flow.take(session.get(UNDER_WAY), request.args.get("state", ""))
    answer = flow.finish(theirs, attempt, request.args)
    found = recognise(work(), theirs.settings, answer)
    if attempt.session_id is None:
        return redirect(_let_in(found, answer, attempt.target))
    mine = current_user.signed_in if current_user.is_authenticated else None
    if mine is None or (mine.id, mine.person_id) != (attempt.session_id, found.person_id):
        raise NotSignedIn(SOMEBODY_ELSE)
    add_factor(work(), mine.id, TWO_FACTORS if answer.two_factors else ONE_FACTOR, answer.two_factors)
    return redirect(attempt.target)


def _let_in(found: Recognised, answer: flow.Answer, target: str) -> str:
    """Begin a session with a secret of its own; returns where to go."""
    factors = (TWO_FACTORS if answer.two_factors else ONE_FACTOR,)
    complete = not missing(found.person_id, factors)
    begun = Begun(
        found.person_id,
        factors,
        complete,
        request.remote_addr or "",
        request.user_agent.string,
        session_name(answer.provider_session),
    )
    secret = begin_from_provider(work(), found, answer, begun, safety().limits)
    log.info("single_sign_on.signed_in", person=found.person_id, two_factors=answer.two_factors)
    if not complete:
        session[HALF_WAY], session[WHERE_TO] = secret, target
        return SECOND_STEP
    user = User.load(house(), secret)
    if user is not None:
        login_user(user)
    return url_for("single_sign_on.linked", next=target) if found.to_be_told else target


@pages.get("/inloggen/extern/gekoppeld")
@login_required
def linked() -> Response | str:
    """Tell somebody, once, that an account elsewhere was tied to them."""
    target = _inside(request.args.get("next"))
    found = was_told(work(), current_user.person.person_id)
    if found is None:
        return redirect(target)
    return render_template("single_sign_on/linked.html", target=target, when=_when(found))


def sign_out_address(session_id: int) -> str | None:
    """Where somebody who signed out here signs out there too; None when they did not come from there.

    A page leads to it, not the answer to the form: browsers let no form lead outside (form-action).
    """
    theirs, token = provider(), forget_sign_in(work(), session_id)
    if theirs is None or token is None:
        return None
    try:
        address = theirs.endpoint("end_session_endpoint")
    except NotSignedIn:
        address = None
    if address is None:
        return None
    session[ONWARD] = secrets.token_urlsafe(16)
    asked = {
        "id_token_hint": token,
        "client_id": theirs.settings.client_id,
        "post_logout_redirect_uri": theirs.settings.address + SIGNED_OUT,
        "state": session[ONWARD],
    }
    return f"{address}{'&' if '?' in address else '?'}{urlencode(asked)}"


@pages.post("/inloggen/extern/afmelden")
def signed_out_there() -> Response:
    """The provider says that somebody signed out there; only a token that it signed counts, and only once."""
    theirs, told = provider(), None
    try:
        if theirs is not None:
            told = read_logout_token(theirs, request.form.get("logout_token", ""))
    except NotSignedIn as error:
        log.info("single_sign_on.logout_refused", why=error.why.name, detail=error.detail)
    done = theirs is not None and told is not None and sign_out_from_there(work(), theirs.settings, told)
    answer = make_response("" if done else '{"error": "invalid_request"}', 200 if done else 400)
    answer.headers["Cache-Control"] = "no-store"
    answer.content_type = "application/json"
    return answer


@pages.get(SIGNED_OUT)
def signed_out() -> Response | str:
    """Back from signing out at the provider."""
    expected = session.pop(ONWARD, None)
    if expected is None or request.args.get("state") != expected:
        return redirect(url_for("sign_in.page"))
    return render_template("single_sign_on/signed_out.html")


def _inside(target: str | None) -> str:
    if (
        target
        and len(target) <= MOST_TARGET
        and target.startswith("/")
        and not target.startswith("//")
        and "\\" not in target
        and target.isprintable()
    ):
        return target
    return url_for("my_work.page")
