"""The municipality's case system: how it stands, for administrators, and where its notifications come in."""

from flask import Blueprint, Response, abort, redirect, render_template, request, url_for
from flask_login import login_required
from werkzeug.wrappers import Response as AnyResponse

from wijkteam.people.staff import may_keep
from wijkteam.storage.settings import WrongSettings
from wijkteam.web.acting import over_all, safety, work
from wijkteam.zgw.queries import zaken_standing
from wijkteam.zgw.service import try_zaken_again
from wijkteam.zgw.taking import WrongNotification, may_notify, receive

pages = Blueprint("zaaksysteem", __name__)


def _administrators_only() -> None:
    if not may_keep(work().actor):
        abort(404)


@pages.get("/beheer/zaaksysteem")
@login_required
def page() -> str:
    """How many cases the case system knows, and what it refuses."""
    _administrators_only()
    return render_template("zaaksysteem.html", standing=over_all(zaken_standing), mapping=safety().zaken)


@pages.post("/beheer/zaaksysteem/opnieuw")
@login_required
def try_again() -> AnyResponse:
    """Let everything that was refused go once more."""
    _administrators_only()
    try_zaken_again(work())
    return redirect(url_for("zaaksysteem.page"))


@pages.post("/zgw/notificaties")
def notified() -> Response:
    """What the notification system tells (ZGW Notificaties): a new zaak is noted, and looked at by the worker.

    Without the agreed Authorization there is no such address.
    """
    mapping = safety().zaken
    try:
        known = may_notify(mapping, request.headers.get("Authorization", ""))  # not said to people
    except WrongSettings:
        known = False
    if mapping is None or not known:
        abort(404)
    try:
        receive(work(), mapping, request.get_json(silent=True))
    except WrongNotification:
        return Response(status=400)
    return Response(status=204)
