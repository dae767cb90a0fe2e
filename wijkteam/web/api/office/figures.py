"""Figures through the API: the report as a file, what is behind it, what-if."""

import json
from typing import Annotated, Any

from flask import Response, abort, current_app
from pydantic import Field

from wijkteam.api_access.service import REPORT
from wijkteam.figures.behind import escalations_behind
from wijkteam.figures.report import Page
from wijkteam.figures.telling import Scope
from wijkteam.mandate import queries as mandate
from wijkteam.mandate.queries import find_request
from wijkteam.reports import exports
from wijkteam.reports.sheets import WORKBOOKS
from wijkteam.reports.what_if_exports import as_json, cases_as_rows
from wijkteam.reports.what_if_service import OWN, cases_behind, sources, what_if
from wijkteam.web.acting import figures_over_all, house, over_all, reading, work
from wijkteam.web.api.bodies_as_models import At, Euros, Line, Sent, Told
from wijkteam.web.api.deeds import FILE, Deed, file
from wijkteam.web.api.office.running import FigureCell
from wijkteam.web.api.problems import Problem, camel
from wijkteam.web.api.telling import scope_asked
from wijkteam.web.language import _, language
from wijkteam.web.report import MOST_BEHIND, check_reader, report_for
from wijkteam.web.report_exports import on_paper
from wijkteam.web.what_if import CASES_A_PAGE, may_read
from wijkteam.web.what_if_form import read_asked

MEDIA = {"csv": "text/csv", "pdf": "application/pdf", **{form: media for form, (_write, media) in WORKBOOKS.items()}}
Percent = Annotated[str, Field(max_length=10)]


class OfReport(Sent):
    """Which year, wijk and barrier; left out: the running year, everywhere, and all of them."""

    year: Annotated[str, Field(max_length=9)] | None = None
    wijk: Line | None = None
    barrier: Line | None = None


class ReportFile(OfReport):
    """The same, and as which file."""

    form: Annotated[str, Field(json_schema_extra={"enum": sorted(MEDIA)})]


class BehindFigure(Told):
    """An escalation behind a figure, that this person may read."""

    id: str
    question: str
    barrier: str
    state: str
    opened_at: At


class BehindFigures(Told):
    """The newest first; how many others there are is not said."""

    items: list[BehindFigure]


class WhatIfAsked(Sent):
    """About which past, and under which ceilings (euros)."""

    source: Line | None = None
    first: Annotated[Line | None, Field(alias="from")] = None
    until: Line | None = None
    power: Line | None = None
    ceilings: tuple[Line, ...] = ()
    spare: Percent | None = None
    let_through: Percent | None = None


class WhatIfCases(WhatIfAsked):
    """One figure of it, under one ceiling; page by page."""

    figure: Line
    page: Annotated[int, Field(ge=1, le=100_000)] = 1


class FigureLine(Told):
    """A figure in each scenario."""

    code: str
    title: str
    unit: str
    values: list[FigureCell]
    cases: str | None


class CurvePoint(Told):
    """What one ceiling would do."""

    ceiling: Euros
    requests: int
    spared_days: float
    spared_percent: float
    refused: int
    refused_percent: float
    refused_for_good: int


class CurveTold(Told):
    """What every ceiling would do, of one power and function."""

    power: str
    function: str
    ceiling_today: Euros | None
    points: list[CurvePoint]
    smallest: CurvePoint | None
    fits: bool
    most_within: CurvePoint | None


class WhatIfTold(Told):
    """What a wider mandate would have brought, and at what price."""

    source: str
    first: Annotated[str, Field(alias="from")]
    until: str
    requests: int | None
    never_asked: int | None
    deviating: int
    scenarios: list[str]
    gain: list[FigureLine]
    price: list[FigureLine]
    rest: list[FigureLine]
    curves: list[CurveTold]


class RequestBehind(Told):
    """A request behind a figure."""

    request: str
    power: str
    amount: Euros | None
    first_asked: str
    waited_days: float
    asked: int
    outcome: str


class RequestsBehind(Told):
    """Those that this person may read; others are counted alone, and null where that may not be told."""

    items: list[RequestBehind]
    readable: int
    others: int | None


def _reader(**_path: str) -> None:
    check_reader()


def _made(scope: Scope) -> Page:
    municipality = str(current_app.jinja_env.globals["municipality"])
    return figures_over_all(report_for, house(), municipality, scope, language())


def _report_file(given: ReportFile) -> Response:
    if given.form not in MEDIA:
        abort(404)
    made = _made(scope_asked())
    name = f"verslag-{made.report.period_until}.{given.form}"
    if given.form == "pdf":
        content = on_paper(made)
    elif given.form == "csv":
        content = exports.as_csv(made.report).encode()
    else:
        content = WORKBOOKS[given.form][0](made.report)
    return file(content, MEDIA[given.form], name)


def _behind(given: OfReport) -> BehindFigures:
    found = escalations_behind(reading(), scope_asked(), MOST_BEHIND)
    return BehindFigures(items=[BehindFigure.model_validate(escalation) for escalation, _household in found])


def _what_if_reader(**_path: str) -> None:
    if not may_read(work().actor):
        abort(404)


NAMES = {
    "bron": "source",
    "van": "first",
    "tot": "until",
    "bevoegdheid": "power",
    "plafond": "ceilings",
    "sparen": "spare",
    "doorlaten": "let_through",
}
"""What the page calls each thing that is asked, and what it is called here."""
SENT_AS = {"van": "from"}
"""What programs send under another name."""


def _wish(given: WhatIfAsked) -> Any:
    ceilings = " ".join(each.removesuffix(".00").replace(".", ",") for each in given.ceilings)
    named = {page: ceilings if name == "ceilings" else getattr(given, name) for page, name in NAMES.items()}
    typed = {name: value for name, value in named.items() if value}
    asked = read_asked(typed, over_all(sources), mandate.powers(reading(), language()))
    if asked.wrong:
        wrong = [{"field": SENT_AS.get(name, camel(NAMES[name])), "detail": line} for name, line in asked.wrong.items()]
        raise Problem(422, _("Niet alles is goed ingevuld."), errors=wrong)
    return asked.wish


def _what_if(given: WhatIfAsked) -> WhatIfTold:
    found = figures_over_all(what_if, _wish(given), house().approving)
    return WhatIfTold.model_validate(json.loads(as_json(found)))


def _what_if_cases(given: WhatIfCases) -> RequestsBehind:
    wish = _wish(given)
    if len(wish.ceilings) != 1:
        abort(404)
    try:
        found, may_count = over_all(cases_behind, wish, given.figure)
    except KeyError:
        abort(404)
    readable = [each for each in found if wish.source != OWN or find_request(reading(), each.request.id) is not None]
    start = (given.page - 1) * CASES_A_PAGE
    rows = cases_as_rows(readable[start : start + CASES_A_PAGE])
    return RequestsBehind(
        items=[RequestBehind.model_validate(each) for each in rows],
        readable=len(readable),
        others=len(found) - len(readable) if may_count else None,
    )


DEEDS = (
    Deed(
        "report_file",
        "GET",
        "/reports/escalations/file",
        "The escalation report as a file",
        _report_file,
        ReportFile,
        FILE,
        REPORT,
        first=_reader,
    ),
    Deed(
        "report_behind",
        "GET",
        "/reports/escalations/behind",
        "The escalations behind the figures, that I may read",
        _behind,
        OfReport,
        BehindFigures,
        REPORT,
        first=_reader,
    ),
    Deed(
        "what_if",
        "GET",
        "/reports/what-if",
        "What a wider mandate would have brought",
        _what_if,
        WhatIfAsked,
        WhatIfTold,
        REPORT,
        first=_what_if_reader,
    ),
    Deed(
        "what_if_requests",
        "GET",
        "/reports/what-if/requests",
        "The requests behind one figure of what-if",
        _what_if_cases,
        WhatIfCases,
        RequestsBehind,
        REPORT,
        first=_what_if_reader,
    ),
)
