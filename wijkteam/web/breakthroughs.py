"""Breakthroughs: what was promised, by when, and honestly what became of it. Everyone who works here may read them."""

from flask import Blueprint, abort, redirect, render_template, url_for
from flask_login import login_required
from werkzeug.wrappers import Response

from wijkteam.access.behind import figures_behind
from wijkteam.deadlines.queries import due_moments
from wijkteam.escalation.breakthroughs import (
    breakthroughs,
    choose_breakthrough,
    find_breakthrough,
    open_on_list_of,
    promised_before,
)
from wijkteam.escalation.model import Breakthrough
from wijkteam.escalation.structural_queries import find_structural
from wijkteam.events.queries import events_of
from wijkteam.people import queries as people
from wijkteam.terms import clock
from wijkteam.web.acting import Attempt, attempt, house, options, over_all, reading, take, work
from wijkteam.web.drawing import whereabouts
from wijkteam.web.patterns import is_bestuurder, read_breakthrough

pages = Blueprint("breakthroughs", __name__)


def _list(tried: Attempt | None = None) -> str:
    session, person = reading(), work().actor
    found = breakthroughs(session)
    return render_template(
        "breakthroughs.html",
        promised=[each for each in found if each.ended_at is None],
        ended=[each for each in found if each.ended_at is not None],
        before=promised_before,
        tried=tried or Attempt(),
        may_choose=is_bestuurder(),
        on_my_list=len(open_on_list_of(session, person.person_id)),
        limit=house().ladder.breakthrough_limit(clock.today()),
        everyone=people.everyone(session),
    )


@pages.get("/doorbraken")
@login_required
def listing() -> str:
    """All breakthroughs, also those that were not realised."""
    return _list()


@pages.post("/doorbraken")
@login_required
def choose() -> Response | tuple[str, int]:
    """Choose one that no structural escalation asked for."""
    refused = attempt("choose", lambda given: choose_breakthrough(work(), read_breakthrough(given)))
    return (_list(refused), 422) if refused is not None else redirect(url_for("breakthroughs.listing"))


def _show(breakthrough: Breakthrough, tried: Attempt | None = None) -> str:
    session = reading()
    events = list(reversed(events_of(session, "breakthrough", breakthrough.id)))
    offered = options(breakthrough)
    structural = find_structural(session, breakthrough.structural_id) if breakthrough.structural_id else None
    return render_template(
        "breakthrough.html",
        breakthrough=breakthrough,
        before=promised_before(breakthrough),
        structural=structural,
        figures=over_all(figures_behind, house().grounds, work().actor, breakthrough.structural_id)
        if breakthrough.structural_id
        else None,
        workflow=house().engine.workflow("breakthrough", breakthrough.workflow_version),
        options=offered,
        tried=tried or Attempt(),
        events=events,
        seen=whereabouts(breakthrough, events, offered),
        due=due_moments(session, [breakthrough.id]).get(breakthrough.id),
        colleagues=people.everyone(session),
    )


def _found(breakthrough_id: str) -> Breakthrough:
    return find_breakthrough(reading(), breakthrough_id) or abort(404)


@pages.get("/doorbraken/<breakthrough_id>")
@login_required
def page(breakthrough_id: str) -> str:
    """One breakthrough."""
    return _show(_found(breakthrough_id))


@pages.post("/doorbraken/<breakthrough_id>/stap/<transition>")
@login_required
def step(breakthrough_id: str, transition: str) -> Response | tuple[str, int]:
    """Take one step of it."""
    _found(breakthrough_id)
    refused = take(Breakthrough, breakthrough_id, transition)
    if refused is not None:
        return _show(_found(breakthrough_id), refused), 409 if refused.stale else 422
    return redirect(url_for("breakthroughs.page", breakthrough_id=breakthrough_id))
