"""Extra protection: who reads a case that only named readers may read."""

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask_login import login_required
from werkzeug.wrappers import Response

from wijkteam.access import readers
from wijkteam.access.breaking_vocabulary import PRIVACY_OFFICER
from wijkteam.cases import queries as cases
from wijkteam.cases.model import HouseholdCase
from wijkteam.people import queries as people
from wijkteam.web.acting import Attempt, house, take, work

pages = Blueprint("protection", __name__)
STEPS = ("protect", "unprotect", "name_reader", "remove_reader")
"""The steps of a case that are taken here, and not on the page of the case."""


def _is_privacy_officer() -> bool:
    return PRIVACY_OFFICER in work().actor.functions


def _reads(case: HouseholdCase) -> bool:
    """Whether the signed-in person reads all of the case; a privacy officer need not, to protect it."""
    return house().grounds.full_ground(work().session, work().actor, case) is not None


def _manageable(case_id: str) -> HouseholdCase:
    case = cases.find_case(work().session, case_id)
    if case is None or not (_is_privacy_officer() or _reads(case)):
        abort(404)
    return case


def _show(case: HouseholdCase, tried: Attempt | None = None) -> str:
    session = work().session
    named = readers.readers_of(session, case.id)
    reads = _reads(case)
    options = [each for each in work().options(case) if each.transition.name in STEPS]
    return render_template(
        "protection.html",
        case=case,
        reads=reads,
        household=cases.household(session, case.household_id).who_or_where if reads else f"Casus {case.id}",
        named=named,
        workflow=house().engine.workflow("household_case", case.workflow_version),
        options=options,
        people=people.everyone(session),
        readers=[people.person(session, each.person_id) for each in named],
        tried=tried or Attempt(),
    )


@pages.get("/afscherming")
@login_required
def listing() -> str | Response:
    """For privacy officers: every extra-protected case by its number, and any other case by its number."""
    if not _is_privacy_officer():
        abort(404)
    session = work().session
    wanted = request.args.get("casus", "").strip().lower()
    if wanted and cases.find_case(session, wanted) is not None:
        return redirect(url_for("protection.page", case_id=wanted))
    return render_template("protection_list.html", found=readers.protected_cases(session), wanted=wanted)


@pages.get("/casus/<case_id>/afscherming")
@login_required
def page(case_id: str) -> str:
    """Whether the case is extra protected, and who reads it then."""
    return _show(_manageable(case_id))


@pages.post("/casus/<case_id>/afscherming/stap/<transition>")
@login_required
def step(case_id: str, transition: str) -> Response | tuple[str, int]:
    """Protect the case or not, and name its readers."""
    _manageable(case_id)
    if transition not in STEPS:
        abort(404)
    refused = take(HouseholdCase, case_id, transition)
    if refused is not None:
        return _show(_manageable(case_id), refused), 409 if refused.stale else 422
    case = cases.find_case(work().session, case_id)
    if case is None or not (_is_privacy_officer() or _reads(case)):
        return redirect(url_for("my_work.page"))
    return redirect(url_for("protection.page", case_id=case_id))
