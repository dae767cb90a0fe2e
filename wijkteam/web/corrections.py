"""Corrections: what a resident says is wrong in a case, and what was done with it."""

from flask import Blueprint, abort, redirect, render_template, url_for
from flask_login import login_required
from werkzeug.wrappers import Response

from wijkteam.access.grounds import log_reading
from wijkteam.events.contents import is_erased
from wijkteam.retention.correcting import (
    CorrectedCase,
    NewCorrection,
    ShownCorrection,
    ask_correction,
    corrected_case,
    shown_correction,
)
from wijkteam.retention.model import Correction
from wijkteam.retention.queries import OFFICER
from wijkteam.web.acting import Attempt, attempt, house, options, over_all, reading, take, work

pages = Blueprint("corrections", __name__)


def readable_case(case_id: str) -> CorrectedCase:
    """A case that one may read, or that is there for the privacy officer to judge what is wrong in it."""
    grounds, person = house().grounds, work().actor
    found = corrected_case(reading(), grounds, person, case_id)
    if found is None and OFFICER in person.functions:
        found = over_all(corrected_case, grounds, person, case_id)
    if found is None:
        abort(404)
    log_reading(work(), found.case, found.ground, "correctie")
    return found


def _form(found: CorrectedCase, tried: Attempt | None = None) -> str:
    return render_template(
        "corrections.html",
        case=found.case,
        events=[each for each in found.events if not is_erased(each)],
        asked=found.asked,
        tried=tried or Attempt(),
        may_ask=work().actor.person_id == found.case.owner_id or OFFICER in work().actor.functions,
    )


@pages.get("/casus/<case_id>/correcties")
@login_required
def listing(case_id: str) -> str:
    """All corrections of a case, and the form to ask for one."""
    return _form(readable_case(case_id))


@pages.post("/casus/<case_id>/correcties")
@login_required
def ask(case_id: str) -> Response | tuple[str, int]:
    """Write down that a resident says something is wrong."""
    found = readable_case(case_id)
    made: list[Correction] = []

    def act(given: dict[str, str]) -> None:
        said = (given.get("about_event", ""), given.get("what_is_wrong", ""), given.get("statement"))
        made.append(ask_correction(work(), NewCorrection(found.case.id, *said)))

    refused = attempt("open", act)
    if refused is not None:
        return _form(readable_case(case_id), refused), 422
    return redirect(url_for("corrections.page", correction_id=made[0].id))


def find_correction(correction_id: str) -> ShownCorrection:
    """A correction for who reads its case, or judges it as privacy officer; else it does not exist (404)."""
    grounds, person = house().grounds, work().actor
    found = shown_correction(reading(), grounds, person, correction_id)
    if found is None and OFFICER in person.functions:
        found = over_all(shown_correction, grounds, person, correction_id)
    return found or abort(404)


def log_correction(shown: ShownCorrection) -> None:
    """Write down that the signed-in person reads it, on which ground."""
    log_reading(work(), shown.within.case, shown.within.ground, "correctie", subject=shown.correction)


def _readable(correction_id: str) -> ShownCorrection:
    found = find_correction(correction_id)
    log_correction(found)
    return found


def _show(shown: ShownCorrection, tried: Attempt | None = None) -> str:
    correction = shown.correction
    return render_template(
        "correction.html",
        correction=correction,
        case=shown.within.case,
        about=[each for each in shown.within.events if each.sequence == correction.about_event],
        events=shown.events,
        workflow=house().engine.workflow(Correction.workflow, correction.workflow_version),
        options=options(correction),
        tried=tried or Attempt(),
        due=shown.due,
    )


@pages.get("/correcties/<correction_id>")
@login_required
def page(correction_id: str) -> str:
    """One correction."""
    return _show(_readable(correction_id))


@pages.post("/correcties/<correction_id>/stap/<transition>")
@login_required
def step(correction_id: str, transition: str) -> Response | tuple[str, int]:
    """Take one step of the correction."""
    _readable(correction_id)
    refused = take(Correction, correction_id, transition)
    if refused is not None:
        return _show(_readable(correction_id), refused), 409 if refused.stale else 422
    return redirect(url_for("corrections.page", correction_id=correction_id))
