"""Whether it lives, whether it can serve, its figures, and the page on which the administrator sees how it stands."""

import hmac
from importlib.metadata import version

from flask import Blueprint, Response, abort, current_app, render_template, request
from flask_login import login_required
from sqlalchemy.exc import SQLAlchemyError

from wijkteam.health.measures import Measures
from wijkteam.health.state import AWAY, OK, State, readiness, state_of
from wijkteam.keys.ring import problem_with
from wijkteam.people.staff import may_keep
from wijkteam.storage.replica import Standing
from wijkteam.web.acting import house, over_all, safety, work

pages = Blueprint("standing", __name__)
PROMETHEUS = "text/plain; version=0.0.4; charset=utf-8"  # not said to people


@pages.get("/healthz")
def alive() -> Response:
    """The process answers; whether it can do anything is asked at /readyz."""
    return Response("ok\n", mimetype="text/plain")


@pages.get("/readyz")
def ready() -> tuple[dict[str, str], int]:
    """Whether pages can be served: database and schema, or a replica to read from. A worker that is behind is told."""
    found = dict(AWAY) if house().waiting else readiness(house().database)
    good = all(each == OK for each in found.values())
    state = _state() if good else None
    replica = _replica() if found["database"] != OK else None
    if replica is not None and replica.follows:
        return {**found, "replica": OK}, 200  # pages that only read go on
    if state is not None:
        found["worker"] = "behind" if state.worker_behind else OK
    return found, 200 if good else 503


@pages.get("/metrics")
def metrics() -> Response:
    """For Prometheus, with the token of the settings; for all others, and without one, there is no such page."""
    expected, given = safety().metrics_token, request.headers.get("Authorization", "")  # not said to people
    if not expected or not hmac.compare_digest(given.encode(), f"Bearer {expected}".encode()):  # not said to people
        abort(404)
    measures: Measures = current_app.extensions["measures"]
    return Response(measures.text(_state(), _replica()), content_type=PROMETHEUS)


def _replica() -> Standing | None:
    """What the replica can be read for; None where the settings name none."""
    replica = house().replica
    return replica.standing() if replica is not None else None


def _state() -> State | None:
    """How the system stands; None where the database is away."""
    try:
        with house().open_session() as session:
            return state_of(session)
    except SQLAlchemyError:
        return None


@pages.get("/beheer/stand")
@login_required
def page() -> str:
    """How the system stands, for administrators; for others it is not there."""
    if not may_keep(work().actor):
        abort(404)
    return render_template(
        "standing.html",
        state=over_all(state_of),
        release=version("wijkteam"),
        database=house().database.dialect.name,
        ready=readiness(house().database),
        replica=_replica(),
        no_ring=problem_with(house().key_ring),
        sends_mail=current_app.extensions["sends_mail"],
        production=safety().production,
    )
