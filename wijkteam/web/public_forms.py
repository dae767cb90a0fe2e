"""What forms on pages without account carry: a signed mark with the moment it was shown. No cookie is needed for it."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from flask import current_app, request
from itsdangerous import BadSignature, URLSafeSerializer

from wijkteam.signals.public_tries import Sender
from wijkteam.storage.subject import new_id
from wijkteam.terms import clock

FORM, PASS = "a public form", "following a signal"  # not said to people


@dataclass(frozen=True)
class Mark:
    """What stood in a mark of ours, and how long ago it was made."""

    subject_id: str
    kind: str
    age: timedelta


def form_mark() -> str:
    """A mark for a form that is shown now; what is sent with it gets this id, and so is taken in once."""
    return _seal(FORM).dumps(["", new_id(), int(clock.now().timestamp())])


def follow_pass(kind: str, subject_id: str) -> str:
    """A mark for a page that a code opened: with it the resident can act for a while, without the code."""
    return _seal(PASS).dumps([kind, subject_id, int(clock.now().timestamp())])


def read_mark(purpose: str, text: str, lasts: timedelta) -> Mark | None:
    """A mark of ours for this purpose that is not over yet; None for anything else."""
    try:
        found: Any = _seal(purpose).loads(text[:500])
        kind, subject_id, at = found
    except (BadSignature, ValueError, TypeError):
        return None
    age = timedelta(seconds=clock.now().timestamp() - at)
    return Mark(subject_id, kind, age) if age < lasts else None


def sender() -> Sender:
    """From where this request came."""
    return Sender(request.remote_addr or "", str(current_app.secret_key))


def comes_from_elsewhere() -> bool:
    """Whether a browser says that another site sent this form."""
    return request.headers.get("Sec-Fetch-Site") == "cross-site"


def _seal(purpose: str) -> URLSafeSerializer:
    return URLSafeSerializer(str(current_app.secret_key), salt=purpose)
