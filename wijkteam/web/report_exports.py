"""What goes out of the report: workbooks and paper for its readers, and the event log for the few who may take it."""

from pathlib import Path
from tempfile import TemporaryDirectory

from flask import Blueprint, Response, abort, render_template, request, send_file
from flask_login import login_required

from wijkteam.documents.pdf import WrongTemplate
from wijkteam.figures.blocks import BLOCKS
from wijkteam.figures.report import Page
from wijkteam.reports.event_log.service import FORMS, TooLarge, may_take, note_taking, write_noted_log
from wijkteam.reports.event_log.warning import WHAT_IT_IS
from wijkteam.reports.figures import EscalationReport
from wijkteam.reports.on_paper import Said, report_pdf
from wijkteam.reports.readers import ESCALATION_REPORT
from wijkteam.reports.sheets import WORKBOOKS
from wijkteam.terms import clock
from wijkteam.web.acting import work
from wijkteam.web.language import _, later, said
from wijkteam.web.proving import proved_recently
from wijkteam.web.quotes import quotes_beside
from wijkteam.web.report import asked_page, asked_report, asked_scope, chosen

pages = Blueprint("report_exports", __name__)
MOST_ON_A_PAGE = 250_000
"""Events that a page gives at most: more take so long that the browser gives up."""
TOO_LARGE = later("Dit logboek is te groot voor de browser. Vraag de beheerder om: wijkteam export log.")
FORM_TITLES = {
    "xes": later("XES (IEEE 1849): één verhaal per casus"),
    "ocel-json": later("OCEL 2.0, JSON: dingen en hun verband"),
    "ocel-sqlite": later("OCEL 2.0, SQLite: hetzelfde als database"),
}


def _reads_report() -> bool:
    return bool(ESCALATION_REPORT & work().actor.functions)


@pages.get("/verslag/uitvoer")
@login_required
def page() -> str:
    """Everything that can be taken out, each with what it is for."""
    return _page()


def _page(wrong: str = "") -> str:
    takes_log = may_take(work().actor)
    if not (takes_log or _reads_report()):
        abort(404)
    scope = asked_scope()
    return render_template(
        "report_exports.html",
        reads_report=_reads_report(),
        takes_log=takes_log,
        scope=scope,
        chosen=chosen(scope),
        forms={form: _(title) for form, title in FORM_TITLES.items()},
        what_it_is=said(WHAT_IT_IS),
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
    report = asked_report()
    return _attached(write(report), media, f"verslag-{report.period_until}.{form}")


@pages.get("/verslag.pdf")
@login_required
def as_pdf() -> Response | tuple[str, int]:
    """The report on paper: pictures, each with a sentence and its table."""
    made = asked_page()
    try:
        pdf = on_paper(made)
    except WrongTemplate:
        text = _("De afdruk is nog niet klaar. De beheerder moet eerst het sjabloon herstellen.")
        return render_template("message.html", title=_("Nog geen afdruk"), text=text), 503
    return _attached(pdf, "application/pdf", f"verslag-{made.report.period_until}.pdf")


def on_paper(made: Page) -> bytes:
    """A made report as PDF. Raises WrongTemplate."""
    headline = [(made.headline[name], cell) for name, cell in made.report.headline.items()]
    parts = [each for shown in made.parts.values() for each in shown]
    return report_pdf(made.report, headline, parts, _quotes(made.report))


def _quotes(report: EscalationReport) -> list[Said]:
    """What stands beside the barriers on the page, in the same order."""
    return [
        Said(row.label, quote.words, _("Een inwoner") if quote.said_by == "resident" else _("Een professional"))
        for row in report.table(BLOCKS.code).rows
        for quote in quotes_beside(row.key)
    ]


@pages.post("/verslag/gebeurtenissen")
@login_required
@proved_recently
def event_log() -> Response | tuple[str, int]:
    """The event log of all cases in one file, under pseudonyms; that it was taken is logged first."""
    if not may_take(work().actor):
        abort(404)
    form = request.form.get("form", "")
    if form not in FORMS:
        return _page(_("Kies een vorm.")), 422
    if request.form.get("sure") != "ja":
        return _page(_("Zet eerst het vinkje: u weet wat u meeneemt.")), 422
    try:
        note_taking(work(), form, MOST_ON_A_PAGE)
        return log_file(form)
    except TooLarge:
        return _page(_(TOO_LARGE)), 422


def log_file(form: str) -> Response:
    """The event log as a file in one of FORMS; that it is taken was logged with `note_taking`."""
    ending = FORMS[form][1]
    with TemporaryDirectory(prefix="wijkteam-") as made:
        path = Path(made) / f"log.{ending}"
        write_noted_log(work(), form, path)
        # opened before its folder goes: the system keeps what is open until it is sent
        file = path.open("rb")
    name = f"gebeurtenissen-{clock.today()}.{ending}"
    return send_file(file, "application/octet-stream", as_attachment=True, download_name=name)


def _attached(content: bytes, media: str, name: str) -> Response:
    return Response(content, mimetype=media, headers={"Content-Disposition": f'attachment; filename="{name}"'})
