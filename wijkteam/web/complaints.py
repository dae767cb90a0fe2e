"""Complaints about conduct: writing one down, and handling it as Awb chapter 9 asks."""

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask_login import login_required
from werkzeug.wrappers import Response

from wijkteam.cases import queries as cases
from wijkteam.deadlines.queries import due_moments
from wijkteam.events.queries import events_of
from wijkteam.people import queries as people
from wijkteam.signals import queries
from wijkteam.signals.acting import RESIDENT
from wijkteam.signals.model import ConductComplaint
from wijkteam.signals.service import NewComplaint, record_complaint
from wijkteam.web.acting import Attempt, attempt, house, options, reading, take, work
from wijkteam.web.drawing import whereabouts
from wijkteam.web.signals import chosen_team

pages = Blueprint("complaints", __name__)


def _readable(complaint_id: str) -> ConductComplaint:
    return queries.find_complaint(reading(), complaint_id) or abort(404)


def _show(complaint: ConductComplaint, tried: Attempt | None = None) -> str:
    session = reading()
    events = list(reversed(events_of(session, "conduct_complaint", complaint.id)))
    offered = [each for each in options(complaint) if each.transition.by != [RESIDENT]]
    return render_template(
        "complaint.html",
        complaint=complaint,
        workflow=house().engine.workflow("conduct_complaint", complaint.workflow_version),
        options=offered,
        tried=tried or Attempt(),
        events=events,
        seen=whereabouts(complaint, events, offered),
        spoken=house().languages.get(complaint.language or ""),
        buurt=cases.buurt(session, complaint.buurt_code),
        team=people.team_name(session, complaint.team_id),
        due=due_moments(session, [complaint.id]).get(complaint.id),
        colleagues=people.everyone(session),
    )


@pages.route("/klachten", methods=["GET", "POST"])
@login_required
def listing() -> str | Response | tuple[str, int]:
    """The complaints that I may read, and writing down one."""
    session, tried = reading(), Attempt()
    if request.method == "POST":

        def act(given: dict[str, str]) -> None:
            record_complaint(
                work(),
                NewComplaint(
                    given.get("words", ""),
                    given.get("about_whom"),
                    given.get("resident"),
                    given.get("contact"),
                    None,
                    chosen_team(given),
                ),
            )

        refused = attempt("record", act)
        if refused is None:
            return redirect(url_for("complaints.listing"))
        tried = refused
    page_shown = render_template(
        "complaints.html", complaints=queries.complaints_for(session), tried=tried, teams=people.teams(session)
    )
    return (page_shown, 422) if tried.transition else page_shown


@pages.get("/klachten/<complaint_id>")
@login_required
def page(complaint_id: str) -> str:
    """One complaint, and what the law asks next."""
    return _show(_readable(complaint_id))


@pages.post("/klachten/<complaint_id>/stap/<transition>")
@login_required
def step(complaint_id: str, transition: str) -> Response | tuple[str, int]:
    """Take one step of the complaint."""
    _readable(complaint_id)
    refused = take(ConductComplaint, complaint_id, transition)
    if refused is not None:
        return _show(_readable(complaint_id), refused), 409 if refused.stale else 422
    return redirect(url_for("complaints.listing"))
