"""Breaking the glass, and judging it afterwards."""

from flask import Blueprint, abort, redirect, render_template, url_for
from flask_login import login_required
from werkzeug.wrappers import Response

from wijkteam.access import breaking_queries as queries
from wijkteam.access.breaking import Sought, break_glass
from wijkteam.access.breaking_vocabulary import BREAKERS, PRIVACY_OFFICER
from wijkteam.access.model import BreakGlass
from wijkteam.web.acting import Attempt, attempt, house, options, over_all, reading, take, work
from wijkteam.web.language import _, later, said
from wijkteam.web.proving import proved_recently

pages = Blueprint("break_glass", __name__)
STOPPED = {
    "opened": later("Geopend"),
    "tries_left": later("Te vaak geprobeerd"),
    "length_is_allowed": later("Te lang gevraagd"),
    "someone_reviews": later("Niemand om te beoordelen"),
    "can_be_read_so": later("Niets geopend"),
    "not_readable_yet": later("Mocht al lezen"),
}
"""What came of a try, by what in the workflow stopped it."""


@pages.get("/glas-breken")
@login_required
def ask() -> str:
    """Who or where, why, and for how long."""
    return _form(Attempt())


@pages.post("/glas-breken")
@login_required
@proved_recently
def new() -> Response | tuple[str, int]:
    """Break the glass: one answer for all that cannot be opened so, and every try is kept."""
    broken: list[BreakGlass] = []

    def act(given: dict[str, str]) -> None:
        sought = Sought(given.get("who_or_where", ""), given.get("reason", ""), given.get("length", ""))
        broken.append(break_glass(work(), sought))

    if not BREAKERS & work().actor.functions:
        abort(404)
    refused = attempt("break_glass", act)
    if refused is not None:
        return _form(refused), 422
    return redirect(url_for("cases.page", case_id=broken[0].case_id))


def _form(tried: Attempt) -> str:
    if not BREAKERS & work().actor.functions:
        abort(404)
    lengths = [(code, said(title)) for code, title in house().glass.choices()]
    mine = queries.broken_by(reading(), work().actor.person_id)
    return render_template("glass_break.html", tried=tried, lengths=lengths, rule=house().glass.rule(), mine=mine)


@pages.get("/glas-gebroken")
@login_required
def listing() -> str:
    """For privacy officers: every broken glass, and every try."""
    if PRIVACY_OFFICER not in work().actor.functions:
        abort(404)
    found, tries = over_all(queries.all_broken, work().actor), over_all(queries.last_tries, work().actor)
    return render_template(
        "glass_list.html", found=found, tries=tries, stopped={code: _(text) for code, text in STOPPED.items()}
    )


def readable_glass(glass_id: str) -> queries.ShownGlass:
    """A broken glass for who broke it, who owns the case, and privacy officers; else it does not exist (404)."""
    if not over_all(queries.sees_glass, work().actor, glass_id):
        abort(404)
    return over_all(queries.shown_glass, house().grounds, work().actor, glass_id) or abort(404)


def _show(shown: queries.ShownGlass, tried: Attempt | None = None) -> str:
    glass = shown.glass
    return render_template(
        "glass.html",
        glass=glass,
        case=shown.case,
        reads=shown.reads,
        household=shown.household,
        workflow=house().engine.workflow("break_glass", glass.workflow_version),
        options=options(glass),
        lasts=shown.lasts,
        due=shown.due,
        tried=tried or Attempt(),
        events=shown.events,
    )


@pages.get("/glas-gebroken/<glass_id>")
@login_required
def page(glass_id: str) -> str:
    """One broken glass: who, which case, why, until when, and what was found of it."""
    return _show(readable_glass(glass_id))


@pages.post("/glas-gebroken/<glass_id>/stap/<transition>")
@login_required
def step(glass_id: str, transition: str) -> Response | tuple[str, int]:
    """Stop reading, or judge it."""
    readable_glass(glass_id)
    refused = take(BreakGlass, glass_id, transition)
    if refused is not None:
        return _show(readable_glass(glass_id), refused), 409 if refused.stale else 422
    return redirect(url_for("break_glass.page", glass_id=glass_id))
