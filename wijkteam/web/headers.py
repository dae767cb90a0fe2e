"""The headers that every answer carries, so that a browser keeps to what these pages need and no more."""

from flask import Flask, Response, request

from wijkteam.web.acting import safety

CONTENT_POLICY = (
    "default-src 'none'; script-src 'none'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)
"""No script at all, no inline style, nothing of elsewhere; a page that needs more says so itself, for itself."""

FIXED = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=(), "  # not said to people
    "interest-cohort=(), publickey-credentials-get=(self), publickey-credentials-create=(self)",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Permitted-Cross-Domain-Policies": "none",
}
"""OWASP Secure Headers. The referrer stays within: the path of a page names a case, though never a person."""

ONLY_ENCRYPTED = "max-age=63072000; includeSubDomains"
"""Two years of https only (RFC 6797); sent in production, where there is https."""

KEPT = frozenset({"static", "styles.one"})
"""What is the same for everybody, and may be kept by browsers as long as it says itself; all else is kept nowhere."""


def register(app: Flask) -> None:
    """Let every answer of this app carry them."""

    @app.after_request
    def guard(response: Response) -> Response:
        response.headers.setdefault("Content-Security-Policy", CONTENT_POLICY)
        response.headers.extend(FIXED)  # nobody else says any of these
        if safety().production:
            response.headers["Strict-Transport-Security"] = ONLY_ENCRYPTED
        if request.endpoint not in KEPT:
            response.headers["Cache-Control"] = "no-store"
        return response
