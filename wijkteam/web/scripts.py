"""Pages that need script: it may come from this system only, and only there."""

from flask import Response, make_response

from wijkteam.web.headers import CONTENT_POLICY

SCRIPT_POLICY = CONTENT_POLICY.replace("script-src 'none'", "script-src 'self'; connect-src 'self'")
"""As everywhere, but for the files of script of this system, which may ask this system."""


def with_script(page: str, status: int = 200) -> Response:
    """A page on which this system's own script files may run; on all others none may."""
    response = make_response(page, status)
    response.headers["Content-Security-Policy"] = SCRIPT_POLICY
    return response
