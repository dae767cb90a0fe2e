"""Mail: how I want it, where its links lead, and what could not be delivered."""

from typing import Any

from flask import Blueprint, abort, current_app, redirect, render_template, request, url_for
from flask_login import login_required
from werkzeug.wrappers import Response

from wijkteam.messages import queries, service
from wijkteam.messages.model import MailChoice, MessageState
from wijkteam.web.acting import over_all, reading, work
from wijkteam.web.language import _, later
from wijkteam.web.links import LINKS

pages = Blueprint("messages", __name__)
CHOICES = {
    MailChoice.AT_ONCE: (
        later("Meteen als ik iets moet doen"),
        later("De rest krijgt u één keer per dag, in één mail."),
    ),
    MailChoice.DAILY: (later("Eén keer per dag"), later("Alles in één mail, ook wat haast heeft.")),
    MailChoice.NONE: (later("Geen mail"), later("U ziet uw nieuws alleen hier, bij Mijn werk.")),
}


def _choices() -> dict[MailChoice, tuple[str, str]]:
    return {choice: (_(title), _(help_)) for choice, (title, help_) in CHOICES.items()}


@pages.get("/naar/<kind>/<subject_id>")
@login_required
def to_subject(kind: str, subject_id: str) -> Response:
    """Where a link in a mail leads: the page of its subject, that itself decides who may read it."""
    if kind not in LINKS:
        abort(404)
    endpoint, argument = LINKS[kind]
    arguments: dict[str, Any] = {argument: subject_id}
    return redirect(url_for(endpoint, **arguments))


@pages.get("/mijn-berichten")
@login_required
def mine() -> str:
    """How I want mail."""
    chosen = queries.mail_choice(reading(), work().actor.person_id)
    return render_template(
        "mail_choice.html", choices=_choices(), chosen=chosen, saved="bewaard" in request.args, wrong=""
    )


@pages.post("/mijn-berichten")
@login_required
def choose() -> Response | tuple[str, int]:
    """Keep how I want mail."""
    given = request.form.get("choice", "")
    if given not in [each.value for each in CHOICES]:
        chosen = queries.mail_choice(reading(), work().actor.person_id)
        wrong = _("Kies hoe u mail wilt krijgen.")
        return render_template("mail_choice.html", choices=_choices(), chosen=chosen, saved=False, wrong=wrong), 422
    service.choose_mail(work(), MailChoice(given))
    return redirect(url_for("messages.mine", bewaard=1))


def _administrators_only() -> None:
    """To others than the functional administrator these pages are not there."""
    if "functional_administrator" not in work().actor.functions:
        abort(404)


@pages.get("/beheer/berichten")
@login_required
def outgoing() -> str:
    """What goes out, and what could not be delivered."""
    _administrators_only()
    return _outgoing()


def _outgoing(tried: int | None = None, reason: str = "", wrong: str = "") -> str:
    return render_template(
        "messages.html",
        sends_mail=current_app.extensions["sends_mail"],
        counts=over_all(queries.counts),
        not_gathered=over_all(queries.not_gathered),
        dead=over_all(queries.messages_in, MessageState.DEAD),
        dropped=over_all(queries.messages_in, MessageState.DROPPED, 10),
        tried=tried,
        reason=reason,
        wrong=wrong,
    )


@pages.post("/beheer/berichten/<int:number>/opnieuw")
@login_required
def try_again(number: int) -> Response | tuple[str, int]:
    """Let a dead message go once more."""
    _administrators_only()
    try:
        service.try_again(work(), number)
    except service.WrongMessage:
        return _outgoing(wrong=_("Dit bericht wacht niet meer op u. Hieronder staat hoe het er nu voor staat.")), 409
    return redirect(url_for("messages.outgoing"))


@pages.post("/beheer/berichten/alles-opnieuw")
@login_required
def try_all_again() -> Response:
    """Let all dead messages go once more."""
    _administrators_only()
    service.try_all_again(work())
    return redirect(url_for("messages.outgoing"))


@pages.post("/beheer/berichten/<int:number>/laat-vallen")
@login_required
def drop(number: int) -> Response | tuple[str, int]:
    """Let a dead message rest, with the reason why."""
    _administrators_only()
    reason = request.form.get("reason", "").strip()
    if not reason:
        return _outgoing(number, reason, _("Zeg waarom dit bericht niet meer weg hoeft.")), 422
    try:
        service.drop(work(), number, reason)
    except service.WrongMessage:
        return _outgoing(wrong=_("Dit bericht wacht niet meer op u. Hieronder staat hoe het er nu voor staat.")), 409
    return redirect(url_for("messages.outgoing"))
