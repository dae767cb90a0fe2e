"""Webhooks: the administrator says which systems are told, and sees what they did not take."""

from flask import Blueprint, abort, current_app, redirect, render_template, request, url_for
from flask_login import login_required
from werkzeug.wrappers import Response

from wijkteam.keys.ring import WrongKeyRing
from wijkteam.people.staff import may_keep
from wijkteam.web.acting import NOT_SAFELY, house, over_all, safety, work
from wijkteam.web.language import _, said
from wijkteam.web.proving import proved_recently
from wijkteam.webhooks.queries import dead_deliveries, delivery_counts, subscriptions
from wijkteam.webhooks.service import NewWebhook, WrongWebhook, add_webhook, end_webhook, try_deliveries_again
from wijkteam.webhooks.telling import KINDS

pages = Blueprint("webhooks", __name__)


def _administrators_only() -> None:
    if not may_keep(work().actor):
        abort(404)


def _show(mistakes: dict[str, str] | None = None, shown_once: str = "", wrong: str = "") -> Response:
    shown = render_template(
        "webhooks.html",
        subscriptions=over_all(subscriptions),
        counts=over_all(delivery_counts),
        dead=over_all(dead_deliveries),
        kinds=KINDS,
        given={} if shown_once else request.form,
        chosen=[] if shown_once else request.form.getlist("kinds"),
        mistakes=mistakes or {},
        wrong=wrong,
        secret=shown_once,
    )
    return current_app.make_response((shown, 503 if wrong else 422 if mistakes else 200))


@pages.get("/beheer/webhooks")
@login_required
def page() -> Response:
    """Which systems are told of what, and how that goes."""
    _administrators_only()
    return _show()


@pages.post("/beheer/webhooks")
@login_required
@proved_recently
def add() -> Response:
    """Tell one more; what its events are signed with is shown here, once."""
    _administrators_only()
    new = NewWebhook(request.form.get("name", ""), request.form.get("url", ""), tuple(request.form.getlist("kinds")))
    try:
        secret = add_webhook(work(), house().key_ring, safety().webhooks, new)
    except WrongWebhook as wrong:
        return _show({wrong.field: said(wrong)})
    except WrongKeyRing:
        return _show(wrong=_(NOT_SAFELY))
    return _show(shown_once=secret)


@pages.post("/beheer/webhooks/<subscription_id>/beeindigen")
@login_required
def end(subscription_id: str) -> Response:
    """Tell this one nothing any more."""
    _administrators_only()
    if not end_webhook(work(), subscription_id):
        abort(404)
    return redirect(url_for("webhooks.page"))


@pages.post("/beheer/webhooks/<subscription_id>/opnieuw")
@login_required
def try_again(subscription_id: str) -> Response:
    """Let what this one did not take go once more."""
    _administrators_only()
    try_deliveries_again(work(), subscription_id)
    return redirect(url_for("webhooks.page"))
