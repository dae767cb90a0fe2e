"""Pages that need script: it may come from this system only, and only there."""

from flask import Response, make_response

SCRIPT_POLICY = (
    "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; script-src 'self'; "
    "frame-ancestors 'none'; form-action 'self'; base-uri 'self'"
)


def with_script(page: str, status: int = 200) -> Response:
    """A page on which this system's own script files may run; on all others none may."""
    response = make_response(page, status)
    response.headers["Content-Security-Policy"] = SCRIPT_POLICY
    return response
