"""Tracks: one life domain of a case."""

from flask import Blueprint, abort, redirect, render_template, url_for
from flask_login import login_required
from werkzeug.wrappers import Response

from wijkteam.cases import queries as cases
from wijkteam.cases.model import HouseholdCase
from wijkteam.deadlines.queries import due_moments
from wijkteam.events.queries import events_of
from wijkteam.people import queries as people
from wijkteam.tracks import queries
from wijkteam.tracks.model import Track
from wijkteam.web.acting import Attempt, house, log, options, reading, take
from wijkteam.web.drawing import whereabouts

pages = Blueprint("tracks", __name__)


def _readable(track_id: str) -> tuple[Track, HouseholdCase]:
    session = reading()
    track = queries.find_track(session, track_id)
    case = cases.find_case(session, track.case_id) if track else None
    if track is None or case is None:
        abort(404)
    return track, case


def _show(track: Track, case: HouseholdCase, tried: Attempt | None = None) -> str:
    session = reading()
    events = list(reversed(events_of(session, "track", track.id)))
    offered = options(track)
    return render_template(
        "track.html",
        track=track,
        case=case,
        household=cases.household(session, case.household_id),
        workflow=house().engine.workflow("track", track.workflow_version),
        options=offered,
        tried=tried or Attempt(),
        events=events,
        seen=whereabouts(track, events, offered),
        colleagues=people.team_members(session, case.team_id),
        due=due_moments(session, [track.id]).get(track.id),
    )


@pages.get("/sporen/<track_id>")
@login_required
def page(track_id: str) -> str:
    """One track; every reading is logged with its ground."""
    track, case = _readable(track_id)[:2]
    log(case, "spoor", track)
    return _show(*_readable(track_id))


@pages.post("/sporen/<track_id>/stap/<transition>")
@login_required
def step(track_id: str, transition: str) -> Response | tuple[str, int]:
    """Take one step of the track."""
    case = _readable(track_id)[1]
    refused = take(Track, track_id, transition)
    if refused is not None:
        return _show(*_readable(track_id), refused), 409 if refused.stale else 422
    if cases.find_case(reading(), case.id) is None:
        return redirect(url_for("my_work.page"))
    return redirect(url_for("tracks.page", track_id=track_id))
