"""What people are told when a disk, the database or a file fails: what happened to their work, and what to do."""

import structlog
from flask import Flask, g, render_template
from flask_login import AnonymousUserMixin
from sqlalchemy.exc import DBAPIError

from wijkteam.documents.queries import DamagedDocument
from wijkteam.storage.races import is_away
from wijkteam.web.language import _

log = structlog.get_logger()
SECONDS = 30
"""After so long it makes sense to ask again."""


def register(app: Flask) -> None:
    """Answer these failures with a page, and never with half a step: the transaction was rolled back."""

    @app.errorhandler(DBAPIError)
    def away(error: DBAPIError) -> tuple[str, int, dict[str, str]]:
        if not is_away(error):
            raise error
        log.error("database.away", why=type(error.orig).__name__)
        g._login_user = AnonymousUserMixin()  # who it is cannot be looked up now: the page does without
        text = _(
            "Er kan nu niets gelezen of bewaard worden. Wat u net deed is niet bewaard. "
            "Ga terug: wat u invulde staat er nog. Probeer het over een paar minuten nog eens."
        )
        page = render_template("message.html", title=_("Dit kan nu even niet"), text=text)
        return page, 503, {"Retry-After": str(SECONDS)}

    @app.errorhandler(DamagedDocument)
    def damaged(error: DamagedDocument) -> tuple[str, int]:
        log.error("document.damaged", document=error.document_id)
        text = _("Dit bestand is beschadigd. Daarom krijgt u het niet. Vraag de beheerder het terug te zetten.")
        return render_template("message.html", title=_("Dit bestand is beschadigd"), text=text), 503
