"""Mandate requests: the list for whoever decides, and one request."""

from flask import Blueprint, abort, redirect, render_template, url_for
from flask_login import login_required
from werkzeug.wrappers import Response

from wijkteam.cases import queries as cases
from wijkteam.deadlines.queries import due_moments
from wijkteam.events.queries import events_of
from wijkteam.mandate import queries
from wijkteam.mandate.model import MandateRequest
from wijkteam.people import queries as people
from wijkteam.web.acting import Attempt, house, take, work
from wijkteam.web.drawing import whereabouts

pages = Blueprint("requests", __name__)


def _readable(request_id: str) -> MandateRequest:
    request = queries.find_request(work().session, request_id)
    if request is None or not house().grounds.may_read_request(work().session, work().actor, request):
        abort(404)
    return request


def _show(request: MandateRequest, tried: Attempt | None = None) -> str:
    session = work().session
    case = cases.find_case(session, request.case_id) if request.case_id else None
    may_read_case = case is not None and house().grounds.ground(session, work().actor, case) is not None
    events = list(reversed(events_of(session, "mandate_request", request.id)))
    options = work().options(request)
    return render_template(
        "request.html",
        request=request,
        workflow=house().engine.workflow("mandate_request", request.workflow_version),
        options=options,
        tried=tried or Attempt(),
        events=events,
        seen=whereabouts(request, events, options),
        case=case if may_read_case else None,
        household=cases.household(session, case.household_id) if case is not None and may_read_case else None,
        power=queries.powers(session).get(request.power, request.power),
        rung=house().mandate_ladder.rung(request.rung),
        due=due_moments(session, [request.id]).get(request.id),
        colleagues=people.team_members(session, request.team_id) if request.team_id else [],
    )


@pages.get("/mandaatverzoeken")
@login_required
def listing() -> str:
    """The requests that wait for me, and my own."""
    session, person = work().session, work().actor
    waiting = [
        each
        for each in queries.open_requests(session)
        if each.requester_id != person.person_id and house().grounds.may_answer_request(person, each)
    ]
    return render_template(
        "requests.html",
        waiting=waiting,
        mine=queries.requests_by(session, person.person_id),
        due=due_moments(session, [each.id for each in waiting]),
        powers=queries.powers(session),
    )


@pages.get("/mandaatverzoeken/<request_id>")
@login_required
def page(request_id: str) -> str:
    """One request, with everything needed to decide."""
    return _show(_readable(request_id))


@pages.post("/mandaatverzoeken/<request_id>/stap/<transition>")
@login_required
def step(request_id: str, transition: str) -> Response | tuple[str, int]:
    """Take one step of the request."""
    _readable(request_id)
    refused = take(MandateRequest, request_id, transition)
    if refused is not None:
        return _show(_readable(request_id), refused), 409 if refused.stale else 422
    return redirect(url_for("requests.listing"))
