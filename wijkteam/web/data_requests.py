"""Residents' requests about their data: writing one down at any door, and handling it until the resident was told."""

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask_login import login_required
from werkzeug.wrappers import Response

from wijkteam.access import sharing
from wijkteam.access.grounds import Ground, log_reading
from wijkteam.access.reading_log import How, log_search
from wijkteam.cases import queries as cases
from wijkteam.cases.model import HouseholdCase
from wijkteam.data_requests import queries, terms
from wijkteam.data_requests.exports import as_csv
from wijkteam.data_requests.model import DataRequest
from wijkteam.data_requests.service import NewDataRequest, letter_of, record_data_request
from wijkteam.deadlines.queries import due_moments
from wijkteam.documents.pdf import WrongTemplate
from wijkteam.events.queries import events_of
from wijkteam.people import queries as people
from wijkteam.people.model import Person
from wijkteam.storage.settings import WrongSettings
from wijkteam.web.acting import Attempt, attempt, house, options, over_all, reading, take, work
from wijkteam.web.drawing import whereabouts
from wijkteam.web.language import _

pages = Blueprint("data_requests", __name__)


def _only_for_staff() -> None:
    if not queries.is_staff(work().actor):
        abort(404)


def _readable(request_id: str) -> DataRequest:
    return queries.find_request(reading(), request_id) or abort(404)


def linked_cases(found: DataRequest) -> list[HouseholdCase]:
    """The cases of its household: those that one reads, or for privacy officers all of them, by number only."""
    if found.household_id is None:
        return []
    if queries.handles(work().actor):
        return over_all(queries.linked_cases, work().actor, found)
    return cases.cases_of_household(reading(), found.household_id)


def log_request(found: DataRequest, what: str, how: How = How.PAGE) -> None:
    """Reading a request about a household that we know is a reading of its newest case."""
    for case in linked_cases(found)[:1]:
        ground = house().grounds.full_ground(reading(), work().actor, case)
        if ground is None and queries.handles(work().actor):
            ground = Ground.OFFICER
        if ground is not None:
            log_reading(work(), case, ground, what, subject=found, how=how)


def _colleagues(found: DataRequest, linked: list[HouseholdCase]) -> dict[str, list[Person]]:
    """Whom each step can name: privacy officers to handle it, and to answer who owns a case of the household."""
    session = reading()
    officers = people.holders(session, queries.OFFICER)
    owners = {case.owner_id for case in linked}
    everyone = people.everyone(session)
    asked = [each for each in everyone if each.id in owners] if found.household_id is not None else everyone
    return {"take_up": officers, "hand_to": officers, "ask_input": asked}


def _show(found: DataRequest, tried: Attempt | None = None) -> str:
    session, person = reading(), work().actor
    events = list(reversed(events_of(session, DataRequest.workflow, found.id)))
    offered = options(found)
    linked, in_full = linked_cases(found), queries.handles(person)
    readable = {case.id for case in linked if house().grounds.full_ground(session, person, case) is not None}
    homes = cases.households(session, {found.household_id} if found.household_id is not None else set())
    return render_template(
        "data_request.html",
        found=found,
        in_full=in_full,
        asked_me=queries.is_asked(found, person),
        workflow=house().engine.workflow(DataRequest.workflow, found.workflow_version),
        options=offered if in_full else [each for each in offered if each.open],
        tried=tried or Attempt(),
        events=events,
        seen=whereabouts(found, events, offered) if in_full else None,
        due=due_moments(session, [found.id]).get(found.id),
        last_day=terms.answer_by(found),
        ended=found.state in queries.ENDED,
        linked=linked,
        readable=readable,
        home=homes.get(found.household_id) if found.household_id is not None and readable else None,
        receivers=over_all(sharing.receivers_of, person, found.household_id) if in_full else [],
        colleagues=_colleagues(found, linked) if in_full else {},
    )


@pages.route("/avg-verzoeken", methods=["GET", "POST"])
@login_required
def listing() -> str | Response | tuple[str, int]:
    """The requests that I may read, the first to end first, and writing one down that came in."""
    _only_for_staff()
    tried = Attempt()
    case_id = request.values.get("case_id", "")
    case = cases.find_case(reading(), case_id) if case_id else None
    if case is not None and house().grounds.full_ground(reading(), work().actor, case) is None:
        case = None
    if request.method == "POST":
        begun: list[DataRequest] = []
        refused = attempt("record", lambda given: begun.append(_record(given, case)))
        if refused is None:
            return redirect(url_for("data_requests.page", request_id=begun[0].id))
        tried = refused
    found = queries.requests_among(reading())
    due = {each.id: terms.answer_by(each) for each in found}
    page = render_template(
        "data_requests.html",
        running=sorted((each for each in found if each.state not in queries.ENDED), key=lambda each: due[each.id]),
        ended=[each for each in reversed(found) if each.state in queries.ENDED],
        due=due,
        case=case,
        household=cases.household(reading(), case.household_id) if case is not None else None,
        may_export=queries.handles(work().actor),
        workflow=house().engine.workflow(DataRequest.workflow),
        tried=tried,
    )
    return (page, 422) if tried.transition else page


def _record(given: dict[str, str], case: HouseholdCase | None) -> DataRequest:
    new = NewDataRequest(
        given.get("kind", ""),
        given.get("words", ""),
        given.get("received_on", ""),
        given.get("requester"),
        given.get("contact"),
        case.household_id if case is not None else None,
    )
    return record_data_request(work(), new)


@pages.get("/avg-verzoeken/register.csv")
@login_required
def as_register() -> Response:
    """The register for privacy officers: kinds, days and outcomes, and no word of who asked what."""
    if not queries.handles(work().actor):
        abort(404)
    log_search(work(), "AVG-verzoeken", "register", How.EXPORT)
    text = as_csv(queries.requests_among(reading()))
    headers = {"Content-Disposition": 'attachment; filename="avg-verzoeken.csv"'}
    return Response(text, mimetype="text/csv", headers=headers)


@pages.get("/avg-verzoeken/<request_id>")
@login_required
def page(request_id: str) -> str:
    """One request: all of it for privacy officers, the question for who was asked, and else only where it stands."""
    log_request(_readable(request_id), "AVG-verzoek")
    return _show(_readable(request_id))


@pages.get("/avg-verzoeken/<request_id>/brief")
@login_required
def letter(request_id: str) -> Response | tuple[str, int]:
    """The letter of the answer as a PDF, made now if it was not there yet."""
    found = _readable(request_id)
    log_request(found, "brief (pdf)", How.DOCUMENT)
    try:
        document = letter_of(work(), house().refusal_grounds, request_id)
    except LookupError:
        abort(404)
    except (WrongTemplate, WrongSettings):
        tried = Attempt(message=_("De brief is nog niet klaar. De beheerder moet eerst het sjabloon herstellen."))
        return _show(_readable(request_id), tried), 503
    headers = {"Content-Disposition": f'inline; filename="{document.name}"'}
    return Response(document.content, mimetype=document.media_type, headers=headers)


@pages.post("/avg-verzoeken/<request_id>/stap/<transition>")
@login_required
def step(request_id: str, transition: str) -> Response | tuple[str, int]:
    """Take one step of the request."""
    _readable(request_id)
    refused = take(DataRequest, request_id, transition)
    if refused is not None:
        return _show(_readable(request_id), refused), 409 if refused.stale else 422
    return redirect(url_for("data_requests.page", request_id=request_id))
