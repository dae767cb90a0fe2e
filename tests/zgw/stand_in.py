"""A stand-in for a municipality's case system, made from the descriptions of the standards, for real on this machine.

It lets nobody in without a signed token, checks every request against its description (path, question, headers and
body), keeps what it is given, and checks its own answers as well. Beside the descriptions it knows the rules of the
standard that no schema can say.
"""

import base64
import json
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit
from uuid import uuid4
from zoneinfo import ZoneInfo

from joserfc import jwt
from joserfc.jwk import OctKey

from tests.zgw.catalogue import SAID
from tests.zgw.standard_of import JSON, PROBLEM, SERVED, Operation, Wrong, api

CLIENT, SECRET = "wijkteam", "een geheim van genoeg tekens"
Answer = tuple[int, Any, dict[str, str]]
LONGEST_PAGE = 100


@dataclass
class StandIn:
    """The case system: what it holds by address, and what it is told to do wrong."""

    root: str = ""
    held: dict[str, dict[str, Any]] = field(default_factory=dict)
    files: dict[str, bytes] = field(default_factory=dict)
    """The content of documents, by address."""
    asked: list[tuple[str, str]] = field(default_factory=list)
    refused: list[tuple[str, str, str]] = field(default_factory=list)
    """Each request that the standard refuses: how, where, and why."""
    fails: list[int] = field(default_factory=list)
    """With which statuses the next requests that change something are answered, instead of being done."""
    loses_answers: int = 0
    """How many requests that change something are done, and then answered with 502."""
    broken: list[str] = field(default_factory=list)
    """Answers of its own that do not fit its description."""

    def all(self, resource: str) -> list[dict[str, Any]]:
        """All there is of a resource, in the order in which it came."""
        return [each for url, each in self.held.items() if url.rsplit("/", 2)[1] == resource]

    def hold(self, api_name: str, resource: str, **said: Any) -> str:
        """Put a thing there; returns its address."""
        url = f"{self.root}/{api_name}/api/v1/{resource}/{uuid4()}"
        self.held[url] = {"url": url, **SAID.get(resource, {}), **said}
        return url

    def answer(self, method: str, path: str, query: str, headers: Any, body: bytes) -> Answer:
        """What the standard answers."""
        self.asked.append((method, path))
        operation = None
        try:
            operation = self._operation(method, path)
            _let_in(headers.get("Authorization", ""))
            asked = dict(parse_qsl(query))
            given = operation.check_request(headers, asked, body)
            if method != "GET" and self.fails:
                answer = _refusal(Wrong(self.fails.pop(0), "zaaktype", "no-match"))
            else:
                answer = self._do(operation, method, self.root + path, asked, given)
        except Wrong as wrong:
            answer = _refusal(wrong)
            self.refused.append((method, path, str(wrong)))
        known = operation is not None and answer[0] not in (405, 502, 503)
        broken = operation.wrong_answer(*answer) if operation is not None and known else None
        if broken:
            self.broken.append(f"{method} {broken}")
        if method != "GET" and answer[0] < 300 and self.loses_answers:
            self.loses_answers -= 1
            return 502, None, {}
        return answer

    def _operation(self, method: str, path: str) -> Operation:
        for name in SERVED:
            found = api(name).find(method, path)
            if found is not None:
                return found
        raise Wrong(404, "", "not_found")

    def _do(self, operation: Operation, method: str, url: str, asked: Mapping[str, str], given: Any) -> Answer:
        headers = {"API-version": operation.api.document["info"]["version"]}
        if operation.api.base.startswith("/zaken") and "/zaken" in operation.template:
            headers["Content-Crs"] = "EPSG:4326"
        status, one = int(operation.status), operation.template.endswith("}")
        if one and url not in self.held:
            raise Wrong(404, "", "not_found")
        if method == "DELETE":
            del self.held[url]
            return status, None, headers
        if one and method != "GET":
            self.held[url].update(given)
        if one:
            return status, self.held[url], headers
        if method == "GET":
            return status, self._list(url, asked, operation), headers
        made = self._add(url, given)
        return status, made, {**headers, "Location": made.get("url", url)}

    def _matching(self, url: str, filters: Mapping[str, str]) -> list[dict[str, Any]]:
        mine = [each for at, each in self.held.items() if at.rsplit("/", 1)[0] == url]
        return [each for each in mine if all(str(each.get(name)) == value for name, value in filters.items())]

    def _list(self, url: str, asked: Mapping[str, str], operation: Operation) -> Any:
        found = self._matching(url, {name: value for name, value in asked.items() if name != "page"})
        schema = operation.said["responses"]["200"]["content"][JSON]["schema"]
        if schema.get("type") == "array":
            return found
        page = int(asked.get("page", 1))
        begin = (page - 1) * LONGEST_PAGE
        more = f"{url}?page={page + 1}" if len(found) > begin + LONGEST_PAGE else None
        return {"count": len(found), "next": more, "previous": None, "results": found[begin : begin + LONGEST_PAGE]}

    def _add(self, url: str, given: dict[str, Any]) -> dict[str, Any]:
        resource, number = url.rsplit("/", 1)[1], str(uuid4())
        self._rules(resource, given)
        made = {"url": f"{url}/{number}", **given, **_says_itself(resource)}
        if resource == "notificaties":
            self.held[made["url"]] = made
            return given
        if "uuid" not in made and "/zaken/api" in url:
            made["uuid"] = number
        if resource == "enkelvoudiginformatieobjecten":
            self.files[made["url"]] = base64.b64decode(given["inhoud"], validate=True)
            made["inhoud"] = f"{made['url']}/download"
        self.held[made["url"]] = made
        if resource == "statussen":
            self._status(made)
        return made

    def _rules(self, resource: str, given: dict[str, Any]) -> None:
        zaak = self.held.get(given.get("zaak", ""))
        if "zaak" in given and zaak is None:
            raise Wrong(400, "zaak", "does_not_exist")
        self._unique(resource, given)
        if resource in ("resultaten", "statussen", "rollen") and zaak is not None and zaak["einddatum"]:
            raise Wrong(403, "zaak", "zaak-closed")
        results = self._matching(f"{self.root}/zaken/api/v1/resultaten", {"zaak": given.get("zaak", "")})
        if resource == "resultaten" and results:
            raise Wrong(400, "zaak", "unique")
        if resource == "statussen" and zaak is not None:
            set_on = datetime.fromisoformat(given["datumStatusGezet"]).astimezone(ZoneInfo("Europe/Amsterdam"))
            if set_on.date().isoformat() < zaak["startdatum"]:
                raise Wrong(400, "datumStatusGezet", "date-before-start")
            if self._ends(given) and not results:
                raise Wrong(400, "nonFieldErrors", "resultaat-does-not-exist")
            if self._ends(given) and self._without_rights(given["zaak"]):
                raise Wrong(400, "nonFieldErrors", "indicatiegebruiksrecht-unset")
        if resource == "abonnement":
            unknown = {each["naam"] for each in given["kanalen"]} - {each["naam"] for each in self.all("kanaal")}
            if unknown:
                raise Wrong(400, "naam", "kanaal_naam")

    def _unique(self, resource: str, given: dict[str, Any]) -> None:
        told = {
            "zaken": ("identificatie", "bronorganisatie"),
            "besluiten": ("identificatie", "verantwoordelijkeOrganisatie"),
            "enkelvoudiginformatieobjecten": ("identificatie", "bronorganisatie"),
            "zaakinformatieobjecten": ("informatieobject", "zaak"),
            "besluitinformatieobjecten": ("informatieobject", "besluit"),
            "kanaal": ("naam",),
        }.get(resource)
        if told is None:
            return
        same = [given.get(name) for name in told]
        if any([each.get(name) for name in told] == same for each in self.all(resource)):
            raise Wrong(400, told[0], "identificatie-niet-uniek" if told[0] == "identificatie" else "unique")

    def _without_rights(self, zaak: str) -> bool:
        of_zaak = [each["informatieobject"] for each in self.all("zaakinformatieobjecten") if each["zaak"] == zaak]
        return any(self.held[each].get("indicatieGebruiksrecht") is None for each in of_zaak)

    def _ends(self, status: dict[str, Any]) -> bool:
        return bool(self.held.get(status["statustype"], {}).get("isEindstatus"))

    def _status(self, status: dict[str, Any]) -> None:
        zaak = self.held[status["zaak"]]
        zaak["status"] = status["url"]
        if self._ends(status):
            zaak["einddatum"] = status["datumStatusGezet"][:10]


_NO = {"deelzaken": [], "eigenschappen": [], "rollen": [], "zaakinformatieobjecten": [], "zaakobjecten": []}
_MOMENT = "2026-03-02T09:00:00Z"


def _says_itself(resource: str) -> dict[str, Any]:
    """What the server says of itself in a new thing."""
    return {
        "zaken": {**_NO, "einddatum": None, "status": None, "resultaat": None, "betalingsindicatieWeergave": ""},
        "statussen": {"zaakinformatieobjecten": [], "indicatieLaatstGezetteStatus": True},
        "rollen": {
            "omschrijving": "Behandelaar",
            "omschrijvingGeneriek": "behandelaar",
            "registratiedatum": _MOMENT,
            "statussen": [],
        },
        "zaakinformatieobjecten": {
            "aardRelatieWeergave": "Hoort bij, omgekeerd: kent",
            "registratiedatum": _MOMENT,
        },
        "enkelvoudiginformatieobjecten": {
            "versie": 1,
            "beginRegistratie": _MOMENT,
            "locked": False,
            "bestandsdelen": [],
            "lock": "",
        },
    }.get(resource, {})


def _refusal(wrong: Wrong) -> Answer:
    """An error as the standard writes it, with words that repeat what somebody sent."""
    told: dict[str, Any] = {
        "code": wrong.code,
        "title": "Geweigerd",
        "status": wrong.status,
        "detail": f"{wrong.name} van Mevrouw Vertrouwelijk",
        "instance": "urn:uuid:0f3a",
    }
    if wrong.status == 400:
        told["invalidParams"] = [{"name": wrong.name or "-", "code": wrong.code, "reason": "Mevrouw Vertrouwelijk"}]
    return wrong.status, told, {"API-version": "1"}


def _let_in(authorization: str) -> None:
    """Whether the token is signed with the shared secret, and says who it is and who uses it."""
    try:
        claims = jwt.decode(
            authorization.removeprefix("Bearer "), OctKey.import_key(SECRET), algorithms=["HS256"]
        ).claims
    except Exception:  # whatever is wrong with it, nobody is let in
        raise Wrong(403, "Authorization", "jwt-invalid") from None
    needed = {"iss", "iat", "client_id", "user_id", "user_representation"}
    if not needed <= claims.keys() or claims["client_id"] != CLIENT:
        raise Wrong(403, "Authorization", "jwt-invalid")


@contextmanager
def stand_in() -> Iterator[StandIn]:
    """A case system that listens on a free port, as long as it is needed."""
    system = StandIn()

    class Handler(BaseHTTPRequestHandler):
        def _any(self) -> None:
            parts = urlsplit(self.path)
            body = self.rfile.read(int(self.headers.get("content-length") or 0))
            status, found, headers = system.answer(self.command, parts.path, parts.query, self.headers, body)
            content = b"" if found is None else json.dumps(found).encode()
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("content-type", JSON if status < 400 else PROBLEM)
            self.send_header("content-length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        do_GET = do_POST = do_PATCH = do_PUT = do_DELETE = _any

        def log_message(self, format: str, *arguments: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    system.root = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield system
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
