"""Workflows as a whole: which there are, and how they run, as a map of where things stick."""

from datetime import date

from flask import Blueprint, abort, render_template, request
from flask_login import login_required

from wijkteam.engine.definition import Workflow
from wijkteam.engine.drawing.marks import WARMTH, Mark, Marks
from wijkteam.people.acting import ActingPerson
from wijkteam.reports import exports
from wijkteam.reports.event_log.service import may_take
from wijkteam.reports.figures import Cell, Row
from wijkteam.reports.passing import Passing, longest, passing, running
from wijkteam.reports.readers import WORKFLOW_HISTORY
from wijkteam.web.acting import figures_over_all, house, work
from wijkteam.web.drawing import drawing
from wijkteam.web.language import _, language
from wijkteam.web.report import FIRST_YEAR, LAST_YEAR, scope_of, years_to_choose

pages = Blueprint("workflows", __name__)


def may_read(person: ActingPerson) -> bool:
    """Whether a person may see how workflows run."""
    return bool(WORKFLOW_HISTORY & person.functions)


def versions_of() -> dict[str, list[Workflow]]:
    """Every workflow with its versions, the newest last; to others than its readers there are none (404)."""
    if not may_read(work().actor):
        abort(404)
    found: dict[str, list[Workflow]] = {}
    for each in house().engine.workflows():
        found.setdefault(each.workflow, []).append(each)
    return found


@pages.get("/werkwijzen")
@login_required
def listing() -> str:
    """The workflows there are, and how many run."""
    every = versions_of()
    counted = {name: figures_over_all(running, versions) for name, versions in every.items()}
    takes_log = may_take(work().actor)
    return render_template("workflows.html", workflows=every, running=counted, shown=exports.shown, takes_log=takes_log)


@pages.get("/werkwijzen/<name>")
@login_required
def page(name: str) -> str:
    """How one workflow runs in a calendar year: the running one, unless another is asked for."""
    versions = versions_of().get(name)
    if versions is None:
        abort(404)
    first, last = asked_year(request.args.get("jaar", type=int))
    figures = figures_over_all(passing, versions, first, last, language())
    return render_template(
        "workflow.html",
        workflow=versions[-1],
        figures=figures,
        drawn=drawing(versions[-1], _marks(figures)),
        shown=exports.shown,
        years=years_to_choose(),
    )


def asked_year(year: int | None) -> tuple[date, date]:
    """The first and last day of the calendar year that somebody asks for; what is no year is left out.

    No other period can be asked: of two that overlap the one can be subtracted from the other (`reports.periods`).
    """
    scope = scope_of(year if year is not None and FIRST_YEAR <= year <= LAST_YEAR else None)
    return scope.first, scope.last


def _marks(figures: Passing) -> Marks:
    """The figures as marks: the darker a state, the longer people are in it."""
    most = max((longest(row) for row in figures.states.rows), default=0)
    states = {row.key: Mark(WARMTH[_warmth(longest(row), most)], _notes(row)) for row in figures.states.rows}
    steps: dict[tuple[str | None, str], Mark] = {}
    for name, cells in _cells_by_step(figures).items():
        transition = figures.workflow.transition(name)
        if all(not cell.withheld for cell in cells):
            times = exports.shown(Cell(sum(int(cell.value or 0) for cell in cells)))
            alone = transition is None or len(transition.from_) == 1
            steps[None, name] = Mark(
                WARMTH[0], (_("%(times)s keer", times=times) if alone else _("%(times)s keer in totaal", times=times),)
            )
    return Marks(states, steps)


def _cells_by_step(figures: Passing) -> dict[str, list[Cell]]:
    found: dict[str, list[Cell]] = {}
    for row in figures.steps.rows:
        found.setdefault(row.key.partition(">")[0], []).append(row.cells["times"])
    return found


def _warmth(days: float, most: float) -> int:
    return min(int(days / most * len(WARMTH)), len(WARMTH) - 1) if most else 0


def _notes(row: Row) -> tuple[str, ...]:
    """What to tell of a state in the picture; a dot stands for what is withheld."""
    counts = {name: row.cells[name] for name in ("came", "now")}
    lengths = {name: cell for name, cell in row.cells.items() if name not in counts and not cell.withheld}
    told = {name: exports.shown(cell) for name, cell in (counts | lengths).items() if cell != Cell(None)}
    notes = []
    if "came" in told:
        notes.append(_("kwam hier %(times)s keer", times=told["came"]))
    if "median" in told:
        half = _("helft weg in %(days)s dagen", days=told["median"])
        notes.append(half + (_(", 9 van de 10 in %(days)s", days=told["long"]) if "long" in told else ""))
    if "now" in told:
        now = _("nu %(count)s", count=told["now"])
        notes.append(now + (_(", helft al %(days)s dagen", days=told["waits"]) if "waits" in told else ""))
    if row.cells["missed"].value:
        notes.append(_("termijn voorbij: %(times)s keer", times=told["missed"]))
    return tuple(notes)
