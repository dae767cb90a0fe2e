"""Destruction: which records are over their term, lists of them, and carrying out a list that was signed."""

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask_login import login_required
from werkzeug.wrappers import Response

from wijkteam.engine.outcomes import ROLE
from wijkteam.engine.running import Refused
from wijkteam.people.acting import ActingPerson
from wijkteam.retention import queries, service
from wijkteam.retention.model import LISTED, DestructionList
from wijkteam.retention.selecting import may_be_destroyed
from wijkteam.terms import clock
from wijkteam.terms.duration import read_duration
from wijkteam.terms.words import length
from wijkteam.web.acting import Attempt, attempt, house, options, over_all, take, work
from wijkteam.web.drawing import whereabouts
from wijkteam.web.language import _, later, said
from wijkteam.web.proving import proved_recently

pages = Blueprint("retention", __name__)
AT_ONCE = 25
"""So many records are destroyed before the page answers; the rest with the next press of the button."""
KINDS = {
    "household_case": later("Casus"),
    "resident_signal": later("Signaal"),
    "data_request": later("AVG-verzoek"),
    "conduct_complaint": later("Klacht over gedrag"),
    "reading": later("Leeslogboek tot en met"),
}
STATES = {"listed": later("Op de lijst"), "kept": later("Blijft bewaard"), "destroyed": later("Vernietigd")}


def may_see(person: ActingPerson) -> bool:
    """Whether somebody has to do with destruction."""
    return queries.may_see(person, house().retention)


def how_long(within: str) -> str:
    """A length of time in words, in years where it is whole years: 15 jaar."""
    months = read_duration(within).months
    return _("%(count)s jaar", count=months // 12) if months and months % 12 == 0 else said(length(within))


def check_may_see() -> None:
    """To others than who draws up or signs lists nothing of destruction is there (404)."""
    if not may_see(work().actor):
        abort(404)


def _listing(tried: Attempt | None = None) -> str:
    due = over_all(may_be_destroyed, work().engine, house().retention, clock.today())
    made = over_all(queries.shown_lists, house().retention, work().actor)
    return render_template(
        "destruction_lists.html",
        due=len(due),
        lists=made,
        how_long=how_long,
        table=house().retention,
        today=clock.today(),
        tried=tried or Attempt(),
        may_draw_up=bool(work().actor.functions & {*house().retention.drawn_up_by}),
    )


@pages.get("/vernietiging")
@login_required
def listing() -> str:
    """How many records are over their term, the rules that say so, and all lists."""
    check_may_see()
    return _listing()


@pages.post("/vernietiging")
@login_required
def draw_up() -> Response | tuple[str, int]:
    """Draw up a list of everything that is over its term today."""
    check_may_see()
    found: list[DestructionList] = []
    refused = attempt("open", lambda _given: found.append(service.draw_up_list(work(), house().retention)))
    if refused is not None:
        return _listing(refused), 422
    return redirect(url_for("retention.page", list_id=found[0].id))


def readable_list(list_id: str) -> queries.ShownList:
    """The list, for who has to do with destruction; to others there is none (404)."""
    return over_all(queries.shown_list, house().retention, work().actor, list_id) or abort(404)


def _show(shown: queries.ShownList, tried: Attempt | None = None) -> str:
    made, items = shown.made, shown.items
    offered = options(made)
    carrier = next((each for each in offered if each.transition.name == "complete"), None)
    reasons = {code: said(title) for code, title in house().retention.reasons.items()}
    return render_template(
        "destruction_list.html",
        made=made,
        items=items,
        kinds={code: _(text) for code, text in KINDS.items()},
        states={code: _(text) for code, text in STATES.items()},
        reasons={**reasons, service.NOT_DUE: _("Mag nu niet meer vernietigd worden")},
        left=sum(each.state == LISTED for each in items),
        may_carry_out=made.state == queries.SIGNED and carrier is not None and carrier.stopped_by != ROLE,
        options=[each for each in offered if each.transition.name != "complete"],
        workflow=house().engine.workflow(DestructionList.workflow, made.workflow_version),
        tried=tried or Attempt(),
        events=shown.events,
        seen=whereabouts(made, shown.events, offered),
        due=shown.due,
    )


@pages.get("/vernietiging/<list_id>")
@login_required
def page(list_id: str) -> str:
    """One list, with its lines; it names no household."""
    return _show(readable_list(list_id))


@pages.post("/vernietiging/<list_id>/stap/<transition>")
@login_required
@proved_recently
def step(list_id: str, transition: str) -> Response | tuple[str, int]:
    """Take one step of the list."""
    readable_list(list_id)
    refused = take(DestructionList, list_id, transition)
    if refused is not None:
        return _show(readable_list(list_id), refused), 409 if refused.stale else 422
    return redirect(url_for("retention.page", list_id=list_id))


@pages.post("/vernietiging/<list_id>/uitvoeren")
@login_required
@proved_recently
def carry_out(list_id: str) -> Response | tuple[str, int]:
    """Destroy a part of a signed list; the page then says how much is left."""
    readable_list(list_id)
    if request.form.get("sure") != "ja":
        return _show(
            readable_list(list_id), Attempt("carry_out", {}, {}, _("Vink eerst aan dat u het zeker weet."))
        ), 422
    try:
        service.carry_out(work(), house().retention, list_id, AT_ONCE)
    except Refused as refused:
        return _show(readable_list(list_id), Attempt("carry_out", {}, {}, said(refused.reason))), 422
    return redirect(url_for("retention.page", list_id=list_id))
