"""The logs, for the privacy officer alone: who read what, what happened, and who looked at one file."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from flask import Blueprint, Response, abort, current_app, render_template, request
from flask_login import login_required

from wijkteam.access.reading_log import How
from wijkteam.documents.pdf import WrongTemplate
from wijkteam.logs import exports, queries
from wijkteam.logs.printing import readers_pdf, together
from wijkteam.logs.queries import Asked, Place
from wijkteam.logs.service import Look, Looks, may_search, search_events, search_readings, who_looked
from wijkteam.logs.unusual import SORTS
from wijkteam.people import queries as people
from wijkteam.web.acting import house, reading, work
from wijkteam.web.language import _, later, said
from wijkteam.web.showing import function_titles, moment

pages = Blueprint("logs", __name__)
LARGEST = 2**31 - 1
MOST_EXPORTED = 100_000
WORDS = {
    "page": later("scherm"),
    "document": later("document"),
    "export": later("uitvoer"),
    "print": later("afdruk"),
    "command": later("opdracht"),
}


@dataclass(frozen=True)
class Form:
    """What the search form holds, as it was typed, with what is wrong in it."""

    given: Mapping[str, str]
    asked: Asked
    mistakes: dict[str, str] = field(default_factory=dict)

    @property
    def link(self) -> dict[str, str]:
        """The same search, for links to a next page and to the export."""
        return {name: value for name, value in self.given.items() if value}


def _form(names: Iterable[str]) -> Form:
    given = {name: request.args.get(name, "").strip()[:100] for name in names}
    mistakes: dict[str, str] = {}
    asked = Asked(
        person=given.get("wie", ""),
        case_id=given.get("casus", ""),
        household=_number(given, mistakes),
        first=_day(given, "van", mistakes),
        last=_day(given, "tot", mistakes),
        ground=given.get("grond", ""),
        what=given.get("wat", ""),
        unusual=given.get("bijzonder", "") if given.get("bijzonder") in SORTS else "",
        kind=given.get("soort", ""),
    )
    if asked.first and asked.last and asked.first > asked.last:
        mistakes["tot"] = _("De laatste dag ligt voor de eerste.")
    return Form(given, asked, mistakes)


def _number(given: Mapping[str, str], mistakes: dict[str, str]) -> int | None:
    text = given.get("huishouden", "")
    if text and not (text.isascii() and text.isdecimal() and len(text) < 20 and int(text) <= LARGEST):
        mistakes["huishouden"] = _("Vul het nummer van een huishouden in, zoals 12.")
        return None
    return int(text) if text else None


def _day(given: Mapping[str, str], name: str, mistakes: dict[str, str]) -> date | None:
    try:
        return date.fromisoformat(given[name]) if given.get(name) else None
    except ValueError:
        mistakes[name] = _("Vul een dag in, zoals 2026-03-02.")
        return None


def _only_for_the_officer() -> None:
    """To everybody else these pages are not there."""
    if not may_search(work()):
        abort(404)


def _after() -> Place | None:
    return Place.read(request.args.get("na", ""))


def _next(found: list[Any]) -> str | None:
    """Where the next page begins, for its link; None on the last one."""
    return str(found[-1].place) if len(found) == queries.PAGE else None


READINGS = ("wie", "casus", "huishouden", "van", "tot", "grond", "wat", "bijzonder")
EVENTS = ("wie", "casus", "huishouden", "van", "tot", "soort", "wat")


@pages.get("/logboek")
@login_required
def readings() -> str | tuple[str, int]:
    """Who read what, on whose behalf, why and when."""
    _only_for_the_officer()
    form = _form(READINGS)
    found = [] if form.mistakes else search_readings(work(), form.asked, house().reading_rules, How.PAGE, _after())
    page = render_template(
        "logs_readings.html",
        form=form,
        found=found,
        next_page=_next(found),
        grounds=_grounds(),
        sorts={code: said(title) for code, title in SORTS.items()},
        ways={code: _(text) for code, text in WORDS.items()},
        rules=house().reading_rules,
        functions=function_titles(),
        kinds=_kinds(),
    )
    return (page, 422) if form.mistakes else page


@pages.get("/logboek.csv")
@login_required
def readings_csv() -> Response:
    """The same search as a file; that it was made is logged too."""
    _only_for_the_officer()
    form = _form(READINGS)
    if form.mistakes:
        abort(404)
    found = search_readings(work(), form.asked, house().reading_rules, How.EXPORT, None, MOST_EXPORTED)
    return _csv(exports.as_csv(exports.READING_COLUMNS, exports.reading_rows(found)), "logboek-lezen")


@pages.get("/logboek/gebeurtenissen")
@login_required
def events() -> str | tuple[str, int]:
    """What happened, by whom and when; never what was written down."""
    _only_for_the_officer()
    form = _form(EVENTS)
    found = [] if form.mistakes else search_events(work(), form.asked, How.PAGE, _after())
    page = render_template("logs_events.html", form=form, found=found, next_page=_next(found), kinds=_kinds())
    return (page, 422) if form.mistakes else page


def _kinds() -> dict[str, str]:
    return {each.workflow: said(each.title) for each in house().engine.workflows()}


@pages.get("/logboek/gebeurtenissen.csv")
@login_required
def events_csv() -> Response:
    """The same search as a file; that it was made is logged too."""
    _only_for_the_officer()
    form = _form(EVENTS)
    if form.mistakes:
        abort(404)
    found = search_events(work(), form.asked, How.EXPORT, None, MOST_EXPORTED)
    return _csv(exports.as_csv(exports.EVENT_COLUMNS, exports.event_rows(found)), "logboek-gebeurtenissen")


@pages.get("/logboek/huishouden/<int:household>")
@login_required
def of_household(household: int) -> str:
    """Who looked at the file of one household, as the resident is told."""
    told = _looked(household, How.PAGE, _grounds(), function_titles())
    return render_template("logs_household.html", told=told, looks=[_line(*each) for each in together(told.looks)])


def _line(look: Look, times: int) -> dict[str, object]:
    """One look in words; so many times that day."""
    who = ", ".join(part for part in (look.who, look.function) if part) or _("Een medewerker")
    if look.on_behalf_of:
        who = _("%(who)s (in de plaats van %(other)s)", who=who, other=look.on_behalf_of)
    when = _("%(moment)s uur", moment=moment(look.at))
    return {"when": when, "who": who, "why": look.why, "what": look.what, "times": times}


@pages.get("/logboek/huishouden/<int:household>.pdf")
@login_required
def of_household_pdf(household: int) -> Response | tuple[str, int]:
    """The same on paper, for the resident: in Dutch, as all documents are."""
    try:
        made = as_readers_pdf(household)
    except WrongTemplate:
        text = _("De afdruk is nog niet klaar. De beheerder moet eerst het sjabloon herstellen.")
        return render_template("message.html", title=_("Nog geen afdruk"), text=text), 503
    name = f"wie-keek-huishouden-{household}.pdf"
    return Response(made, mimetype="application/pdf", headers={"Content-Disposition": f'inline; filename="{name}"'})


def as_readers_pdf(household: int) -> bytes:
    """Who looked at the file of a household, on paper; that it was asked is logged. 404; raises WrongTemplate."""
    grounds = {code: title.nl for code, title in house().lists["reading_grounds"].items.items()}
    told = _looked(household, How.PRINT, grounds, people.functions(reading()))
    return readers_pdf(told, str(current_app.jinja_env.globals["municipality"]))


def _looked(household: int, how: How, grounds: dict[str, str], functions: dict[str, str]) -> Looks:
    _only_for_the_officer()
    if not 0 < household <= LARGEST:
        abort(404)
    try:
        told = who_looked(work(), household, house().reading_rules, grounds, functions, how)
    except LookupError:
        abort(404)
    return told


def _grounds() -> dict[str, str]:
    return {code: said(title) for code, title in house().lists["reading_grounds"].items.items()}


def _csv(text: str, name: str) -> Response:
    headers = {"Content-Disposition": f'attachment; filename="{name}.csv"'}
    return Response(text, mimetype="text/csv", headers=headers)
