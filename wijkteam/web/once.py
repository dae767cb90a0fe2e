"""Doing what a device sent once each: the number that it drew comes along as a header, beside the form."""

import re
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from flask import abort, request

from wijkteam.engine.running import Refused
from wijkteam.engine.vocabulary import Reason
from wijkteam.offline.service import OtherContents, Outcome, Sending, contents_digest, do_once
from wijkteam.storage.work import Work

NUMBER, WRITTEN = "Idempotency-Key", "X-Written-At"
UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
TAKEN = Reason("Dit is al eens verstuurd, met een andere inhoud.", "This was sent before, with other contents.")


def sending(fields: Mapping[str, str]) -> Sending | None:
    """What the device says about what it sends; None for a form that came straight from a page. 400 for nonsense."""
    number = request.headers.get(NUMBER)
    if number is None:
        return None
    if not UUID.fullmatch(number):
        abort(400)
    return Sending(number, contents_digest((request.view_args or {}).get("case_id"), fields), _written())


def _written() -> datetime | None:
    try:
        found = datetime.fromisoformat(request.headers.get(WRITTEN, ""))
    except ValueError:
        return None
    return found if found.tzinfo is not None else None


def once(work: Work, fields: Mapping[str, str], deed: Callable[[], Any]) -> Outcome | None:
    """Do it, once each where the device drew a number. Raises AlreadySent, and Refused when the number is taken."""
    known = sending(fields)
    if known is None:
        deed()
        return None
    try:
        return do_once(work, known, deed)
    except OtherContents:
        raise Refused(TAKEN) from None
