"""Corrections: what a resident says is wrong in a case, and what was done with it."""

from flask import Blueprint, abort, redirect, render_template, url_for
from flask_login import login_required
from werkzeug.wrappers import Response

from wijkteam.access.grounds import Ground, log_reading
from wijkteam.cases import queries as cases
from wijkteam.cases.model import HouseholdCase
from wijkteam.deadlines.queries import due_moments
from wijkteam.events.queries import events_of
from wijkteam.retention.correcting import NewCorrection, ask_correction, corrections_of
from wijkteam.retention.model import Correction
from wijkteam.retention.queries import OFFICER
from wijkteam.web.acting import Attempt, attempt, house, take, work

pages = Blueprint("corrections", __name__)


def _readable_case(case_id: str) -> HouseholdCase:
    """A case that one may read, or that is there for the privacy officer to judge what is wrong in it."""
    session, actor = work().session, work().actor
    case = cases.find_case(session, case_id)
    ground = house().grounds.ground(session, actor, case) if case else None
    if case is None or (ground is None and (OFFICER not in actor.functions or not corrections_of(session, case.id))):
        abort(404)
    log_reading(work(), case, ground or Ground.OFFICER, "correctie")
    return case


def _form(case: HouseholdCase, tried: Attempt | None = None) -> str:
    session = work().session
    return render_template(
        "corrections.html",
        case=case,
        events=[each for each in events_of(session, HouseholdCase.workflow, case.id) if each.payload],
        asked=corrections_of(session, case.id),
        tried=tried or Attempt(),
        may_ask=work().actor.person_id == case.owner_id or OFFICER in work().actor.functions,
    )


@pages.get("/casus/<case_id>/correcties")
@login_required
def listing(case_id: str) -> str:
    """All corrections of a case, and the form to ask for one."""
    return _form(_readable_case(case_id))


@pages.post("/casus/<case_id>/correcties")
@login_required
def ask(case_id: str) -> Response | tuple[str, int]:
    """Write down that a resident says something is wrong."""
    case = _readable_case(case_id)
    made: list[Correction] = []

    def act(given: dict[str, str]) -> None:
        said = (given.get("about_event", ""), given.get("what_is_wrong", ""), given.get("statement"))
        made.append(ask_correction(work(), NewCorrection(case.id, *said)))

    refused = attempt("open", act)
    if refused is not None:
        return _form(_readable_case(case_id), refused), 422
    return redirect(url_for("corrections.page", correction_id=made[0].id))


def _readable(correction_id: str) -> tuple[Correction, HouseholdCase]:
    found = work().session.get(Correction, correction_id, populate_existing=True)
    if found is None:
        abort(404)
    return found, _readable_case(found.case_id)


def _show(correction: Correction, case: HouseholdCase, tried: Attempt | None = None) -> str:
    events = events_of(work().session, Correction.workflow, correction.id)
    about = events_of(work().session, HouseholdCase.workflow, case.id)
    return render_template(
        "correction.html",
        correction=correction,
        case=case,
        about=[each for each in about if each.sequence == correction.about_event],
        events=list(reversed(events)),
        workflow=house().engine.workflow(Correction.workflow, correction.workflow_version),
        options=work().options(correction),
        tried=tried or Attempt(),
        due=due_moments(work().session, [correction.id]).get(correction.id),
    )


@pages.get("/correcties/<correction_id>")
@login_required
def page(correction_id: str) -> str:
    """One correction."""
    return _show(*_readable(correction_id))


@pages.post("/correcties/<correction_id>/stap/<transition>")
@login_required
def step(correction_id: str, transition: str) -> Response | tuple[str, int]:
    """Take one step of the correction."""
    _readable(correction_id)
    refused = take(Correction, correction_id, transition)
    if refused is not None:
        return _show(*_readable(correction_id), refused), 409 if refused.stale else 422
    return redirect(url_for("corrections.page", correction_id=correction_id))
