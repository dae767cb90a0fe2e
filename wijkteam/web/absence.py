"""My absence: when I am away and who stands in, which everyone writes down for themselves."""

from collections.abc import Callable, Mapping

from flask import Blueprint, abort, redirect, render_template, url_for
from flask_login import login_required
from werkzeug.wrappers import Response

from wijkteam.people import queries
from wijkteam.people.staff import candidates
from wijkteam.web.acting import Attempt, reading, work
from wijkteam.web.people import Given, appoint_deputy, end_absence, end_deputy, record_absence
from wijkteam.web.periods import attempt
from wijkteam.web.showing import function_titles

pages = Blueprint("absence", __name__)


def _show(tried: Attempt | None = None) -> str:
    session, me = reading(), work().actor
    functions = function_titles()
    held = {each.function for each in queries.held_by(session, me.person_id)}
    return render_template(
        "my_absence.html",
        absences=queries.absences(session, me.person_id),
        deputies=queries.deputies(session, me.person_id),
        candidates=candidates(session, me.person_id),
        mine=sorted((code, functions[code]) for code in held & me.functions),
        tried=tried or Attempt(),
    )


@pages.get("/mijn-afwezigheid")
@login_required
def page() -> str:
    """When I am away, and who stands in for me."""
    return _show()


@pages.post("/mijn-afwezigheid/<form>")
@login_required
def step(form: str) -> Response | tuple[str, int]:
    """Change one thing of it."""
    act, me = FORMS.get(form), work().actor.person_id
    if act is None:
        abort(404)
    refused = attempt(form, lambda given: act(me, given))
    if refused is not None:
        return _show(refused), 422
    return redirect(url_for("absence.page"))


FORMS: Mapping[str, Callable[[int, Given], None]] = {
    "afwezig": record_absence,
    "terug": end_absence,
    "vervanger": appoint_deputy,
    "vervanger-stopt": end_deputy,
}
"""What I can change, by the last part of the address."""
