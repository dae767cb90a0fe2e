"""Files that programs send and save: sent as base64 in JSON, answered as they are, never to be run."""

import base64
import binascii
from collections.abc import Mapping
from typing import Any

from flask import Response, abort, request

from wijkteam.appointments.calendar import Shown, as_calendar
from wijkteam.appointments.model import Appointment
from wijkteam.case_files.model import CaseFile
from wijkteam.documents import queries as documents
from wijkteam.documents.checking import LARGEST
from wijkteam.documents.pdf import WrongTemplate, make_pdf
from wijkteam.engine.definition import FieldType
from wijkteam.engine.fields import WrongFields
from wijkteam.engine.vocabulary import Reason
from wijkteam.escalation.service import SentFile, attach
from wijkteam.letters.service import pdf_of
from wijkteam.plans.printing import TEMPLATE, our_plan
from wijkteam.storage.settings import WrongSettings
from wijkteam.web.acting import log, reading, safety, work
from wijkteam.web.api.bodies import Asked, Shaped, read_body
from wijkteam.web.api.describing import OCTETS
from wijkteam.web.api.doing import REPLAYED, once
from wijkteam.web.api.kinds import BY_NAME
from wijkteam.web.api.problems import Problem
from wijkteam.web.api.shapes import TEXT, Schema
from wijkteam.web.api.subjects import find, read
from wijkteam.web.appointments import CALENDAR, link_of
from wijkteam.web.escalations import ONLY_TO_SAVE
from wijkteam.web.language import _, language
from wijkteam.web.plan import as_printed

AROUND = 100_000
"""What may be sent around a file, in bytes."""
WITH_A_FILE = {"api.case_file_new": None, "api.attachment_new": LARGEST}
"""Where a file can be sent, and how large it may be; None for as large as this municipality lets documents be."""
CONTENT = Shaped(
    {"type": "string", "contentEncoding": "base64", "description": "The file itself, in base64."},
    lambda found: isinstance(found, str) and found.isascii(),
    Reason("Stuur het bestand in base64.", "Send the file in base64."),
)
ATTACHING: Asked = {"name": FieldType.LINE, "media_type": FieldType.LINE, "content": CONTENT}
ATTACHED: Schema = {
    "type": "object",
    "properties": {"id": TEXT, "name": TEXT, "mediaType": TEXT},
    "required": ["id", "name", "mediaType"],
}


def allow_a_file(endpoint: str | None, _values: dict[str, Any] | None) -> None:
    """Only where a file can be sent a request may be as large as one, in base64; known before the body is read."""
    if endpoint in WITH_A_FILE:
        largest = WITH_A_FILE[endpoint] or safety().largest_file
        request.max_content_length = largest * 4 // 3 + AROUND


def content_of(given: Mapping[str, Any]) -> bytes:
    """The file in what was sent. Raises WrongFields."""
    try:
        return base64.b64decode(given.get("content", ""), validate=True)
    except (ValueError, binascii.Error):
        raise WrongFields({"content": CONTENT.wrong}) from None


def to_save(content: bytes, name: str) -> Response:
    """A file as an answer."""
    answer = Response(content, mimetype=OCTETS)
    answer.headers.set("Content-Disposition", "attachment", filename=name)
    answer.headers["Content-Security-Policy"] = ONLY_TO_SAVE
    return answer


def document(file_id: str) -> Response:
    """What a document of a case holds; that it was read is logged first."""
    row = read(BY_NAME["case_file"], file_id)[0]
    kept = next(iter(documents.documents_of(reading(), CaseFile.workflow, row.id)), None)
    if kept is None:
        abort(404)
    return to_save(documents.content_of(reading(), kept.id), kept.name)


def attachments(escalation_id: str) -> dict[str, Any]:
    """What is attached to an escalation, without its content; only for who reads the case too."""
    row, case = read(BY_NAME["escalation"], escalation_id)
    if case is None:
        return {"items": []}
    return {"items": [_attached(each) for each in documents.documents_of(reading(), "escalation", row.id)]}


def _attached(row: Any) -> dict[str, Any]:
    return {"id": str(row.id), "name": row.name, "mediaType": row.media_type}


def attachment(escalation_id: str, document_id: str) -> Response:
    """An attached file; only for who may read the case, and logged."""
    row, case = find(BY_NAME["escalation"], escalation_id)
    number = int(document_id) if document_id.isascii() and document_id.isdigit() and len(document_id) < 10 else 0
    kept = documents.document_of(reading(), "escalation", row.id, number)
    if case is None or kept is None:
        abort(404)
    log(case, "bijlage", row)
    kept = documents.document_of(reading(), "escalation", escalation_id, number) or abort(404)
    return to_save(documents.content_of(reading(), kept.id), kept.name)


def attach_file(escalation_id: str) -> tuple[dict[str, Any], int, dict[str, str]]:
    """Attach one file to an escalation; answers with everything that is attached then."""
    find(BY_NAME["escalation"], escalation_id, to_work=True)
    given = read_body(ATTACHING)
    file = SentFile(given.get("name", ""), given.get("media_type", ""), content_of(given))
    replayed = once(given, lambda: attach(work(), escalation_id, file))
    return attachments(escalation_id), 201, {REPLAYED: "true"} if replayed else {}


def letter(letter_id: str) -> Response:
    """A letter as PDF, made now if it was not there yet; that it was read is logged first."""
    row = read(BY_NAME["letter"], letter_id, "brief (pdf)")[0]
    try:
        made = pdf_of(work(), row.id)
    except (WrongTemplate, WrongSettings):
        raise Problem(503, _("De brief is nog niet klaar. De beheerder moet eerst het sjabloon herstellen.")) from None
    return to_save(made.content, made.name)


def plan(case_id: str) -> Response:
    """The plan on paper for the family, as PDF; that it was read is logged first."""
    case = read(BY_NAME["household_case"], case_id, "ons plan (pdf)")[0]
    asked = as_printed(language() == "en", request.args.get("safety") == "true")
    try:
        return to_save(make_pdf(TEMPLATE, our_plan(reading(), case, asked)), "ons-plan.pdf")
    except WrongTemplate:
        text = _("Het plan kan nu niet worden geprint. De beheerder moet eerst het sjabloon herstellen.")
        raise Problem(503, text) from None


def calendar(appointment_id: str) -> Response:
    """One appointment to put into a calendar: what for and where, without the name of the household."""
    found: Appointment = read(BY_NAME["appointment"], appointment_id)[0]
    made = as_calendar([Shown(found, found.what_for, found.place, link_of(found))], _("Afspraken wijkteam"))
    answer = Response(made, mimetype=CALENDAR)
    answer.headers["Content-Disposition"] = "attachment; filename=afspraak.ics"
    return answer
