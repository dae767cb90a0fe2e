"""What programs write down that residents bring: complaints about conduct, and requests about their data."""

from datetime import date
from typing import Any

from flask import Response, abort

from wijkteam.access.reading_log import How, log_search
from wijkteam.data_requests.exports import as_csv
from wijkteam.data_requests.queries import handles, is_staff, requests_among
from wijkteam.data_requests.service import NewDataRequest, letter_of, record_data_request
from wijkteam.engine.fields import WrongFields
from wijkteam.people import queries as people
from wijkteam.signals.service import NewComplaint, record_complaint
from wijkteam.web.acting import house, reading, work
from wijkteam.web.api.bodies_as_models import Id, Line, Number, Sent, Told, Words
from wijkteam.web.api.deeds import Deed, file
from wijkteam.web.api.kinds import BY_NAME
from wijkteam.web.api.subjects import find, full_case
from wijkteam.web.data_requests import linked_cases, log_request

DATA_REQUEST = BY_NAME["data_request"]


class Complaint(Sent):
    """What a resident complains of, about how somebody behaved."""

    words: Words
    about_whom: Line | None = None
    resident: Line | None = None
    contact: Line | None = None
    team: Number | None = None


def _complain(given: Complaint, made: str) -> Any:
    if given.team is not None and given.team not in {each.id for each in people.teams(reading())}:
        raise WrongFields.of("team", "Kies een team.", "Choose a team.")
    told = given.words, given.about_whom, given.resident, given.contact
    return record_complaint(work(), NewComplaint(*told, None, given.team), made)


class AvgRequest(Sent):
    """What a resident asks about their own data (AVG art. 15 to 22)."""

    kind: Line
    words: Words
    received_on: date
    requester: Line | None = None
    contact: Line | None = None
    case_id: Id | None = None


def _only_for_staff(**_path: str) -> None:
    if not is_staff(work().actor):
        abort(404)


def _ask(given: AvgRequest, made: str) -> Any:
    case = full_case(given.case_id)
    new = NewDataRequest(
        given.kind,
        given.words,
        given.received_on.isoformat(),
        given.requester,
        given.contact,
        case.household_id if case is not None else None,
    )
    return record_data_request(work(), new, made)


def _only_for_officers(**_path: str) -> None:
    if not handles(work().actor):
        abort(404)


def _avg_register() -> Response:
    log_search(work(), "AVG-verzoeken", "register", How.EXPORT)
    return file(as_csv(requests_among(reading())).encode(), "text/csv", "avg-verzoeken.csv")


class LinkedCase(Told):
    """A case of the household that a request is about: by number, for who handles the request."""

    case_id: str
    state: str
    owner_id: int
    is_protected: bool


class LinkedCases(Told):
    """Where the request is carried out; no household is read along."""

    household_id: int | None
    items: list[LinkedCase]


def _cases(request_id: str) -> LinkedCases:
    found = find(DATA_REQUEST, request_id)[0]
    return LinkedCases(
        household_id=found.household_id,
        items=[
            LinkedCase(
                case_id=each.id,
                state=each.state,
                owner_id=each.owner_id,
                is_protected=each.protected_why is not None,
            )
            for each in linked_cases(found)
        ],
    )


def _letter(request_id: str) -> Response:
    found = find(DATA_REQUEST, request_id)[0]
    log_request(found, "brief (pdf)", How.DOCUMENT)
    document = letter_of(work(), house().refusal_grounds, request_id)
    return file(document.content, document.media_type, document.name)


DEEDS = (
    Deed(
        "conduct_complaint_new",
        "POST",
        "/conduct-complaints",
        "Write down a complaint about conduct",
        _complain,
        Complaint,
        BY_NAME["conduct_complaint"],
    ),
    Deed(
        "data_request_new",
        "POST",
        "/data-requests",
        "Write down what a resident asks about their data",
        _ask,
        AvgRequest,
        DATA_REQUEST,
        first=_only_for_staff,
    ),
    Deed(
        "data_requests_register",
        "GET",
        "/data-requests-register",
        "The register of requests about data (CSV), without who asked what",
        _avg_register,
        tells="text/csv",
        first=_only_for_officers,
    ),
    Deed(
        "data_request_cases",
        "GET",
        "/data-requests/{requestId}/cases",
        "Of whose data a request is, by numbers of cases",
        _cases,
        tells=LinkedCases,
        first=_only_for_officers,
    ),
    Deed(
        "data_request_letter",
        "GET",
        "/data-requests/{requestId}/letter",
        "The letter of the answer (PDF)",
        _letter,
        tells="application/pdf",
    ),
)
