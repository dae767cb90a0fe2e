"""Letters of decisions: reading one, its PDF, and recording that it was sent."""

from flask import Blueprint, Response, abort, redirect, render_template, url_for
from flask_login import login_required
from werkzeug.wrappers import Response as AnyResponse

from wijkteam.cases import queries as cases
from wijkteam.cases.model import HouseholdCase
from wijkteam.deadlines.queries import due_moments
from wijkteam.documents.pdf import WrongTemplate
from wijkteam.events.queries import events_of
from wijkteam.letters import queries
from wijkteam.letters.model import Letter
from wijkteam.letters.service import pdf_of
from wijkteam.mandate import queries as mandate
from wijkteam.objections import queries as objections
from wijkteam.storage.settings import WrongSettings
from wijkteam.web.acting import Attempt, house, log, options, reading, take, work
from wijkteam.web.drawing import whereabouts
from wijkteam.web.language import _
from wijkteam.web.showing import power_titles

pages = Blueprint("letters", __name__)


def _readable(letter_id: str, what: str | None = None) -> tuple[Letter, HouseholdCase]:
    """The letter and its case, where the person has a ground to read the case; else it does not exist (404).

    `what` is what the reading is logged as; left out, it is not logged.
    """
    session = reading()
    letter = queries.find_letter(session, letter_id)
    case = cases.find_case(session, letter.case_id) if letter else None
    if letter is None or case is None:
        abort(404)
    if what is not None:
        log(case, what, letter)
        return _readable(letter_id)
    return letter, case


def _show(letter: Letter, case: HouseholdCase, tried: Attempt | None = None) -> str:
    session = reading()
    events = list(reversed(events_of(session, "letter", letter.id)))
    offered = options(letter)
    decision = next(each for each in mandate.decisions_of_case(session, case.id) if each.id == letter.decision_id)
    return render_template(
        "letter.html",
        letter=letter,
        case=case,
        decision=decision,
        power=power_titles().get(decision.power, decision.power),
        household=cases.household(session, case.household_id),
        workflow=house().engine.workflow("letter", letter.workflow_version),
        is_made=queries.has_pdf(session, letter.id),
        objections=objections.objections_against(session, decision.id),
        options=offered,
        tried=tried or Attempt(),
        events=events,
        seen=whereabouts(letter, events, offered),
        due=due_moments(session, [letter.id]).get(letter.id),
        colleagues=[],
    )


@pages.get("/brieven/<letter_id>")
@login_required
def page(letter_id: str) -> str:
    """One letter: whether it was sent, until when it can be contested, and what was objected."""
    return _show(*_readable(letter_id, "brief"))


@pages.get("/brieven/<letter_id>/pdf")
@login_required
def pdf(letter_id: str) -> Response | tuple[str, int]:
    """The PDF, made now if it was not there yet; every reading is logged with its ground."""
    letter, case = _readable(letter_id, "brief (pdf)")
    try:
        document = pdf_of(work(), letter.id)
    except (WrongTemplate, WrongSettings):
        tried = Attempt(message=_("De brief is nog niet klaar. De beheerder moet eerst het sjabloon herstellen."))
        return _show(letter, case, tried), 503
    headers = {"Content-Disposition": f'inline; filename="{document.name}"'}
    return Response(document.content, mimetype=document.media_type, headers=headers)


@pages.post("/brieven/<letter_id>/stap/<transition>")
@login_required
def step(letter_id: str, transition: str) -> AnyResponse | tuple[str, int]:
    """Take one step of the letter."""
    case = _readable(letter_id)[1]
    refused = take(Letter, letter_id, transition)
    if refused is not None:
        return _show(*_readable(letter_id), refused), 409 if refused.stale else 422
    return redirect(url_for("cases.page", case_id=case.id, _anchor="besluiten"))
