"""My tokens: for programs that act for me."""

from datetime import date, timedelta

from flask import Blueprint, abort, current_app, redirect, render_template, request, url_for
from flask_login import login_required
from werkzeug.wrappers import Response

from wijkteam.access.sharing_vocabulary import GUEST
from wijkteam.api_access.queries import tokens_of
from wijkteam.api_access.service import SCOPES, WrongToken, make_token, prove_token, revoke_token
from wijkteam.terms import clock
from wijkteam.web.acting import over_all, safety, work
from wijkteam.web.language import said
from wijkteam.web.proving import proved_recently

pages = Blueprint("my_tokens", __name__)
USUAL_DAYS = 90


def _show(mistakes: dict[str, str] | None = None, status: int = 200, token: str | None = None) -> Response:
    found = over_all(tokens_of, work().actor.person_id)
    now, lasts = clock.now(), safety().limits.proof
    shown = render_template(
        "my_tokens.html",
        tokens=[each for each in found if each.revoked_at is None and each.ends_at > now],
        ended=[each for each in found if each.revoked_at is not None or each.ends_at <= now][:10],
        scopes=SCOPES,
        proved={each.id: each.proved_at + lasts for each in found if each.proved_at and each.proved_at + lasts > now},
        given=request.form,
        chosen=request.form.getlist("scopes"),
        last_day=(clock.today() + timedelta(days=USUAL_DAYS)).isoformat(),
        mistakes=mistakes or {},
        secret=token or "",
    )
    return current_app.make_response((shown, status))


def _no_guest() -> None:
    if work().actor.functions == {GUEST}:
        abort(404)


@pages.get("/mijn-toegang/tokens")
@login_required
def page() -> Response:
    """The tokens that I made."""
    _no_guest()
    return _show()


@pages.post("/mijn-toegang/tokens")
@login_required
@proved_recently
def add() -> Response:
    """Make one; what it opens with is shown here, once."""
    _no_guest()
    try:
        last_day = date.fromisoformat(request.form.get("last_day", ""))
    except ValueError:
        last_day = date.min
    try:
        secret = make_token(work(), request.form.get("name", ""), request.form.getlist("scopes"), last_day)
    except WrongToken as wrong:
        return _show({wrong.field: said(wrong)}, 422)
    return _show(token=secret)


@pages.post("/mijn-toegang/tokens/<int:token_id>/bewijzen")
@login_required
@proved_recently
def prove(token_id: int) -> Response:
    """For some minutes one of mine may do great deeds: I proved just now who I am."""
    _no_guest()
    if not prove_token(work(), token_id):
        abort(404)
    return redirect(url_for("my_tokens.page"))


@pages.post("/mijn-toegang/tokens/<int:token_id>/intrekken")
@login_required
def revoke(token_id: int) -> Response:
    """End one of mine at once."""
    _no_guest()
    if not revoke_token(work(), token_id):
        abort(404)
    return redirect(url_for("my_tokens.page"))
