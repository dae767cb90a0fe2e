"""Documents of a case: adding one, saving one, and taking away what does not belong there."""

from io import BytesIO

from flask import Blueprint, abort, redirect, request, send_file, url_for
from flask_login import login_required
from werkzeug.wrappers import Response

from wijkteam.case_files import queries
from wijkteam.case_files.model import CaseFile
from wijkteam.case_files.service import NewCaseFile, add_case_file, remove_case_file
from wijkteam.cases import queries as cases
from wijkteam.cases.model import HouseholdCase
from wijkteam.documents.queries import content_of, documents_of
from wijkteam.web.acting import attempt, log, reading, safety, version_seen, work
from wijkteam.web.cases import readable, show_case
from wijkteam.web.escalations import AROUND_A_FILE, ONLY_TO_SAVE
from wijkteam.web.household import works_here

pages = Blueprint("case_files", __name__)
MEGABYTE = 1_000_000


@pages.url_value_preprocessor
def allow_a_file(endpoint: str | None, _values: dict[str, object] | None) -> None:
    """Only here a request may be as large as a file; this is known before the form is read."""
    if endpoint == "case_files.add":
        request.max_content_length = safety().largest_file + AROUND_A_FILE


@pages.app_template_global("files_of_case")
def files_of_case(case: HouseholdCase) -> list[CaseFile]:
    """The documents of a case that are still there."""
    return queries.files_of_case(reading(), case.id)


@pages.app_template_global("largest_file")
def largest_file() -> int:
    """How large a document may be, in megabytes."""
    return safety().largest_file // MEGABYTE


@pages.post("/casus/<case_id>/documenten")
@login_required
def add(case_id: str) -> Response | tuple[str, int]:
    """Add one file to the case."""
    case = readable(case_id)
    if not works_here(case):
        abort(404)
    sent = request.files.get("file")
    name, declared, content = (sent.filename or "", sent.mimetype, sent.read()) if sent is not None else ("", "", b"")

    def act(given: dict[str, str]) -> None:
        new = NewCaseFile(case.id, name, declared, content, given.get("why", ""))
        add_case_file(work(), new, largest=safety().largest_file)

    refused = attempt("add_case_file", act)
    if refused is None:
        return redirect(url_for("cases.page", case_id=case_id, _anchor="documenten"))
    return show_case(readable(case_id), refused), 422


def _readable(file_id: str) -> tuple[CaseFile, HouseholdCase]:
    found = queries.find_case_file(reading(), file_id)
    case = cases.find_case(reading(), found.case_id) if found is not None else None
    if found is None or case is None or found.removed_at is not None:
        abort(404)
    return found, case


@pages.get("/documenten/<file_id>")
@login_required
def download(file_id: str) -> Response:
    """A document, to save and never to run here; only for who may read the case in full, and logged."""
    case = _readable(file_id)[1]
    log(case, "document")
    found = _readable(file_id)[0]
    kept = next(iter(documents_of(reading(), CaseFile.workflow, found.id)), None)
    if kept is None:
        abort(404)
    answer = send_file(
        BytesIO(content_of(reading(), kept.id)),
        kept.media_type,
        as_attachment=True,
        download_name=kept.name,
        etag=False,
    )
    answer.headers["Content-Security-Policy"] = ONLY_TO_SAVE
    return answer


@pages.post("/documenten/<file_id>/verwijderen")
@login_required
def remove(file_id: str) -> Response | tuple[str, int]:
    """Take a document away for good."""
    case = _readable(file_id)[1]
    if not works_here(readable(case.id)):
        abort(404)
    refused = attempt(
        f"remove_{file_id}", lambda given: remove_case_file(work(), file_id, given.get("why_not", ""), version_seen())
    )
    if refused is None:
        return redirect(url_for("cases.page", case_id=case.id, _anchor="documenten"))
    return show_case(readable(case.id), refused), 409 if refused.stale else 422
