"""For which address passkeys are made: the one in the settings, or localhost on one's own machine."""

from ipaddress import ip_address
from urllib.parse import urlsplit

from flask import current_app, request

from wijkteam.signing_in.passkeys import RelyingParty
from wijkteam.web.acting import safety

USUAL_PORTS = {"https": 443, "http": 80}


def here() -> RelyingParty | None:
    """The address that keys are made for; None where browsers make none: a bare number, or http elsewhere.

    The name that a request gives itself counts only for localhost, outside production.
    """
    name = f"wijkteam {current_app.jinja_env.globals['municipality']}"
    if not safety().production and request.host.partition(":")[0] == "localhost":
        return RelyingParty("localhost", request.host_url.rstrip("/"), name)
    return _of(safety().address, name)


def at_localhost() -> str | None:
    """The same page at localhost, for who opened it by number on their own machine; None elsewhere."""
    host, _, port = request.host.partition(":")
    if safety().production or host != "127.0.0.1":
        return None
    return f"{request.scheme}://localhost{':' + port if port else ''}{request.path}"


def _of(address: str | None, name: str) -> RelyingParty | None:
    parts = urlsplit(address or "")
    host = (parts.hostname or "").lower()
    if not host or _is_number(host) or (parts.scheme != "https" and host != "localhost"):
        return None
    port = f":{parts.port}" if parts.port not in (None, USUAL_PORTS[parts.scheme]) else ""
    return RelyingParty(host, f"{parts.scheme}://{host}{port}", name)


def _is_number(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True
