"""What somebody typed in a form while being signed out without knowing it: kept in the page, and never lost.

It goes along in the sign-in page and comes back after signing in, for the same person only, who sends it then.
"""

from dataclasses import dataclass

from flask import current_app, request, session
from itsdangerous import BadSignature, URLSafeTimedSerializer

from wijkteam.signing_in.sessions import whose_session
from wijkteam.web.acting import work

TO, OF, FIELD = "kept_to", "kept_of", "kept_field_"
LONGEST_SECONDS = 12 * 3600
NEVER = ("csrf_token",)
SECRET = ("password", "present", "new", "again")
"""Passwords are typed anew, never kept in a page."""


@dataclass(frozen=True)
class Kept:
    """A form that was not sent: where it goes, whose it is (signed), and its fields."""

    to: str
    of: str
    fields: tuple[tuple[str, str], ...]

    @property
    def shown(self) -> list[str]:
        """What the person typed in words, longest first; numbers of versions and the like are not worth showing."""
        return sorted((value for _, value in self.fields if len(value.strip()) > 3), key=len, reverse=True)[:5]


def from_form() -> Kept | None:
    """What is in the form that was just sent; None when nobody knows who sent it."""
    secret = session.get("_user_id")
    person = whose_session(work().session, secret) if isinstance(secret, str) else None
    if person is None:
        return None
    fields = tuple(
        (name, value) for name, value in request.form.items(multi=True) if name not in (*NEVER, *SECRET) and value
    )
    return Kept(request.full_path.rstrip("?"), _signer().dumps([person, request.path]), fields)


def sent() -> Kept | None:
    """What came along with the sign-in page; None for nothing, or when it was not put there by us."""
    to, of = request.form.get(TO, ""), request.form.get(OF, "")
    fields = tuple(
        (name.removeprefix(FIELD), value) for name, value in request.form.items(multi=True) if name.startswith(FIELD)
    )
    found = Kept(to, of, fields)
    return found if _owner(found) is not None else None


def is_of(kept: Kept, person_id: int) -> bool:
    """Whether this person typed it."""
    return _owner(kept) == person_id


def _owner(kept: Kept) -> int | None:
    try:
        person, path = _signer().loads(kept.of, max_age=LONGEST_SECONDS)
    except (BadSignature, ValueError, TypeError):
        return None
    return person if isinstance(person, int) and kept.to.split("?")[0] == path else None


def _signer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(current_app.config["SECRET_KEY"], salt="kept form")  # not said to people
