"""The bestuurder's escalation report."""

from datetime import date

from flask import Blueprint, Response, abort, current_app, render_template, request
from flask_login import login_required

from wijkteam.assembly import House
from wijkteam.cases import queries as cases
from wijkteam.reports import exports
from wijkteam.reports.figures import EscalationReport
from wijkteam.reports.naming import Naming
from wijkteam.reports.pictures import area_map, bars
from wijkteam.reports.queries import HEADLINE, escalation_report
from wijkteam.reports.readers import ESCALATION_REPORT
from wijkteam.storage.work import Work
from wijkteam.terms import clock
from wijkteam.web.acting import house, reading, work

pages = Blueprint("report", __name__)
READERS = ESCALATION_REPORT
FIRST_YEAR, LAST_YEAR = 1900, 2200
"""Days outside these are typed by mistake: no report is about them."""


def naming(home: House, municipality: str) -> Naming:
    """The words for a report, from the lists and the ladder."""
    return Naming(
        municipality,
        {code: title.nl for code, title in home.lists["barriers"].items.items()},
        {rung.number: f"{rung.number} {rung.layer.nl}" for rung in home.ladder.rungs},
    )


def make_report(
    home: House, opened: Work, municipality: str, first: date | None, last: date | None
) -> EscalationReport:
    """The report over the years of these days; the running year unless days are given."""
    until = last or clock.today()
    return escalation_report(opened.session, naming(home, municipality), first or until, until)


def _day(name: str) -> date | None:
    try:
        found = date.fromisoformat(request.args.get(name, ""))
    except ValueError:
        return None
    return found if FIRST_YEAR <= found.year <= LAST_YEAR else None


def _asked_report() -> EscalationReport:
    if not READERS & work().actor.functions:
        abort(404)
    municipality = str(current_app.jinja_env.globals["municipality"])
    return make_report(house(), work(), municipality, _day("van"), _day("tot"))


@pages.get("/verslag")
@login_required
def page() -> str:
    """What blocks our people, where, for how long."""
    report = _asked_report()
    buurten = cases.buurten(reading())
    counts = {row.key: row.cells["answered"] for row in report.table("per_buurt").rows}
    return render_template(
        "report.html",
        report=report,
        shown=exports.shown,
        headline=HEADLINE,
        barrier_picture=bars(report.table("per_barrier"), "Beantwoorde opschalingen per knelpunt", "answered"),
        rung_picture=bars(report.table("per_rung"), "Beantwoorde opschalingen per trede", "answered"),
        map_picture=area_map(buurten, counts, "Opschalingen per buurt"),
    )


@pages.get("/verslag.csv")
@login_required
def as_csv() -> Response:
    """The same figures for a spreadsheet."""
    return Response(exports.as_csv(_asked_report()), mimetype="text/csv")
