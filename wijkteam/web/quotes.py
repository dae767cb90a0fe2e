"""Quotes for the report: writing one down in a case, seeing it without names, releasing it and taking it back."""

from flask import Blueprint, abort, redirect, render_template, url_for
from flask_login import login_required
from werkzeug.wrappers import Response

from wijkteam.cases import queries as cases
from wijkteam.cases.model import HouseholdCase
from wijkteam.people.acting import ActingPerson
from wijkteam.quotes import queries
from wijkteam.quotes.model import Quote
from wijkteam.quotes.queries import ToldQuote
from wijkteam.quotes.service import NewQuote, write_quote
from wijkteam.reports.readers import ESCALATION_REPORT
from wijkteam.web.acting import Attempt, attempt, house, log, options, over_all, reading, take, work
from wijkteam.web.cases import readable, show_case
from wijkteam.web.household import works_here

pages = Blueprint("quotes", __name__)


@pages.app_template_global("quotes_of_case")
def quotes_of_case(case: HouseholdCase) -> list[Quote]:
    """The quotes of a case that were not taken back."""
    return queries.quotes_of_case(reading(), case.id)


@pages.app_template_global("quotes_beside")
def quotes_beside(barrier: str) -> list[ToldQuote]:
    """Released quotes about a barrier, for readers of the report alone."""
    actor = work().actor
    if not (isinstance(actor, ActingPerson) and ESCALATION_REPORT & actor.functions):
        return []
    return over_all(queries.quotes_beside, barrier)


@pages.get("/citaten")
@login_required
def mine() -> str:
    """What I wrote for the report, also in cases that I no longer read."""
    return render_template("quotes.html", quotes=queries.quotes_by(reading(), work().actor.person_id))


@pages.post("/casus/<case_id>/citaten")
@login_required
def write(case_id: str) -> Response | tuple[str, int]:
    """Write a quote down; its page then shows what is left of it without names."""
    case = readable(case_id)
    if not works_here(case):
        abort(404)
    made: list[Quote] = []

    def act(given: dict[str, str]) -> None:
        new = NewQuote(case.id, given.get("said_by", ""), given.get("words", ""), given.get("barrier"))
        made.append(write_quote(work(), new))

    refused = attempt("write_quote", act)
    if refused is not None:
        return show_case(readable(case_id), refused), 422
    to = url_for("quotes.page", quote_id=made[0].id) if made else url_for("cases.page", case_id=case_id)
    return redirect(to)


def _readable(quote_id: str) -> tuple[Quote, HouseholdCase | None]:
    """A quote, and its case for who reads that too."""
    found = queries.find_quote(reading(), quote_id)
    if found is None:
        abort(404)
    return found, cases.find_case(reading(), found.case_id)


def _show(quote: Quote, case: HouseholdCase | None, tried: Attempt | None = None) -> str:
    return render_template(
        "quote.html",
        quote=quote,
        case=case,
        household=cases.household(reading(), case.household_id) if case is not None else None,
        workflow=house().engine.workflow(Quote.workflow, quote.workflow_version),
        options=options(quote),
        tried=tried or Attempt(),
    )


@pages.get("/citaten/<quote_id>")
@login_required
def page(quote_id: str) -> str:
    """One quote as it stands in the report, and what can be done with it; read with its case, that is logged."""
    quote, case = _readable(quote_id)
    if case is not None:
        log(case, "citaat", quote)
    return _show(*_readable(quote_id))


@pages.post("/citaten/<quote_id>/stap/<transition>")
@login_required
def step(quote_id: str, transition: str) -> Response | tuple[str, int]:
    """Change it, release it or take it back."""
    _readable(quote_id)
    refused = take(Quote, quote_id, transition)
    if refused is not None:
        return _show(*_readable(quote_id), refused), 409 if refused.stale else 422
    return redirect(url_for("quotes.page", quote_id=quote_id))
