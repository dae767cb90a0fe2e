"""A stand-in for a municipality's case system, made from the OpenAPI of the standards, for real on this machine.

It lets nobody in without a signed token, checks every request against its description, keeps what it is given, and
checks its own answers as well. Beside the descriptions it knows the rules of the standard that no schema can say.
"""

import json
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit
from uuid import uuid4

import yaml
from joserfc import jwt
from joserfc.jwk import OctKey
from jsonschema import Draft202012Validator, FormatChecker

STANDARD = Path(__file__).parent / "standard"
CLIENT, SECRET = "wijkteam", "een geheim van genoeg tekens"
PROBLEM = "application/problem+json"


class Wrong(Exception):
    """A request that the standard refuses."""

    def __init__(self, status: int, name: str = "", code: str = "invalid") -> None:
        super().__init__(code)
        self.status, self.name, self.code = status, name, code


@dataclass
class Api:
    """One API of the standard: its paths, and the schemas as JSON Schema."""

    base: str
    paths: dict[str, Any]
    schemas: dict[str, Any]

    @classmethod
    def of(cls, name: str) -> "Api":
        document = yaml.safe_load((STANDARD / f"{name}.yaml").read_text(encoding="utf-8"))
        return cls(document["servers"][0]["url"], document["paths"], document["components"]["schemas"])

    def check(self, schema: Any, thing: Any, given: bool) -> None:
        """Raise Wrong for what does not fit; what only the server says is neither asked of a request nor taken."""
        whole = _as_json_schema({**schema, "components": {"schemas": self.schemas}}, given)
        for error in Draft202012Validator(whole, format_checker=FormatChecker()).iter_errors(thing):
            raise Wrong(400, ".".join(str(each) for each in error.absolute_path) or error.message, error.validator)


def _as_json_schema(schema: Any, given: bool) -> Any:
    """OpenAPI 3.0 as JSON Schema: nullable, and what is read only."""
    if isinstance(schema, list):
        return [_as_json_schema(each, given) for each in schema]
    if not isinstance(schema, dict):
        return schema
    made = {name: _as_json_schema(each, given) for name, each in schema.items()}
    properties = schema.get("properties")
    if given and isinstance(properties, dict) and isinstance(schema.get("required"), list):
        made["required"] = [each for each in schema["required"] if not properties.get(each, {}).get("readOnly")]
    return {"anyOf": [made, {"type": "null"}]} if schema.get("nullable") is True else made


@dataclass
class StandIn:
    """The case system: what it holds by address, and what it is told to do wrong."""

    root: str = ""
    held: dict[str, dict[str, Any]] = field(default_factory=dict)
    asked: list[tuple[str, str]] = field(default_factory=list)
    fails: list[int] = field(default_factory=list)
    """With which statuses the next requests that change something are answered, instead of being done."""
    loses_answers: int = 0
    """How many requests that change something are done, and then answered with 502."""
    broken: list[str] = field(default_factory=list)
    """Answers of its own that do not fit its description."""
    apis: list[Api] = field(default_factory=lambda: [Api.of(each) for each in ("zaken", "besluiten", "catalogi")])

    def all(self, resource: str) -> list[dict[str, Any]]:
        """All there is of a resource, in the order in which it came."""
        return [each for url, each in self.held.items() if url.rsplit("/", 2)[1] == resource]

    def hold(self, api: str, resource: str, **said: Any) -> str:
        """Put a thing there; returns its address."""
        url = f"{self.root}/{api}/api/v1/{resource}/{uuid4()}"
        self.held[url] = {"url": url, **said}
        return url

    def answer(self, method: str, path: str, query: str, headers: Any, body: bytes) -> tuple[int, Any]:
        """What the standard answers."""
        self.asked.append((method, path))
        try:
            _let_in(headers.get("Authorization", ""))
            if method != "GET" and self.fails:
                raise Wrong(self.fails.pop(0), "zaaktype", "no-match")
            api, template, operation = self._operation(method, path)
            status, found = self._do(api, template, operation, method, self.root + path, dict(parse_qsl(query)), body)
            if method != "GET" and self.loses_answers:
                self.loses_answers -= 1
                return 502, None
            return status, found
        except Wrong as wrong:
            params = [{"name": wrong.name, "code": wrong.code, "reason": f"{wrong.name} van Mevrouw Vertrouwelijk"}]
            return wrong.status, {"status": wrong.status, "code": wrong.code, "invalid-params": params}

    def _operation(self, method: str, path: str) -> tuple[Api, str, Any]:
        for api in self.apis:
            for template, operations in api.paths.items():
                if re.fullmatch(re.sub(r"{\w+}", "[0-9a-f-]+", api.base + template), path):
                    if method.lower() not in operations:
                        raise Wrong(405)
                    return api, template, operations[method.lower()]
        raise Wrong(404)

    def _do(
        self, api: Api, template: str, operation: Any, method: str, url: str, asked: dict[str, str], body: bytes
    ) -> tuple[int, Any]:
        known = {each["name"] for each in operation.get("parameters", [])}
        if not asked.keys() <= known:
            raise Wrong(400, "nonFieldErrors", "unknown-parameters")
        given = json.loads(body) if body else None
        if "requestBody" in operation:
            api.check(operation["requestBody"]["content"]["application/json"]["schema"], given, True)
        one = template.endswith("}")
        if one and url not in self.held:
            raise Wrong(404)
        status = next(iter(operation["responses"]))
        if method == "DELETE":
            del self.held[url]
            return int(status), None
        shape = operation["responses"][status]["content"]["application/json"]["schema"]
        if method == "PATCH":
            self.held[url].update(given)
        found = self.held.get(url) if one else self._list(url, asked) if method == "GET" else self._add(url, given)
        try:
            api.check(shape, found, False)
        except Wrong as wrong:
            self.broken.append(f"{method} {template}: {wrong.name} {wrong.code}")
        return int(status), found

    def _list(self, url: str, asked: dict[str, str]) -> dict[str, Any]:
        filters = {name: value for name, value in asked.items() if name != "page"}
        mine = [each for at, each in self.held.items() if at.rsplit("/", 1)[0] == url]
        found = [each for each in mine if all(str(each.get(name)) == value for name, value in filters.items())]
        return {"count": len(found), "next": None, "previous": None, "results": found}

    def _add(self, url: str, given: dict[str, Any]) -> dict[str, Any]:
        resource, number = url.rsplit("/", 1)[1], str(uuid4())
        self._rules(resource, given)
        made = {"url": f"{url}/{number}", "uuid": number, **given, **_SAYS_ITSELF.get(resource, {})}
        self.held[made["url"]] = made
        if resource == "statussen":
            self._status(made)
        return made

    def _rules(self, resource: str, given: dict[str, Any]) -> None:
        zaak = self.held.get(given.get("zaak", ""))
        if resource in ("statussen", "resultaten", "rollen", "besluiten") and zaak is None:
            raise Wrong(400, "zaak", "does_not_exist")
        unique = {"zaken": "bronorganisatie", "besluiten": "verantwoordelijkeOrganisatie"}.get(resource)
        if unique is not None:
            same = (given.get("identificatie"), given.get(unique))
            if any((each.get("identificatie"), each.get(unique)) == same for each in self.all(resource)):
                raise Wrong(400, "identificatie", "identificatie-niet-uniek")
        if resource in ("resultaten", "statussen", "rollen") and zaak is not None and zaak["einddatum"]:
            raise Wrong(403, "zaak", "zaak-closed")
        if (
            resource == "resultaten"
            and self._list(f"{self.root}/zaken/api/v1/resultaten", {"zaak": given["zaak"]})["count"]
        ):
            raise Wrong(400, "zaak", "unique")
        results = self._list(f"{self.root}/zaken/api/v1/resultaten", {"zaak": given.get("zaak", "")})["count"]
        if resource == "statussen" and self._ends(given) and not results:
            raise Wrong(400, "nonFieldErrors", "resultaat-does-not-exist")

    def _ends(self, status: dict[str, Any]) -> bool:
        return bool(self.held.get(status["statustype"], {}).get("isEindstatus"))

    def _status(self, status: dict[str, Any]) -> None:
        zaak = self.held[status["zaak"]]
        zaak["status"] = status["url"]
        if self._ends(status):
            zaak["einddatum"] = status["datumStatusGezet"][:10]


_NO = {"deelzaken": [], "eigenschappen": [], "rollen": [], "zaakinformatieobjecten": [], "zaakobjecten": []}
_SAYS_ITSELF: dict[str, dict[str, Any]] = {
    "zaken": {**_NO, "einddatum": None, "status": None, "resultaat": None, "betalingsindicatieWeergave": ""},
    "statussen": {"zaakinformatieobjecten": []},
    "rollen": {
        "omschrijving": "Behandelaar",
        "omschrijvingGeneriek": "behandelaar",
        "registratiedatum": "2026-03-02T09:00:00Z",
        "statussen": [],
    },
}
"""What the server says of itself in each thing."""


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
            status, found = system.answer(self.command, parts.path, parts.query, self.headers, body)
            content = b"" if found is None else json.dumps(found).encode()
            self.send_response(status)
            self.send_header("content-type", "application/json" if status < 400 else PROBLEM)
            self.send_header("content-length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        do_GET = do_POST = do_PATCH = do_DELETE = _any

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
