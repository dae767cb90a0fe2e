"""Doing once each what is sent: a device draws a number and sends it as a header, a page has one in its form.

So whoever does not know whether something was kept (the answer got lost on the way) sends it again without harm.
"""

import hashlib
import hmac
import re
from collections.abc import Callable, Mapping
from datetime import datetime
from secrets import token_urlsafe
from typing import Any
from uuid import NAMESPACE_OID, uuid5

from flask import abort, current_app, request

from wijkteam.engine.running import Refused
from wijkteam.engine.vocabulary import Reason
from wijkteam.offline.service import OtherContents, Outcome, Sending, contents_digest, do_once
from wijkteam.storage.work import Work

NUMBER, WRITTEN, IN_FORM = "Idempotency-Key", "X-Written-At", "sending"
UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
TAKEN = Reason("Dit is al eens verstuurd, met een andere inhoud.", "This was sent before, with other contents.")


def form_number() -> str:
    """A number for one form of one page."""
    return token_urlsafe(9)


def sending(fields: Mapping[str, str]) -> Sending | None:
    """What is known of what is sent; None where it has no number. 400 for nonsense.

    Of a form the number holds together with its contents: who goes back and writes something else sends another thing.
    """
    number, drawn = request.headers.get(NUMBER), request.form.get(IN_FORM)
    digest = contents_digest(digest_secret(), (request.view_args or {}).get("case_id"), fields)
    if number is None:
        return Sending(str(uuid5(NAMESPACE_OID, f"{drawn} {request.path} {digest}")), digest) if drawn else None
    if not UUID.fullmatch(number):
        abort(400)
    return Sending(number, digest, _written())


def digest_secret() -> bytes:
    """The secret of the app, for digests of what was sent and for nothing else."""
    known = current_app.secret_key
    assert known is not None
    secret = known.encode() if isinstance(known, str) else known
    return hmac.new(secret, b"what was sent once", hashlib.sha256).digest()


def _written() -> datetime | None:
    try:
        found = datetime.fromisoformat(request.headers.get(WRITTEN, ""))
    except ValueError:
        return None
    return found if found.tzinfo is not None else None


def once(work: Work, fields: Mapping[str, str], deed: Callable[[], Any]) -> Outcome | None:
    """Do it, once each where it has a number. Raises AlreadySent, and Refused when the number is taken."""
    known = sending(fields)
    if known is None or work.actor.person_id is None:
        deed()
        return None
    try:
        return do_once(work, known, deed)
    except OtherContents:
        raise Refused(TAKEN) from None
