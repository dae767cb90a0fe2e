"""The municipality's case system: how it stands, what others change there, and where its notifications come in."""

from collections.abc import Sequence
from datetime import datetime

from flask import Blueprint, Response, abort, redirect, render_template, request, url_for
from flask_login import login_required
from werkzeug.wrappers import Response as AnyResponse

from wijkteam.cases.model import HouseholdCase
from wijkteam.people.staff import may_keep
from wijkteam.storage.settings import WrongSettings
from wijkteam.web.acting import over_all, reading, safety, work
from wijkteam.web.cases import readable
from wijkteam.web.household import works_here
from wijkteam.zgw.model import ZaakNews
from wijkteam.zgw.queries import zaak_news, zaken_standing
from wijkteam.zgw.receiving import WrongNotification, may_notify, receive
from wijkteam.zgw.service import see_news, try_zaken_again

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


@pages.app_template_global("zaak_news_of")
def zaak_news_of(case: HouseholdCase) -> Sequence[ZaakNews]:
    """What others changed in the zaak of a case, the newest first."""
    return zaak_news(reading(), case.id)


@pages.post("/casus/<case_id>/zaaksysteem/gezien")
@login_required
def seen(case_id: str) -> AnyResponse:
    """Whoever works on the case has seen what others changed in its zaak."""
    case = readable(case_id)
    if not works_here(case):
        abort(404)
    see_news(work(), case.id, _shown())
    return redirect(url_for("cases.page", case_id=case.id))


def _shown() -> datetime | None:
    """The moment of the last news that was on the page; None where it was not said. 400 for nonsense."""
    said = request.form.get("shown")
    if said is None:
        return None
    try:
        found = datetime.fromisoformat(said)
    except ValueError:
        abort(400)
    return found if found.tzinfo is not None else abort(400)


@pages.post("/zgw/notificaties")
def notified() -> Response:
    """What the notification system tells (ZGW Notificaties): what is for us is noted, and looked at by the worker.

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
