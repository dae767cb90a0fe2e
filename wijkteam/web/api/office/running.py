"""How work runs, through the API: workflows in a calendar year, and the event log of all cases."""

from datetime import date
from typing import Annotated

from flask import abort
from pydantic import Field

from wijkteam.api_access.service import MANAGE, REPORT
from wijkteam.engine.fields import WrongFields
from wijkteam.reports.event_log.service import FORMS, TooLarge, may_take, note_taking
from wijkteam.reports.figures import Table
from wijkteam.reports.passing import passing, running
from wijkteam.web.acting import figures_over_all, work
from wijkteam.web.api.bodies_as_models import Sent, Told
from wijkteam.web.api.deeds import FILE, Deed
from wijkteam.web.api.office.coming_and_going import FILE_TOLD_ONCE
from wijkteam.web.api.problems import Problem
from wijkteam.web.language import _, language, said
from wijkteam.web.report import FIRST_YEAR, LAST_YEAR
from wijkteam.web.report_exports import MOST_ON_A_PAGE, TOO_LARGE, log_file
from wijkteam.web.workflows import asked_year, versions_of


class FigureCell(Told):
    """One figure; null and withheld where too few stand behind it."""

    value: float | None
    withheld: bool


class WorkflowTold(Told):
    """One workflow, and how many run."""

    name: str
    title: str
    version: int
    running: FigureCell


class Workflows(Told):
    """All of them."""

    items: list[WorkflowTold]


class OneYear(Sent):
    """The calendar year; left out: the running one."""

    year: Annotated[int | None, Field(ge=FIRST_YEAR, le=LAST_YEAR)] = None


class PassingRow(Told):
    """One state or step, with its figures."""

    key: str
    label: str
    cells: dict[str, FigureCell]


class PassingTold(Told):
    """How a workflow runs: the slowest states first, and how often each step was taken."""

    name: str
    period_from: date
    period_until: date
    states: list[PassingRow]
    steps: list[PassingRow]


class LogAsked(Sent):
    """In which form, and that one knows what one takes along."""

    form: Annotated[str, Field(json_schema_extra={"enum": sorted(FORMS)})]
    sure: bool


def _workflows() -> Workflows:
    return Workflows(
        items=[
            WorkflowTold(
                name=name,
                title=said(versions[-1].title),
                version=versions[-1].version,
                running=FigureCell.model_validate(figures_over_all(running, versions).all),
            )
            for name, versions in versions_of().items()
        ]
    )


def _workflow(given: OneYear, name: str) -> PassingTold:
    versions = versions_of().get(name)
    if versions is None:
        abort(404)
    first_day, last_day = asked_year(given.year)
    figures = figures_over_all(passing, versions, first_day, last_day, language())
    return PassingTold(
        name=name,
        period_from=first_day,
        period_until=last_day,
        states=_rows(figures.states),
        steps=_rows(figures.steps),
    )


def _rows(table: Table) -> list[PassingRow]:
    return [
        PassingRow(
            key=row.key,
            label=row.label,
            cells={name: FigureCell.model_validate(cell) for name, cell in row.cells.items()},
        )
        for row in table.rows
    ]


def _who_takes_log(**_path: str) -> None:
    if not may_take(work().actor):
        abort(404)


def _take_log(given: LogAsked) -> str:
    if given.form not in FORMS:
        raise WrongFields.of("form", "Kies een vorm.", "Choose a form.")
    if not given.sure:
        raise WrongFields.of("sure", "U weet wat u meeneemt: zeg ja.", "You know what you take along: say yes.")
    try:
        note_taking(work(), given.form, MOST_ON_A_PAGE)
    except TooLarge:
        raise Problem(422, _(TOO_LARGE)) from None
    return given.form


DEEDS = (
    Deed(
        "workflows", "GET", "/reports/workflows", "The workflows there are", _workflows, tells=Workflows, scope=REPORT
    ),
    Deed(
        "workflow",
        "GET",
        "/reports/workflows/{name}",
        "How one workflow runs",
        _workflow,
        OneYear,
        PassingTold,
        REPORT,
    ),
    Deed(
        "event_log",
        "POST",
        "/reports/event-log",
        "The event log of all cases under pseudonyms; that it is taken is logged",
        _take_log,
        LogAsked,
        FILE,
        MANAGE,
        great=True,
        first=_who_takes_log,
        finish=log_file,
        told_once=FILE_TOLD_ONCE,
    ),
)
