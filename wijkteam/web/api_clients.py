"""Systems that use the API for themselves: the administrator lists them, adds one, and ends one."""

from flask import Blueprint, abort, current_app, redirect, render_template, request, url_for
from flask_login import login_required
from werkzeug.wrappers import Response

from wijkteam.api_access.queries import clients, system_people
from wijkteam.api_access.service import SCOPES, WrongToken, add_client_for, end_client
from wijkteam.people.staff import may_keep
from wijkteam.web.acting import over_all, work
from wijkteam.web.language import said
from wijkteam.web.proving import proved_recently

pages = Blueprint("api_clients", __name__)


def _administrators_only() -> None:
    if not may_keep(work().actor):
        abort(404)


def _show(mistakes: dict[str, str] | None = None, made: tuple[str, str] | None = None) -> Response:
    shown = render_template(
        "api_clients.html",
        clients=over_all(clients),
        people=over_all(system_people),
        scopes=SCOPES,
        given=request.form if made is None else {},
        chosen=request.form.getlist("scopes") if made is None else [],
        mistakes=mistakes or {},
        made=made,
    )
    return current_app.make_response((shown, 422 if mistakes else 200))


@pages.get("/beheer/api-toegang")
@login_required
def page() -> Response:
    """The systems, for whom they act, and what they may."""
    _administrators_only()
    return _show()


@pages.post("/beheer/api-toegang")
@login_required
@proved_recently
def add() -> Response:
    """Let a system act for a system person; its secret is shown here, once."""
    _administrators_only()
    person = request.form.get("person", type=int) or 0
    try:
        made = add_client_for(work(), request.form.get("name", ""), person, request.form.getlist("scopes"))
    except WrongToken as wrong:
        return _show({wrong.field: said(wrong)})
    return _show(made=made)


@pages.post("/beheer/api-toegang/<client_id>/beeindigen")
@login_required
def end(client_id: str) -> Response:
    """End a system's access at once, with every token that it has."""
    _administrators_only()
    if not end_client(work(), client_id):
        abort(404)
    return redirect(url_for("api_clients.page"))
