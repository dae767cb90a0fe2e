"""The logs through the API, for the privacy officer alone; that they are searched is logged, as on the pages."""

from datetime import date
from typing import Annotated, Any

from flask import Response, abort
from pydantic import Field

from wijkteam.access.reading_log import How
from wijkteam.api_access.service import MANAGE
from wijkteam.engine.fields import WrongFields
from wijkteam.logs import exports, queries
from wijkteam.logs.queries import Asked, Place
from wijkteam.logs.service import may_search, search_events, search_readings, who_looked
from wijkteam.logs.unusual import SORTS
from wijkteam.web.acting import house, work
from wijkteam.web.api.bodies_as_models import At, Id, Line, Number, Sent, Told
from wijkteam.web.api.deeds import Deed, file
from wijkteam.web.api.office.people import number_of
from wijkteam.web.language import said
from wijkteam.web.logs import LARGEST, MOST_EXPORTED, as_readers_pdf
from wijkteam.web.showing import function_titles

CSV, PDF = "text/csv", "application/pdf"


class Search(Sent):
    """What is searched for; what is left out: whatever."""

    who: Line | None = None
    case_id: Id | None = None
    household: Number | None = None
    first: Annotated[date | None, Field(alias="from")] = None
    until: date | None = None
    what: Line | None = None
    cursor: Line | None = None


class ReadingSearch(Search):
    """The same, of readings."""

    ground: Line | None = None
    unusual: Annotated[str, Field(json_schema_extra={"enum": sorted(SORTS)})] | None = None


class EventSearch(Search):
    """The same, of events."""

    kind: Line | None = None


class ReadingTold(Told):
    """One reading: who read what, on which ground."""

    id: int
    at: At
    person: str
    function: str | None
    on_behalf_of: str
    case_id: str | None
    household: int | None
    ground: str
    what: str
    how: str | None


class Readings(Told):
    """The newest first, a page at a time."""

    items: list[ReadingTold]
    next_cursor: str | None


class EventTold(Told):
    """One step: of what, by whom and when; never what was written down."""

    id: int
    at: At
    subject_kind: str
    subject_id: str
    sequence: int
    name: str
    state_to: str
    person: str | None


class Events(Told):
    """The newest first, a page at a time."""

    items: list[EventTold]
    next_cursor: str | None


class LookTold(Told):
    """One look at a file, as the resident is told of it."""

    at: At
    who: str
    function: str
    on_behalf_of: str
    why: str
    what: str


class LooksTold(Told):
    """Who looked at the file of a household, the newest first."""

    household: int
    who_or_where: str
    cases: list[str]
    items: list[LookTold]


def _officer(**_path: str) -> None:
    if not may_search(work()):
        abort(404)


def _asked(given: Search) -> tuple[Asked, Place | None]:
    if given.first is not None and given.until is not None and given.first > given.until:
        raise WrongFields.of("until", "De laatste dag ligt voor de eerste.", "The last day is before the first.")
    unusual = getattr(given, "unusual", None) or ""
    if unusual and unusual not in SORTS:
        raise WrongFields.of("unusual", "Kies iets uit de lijst.", "Choose one from the list.")
    asked = Asked(
        person=given.who or "",
        case_id=given.case_id or "",
        household=given.household,
        first=given.first,
        last=given.until,
        ground=getattr(given, "ground", None) or "",
        what=given.what or "",
        unusual=unusual,
        kind=getattr(given, "kind", None) or "",
    )
    return asked, Place.read(given.cursor or "")


def _next(found: list[Any]) -> str | None:
    return str(found[-1].place) if len(found) == queries.PAGE else None


def _readings(given: ReadingSearch) -> Readings:
    asked, after = _asked(given)
    found = search_readings(work(), asked, house().reading_rules, How.API, after)
    return Readings(
        items=[
            ReadingTold(
                id=each.reading.id,
                at=each.reading.at,
                person=each.person,
                function=each.reading.function,
                on_behalf_of=each.on_behalf_of,
                case_id=each.reading.case_id,
                household=each.household,
                ground=each.reading.ground,
                what=each.reading.what,
                how=each.reading.how,
            )
            for each in found
        ],
        next_cursor=_next(found),
    )


def _events(given: EventSearch) -> Events:
    asked, after = _asked(given)
    found = search_events(work(), asked, How.API, after)
    return Events(items=[EventTold.model_validate(each) for each in found], next_cursor=_next(found))


def _readings_file(given: ReadingSearch) -> Response:
    asked, after = _asked(given)
    found = search_readings(work(), asked, house().reading_rules, How.EXPORT, after, MOST_EXPORTED)
    text = exports.as_csv(exports.READING_COLUMNS, exports.reading_rows(found))
    return file(text.encode(), CSV, "logboek-lezen.csv")


def _events_file(given: EventSearch) -> Response:
    asked, after = _asked(given)
    found = search_events(work(), asked, How.EXPORT, after, MOST_EXPORTED)
    return file(exports.as_csv(exports.EVENT_COLUMNS, exports.event_rows(found)).encode(), CSV, "logboek.csv")


def _number(household_id: str) -> int:
    number = number_of(household_id)
    return number if 0 < number <= LARGEST else abort(404)


def _household_pdf(household_id: str) -> Response:
    number = _number(household_id)
    name = f"wie-keek-huishouden-{number}.pdf"
    return file(as_readers_pdf(number), PDF, name)


def _household(household_id: str) -> LooksTold:
    number = _number(household_id)
    words = {code: said(title) for code, title in house().lists["reading_grounds"].items.items()}
    told = who_looked(work(), number, house().reading_rules, words, function_titles(), How.API)
    return LooksTold(
        household=told.household,
        who_or_where=told.who_or_where,
        cases=list(told.cases),
        items=[LookTold.model_validate(each) for each in told.looks],
    )


DEEDS = (
    Deed(
        "log_readings",
        "GET",
        "/logs/readings",
        "Who read what",
        _readings,
        ReadingSearch,
        Readings,
        MANAGE,
        first=_officer,
    ),
    Deed("log_events", "GET", "/logs/events", "What happened", _events, EventSearch, Events, MANAGE, first=_officer),
    Deed(
        "log_readings_file",
        "GET",
        "/logs/readings/csv",
        "Who read what, as a file; that it was made is logged",
        _readings_file,
        ReadingSearch,
        CSV,
        MANAGE,
        first=_officer,
    ),
    Deed(
        "log_events_file",
        "GET",
        "/logs/events/csv",
        "What happened, as a file; that it was made is logged",
        _events_file,
        EventSearch,
        CSV,
        MANAGE,
        first=_officer,
    ),
    Deed(
        "log_household",
        "GET",
        "/logs/households/{householdId}",
        "Who looked at the file of a household",
        _household,
        tells=LooksTold,
        scope=MANAGE,
        first=_officer,
    ),
    Deed(
        "log_household_pdf",
        "GET",
        "/logs/households/{householdId}/pdf",
        "The same on paper for the resident, in Dutch",
        _household_pdf,
        tells=PDF,
        scope=MANAGE,
        first=_officer,
    ),
)
