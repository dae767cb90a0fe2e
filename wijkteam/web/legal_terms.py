"""Legal terms: one term of a case, with why it ends when it ends."""

from flask import Blueprint, abort, redirect, render_template, url_for
from flask_login import login_required
from werkzeug.wrappers import Response

from wijkteam.cases import queries as cases
from wijkteam.cases.model import HouseholdCase
from wijkteam.events.queries import events_of
from wijkteam.legal_terms import queries
from wijkteam.legal_terms.model import LegalTerm
from wijkteam.people import queries as people
from wijkteam.terms import clock
from wijkteam.web.acting import Attempt, house, log, options, reading, take
from wijkteam.web.drawing import whereabouts

pages = Blueprint("legal_terms", __name__)


def _readable(term_id: str) -> tuple[LegalTerm, HouseholdCase]:
    session = reading()
    term = queries.find_legal_term(session, term_id)
    case = cases.find_case(session, term.case_id) if term else None
    if term is None or case is None:
        abort(404)
    return term, case


def _show(term: LegalTerm, case: HouseholdCase, tried: Attempt | None = None) -> str:
    session = reading()
    events = list(reversed(events_of(session, "legal_term", term.id)))
    offered = options(term)
    row = house().legal_table.matter(term.matter, term.started_on)
    return render_template(
        "legal_term.html",
        term=term,
        case=case,
        row=row,
        penalty=house().legal_table.penalty(clock.today()) if row is not None and row.penalty else None,
        household=cases.household(session, case.household_id),
        workflow=house().engine.workflow("legal_term", term.workflow_version),
        options=offered,
        tried=tried or Attempt(),
        events=events,
        seen=whereabouts(term, events, offered),
        colleagues=people.team_members(session, case.team_id),
    )


@pages.get("/termijnen/<term_id>")
@login_required
def page(term_id: str) -> str:
    """One legal term; every reading is logged with its ground."""
    term, case = _readable(term_id)[:2]
    log(case, "termijn", term)
    return _show(*_readable(term_id))


@pages.post("/termijnen/<term_id>/stap/<transition>")
@login_required
def step(term_id: str, transition: str) -> Response | tuple[str, int]:
    """Take one step of the term."""
    _readable(term_id)
    refused = take(LegalTerm, term_id, transition)
    if refused is not None:
        return _show(*_readable(term_id), refused), 409 if refused.stale else 422
    return redirect(url_for("legal_terms.page", term_id=term_id))
