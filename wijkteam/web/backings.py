"""Backing: one record, who gave it for what until when."""

from flask import Blueprint, abort, redirect, render_template, url_for
from flask_login import login_required
from werkzeug.wrappers import Response

from wijkteam.cases import queries as cases
from wijkteam.escalation.backing import find_backing
from wijkteam.escalation.model import Backing
from wijkteam.events.queries import events_of
from wijkteam.web.acting import Attempt, house, options, reading, take

pages = Blueprint("backings", __name__)


def _readable(backing_id: str) -> Backing:
    found = find_backing(reading(), backing_id)
    return found or abort(404)


def _show(backing: Backing, tried: Attempt | None = None) -> str:
    session = reading()
    case = cases.find_case(session, backing.case_id) if backing.case_id else None
    return render_template(
        "backing.html",
        backing=backing,
        case=case,
        household=cases.household(session, case.household_id) if case is not None else None,
        workflow=house().engine.workflow("backing", backing.workflow_version),
        options=options(backing),
        tried=tried or Attempt(),
        events=list(reversed(events_of(session, "backing", backing.id))),
    )


@pages.get("/rugdekking/<backing_id>")
@login_required
def page(backing_id: str) -> str:
    """One record of backing."""
    return _show(_readable(backing_id))


@pages.post("/rugdekking/<backing_id>/stap/<transition>")
@login_required
def step(backing_id: str, transition: str) -> Response | tuple[str, int]:
    """Withdraw it."""
    _readable(backing_id)
    refused = take(Backing, backing_id, transition)
    if refused is not None:
        return _show(_readable(backing_id), refused), 409 if refused.stale else 422
    return redirect(url_for("backings.page", backing_id=backing_id))
