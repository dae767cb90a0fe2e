"""What can be done with residents' requests: writing one down, and its letter; the rest are steps of its workflow."""

from dataclasses import dataclass
from datetime import date

import structlog

from wijkteam.data_requests import queries
from wijkteam.data_requests.content import content_of
from wijkteam.data_requests.grounds import RefusalGrounds
from wijkteam.data_requests.model import DataRequest
from wijkteam.documents.model import Document
from wijkteam.documents.pdf import make_pdf
from wijkteam.documents.queries import documents_of
from wijkteam.documents.service import NewDocument, keep_document
from wijkteam.storage.subject import new_id
from wijkteam.storage.work import Work

log = structlog.get_logger()
LETTER, TEMPLATE = "letter", "data_request_answer.typ"


@dataclass(frozen=True)
class NewDataRequest:
    """What a resident asks, when that came in, and about which household; who asks may stay unknown at first."""

    kind: str
    words: str
    received_on: date | str
    requester: str | None = None
    contact: str | None = None
    household_id: int | None = None


def record_data_request(work: Work, new: NewDataRequest, request_id: str | None = None) -> DataRequest:
    """Write a request down at whatever door it came in; it waits for a privacy officer. Raises WrongFields, Refused.

    That the person may know of the household is up to who calls.
    """
    with work.transaction() as session:
        request = DataRequest(
            id=request_id or new_id(), household_id=new.household_id, received_by=work.actor.person_id
        )
        given = {name: value for name, value in vars(new).items() if name != "household_id"}
        with session.no_autoflush:
            work.open(request, given)
            session.add(request)
        return request


def letter_of(work: Work, grounds: RefusalGrounds, request_id: str) -> Document:
    """The letter of the answer as a PDF; made and kept the first time that it is asked for, the same ever after.

    Raises LookupError where nothing was decided yet, WrongTemplate, and WrongSettings.
    """
    with work.transaction() as session:
        request = queries.find_request(session, request_id)
        if request is None or request.decided_at is None:
            raise LookupError(request_id)
        work.lock(request)
        for each in reversed(documents_of(session, DataRequest.workflow, request.id)):
            if each.purpose == LETTER and each.added_at >= request.decided_at:
                return each
        made = make_pdf(TEMPLATE, content_of(session, request, grounds))
        name = f"antwoord-{request.id}.pdf"
        return keep_document(work, NewDocument(DataRequest.workflow, request.id, LETTER, name, "application/pdf", made))
