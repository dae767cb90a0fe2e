"""What a program is told when something cannot be: problem details (RFC 9457), one clear line in Dutch or English."""

from http import HTTPStatus
from typing import Any

from flask import Blueprint, Response, jsonify
from werkzeug.exceptions import HTTPException

from wijkteam.engine.fields import WrongFields
from wijkteam.engine.running import NoMandate, NotYours, Refused
from wijkteam.events.payload_keys import CannotSeal
from wijkteam.events.payloads import CannotOpenPayload
from wijkteam.web.acting import NOT_SAFELY
from wijkteam.web.language import _, later, said

MEDIA_TYPE = "application/problem+json"
LINES = {
    400: later("Dit kunnen we niet lezen. Stuur een JSON-object met de gevraagde velden."),
    401: later("Stuur een geldig token mee."),
    404: later("Dit is er niet."),
    405: later("Dit kan hier niet."),
    413: later("Wat u stuurde is te groot."),
    415: later("Stuur JSON."),
}


def problem(status: int, detail: str, headers: dict[str, str] | None = None, **more: Any) -> Response:
    """One problem as an answer; `more` are members of its own (RFC 9457, 3.2)."""
    told = {"type": "about:blank", "title": HTTPStatus(status).phrase, "status": status, "detail": detail, **more}
    answer = jsonify(told)
    answer.status_code, answer.mimetype = status, MEDIA_TYPE
    answer.headers.extend(headers or {})
    return answer


class Problem(HTTPException):
    """A problem, raised anywhere in a view."""

    def __init__(self, status: int, detail: str, headers: dict[str, str] | None = None, **more: Any) -> None:
        super().__init__(detail)
        self.code, self.headers, self.more = status, headers or {}, more


def of_http(error: HTTPException) -> Response:
    """An error of the protocol as a problem."""
    if isinstance(error, Problem):
        return problem(error.code or 500, error.description or "", error.headers, **error.more)
    status = error.code or 500
    allowed = getattr(error, "valid_methods", None)
    headers = {"Allow": ", ".join(sorted(allowed))} if allowed else {}
    return problem(status, _(LINES.get(status, later("Dit ging mis bij ons. Probeer het later nog eens."))), headers)


def of_wrong_fields(wrong: WrongFields) -> Response:
    """What was filled in and cannot be accepted, field by field."""
    errors = [{"field": camel(name), "detail": said(reason)} for name, reason in wrong.mistakes.items()]
    return problem(422, _("Niet alles is goed ingevuld."), errors=errors)


def of_refused(refused: Refused) -> Response:
    """A step that cannot be taken now: not by this person (403), or not as things stand (409)."""
    status = 403 if isinstance(refused, NotYours | NoMandate) else 409
    more: dict[str, Any] = {"nearest": said(refused.nearest)} if refused.nearest else {}
    return problem(status, said(refused.reason), **more)


def of_absence(error: LookupError) -> Response:
    """A service found no such subject; any other miss is a mistake of ours."""
    if type(error) is not LookupError:
        raise error
    return problem(404, _(LINES[404]))


def camel(name: str) -> str:
    """A name as it stands in JSON."""
    first, *others = name.split("_")
    return first + "".join(each.title() for each in others)


def register(api: Blueprint) -> None:
    """Answer everything that goes wrong in these routes with a problem."""
    api.register_error_handler(HTTPException, of_http)
    api.register_error_handler(413, of_http)
    api.register_error_handler(500, lambda _error: problem(500, _("Dit ging mis bij ons. Probeer het later nog eens.")))
    api.register_error_handler(WrongFields, of_wrong_fields)
    api.register_error_handler(Refused, of_refused)
    api.register_error_handler(LookupError, of_absence)
    for unsafe in (CannotSeal, CannotOpenPayload):
        api.register_error_handler(unsafe, lambda _error: problem(503, _(NOT_SAFELY)))
