"""Deciding at once: one reason, one amount, and one tap that decides within my mandate or asks for more."""

from dataclasses import dataclass

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask_login import login_required
from werkzeug.wrappers import Response

from wijkteam.access.grounds import working_ground
from wijkteam.cases import queries as cases
from wijkteam.cases.model import HouseholdCase
from wijkteam.mandate.deciding_queries import room
from wijkteam.mandate.service import AskedDecision, request_mandate
from wijkteam.objections.queries import POWER as ON_OBJECTIONS
from wijkteam.web.acting import Attempt, attempt, house, log, options, reading, version_seen, work
from wijkteam.web.cases import asked_mandate, readable
from wijkteam.web.language import said

pages = Blueprint("deciding", __name__)
CLOSED = "closed"
REASONS = ("motivation", "reason")
"""What the one reason of this page is called where it is kept."""


@dataclass(frozen=True)
class Own:
    """A power that I hold here: up to how much a decision, in cents; None where no ceiling is."""

    code: str
    title: str
    ceiling: int | None
    left: int | None
    """What is left for this household this year, in cents; None where that has no ceiling."""


def _works_on(case: HouseholdCase) -> bool:
    return case.state != CLOSED and working_ground(reading(), work().actor, case) is not None


def _workable(case_id: str) -> HouseholdCase:
    """The case when the signed-in person works on it and it is open; else nothing can be decided here (404)."""
    case = readable(case_id)
    if not _works_on(case):
        abort(404)
    return case


def _titles() -> dict[str, str]:
    known = house().lists["powers"].items
    return {code: said(title) for code, title in known.items() if code != ON_OBJECTIONS}


def own_powers(case: HouseholdCase) -> list[Own]:
    """What I may decide in this case myself, as the register says it now."""
    found = []
    for code, title in _titles().items():
        asked = AskedDecision(code, None, "", case.id, case.household_id, case.team_id)
        rooms = room(work(), work().actor, asked)
        if rooms:
            widest = max(rooms, key=lambda each: (each.per_decision is None, each.per_decision or 0))
            left = widest.household.left if widest.household else None
            found.append(Own(code, title, widest.per_decision, left))
    return found


def _show(case: HouseholdCase, tried: Attempt) -> str:
    may_decide = any(each.open for each in options(case) if each.transition.name == "decide")
    return render_template(
        "deciding.html",
        case=case,
        household=cases.household(reading(), case.household_id),
        tried=tried,
        own=own_powers(case) if may_decide else [],
        powers=_titles(),
    )


@pages.get("/casus/<case_id>/besluiten")
@login_required
def page(case_id: str) -> str | Response:
    """What is this for, how much, and then one tap: decide it, or ask for it. Who only reads the case is led there."""
    case = readable(case_id)
    if not _works_on(case):
        return redirect(url_for("cases.page", case_id=case_id))
    log(case, "casus")
    return _show(readable(case_id), Attempt())


@pages.post("/casus/<case_id>/besluiten")
@login_required
def decide(case_id: str) -> Response | tuple[str, int]:
    """Decide within my own mandate, or ask for a decision beyond it: which of the two, the button says."""
    case = _workable(case_id)

    def act(given: dict[str, str]) -> None:
        said_why = {"amount": given["amount"]} if given.get("amount") else {}
        if "decide" in given:
            fields = {"power": given["decide"], "motivation": given.get("why", ""), **said_why}
            work().act_on(HouseholdCase, case.id, "decide", fields, version_seen())
        else:
            fields = {"power": given.get("ask", ""), "reason": given.get("why", ""), **said_why}
            request_mandate(work(), asked_mandate(case, fields))

    refused = attempt("decide" if "decide" in request.form else "ask", act)
    if refused is None:
        return redirect(url_for("cases.page", case_id=case_id))
    mistakes = {"why" if name in REASONS else name: said for name, said in refused.mistakes.items()}
    tried = Attempt(refused.transition, refused.given, mistakes, refused.message, refused.stale)
    return _show(_workable(case_id), tried), 409 if refused.stale else 422
