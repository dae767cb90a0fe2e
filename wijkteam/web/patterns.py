"""Structural escalations: raising one, the list, and one question with its figures."""

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask_login import login_required
from werkzeug.wrappers import Response

from wijkteam.access.behind import figures_behind, pattern
from wijkteam.deadlines.queries import due_moments
from wijkteam.escalation import structural_queries as queries
from wijkteam.escalation.backing import NewBacking, backings_of_structural, give_backing
from wijkteam.escalation.breakthroughs import NewBreakthrough, breakthrough_of, choose_breakthrough
from wijkteam.escalation.model import StructuralEscalation
from wijkteam.escalation.structural import NewStructural, raise_structural
from wijkteam.events.queries import events_of
from wijkteam.people import queries as people
from wijkteam.web.acting import Attempt, attempt, house, options, over_all, reading, take, work
from wijkteam.web.drawing import whereabouts

pages = Blueprint("patterns", __name__)


def _readable(structural_id: str) -> StructuralEscalation:
    return queries.find_structural(reading(), structural_id) or abort(404)


def _show(structural: StructuralEscalation, tried: Attempt | None = None) -> str:
    session = reading()
    events = list(reversed(events_of(session, "structural_escalation", structural.id)))
    offered = options(structural)
    open_ones = {each.transition.name for each in offered if each.open}
    return render_template(
        "pattern.html",
        structural=structural,
        figures=over_all(figures_behind, house().grounds, work().actor, structural.id),
        readable=queries.escalations_behind(session, structural.id),
        workflow=house().engine.workflow("structural_escalation", structural.workflow_version),
        options=[each for each in offered if each.transition.name != "adopt"],
        tried=tried or Attempt(),
        events=[each for each in events if each.name != "open"],
        seen=whereabouts(structural, events, offered),
        due=due_moments(session, [structural.id]).get(structural.id),
        breakthrough=breakthrough_of(session, structural.id),
        backings=backings_of_structural(session, structural.id),
        may_choose="answer" in open_ones or (structural.state == "answered" and is_bestuurder()),
        everyone=people.everyone(session),
    )


def is_bestuurder() -> bool:
    """Whether the signed-in person stands on the last rung, and so keeps a list of breakthroughs."""
    return bool(work().actor.holds(house().ladder.rungs[-1].function))


@pages.get("/opschalingen/structureel")
@login_required
def listing() -> str:
    """All structural escalations that I may read."""
    found = queries.structurals(reading())
    return render_template("patterns.html", found=found, barriers=house().lists["barriers"].items)


@pages.route("/opschalingen/structureel/nieuw", methods=["GET", "POST"])
@login_required
def new() -> str | Response | tuple[str, int]:
    """From many cases with one barrier to one question."""
    barrier = request.values.get("barrier", "")
    if barrier not in house().lists["barriers"].items:
        return redirect(url_for("patterns.listing"))
    tried = Attempt()
    if request.method == "POST":
        raised: list[StructuralEscalation] = []
        behind = tuple(request.form.getlist("behind"))

        def act(given: dict[str, str]) -> None:
            raised.append(raise_structural(work(), NewStructural(given.get("question", ""), barrier, behind)))

        refused = attempt("open", act)
        if refused is None:
            return redirect(url_for("patterns.page", structural_id=raised[0].id))
        tried = refused
    shown = render_template(
        "pattern_new.html",
        barrier=barrier,
        pattern=over_all(pattern, house().grounds, work().actor, barrier),
        tried=tried,
        chosen=set(request.form.getlist("behind")) or set(request.args.getlist("behind")),
    )
    return (shown, 422) if tried.transition else shown


@pages.get("/opschalingen/structureel/<structural_id>")
@login_required
def page(structural_id: str) -> str:
    """One structural escalation: the question and the figures, never a household."""
    return _show(_readable(structural_id))


@pages.post("/opschalingen/structureel/<structural_id>/stap/<transition>")
@login_required
def step(structural_id: str, transition: str) -> Response | tuple[str, int]:
    """Take one step of it."""
    _readable(structural_id)
    refused = take(StructuralEscalation, structural_id, transition)
    if refused is not None:
        return _show(_readable(structural_id), refused), 409 if refused.stale else 422
    return redirect(url_for("patterns.page", structural_id=structural_id))


@pages.post("/opschalingen/structureel/<structural_id>/doorbraak")
@login_required
def choose(structural_id: str) -> Response | tuple[str, int]:
    """Make it a breakthrough."""
    _readable(structural_id)

    def act(given: dict[str, str]) -> None:
        choose_breakthrough(work(), read_breakthrough(given, structural_id))

    refused = attempt("choose", act)
    if refused is not None:
        return _show(_readable(structural_id), refused), 409 if refused.stale else 422
    return redirect(url_for("breakthroughs.listing"))


def read_breakthrough(given: dict[str, str], structural_id: str | None = None) -> NewBreakthrough:
    """What was filled in to choose a breakthrough."""
    return NewBreakthrough(
        given.get("title", ""),
        given.get("owner", ""),
        given.get("budget_holder", ""),
        given.get("promised_on", ""),
        structural_id,
    )


@pages.post("/opschalingen/structureel/<structural_id>/rugdekking")
@login_required
def back(structural_id: str) -> Response | tuple[str, int]:
    """Give backing to everyone behind it."""
    _readable(structural_id)

    def act(given: dict[str, str]) -> None:
        new = NewBacking(given.get("deviation", ""), given.get("valid_until", ""), structural_id=structural_id)
        give_backing(work(), new)

    refused = attempt("give_backing", act)
    if refused is not None:
        return _show(_readable(structural_id), refused), 409 if refused.stale else 422
    return redirect(url_for("patterns.page", structural_id=structural_id))
