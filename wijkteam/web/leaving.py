"""Exports of everything: who asked for one and why, for the administrator and the privacy officer, who consents."""

from flask import Blueprint, abort, redirect, render_template, url_for
from flask_login import login_required
from werkzeug.wrappers import Response

from wijkteam.exporting import queries
from wijkteam.exporting.model import FullExport
from wijkteam.exporting.service import may_see
from wijkteam.exporting.vocabulary import MAKE
from wijkteam.web.acting import Attempt, house, options, over_all, take, work
from wijkteam.web.drawing import whereabouts
from wijkteam.web.proving import proved_recently

pages = Blueprint("leaving", __name__)


@pages.get("/beheer/uitvoer")
@login_required
def listing() -> str:
    """All exports of everything."""
    if not may_see(work().actor):
        abort(404)
    return render_template("full_exports.html", found=over_all(queries.shown_exports, work().actor))


def readable_export(export_id: str) -> queries.ShownExport:
    """The export, for who has to do with them; to others there is none (404)."""
    return over_all(queries.shown_export, work().actor, export_id) or abort(404)


def _show(shown: queries.ShownExport, tried: Attempt | None = None) -> str:
    offered = [each for each in options(shown.export) if each.transition.name != MAKE]
    return render_template(
        "full_export.html",
        export=shown.export,
        options=offered,
        workflow=house().engine.workflow(FullExport.workflow, shown.export.workflow_version),
        tried=tried or Attempt(),
        events=shown.events,
        seen=whereabouts(shown.export, shown.events, offered),
        due=shown.due,
    )


@pages.get("/beheer/uitvoer/<export_id>")
@login_required
def page(export_id: str) -> str:
    """One export: why, with or without numbers, and what was made."""
    return _show(readable_export(export_id))


@pages.post("/beheer/uitvoer/<export_id>/stap/<transition>")
@login_required
@proved_recently
def step(export_id: str, transition: str) -> Response | tuple[str, int]:
    """Consent, refuse or withdraw; that it was made is said by the command alone."""
    readable_export(export_id)
    if transition == MAKE:
        abort(404)
    refused = take(FullExport, export_id, transition)
    if refused is not None:
        return _show(readable_export(export_id), refused), 409 if refused.stale else 422
    return redirect(url_for("leaving.page", export_id=export_id))
