"""Talking to the case system as the ZGW standards have it: a signed token with each request, and nothing followed."""

import json
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote, urljoin

import requests
from joserfc import jwt
from joserfc.jwk import OctKey

from wijkteam.terms import clock
from wijkteam.zgw.mapping import ZgwMapping

SECONDS = 15.0
MOST_BYTES = 1_000_000
MOST_PAGES = 20
CRS = {"Accept-Crs": "EPSG:4326", "Content-Crs": "EPSG:4326"}
"""Asked by the Zaken API with each request, by no other."""
FOR_NOW = frozenset({401, 403, 408, 409, 412, 425, 429})
"""Refusals that may be over later: keys, rights and locks are mended elsewhere."""


class NotNow(Exception):
    """The case system cannot be reached, or cannot do it now."""


class Refused(Exception):
    """The case system will not take this as it is: the mapping, or the system itself, has to change first."""


@dataclass
class CaseSystem:
    """The case system of one mapping."""

    mapping: ZgwMapping
    secret: str = field(repr=False)

    def find(self, base: str, resource: str, **asked: str) -> list[dict[str, Any]]:
        """All there is of a resource, as filtered: one list, or page after page. Raises Refused for too much."""
        found: list[dict[str, Any]] = []
        for page in range(1, MOST_PAGES + 1):
            more = {"page": str(page)} if page > 1 else {}
            answer = self._send("GET", urljoin(base, resource), asked={**asked, **more})
            results = answer.get("results") if isinstance(answer, dict) else answer
            found += [each for each in results or [] if isinstance(each, dict)]
            if not isinstance(answer, dict) or not answer.get("next"):
                return found
        raise Refused(f"{resource}: answered too much")

    def read(self, url: str) -> dict[str, Any]:
        """One thing by its address, which must be of this case system. Raises Refused for any other."""
        found = self._send("GET", url)
        if not isinstance(found, dict):
            raise Refused("answered no object")
        return found

    def add(self, base: str, resource: str, body: dict[str, Any]) -> str:
        """Add one thing; returns its address, which must be of this case system."""
        found = self._send("POST", urljoin(base, resource), body)
        url = found.get("url") if isinstance(found, dict) else None
        if not isinstance(url, str) or not self.is_ours(url):
            raise Refused(f"{resource}: answered no address of its own")
        return url

    def change(self, url: str, body: dict[str, Any]) -> None:
        """Change some of a thing."""
        self._send("PATCH", url, body)

    def replace(self, url: str, body: dict[str, Any]) -> None:
        """Put another thing in the place of one."""
        self._send("PUT", url, body)

    def notify(self, base: str, notification: dict[str, Any]) -> None:
        """Tell the notification system of something; it answers with what it was told."""
        self._send("POST", urljoin(base, "notificaties"), notification)

    def remove(self, url: str) -> None:
        """Remove a thing."""
        self._send("DELETE", url)

    def is_ours(self, url: str) -> bool:
        """Whether an address is one of this case system: no other is ever asked."""
        plain = len(url) <= 500 and ".." not in unquote(url)
        return plain and any(url.startswith(base) for base in self.mapping.bases())

    def _send(self, method: str, url: str, body: Any = None, asked: dict[str, str] | None = None) -> Any:
        if not self.is_ours(url):
            raise Refused("an address of another system")
        crs = CRS if url.startswith(self.mapping.zaken) else {}
        headers = {"Authorization": f"Bearer {self._token()}", "Accept": "application/json", **crs}
        try:
            answer = requests.request(
                method,
                url,
                json=body,
                params=asked,
                headers=headers,
                timeout=SECONDS,
                allow_redirects=False,
                stream=True,
            )
            content = answer.raw.read(MOST_BYTES + 1, decode_content=True)
            answer.close()
        except (requests.RequestException, OSError) as error:
            raise NotNow(f"cannot be reached: {type(error).__name__}") from error
        if len(content) > MOST_BYTES:
            raise Refused("answered too much")
        if answer.ok and answer.status_code < 300:
            return _json(content) if content else None
        said = f"{method} {url.rsplit('/', 2)[-1] or url.rsplit('/', 2)[-2]}: {answer.status_code}{_codes(content)}"
        if answer.status_code >= 500 or answer.status_code in FOR_NOW:
            raise NotNow(said)
        raise Refused(said)

    def _token(self) -> str:
        """A token of this moment (ZGW authentication: HS256, with who it is and who uses it)."""
        claims = {
            "iss": self.mapping.client_id,
            "iat": int(clock.now().timestamp()),
            "client_id": self.mapping.client_id,
            "user_id": "wijkteam",
            "user_representation": "wijkteam",
        }
        return jwt.encode({"alg": "HS256", "typ": "JWT"}, claims, OctKey.import_key(self.secret))


def case_system(mapping: ZgwMapping) -> CaseSystem:
    """The case system of a mapping, with its secret. Raises WrongSettings."""
    return CaseSystem(mapping, mapping.secret())


def _json(content: bytes) -> Any:
    try:
        return json.loads(content)
    except ValueError:
        raise NotNow("answered no JSON") from None


def _codes(content: bytes) -> str:
    """Which fields it refuses by which codes. Its words are left out: they may repeat what was sent.

    The standard writes `invalidParams`, and in one of its files `invalid-params`.
    """
    try:
        told = json.loads(content)
        found = told.get("invalidParams") or told.get("invalid-params") or []
        codes = [f"{each['name']} {each['code']}" for each in found]
    except (ValueError, AttributeError, KeyError, TypeError):
        return ""
    safe = [each for each in codes if len(each) < 80 and each.isprintable()]
    return f" ({', '.join(safe)})" if safe else ""
