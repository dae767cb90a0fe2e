"""The bestuurder's report: what is asked of me, what blocks our people, where, what got better, what did not work."""

from dataclasses import replace
from datetime import date

from flask import Blueprint, Response, abort, current_app, render_template, request
from flask_login import login_required
from sqlalchemy.orm import Session

from wijkteam.assembly import House
from wijkteam.figures.behind import escalations_behind
from wijkteam.figures.pieces import Places
from wijkteam.figures.report import Known, Page, make_page
from wijkteam.figures.telling import Scope, Words
from wijkteam.reports import exports
from wijkteam.reports.figures import EscalationReport
from wijkteam.reports.periods import days_of_year, years_told
from wijkteam.reports.readers import ESCALATION_REPORT
from wijkteam.terms import clock
from wijkteam.web.acting import figures_as_of, figures_over_all, house, reading, work
from wijkteam.web.language import Language, language
from wijkteam.web.my_work import items
from wijkteam.web.showing import list_titles

pages = Blueprint("report", __name__)
READERS = ESCALATION_REPORT
YEARS_SHOWN = 10
FIRST_YEAR, LAST_YEAR = 1900, 2200
"""Days outside these are typed by mistake: no report is about them."""
MOST_ASKED = 5
MOST_BEHIND = 200


def known(home: House, municipality: str) -> Known:
    """What the report needs of the house."""
    lists = home.lists
    words = Words(
        lists["barriers"].items,
        {
            rung.number: rung.layer.model_copy(
                update={"nl": f"{rung.number} {rung.layer.nl}", "en": f"{rung.number} {rung.layer.en}"}
            )
            for rung in home.ladder.rungs
        },
        lists["life_domains"].items,
    )
    tried = {name: lists[name].items for name in ("approaches", "working_ingredients")}
    return Known(words, home.waiting_costs, home.benefit, home.instruments, municipality, tried, home.area_figures)


def make_report(
    home: House, session: Session, municipality: str, scope: Scope | None = None, tongue: Language = "nl"
) -> Page:
    """The report over a scope; the running year unless one is given."""
    return make_page(session, scope or scope_of(None), known(home, municipality), tongue)


def scope_of(year: int | None, wijk: str | None = None, barrier: str | None = None) -> Scope:
    """A calendar year, as far as its months have ended; the running one unless it is given."""
    today = clock.today()
    asked = date(year, 12, 31) if year is not None else today
    return Scope(*days_of_year(years_told(asked, asked, today)[-1], today), wijk or None, barrier or None)


def years_to_choose() -> range:
    """The calendar years that a page lets choose from, the last one first."""
    last = years_told(clock.today(), clock.today(), clock.today())[-1]
    return range(last, last - YEARS_SHOWN, -1)


def asked_scope() -> Scope:
    """The scope that the address asks for. What is unknown in it is left out."""
    year = request.args.get("jaar", type=int)
    wijk, barrier = request.args.get("wijk", ""), request.args.get("knelpunt", "")
    return scope_of(
        year if year is not None and FIRST_YEAR <= year <= LAST_YEAR else None,
        wijk if wijk in Places.of(reading()).wijken else None,
        barrier if barrier in house().lists["barriers"].items else None,
    )


def check_reader() -> None:
    """To others than its readers the report is not there."""
    if not READERS & work().actor.functions:
        abort(404)


def asked_page() -> Page:
    """The report that the address asks for, for its readers alone."""
    check_reader()
    municipality = str(current_app.jinja_env.globals["municipality"])
    made = figures_over_all(report_for, house(), municipality, asked_scope(), language())
    moments = (figures_as_of(), made.report.made_at)
    return replace(made, report=replace(made.report, made_at=min(each for each in moments if each is not None)))


def report_for(session: Session, home: House, municipality: str, scope: Scope, tongue: Language) -> Page:
    """The report in a language, as a question over all rows."""
    return make_report(home, session, municipality, scope, tongue)


def asked_report() -> EscalationReport:
    """Its tables, for exports."""
    return asked_page().report


@pages.get("/verslag")
@login_required
def page() -> str:
    """One page for who has ten minutes a month."""
    made, scope = asked_page(), asked_scope()
    return render_template(
        "report.html",
        made=made,
        as_of=figures_as_of(),
        replica=house().replica is not None,
        report=made.report,
        shown=exports.shown,
        scope=scope,
        years=years_to_choose(),
        places=Places.of(reading()),
        barriers=list_titles("barriers"),
        asks=items(MOST_ASKED),
        chosen=chosen(scope),
    )


def chosen(scope: Scope, **other: str | int) -> dict[str, str | int]:
    """A scope as an address names it."""
    found: dict[str, str | int] = {"jaar": scope.first.year, "wijk": scope.wijk or "", "knelpunt": scope.barrier or ""}
    return {name: value for name, value in {**found, **other}.items() if value}


@pages.get("/verslag/achter")
@login_required
def behind() -> str:
    """The escalations behind a figure, as far as this person may read them; how many others there are is not said."""
    check_reader()
    scope = asked_scope()
    found = escalations_behind(reading(), scope, MOST_BEHIND)
    return render_template("report_behind.html", found=found, scope=scope, chosen=chosen(scope))


@pages.get("/verslag.csv")
@login_required
def as_csv() -> Response:
    """The same figures for a spreadsheet."""
    return Response(exports.as_csv(asked_report()), mimetype="text/csv")
