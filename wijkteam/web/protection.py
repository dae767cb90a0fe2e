"""Extra protection: who reads a case that only named readers may read."""

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask_login import login_required
from werkzeug.wrappers import Response

from wijkteam.access import readers
from wijkteam.access.breaking_vocabulary import PRIVACY_OFFICER
from wijkteam.cases import queries as cases
from wijkteam.cases.model import HouseholdCase
from wijkteam.people import queries as people
from wijkteam.web.acting import Attempt, house, options, over_all, reading, take, work

pages = Blueprint("protection", __name__)
STEPS = ("protect", "unprotect", "name_reader", "remove_reader")
"""The steps of a case that are taken here, and not on the page of the case."""


def _is_privacy_officer() -> bool:
    return PRIVACY_OFFICER in work().actor.functions


def find_protection(case_id: str) -> readers.Protection | None:
    """The protection of a case, for who reads all of it and for privacy officers; None for others."""
    if not _is_privacy_officer() and cases.find_case(reading(), case_id) is None:
        return None
    return over_all(readers.protection_of, house().grounds, work().actor, case_id)


def _manageable(case_id: str) -> readers.Protection:
    return find_protection(case_id) or abort(404)


def _show(found: readers.Protection, tried: Attempt | None = None) -> str:
    session, case = reading(), found.case
    return render_template(
        "protection.html",
        case=case,
        reads=found.reads,
        household=found.household,
        named=found.named,
        workflow=house().engine.workflow("household_case", case.workflow_version),
        options=[each for each in options(case) if each.transition.name in STEPS],
        people=people.everyone(session),
        readers=[people.person(session, each.person_id) for each in found.named],
        tried=tried or Attempt(),
    )


@pages.get("/afscherming")
@login_required
def listing() -> str | Response:
    """For privacy officers: every extra-protected case by its number, and any other case by its number."""
    if not _is_privacy_officer():
        abort(404)
    wanted = request.args.get("casus", "").strip().lower()
    if wanted and find_protection(wanted) is not None:
        return redirect(url_for("protection.page", case_id=wanted))
    found = over_all(readers.protected_cases, work().actor)
    return render_template("protection_list.html", found=found, wanted=wanted)


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
    if find_protection(case_id) is None:
        return redirect(url_for("my_work.page"))
    return redirect(url_for("protection.page", case_id=case_id))
