"""Bringing in a file from elsewhere: looking at it, letting it come in, and undoing it. For the administrator."""

from flask import Blueprint, Response, abort, redirect, render_template, request, url_for
from flask_login import login_required
from werkzeug.wrappers import Response as AnyResponse

from wijkteam.engine.definition import Text
from wijkteam.engine.fields import WrongFields
from wijkteam.importing import queries, service
from wijkteam.importing.checking import Checked
from wijkteam.importing.columns import KINDS, WORKBOOK
from wijkteam.importing.findings import WrongFile
from wijkteam.importing.model import CHECKED, DONE, RUNNING, UNDOING, DataImport
from wijkteam.importing.reading import LARGEST_FILE
from wijkteam.importing.service import Tools, may_import
from wijkteam.importing.template import MEDIA_TYPE, template
from wijkteam.importing.undoing import begin_undoing, go_on_undoing
from wijkteam.web.acting import Attempt, attempt, house, over_all, work
from wijkteam.web.language import _, language, later, said
from wijkteam.web.proving import proved_recently

pages = Blueprint("importing", __name__)
AROUND_A_FILE = 100_000
SECONDS, AT_ONCE = 8.0, 200
"""So long rows come in, and so many are undone, before the page answers; the rest with the next press."""
MOST_SHOWN = 300
STATES = {
    CHECKED: later("Wacht op u"),
    RUNNING: later("Komt binnen"),
    DONE: later("Binnen"),
    UNDOING: later("Wordt teruggedraaid"),
    "undone": later("Teruggedraaid"),
    "dropped": later("Weggelegd"),
}
OUTCOMES = {
    "added": later("toegevoegd"),
    "known": later("was er al"),
    "reopened": later("terug"),
    "failed": later("geweigerd"),
    "taken_back": later("teruggedraaid"),
    "stays": later("blijft in een gesloten casus"),
    "kept": later("blijft"),
}


@pages.url_value_preprocessor
def allow_a_file(endpoint: str | None, _values: dict[str, object] | None) -> None:
    """Only here a request may be as large as a file with rows; this is known before the form is read."""
    if endpoint == "importing.look":
        request.max_content_length = LARGEST_FILE + AROUND_A_FILE


def check_may_import() -> None:
    """To others than who may bring in files none of this is there (404)."""
    if not may_import(work().actor):
        abort(404)


def tools() -> Tools:
    """What sealing and checking a file needs of the house."""
    return Tools(house().key_ring, house().bsn_grounds)


def _said(error: WrongFile) -> str:
    return error.en if language() == "en" else error.nl


def _listing(tried: Attempt | None = None, checked: Checked | None = None) -> str:
    return render_template(
        "imports.html",
        found=over_all(queries.imports),
        kinds=[(kind.key, said(Text(nl=kind.sheet, en=kind.key))) for kind in KINDS.values()],
        workbook=WORKBOOK,
        states={code: _(text) for code, text in STATES.items()},
        checked=checked,
        lines=_lines(checked, only_mistakes=True),
        most=LARGEST_FILE // 1_000_000,
        tried=tried or Attempt(),
    )


def _lines(checked: Checked | None, only_mistakes: bool = False) -> list[str]:
    found = [] if checked is None else checked.mistakes if only_mistakes else checked.warnings
    return [each.line(language()) for each in found[:MOST_SHOWN]]


@pages.get("/beheer/invoer")
@login_required
@proved_recently
def listing() -> str:
    """The files that came in, and the form to bring in another."""
    check_may_import()
    return _listing()


@pages.get("/beheer/invoer/sjabloon.xlsx")
@login_required
def empty() -> Response:
    """An empty workbook to fill in."""
    check_may_import()
    return Response(
        template(language()),
        mimetype=MEDIA_TYPE,
        headers={"Content-Disposition": "attachment; filename=invoer.xlsx"},
    )


@pages.post("/beheer/invoer")
@login_required
@proved_recently
def look() -> AnyResponse | tuple[str, int]:
    """Look at a file: every mistake at once; without mistakes it waits, sealed, until somebody lets it come in."""
    check_may_import()
    sent, what = request.files.get("file"), request.form.get("what", "")
    given = {"what": what}
    if what not in (*KINDS, WORKBOOK):
        return _listing(Attempt("look", given, {"what": _("Kies wat er in het bestand staat.")})), 422
    if sent is None or not sent.filename:
        return _listing(Attempt("look", given, {"file": _("Kies een bestand.")})), 422
    content = sent.read()
    try:
        checked = service.look_at(work(), tools(), content, what)
        if checked.mistakes:
            return _listing(Attempt("look", given), checked), 422
        kept = service.keep_for_later(work(), tools(), checked, sent.filename, content)
    except WrongFile as error:
        return _listing(Attempt("look", given, {"file": _said(error)})), 422
    return redirect(url_for("importing.page", import_id=kept.id))


def found_import(import_id: str) -> queries.ShownImport:
    """The import, for who may bring in files; else there is none (404)."""
    check_may_import()
    return over_all(queries.shown_import, import_id) or abort(404)


def looked_at(found: DataImport) -> Checked:
    """The file that waits, looked at once more: what is here may have changed."""
    return service.look_at(work(), tools(), over_all(service.kept_content, tools(), found), found.what)


def _show(shown: queries.ShownImport, tried: Attempt | None = None) -> str:
    checked, mistakes, message = None, [], ""
    if shown.of.state == CHECKED:
        try:
            checked = looked_at(shown.of)
            mistakes = _lines(checked, only_mistakes=True)
        except WrongFile as error:
            message = _said(error)
    return render_template(
        "import.html",
        shown=shown,
        of=shown.of,
        states={code: _(text) for code, text in STATES.items()},
        outcomes={code: _(text) for code, text in OUTCOMES.items()},
        warnings=_lines(checked),
        mistakes=mistakes,
        can_go_on=shown.of.state == CHECKED and checked is not None and not mistakes,
        message=message,
        tried=tried or Attempt(),
    )


@pages.get("/beheer/invoer/<import_id>")
@login_required
def page(import_id: str) -> str:
    """One file: what there is to look at before it comes in, or what became of its rows."""
    return _show(found_import(import_id))


@pages.post("/beheer/invoer/<import_id>/<form>")
@login_required
@proved_recently
def step(import_id: str, form: str) -> AnyResponse | tuple[str, int]:
    """Let it come in (or go on), put it away, or undo it."""
    shown = found_import(import_id)
    act = {"binnen": come_in, "weg": put_away, "terug": undo}.get(form)
    if act is None:
        abort(404)
    try:
        refused = attempt(form, lambda given: act(shown.of, given))
    except WrongFile as error:
        refused = Attempt(form, {}, {}, _said(error))
    except LookupError:
        refused = Attempt(form, {}, {}, _("Dit kan nu niet meer."))
    if refused is not None:
        return _show(found_import(import_id), refused), 422
    return redirect(url_for("importing.page" if form != "weg" else "importing.listing", import_id=import_id))


def come_in(found: DataImport, _given: dict[str, str]) -> None:
    """Let the rows of a file come in that waits, or go on with it. Raises WrongFile and WrongFields."""
    checked = looked_at(found)
    service.refuse_mistakes(checked)
    service.confirm(work(), found.id)
    service.go_on(work(), tools(), found.id, checked, SECONDS)


def put_away(found: DataImport, _given: dict[str, str]) -> None:
    """Put a file away that waits; nothing of it comes in."""
    service.drop(work(), found.id)


def undo(found: DataImport, given: dict[str, str]) -> None:
    """Undo what came in, or go on with that; asks why. Raises WrongFields."""
    if found.state != UNDOING:
        if not given.get("why"):
            raise WrongFields.of("why", "Vul dit in.", "Please fill this in.")
        begin_undoing(work(), found.id, given["why"])
    go_on_undoing(work(), found.id, AT_ONCE)
