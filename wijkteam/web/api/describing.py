"""The description of the API (OpenAPI 3.1), made from its routes and from the definitions that run here."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from flask import Response, jsonify

from wijkteam.api_access.service import SCOPES
from wijkteam.assembly import House
from wijkteam.web.acting import house
from wijkteam.web.api.bearing import VERSION
from wijkteam.web.api.bodies import Asked
from wijkteam.web.api.bodies_as_models import PARTS
from wijkteam.web.api.doing import can_be_taken, extra_fields
from wijkteam.web.api.kinds import KINDS, NOBODYS_STEP, Kind
from wijkteam.web.api.making import Making, own_schema
from wijkteam.web.api.problems import MEDIA_TYPE, camel
from wijkteam.web.api.proving import ASKS_PROOF
from wijkteam.web.api.shapes import EVENT, OPTION, TEXT, Schema, detail_schema, step_schema, summary_schema
from wijkteam.web.api.subjects import BY, MOST, USUAL, is_of_case, ways_to_list
from wijkteam.web.once import UUID
from wijkteam.web.report import FIRST_YEAR, LAST_YEAR

LIST, ONE, STORY, STEP, MAKE, TOLD, REPORT = "list", "one", "story", "step", "make", "told", "report"
DEED, FILE, AT_A_PAGE = "deed", "file", "at a page"
OCTETS = "application/octet-stream"
UNSAFE = frozenset({STEP, MAKE, DEED, AT_A_PAGE})
ONLY_AT_A_PAGE = " A person does this at a page, who proves there anew who they are: programs are always refused (403)."


@dataclass(frozen=True)
class Route:
    """One route: where it is, what answers it, and what kind of answer that is."""

    endpoint: str
    method: str
    path: str
    """As the description writes it, with the parameters in braces."""
    view: Callable[..., Any]
    scope: str
    sort: str
    kind: Kind | None = None
    schema: Schema | None = None
    title: str = ""
    making: Making | None = None
    query: tuple[Schema, ...] = ()
    """What can be asked in the address."""
    body: Callable[[House], Schema] | None = None
    """What is sent, where no definition says so."""
    status: int = 200
    media: str = "application/json"
    """What kind of file a FILE is."""
    versioned: bool = False
    """Whether a deed says in If-Match on which version it is done."""
    told: Callable[[], dict[str, Any]] | None = None
    """How it is described, where that does not follow from its sort."""

    @property
    def rule(self) -> str:
        """The path as the app writes it."""
        return re.sub(r"\{(\w+)\}", lambda found: f"<{snake(found[1])}>", self.path)


def snake(name: str) -> str:
    """A name of the API as it is here."""
    return re.sub(r"[A-Z]", lambda found: "_" + found[0].lower(), name)


PROBLEM: Schema = {
    "type": "object",
    "required": ["type", "title", "status", "detail"],
    "properties": {
        "type": TEXT,
        "title": TEXT,
        "status": {"type": "integer"},
        "detail": {"type": "string", "description": "One clear line, in the language of Accept-Language."},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["field", "detail"],
                "properties": {"field": TEXT, "detail": TEXT},
            },
        },
        "nearest": {"type": "string", "description": "Who can, where this person cannot."},
        "version": {"type": "integer"},
        "meanwhile": {"type": "array", "items": {"$ref": "#/components/schemas/Event"}},
    },
}
IF_MATCH: Schema = {
    "name": "If-Match",
    "in": "header",
    "required": True,
    "description": "The ETag of the subject as you read it.",
    "schema": {"type": "string"},
}
ONCE: Schema = {
    "name": "Idempotency-Key",
    "in": "header",
    "description": "A UUID of your own. What you send again under the same number is done once.",
    "schema": {"type": "string", "pattern": UUID.pattern},
}
WHY = {
    400: "It cannot be read",
    401: "No valid token",
    403: "The token, or its person, may not do this",
    404: "It is not there, or may not be read",
    409: "It cannot be done as things stand",
    412: "Somebody else changed it meanwhile",
    413: "Too large",
    415: "No JSON",
    422: "Not everything is filled in well",
    428: "If-Match is missing",
    429: "This token is used too often",
    503: "It cannot be read or kept safely now",
}
READING, CHANGING = (400, 401, 403, 404, 429, 503), (400, 401, 403, 404, 409, 412, 413, 415, 422, 428, 429, 503)
HEADERS = {"API-Version": {"schema": TEXT, "description": "The version of this API."}}
TAGGED = {**HEADERS, "ETag": {"schema": TEXT, "description": "The version of the subject."}}


def document(routes: Sequence[Route]) -> Response:
    """The description of this API, as a document."""
    return jsonify(described(house(), routes))


def described(home: House, routes: Sequence[Route]) -> dict[str, Any]:
    """The whole description."""
    paths: dict[str, dict[str, Any]] = {}
    for route in routes:
        for path, operation in _operations(home, route):
            paths.setdefault(path, {})[route.method.lower()] = operation
    schemas: dict[str, Schema] = {"Problem": PROBLEM, "Option": OPTION, "Event": EVENT}
    for kind in KINDS:
        schemas[kind.one], schemas[f"{kind.one}Summary"] = detail_schema(kind), summary_schema(kind)
    schemas |= PARTS
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "wijkteam",
            "version": VERSION,
            "description": "Cases, mandate, escalations and signals of a front-line team. Everything that a token can "
            "do its person can do; what that person may not read is not there (404).",
            "license": {"name": "EUPL-1.2", "identifier": "EUPL-1.2"},
            "contact": {"name": "Functional administrator", "url": "/", "email": "beheer@voorbeeldstad.example"},
        },
        "servers": [{"url": "/api/v1"}],
        "security": [{"token": []}],
        "tags": [{"name": name} for name in ["general", "office", *(kind.collection for kind in KINDS)]],
        "paths": paths,
        "components": {
            "securitySchemes": {
                "token": {"type": "http", "scheme": "bearer", "description": "Scopes: " + ", ".join(SCOPES)},
                "system": {
                    "type": "oauth2",
                    "flows": {
                        "clientCredentials": {
                            "tokenUrl": "/api/v1/token",
                            "scopes": {name: words.en for name, words in SCOPES.items()},
                        }
                    },
                },
            },
            "schemas": schemas,
        },
    }


def _ref(name: str) -> Schema:
    return {"$ref": f"#/components/schemas/{name}"}


def _operations(home: House, route: Route) -> list[tuple[str, dict[str, Any]]]:
    """The operations of a route: one, and for steps one for each transition."""
    if route.told is not None:
        return [(route.path, route.told())]
    if route.sort != STEP or route.kind is None:
        return [(route.path, _operation(home, route))]
    found = []
    workflow = home.engine.workflow(route.kind.name)
    lists = home.engine.process(route.kind.name).vocabulary.lists
    for each in workflow.transitions:
        if not can_be_taken(route.kind, each) or NOBODYS_STEP.issuperset(each.by):
            continue
        body = step_schema(workflow, each, lists)
        body["properties"].update(_own(extra_fields(route.kind, each)))
        told = _operation(home, route, body)
        told["operationId"] = camel(f"{route.kind.name}_step_{each.name}")
        told["summary"] = each.title.en
        told["parameters"] = [each for each in told["parameters"] if each["name"] != "transition"]
        found.append((route.path.replace("{transition}", each.name), told))
    return found


def _own(asked: Asked) -> dict[str, Schema]:
    return {camel(name): own_schema(kind) for name, kind in asked.items()}


def _operation(home: House, route: Route, body: Schema | None = None) -> dict[str, Any]:
    kind = route.kind
    parameters: list[Schema] = [
        {"name": name, "in": "path", "required": True, "schema": {"type": "string", "minLength": 1, "maxLength": 40}}
        for name in re.findall(r"\{(\w+)\}", route.path)
    ]
    parameters += route.query
    status, shape, headers = route.status, route.schema or {}, HEADERS
    if route.sort == LIST and kind is not None:
        parameters += _list_parameters(kind)
        shape = {
            "type": "object",
            "required": ["items", "nextCursor"],
            "properties": {
                "items": {"type": "array", "items": _ref(f"{kind.one}Summary")},
                "nextCursor": {"type": ["string", "null"]},
            },
        }
    elif route.sort == STORY:
        items = {"type": "array", "items": _ref("Event")}
        shape = {"type": "object", "required": ["items"], "properties": {"items": items}}
    elif route.sort == REPORT:
        year: Schema = {"type": "integer", "minimum": FIRST_YEAR, "maximum": LAST_YEAR}
        parameters += [
            {"name": "year", "in": "query", "description": "Left out: the running one.", "schema": year},
            {"name": "wijk", "in": "query", "schema": TEXT},
            {"name": "barrier", "in": "query", "schema": TEXT},
        ]
    elif kind is not None:
        shape, headers = _ref(kind.one), TAGGED
    if route.making is not None:
        status, body = 201, route.making.schema(home)
    if route.body is not None:
        body = route.body(home)
    if route.sort == FILE:
        shape = {"type": "string", "format": "binary"} if route.media == OCTETS else TEXT
    answers: dict[str, Any] = {
        str(status): {
            "description": "Done" if route.sort in UNSAFE else "Told",
            "headers": headers,
            "content": {route.media: {"schema": shape}},
        }
    }
    if route.sort == AT_A_PAGE:
        answers = {}
    elif route.sort in UNSAFE:
        answers["204"] = {"description": "Done, and no longer yours to read", "headers": HEADERS}
        parameters += [ONCE, *([IF_MATCH] if route.sort == STEP or route.versioned else [])]
    for code in CHANGING if route.sort in UNSAFE else READING:
        answers[str(code)] = {"description": WHY[code], "content": {MEDIA_TYPE: {"schema": _ref("Problem")}}}
    told: dict[str, Any] = {
        "operationId": camel(route.endpoint),
        "summary": route.title or f"{kind.one if kind else ''}: {route.sort}",
        "tags": [kind.collection if kind is not None else "general"],
        "description": f"Scope: {route.scope}."
        + (ONLY_AT_A_PAGE if route.sort == AT_A_PAGE else "")
        + (f" {ASKS_PROOF}" if route.sort == STEP and kind and kind.great else ""),
        "parameters": parameters,
        "responses": answers,
    }
    if body is not None:
        told["requestBody"] = {"required": bool(body["required"]), "content": {"application/json": {"schema": body}}}
    return told


def _list_parameters(kind: Kind) -> list[Schema]:
    by: Schema = {"type": "string", "enum": list(ways_to_list(kind)), "default": BY[0]}
    found: list[Schema] = [
        {
            "name": "of",
            "in": "query",
            "description": "Whose: mine, my teams', waiting for me, or all that I may read.",
            "schema": by,
        },
        {"name": "state", "in": "query", "schema": TEXT},
        {
            "name": "limit",
            "in": "query",
            "schema": {"type": "integer", "minimum": 1, "maximum": MOST, "default": USUAL},
        },
        {"name": "cursor", "in": "query", "description": "The nextCursor of the page before.", "schema": TEXT},
    ]
    if is_of_case(kind):
        found.insert(1, {"name": "caseId", "in": "query", "description": "Of one case.", "schema": TEXT})
    return found
