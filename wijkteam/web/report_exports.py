"""What goes out of the report: workbooks and paper for its readers, and the event log for the few who may take it."""

from datetime import date, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from flask import Blueprint, Response, abort, current_app, render_template, request, send_file
from flask_login import login_required

from wijkteam.cases import queries as cases
from wijkteam.documents.pdf import WrongTemplate
from wijkteam.reports.event_log.service import FORMS, TooLarge, may_take, write_event_log
from wijkteam.reports.event_log.warning import WHAT_IT_IS
from wijkteam.reports.figures import EscalationReport
from wijkteam.reports.on_paper import Shown, most, report_pdf
from wijkteam.reports.periods import DAYS_SHOWN
from wijkteam.reports.pictures import area_map, bars
from wijkteam.reports.queries import HEADLINE
from wijkteam.reports.readers import ESCALATION_REPORT
from wijkteam.reports.sheets import WORKBOOKS
from wijkteam.terms import clock
from wijkteam.web.acting import house, reading, work
from wijkteam.web.proving import proved_recently
from wijkteam.web.report import FIRST_YEAR, LAST_YEAR, make_report

pages = Blueprint("report_exports", __name__)
MOST_ON_A_PAGE = 250_000
"""Events that a page gives at most: more take so long that the browser gives up."""
FORM_TITLES = {
    "xes": "XES (IEEE 1849): één verhaal per casus",
    "ocel-json": "OCEL 2.0, JSON: dingen en hun verband",
    "ocel-sqlite": "OCEL 2.0, SQLite: hetzelfde als database",
}
ANSWERED = "beantwoord"


def _day(name: str) -> date | None:
    try:
        found = date.fromisoformat(request.args.get(name, ""))
    except ValueError:
        return None
    return found if FIRST_YEAR <= found.year <= LAST_YEAR else None


def _reads_report() -> bool:
    return bool(ESCALATION_REPORT & work().actor.functions)


def _report() -> EscalationReport:
    if not _reads_report():
        abort(404)
    municipality = str(current_app.jinja_env.globals["municipality"])
    return make_report(house(), work(), municipality, _day("van"), _day("tot"))


@pages.get("/verslag/uitvoer")
@login_required
def page() -> str:
    """Everything that can be taken out, each with what it is for."""
    return _page()


def _page(wrong: str = "") -> str:
    takes_log = may_take(work().actor)
    if not (takes_log or _reads_report()):
        abort(404)
    until = _day("tot") or clock.today()
    return render_template(
        "report_exports.html",
        reads_report=_reads_report(),
        takes_log=takes_log,
        period={"van": _day("van") or until - timedelta(days=DAYS_SHOWN), "tot": until},
        forms=FORM_TITLES,
        what_it_is=WHAT_IT_IS.nl,
        wrong=wrong,
    )


@pages.get("/verslag.xlsx")
@login_required
def as_xlsx() -> Response:
    """Every table of the report with its definition, for Excel."""
    return _workbook("xlsx")


@pages.get("/verslag.ods")
@login_required
def as_ods() -> Response:
    """The same as OpenDocument."""
    return _workbook("ods")


def _workbook(form: str) -> Response:
    write, media = WORKBOOKS[form]
    report = _report()
    return _attached(write(report), media, f"verslag-{report.period_until}.{form}")


@pages.get("/verslag.pdf")
@login_required
def as_pdf() -> Response | tuple[str, int]:
    """The report on paper: pictures, each with a sentence and its table."""
    report = _report()
    headline = [(HEADLINE[name], cell) for name, cell in report.headline.items()]
    try:
        made = report_pdf(report, headline, _parts(report))
    except WrongTemplate:
        text = "De afdruk is nog niet klaar. De beheerder moet eerst het sjabloon herstellen."
        return render_template("message.html", title="Nog geen afdruk", text=text), 503
    return _attached(made, "application/pdf", f"verslag-{report.period_until}.pdf")


def _parts(report: EscalationReport) -> list[Shown]:
    barriers, rungs, buurten = (report.table(code) for code in ("per_barrier", "per_rung", "per_buurt"))
    counts = {row.key: row.cells["answered"] for row in buurten.rows}
    drawn = (
        ("Wat zit in de weg", bars(barriers, "Opschalingen per knelpunt", "answered"), barriers),
        ("Hoe hoog komt het", bars(rungs, "Opschalingen per trede", "answered"), rungs),
        ("Waar", area_map(cases.buurten(reading()), counts, "Opschalingen per buurt"), buurten),
    )
    return [Shown(title, picture, most(table, "answered", ANSWERED), table) for title, picture, table in drawn]


@pages.post("/verslag/gebeurtenissen")
@login_required
@proved_recently
def event_log() -> Response | tuple[str, int]:
    """The event log of all cases in one file, under pseudonyms; that it was taken is logged first."""
    if not may_take(work().actor):
        abort(404)
    form = request.form.get("form", "")
    if form not in FORMS:
        return _page("Kies een vorm."), 422
    if request.form.get("sure") != "ja":
        return _page("Zet eerst het vinkje: u weet wat u meeneemt."), 422
    ending = FORMS[form][1]
    with TemporaryDirectory(prefix="wijkteam-") as made:
        path = Path(made) / f"log.{ending}"
        try:
            write_event_log(work(), form, path, MOST_ON_A_PAGE)
        except TooLarge:
            text = "Dit logboek is te groot voor de browser. Vraag de beheerder om: wijkteam export log."
            return _page(text), 422
        # opened before its folder goes: the system keeps what is open until it is sent
        file = path.open("rb")
    name = f"gebeurtenissen-{clock.today()}.{ending}"
    return send_file(file, "application/octet-stream", as_attachment=True, download_name=name)


def _attached(content: bytes, media: str, name: str) -> Response:
    return Response(content, mimetype=media, headers={"Content-Disposition": f'attachment; filename="{name}"'})
