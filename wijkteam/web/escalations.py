"""Escalations: the list for whoever answers, and one escalation."""

from flask import Blueprint, abort, redirect, render_template, url_for
from flask_login import login_required
from werkzeug.wrappers import Response

from wijkteam.cases import queries as cases
from wijkteam.cases.model import HouseholdCase
from wijkteam.escalation import queries
from wijkteam.escalation.model import Escalation
from wijkteam.events.queries import events_of
from wijkteam.web.acting import Attempt, house, take, work
from wijkteam.web.drawing import whereabouts

pages = Blueprint("escalations", __name__)


def _readable(escalation_id: str) -> tuple[Escalation, HouseholdCase]:
    session = work().session
    escalation = queries.find_escalation(session, escalation_id)
    case = cases.find_case(session, escalation.case_id) if escalation else None
    if escalation is None or case is None or house().grounds.ground(session, work().actor, case) is None:
        abort(404)
    return escalation, case


def _show(escalation: Escalation, case: HouseholdCase, tried: Attempt | None = None) -> str:
    events = list(reversed(events_of(work().session, "escalation", escalation.id)))
    options = work().options(escalation)
    return render_template(
        "escalation.html",
        escalation=escalation,
        case=case,
        household=cases.household(work().session, case.household_id),
        workflow=house().engine.workflow("escalation", escalation.workflow_version),
        options=options,
        tried=tried or Attempt(),
        events=events,
        seen=whereabouts(escalation, events, options),
        ladder=house().ladder,
        colleagues=[],
    )


@pages.get("/opschalingen")
@login_required
def listing() -> str:
    """The escalations that wait for me, and those that I asked."""
    session, person = work().session, work().actor
    return render_template(
        "escalations.html",
        waiting=queries.waiting_for(session, person, house().ladder),
        mine=queries.asked_by(session, person.person_id),
        ladder=house().ladder,
    )


@pages.get("/opschalingen/<escalation_id>")
@login_required
def page(escalation_id: str) -> str:
    """One escalation: what is needed, from whom, by when."""
    return _show(*_readable(escalation_id))


@pages.post("/opschalingen/<escalation_id>/stap/<transition>")
@login_required
def step(escalation_id: str, transition: str) -> Response | tuple[str, int]:
    """Take one step of the escalation."""
    _readable(escalation_id)
    refused = take(Escalation, escalation_id, transition)
    if refused is not None:
        return _show(*_readable(escalation_id), refused), 409 if refused.stale else 422
    return redirect(url_for("escalations.listing"))
