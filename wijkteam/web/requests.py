"""Mandate requests: the list for whoever decides, one request, and several at once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_login import login_required
from werkzeug.wrappers import Response

from wijkteam.access.readers import instead_of_household
from wijkteam.cases import queries as cases
from wijkteam.cases.model import HouseholdCase
from wijkteam.deadlines.queries import due_moments
from wijkteam.engine.running import Option
from wijkteam.events.queries import events_of
from wijkteam.mandate import deciding_queries as deciding
from wijkteam.mandate import queries
from wijkteam.mandate.deciding import asked_decision
from wijkteam.mandate.model import MandateRequest
from wijkteam.mandate.together import TOGETHER, Outcome, Ticked, answer_together
from wijkteam.people import queries as people
from wijkteam.people.model import Person
from wijkteam.storage.paging import page_of
from wijkteam.web.acting import Attempt, attempt, house, log, options, over_all, reading, take, work
from wijkteam.web.drawing import whereabouts
from wijkteam.web.language import _, said
from wijkteam.web.paging import asked_page, turning
from wijkteam.web.showing import euros, power_titles, step_title

pages = Blueprint("requests", __name__)
MINE = "eigen"
"""What the page of one's own requests is called in the address."""

STRAIGHT = (
    "approve",
    "decide",
    "order_payment",
    "carry_out",
    "decide_with_colleagues",
    "pass_to_payer",
    "finish",
    "pay",
    "agree",
)
"""Steps that ask nothing, the likeliest first: the first open one is a button of its own."""


@dataclass(frozen=True)
class Alike:
    """Requests about the same power that can be answered together, and how."""

    power: str
    found: tuple[MandateRequest, ...]
    ways: tuple[str, ...]


def _readable(request_id: str) -> MandateRequest:
    found = queries.find_request(reading(), request_id)
    return found or abort(404)


def _readable_case(found: MandateRequest) -> HouseholdCase | None:
    """The case of a request when the signed-in person may read it; else there is none."""
    return cases.find_case(reading(), found.case_id) if found.case_id else None


def _instead(found: MandateRequest) -> str:
    """What stands in the place of a household that its reader may not know."""
    case = over_all(cases.find_case, found.case_id) if found.case_id else None
    return said(over_all(instead_of_household, case)) if case is not None else ""


def _show(found: MandateRequest, tried: Attempt | None = None) -> str:
    session, person = reading(), work().actor
    case = _readable_case(found)
    events = list(reversed(events_of(session, "mandate_request", found.id)))
    offered = options(found)
    waits_for_me = person.person_id != found.requester_id and house().grounds.may_answer_request(person, found)
    decides = waits_for_me and found.state in ("asked", "asked_back")
    first = _first_open(offered)
    return render_template(
        "request.html",
        request=found,
        workflow=house().engine.workflow("mandate_request", found.workflow_version),
        first=first,
        options=[each for each in offered if each is not first],
        tried=tried or Attempt(),
        events=events,
        seen=whereabouts(found, events, offered),
        case=case,
        household=cases.household(session, case.household_id) if case is not None else None,
        instead=_instead(found) if case is None else "",
        power=power_titles().get(found.power, found.power),
        rung=house().mandate_ladder.rung(found.rung),
        due=due_moments(session, [found.id]).get(found.id),
        rooms=deciding.room(work(), person, asked_decision(found, found.amount))
        if decides or person.person_id == found.requester_id
        else [],
        compared=over_all(deciding.comparable, found) if decides else None,
        spent=over_all(deciding.spent_on_household, found) if case is not None else None,
        agreed=deciding.agreed(found),
        colleagues=_others_on_rung(found),
    )


def _first_open(options: Sequence[Option]) -> Option | None:
    known = {each.transition.name: each for each in options if each.open}
    return next((known[name] for name in STRAIGHT if name in known), None)


def _others_on_rung(found: MandateRequest) -> list[Person]:
    """Whom a decider can hand the request on to."""
    function = house().mandate_ladder.rung(found.rung).function
    held = people.holders(reading(), function, found.team_id)
    return [each for each in held if each.id not in (found.requester_id, work().actor.person_id)]


def _alike(waiting: Sequence[MandateRequest]) -> list[Alike]:
    """Where two or more of the same power can be answered by me now, the same way."""
    ways: dict[str, dict[str, list[MandateRequest]]] = {}
    for each in waiting:
        for option in options(each):
            if option.open and option.transition.name in TOGETHER:
                ways.setdefault(each.power, {}).setdefault(option.transition.name, []).append(each)
    groups = []
    for power, found in ways.items():
        mine = tuple(found.get("approve") or found.get("decide") or ())
        if len(mine) > 1:
            groups.append(Alike(power, mine, tuple(name for name in TOGETHER if len(found.get(name, ())) > 1)))
    return groups


def _listing(tried: Attempt | None = None, outcomes: Sequence[tuple[str, Outcome]] = ()) -> str:
    session, person = reading(), work().actor
    waiting = page_of(session, queries.waiting_for(person, house().mandate_ladder), asked_page())
    mine = page_of(session, queries.unfinished_of(person.person_id), asked_page(MINE))
    due = due_moments(session, [each.id for each in waiting.rows])
    return render_template(
        "requests.html",
        waiting=waiting,
        alike=_alike(waiting.rows),
        mine=mine,
        due={each.id: each.answer_by if each.state == "asked" else due.get(each.id) for each in waiting.rows},
        powers=power_titles(),
        tried=tried or Attempt(),
        ticked=request.form.getlist("request"),
        outcomes=outcomes,
        to=turning("requests.listing", "wacht"),
        to_mine=turning("requests.listing", "gevraagd", MINE),
        together=url_for("requests.together", blad=waiting.number if waiting.number > 1 else None),
    )


@pages.get("/mandaatverzoeken")
@login_required
def listing() -> str:
    """The requests that wait for me, and my own; some of each on a page."""
    return _listing()


@pages.get("/mandaatverzoeken/<request_id>")
@login_required
def page(request_id: str) -> str:
    """One request, with everything needed to decide; reading of its case is logged."""
    found = _readable(request_id)
    case = _readable_case(found)
    if case is not None:
        log(case, "mandaatverzoek", found)
    return _show(_readable(request_id))


@pages.post("/mandaatverzoeken/<request_id>/stap/<transition>")
@login_required
def step(request_id: str, transition: str) -> Response | tuple[str, int]:
    """Take one step of the request; then back to what still waits."""
    title = _title(_readable(request_id))
    refused = take(MandateRequest, request_id, transition)
    if refused is not None:
        return _show(_readable(request_id), refused), 409 if refused.stale else 422
    flash(f"{step_title('mandate_request', transition)}: {title}.")
    return redirect(url_for("requests.listing"))


@pages.post("/mandaatverzoeken/samen")
@login_required
def together() -> Response | tuple[str, int]:
    """Answer several requests at once that are alike."""
    ids = list(dict.fromkeys(request.form.getlist("request")))
    titles = {each: _title(_readable(each)) for each in ids}
    name = request.form.get("transition", "")
    outcomes: list[Outcome] = []

    def act(given: Mapping[str, str]) -> None:
        ticked = [Ticked(each, request.form.get(f"version-{each}", type=int)) for each in ids]
        answer = {"answer": given["answer"]} if "answer" in given else {}
        outcomes.extend(answer_together(work(), ticked, name, answer))

    wrong = attempt(f"together-{request.form.get('power', '')}", act)
    if wrong is not None:
        return _listing(wrong), 422
    if any(each.refusal for each in outcomes):
        return _listing(None, [(titles[each.request_id], each) for each in outcomes]), 422
    for each in outcomes:
        flash(f"{step_title('mandate_request', name)}: {titles[each.request_id]}.")
    return redirect(url_for("requests.listing"))


def _title(found: MandateRequest) -> str:
    power = power_titles().get(found.power, found.power)
    amount = f" · {euros(found.amount)}" if found.amount else ""
    return _("%(what)s, gevraagd door %(who)s", what=power + amount, who=people.name(reading(), found.requester_id))
