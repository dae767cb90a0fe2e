"""What people are told when a disk, the database or a file fails: what happened to their work, and what to do."""

import structlog
from flask import Flask, Response, g, render_template, request
from flask_login import AnonymousUserMixin
from sqlalchemy.exc import DBAPIError

from wijkteam.documents.queries import DamagedDocument
from wijkteam.storage.races import READ_ONLY, is_away
from wijkteam.storage.work import NotSure
from wijkteam.web import standing
from wijkteam.web.acting import house, on_replica, reads_as_of
from wijkteam.web.api.problems import problem
from wijkteam.web.language import _
from wijkteam.web.once import IN_FORM, NUMBER

log = structlog.get_logger()
SECONDS = 30
"""After so long it makes sense to ask again."""


def _told(error: DBAPIError) -> tuple[str, str]:
    """What happened to what somebody did, and what to do: a title and a text."""
    if isinstance(error, NotSure):
        if IN_FORM in request.form or NUMBER in request.headers:
            again = _("Ga terug en verstuur het over een paar minuten nog eens: het wordt nooit dubbel bewaard.")
        else:
            again = _("Kijk over een paar minuten of het er staat, voor u het nog eens doet.")
        text = _("De verbinding viel weg terwijl wij bewaarden wat u deed. Wij weten niet of het gelukt is.")
        return _("Niet zeker of dit bewaard is"), f"{text} {again}"
    if on_replica() and getattr(error.orig, "sqlstate", None) == READ_ONLY:
        text = _(
            "Deze pagina kan nu niet. Wie een casus leest, schrijven wij op, en opschrijven kan nu niet. "
            "Wel te lezen zijn Mijn werk, lijsten en het verslag. Probeer het over een paar minuten nog eens."
        )
        return _("Dit kan nu even niet"), text
    text = _(
        "Er kan nu niets gelezen of bewaard worden. Wat u net deed is niet bewaard. "
        "Ga terug: wat u invulde staat er nog. Probeer het over een paar minuten nog eens."
    )
    return _("Dit kan nu even niet"), text


def register(app: Flask) -> None:
    """Answer these failures with a page, and never with half a step: the transaction was rolled back."""

    @app.before_request
    def nothing_is_there_yet() -> None:
        """A house that waits for its database shows what its replica can tell, and for all else says that it waits."""
        if house().waiting and request.blueprint != standing.pages.name and request.endpoint != "static":
            on_replica()

    @app.errorhandler(DBAPIError)
    def away(error: DBAPIError) -> Response | tuple[str, int, dict[str, str]]:
        if not is_away(error):
            raise error
        log.error("database.away", why=type(error.orig).__name__)
        g._login_user = AnonymousUserMixin()  # who it is cannot be looked up now: the page does without
        title, text = _told(error)
        if request.blueprint == "api":
            return problem(503, text, {"Retry-After": str(SECONDS)})
        return render_template("message.html", title=title, text=text), 503, {"Retry-After": str(SECONDS)}

    @app.context_processor
    def only_reading() -> dict[str, object]:
        return {"reads_on_replica": on_replica, "reads_as_of": reads_as_of}

    @app.errorhandler(DamagedDocument)
    def damaged(error: DamagedDocument) -> tuple[str, int]:
        log.error("document.damaged", document=error.document_id)
        text = _("Dit bestand is beschadigd. Daarom krijgt u het niet. Vraag de beheerder het terug te zetten.")
        return render_template("message.html", title=_("Dit bestand is beschadigd"), text=text), 503
