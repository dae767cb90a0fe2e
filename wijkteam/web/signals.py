"""Signals of residents: recording one, and telling back."""

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask_login import login_required
from werkzeug.wrappers import Response

from wijkteam.cases import queries as cases
from wijkteam.deadlines.queries import due_moments
from wijkteam.events.queries import events_of
from wijkteam.people import queries as people
from wijkteam.signals import queries
from wijkteam.signals.acting import RESIDENT
from wijkteam.signals.model import ResidentSignal
from wijkteam.signals.service import NewSignal, record_signal
from wijkteam.web.acting import Attempt, attempt, house, options, reading, take, work
from wijkteam.web.drawing import whereabouts

pages = Blueprint("signals", __name__)


def _readable(signal_id: str) -> ResidentSignal:
    signal = queries.find_signal(reading(), signal_id)
    return signal or abort(404)


def _show(signal: ResidentSignal, tried: Attempt | None = None) -> str:
    session = reading()
    events = list(reversed(events_of(session, "resident_signal", signal.id)))
    offered = [each for each in options(signal) if each.transition.by != [RESIDENT]]
    return render_template(
        "signal.html",
        signal=signal,
        workflow=house().engine.workflow("resident_signal", signal.workflow_version),
        options=offered,
        tried=tried or Attempt(),
        events=events,
        seen=whereabouts(signal, events, offered),
        buurt=cases.buurt(session, signal.buurt_code),
        spoken=house().languages.get(signal.language or ""),
        ladder=house().ladder,
        team=people.team_name(session, signal.team_id),
        due=due_moments(session, [signal.id]).get(signal.id),
        colleagues=people.team_members(session, signal.team_id),
    )


def chosen_team(given: dict[str, str]) -> int | None:
    """The team that was chosen in a form; None for none, or for what is no team."""
    team = given.get("team", "")
    return int(team) if team in {str(each.id) for each in people.teams(reading())} else None


@pages.route("/signalen", methods=["GET", "POST"])
@login_required
def listing() -> str | Response | tuple[str, int]:
    """The signals that I may read, and recording a new one."""
    session = reading()
    tried = Attempt()
    if request.method == "POST":

        def act(given: dict[str, str]) -> None:
            record_signal(
                work(),
                NewSignal(
                    given.get("kind", ""),
                    given.get("words", ""),
                    given.get("resident"),
                    given.get("contact"),
                    None,
                    chosen_team(given),
                ),
            )

        refused = attempt("record", act)
        if refused is None:
            return redirect(url_for("signals.listing"))
        tried = refused
    page = render_template(
        "signals.html",
        signals=queries.signals_for(session, work().actor),
        tried=tried,
        workflow=house().engine.workflow("resident_signal"),
        teams=people.teams(session),
    )
    return (page, 422) if tried.transition else page


@pages.get("/signalen/<signal_id>")
@login_required
def page(signal_id: str) -> str:
    """One signal and its answer."""
    return _show(_readable(signal_id))


@pages.post("/signalen/<signal_id>/stap/<transition>")
@login_required
def step(signal_id: str, transition: str) -> Response | tuple[str, int]:
    """Take one step of the signal."""
    _readable(signal_id)
    refused = take(ResidentSignal, signal_id, transition)
    if refused is not None:
        return _show(_readable(signal_id), refused), 409 if refused.stale else 422
    return redirect(url_for("signals.listing"))
