"""One deed or question of the API outside the steps of subjects: what it asks, what it tells, and who may."""

import hashlib
import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

from flask import Response, jsonify, request, url_for

from wijkteam.api_access.service import READ, WRITE
from wijkteam.web.api.bodies_as_models import Sent, Told, read, read_query, schema_of
from wijkteam.web.api.describing import CHANGING, HEADERS, ONCE, READING, TAGGED, WHY, Route
from wijkteam.web.api.doing import REPLAYED, after, done_before, made_id, once
from wijkteam.web.api.kinds import Kind
from wijkteam.web.api.problems import MEDIA_TYPE, Problem, camel
from wijkteam.web.api.proving import ASKS_PROOF, prove
from wijkteam.web.api.shapes import Schema
from wijkteam.web.language import _

FILE = "application/octet-stream"
NOT_TWICE = "Its answer is kept nowhere: the same number sent once more does nothing, and is told so (409)."


@dataclass(frozen=True)
class Deed:
    """One operation. Its `act` calls one service function, with what was sent and the parts of the path."""

    endpoint: str
    method: str
    path: str
    title: str
    act: Callable[..., Any]
    """Returns a model of `tells`, a ready answer, or None (204). For a kind: makes it under the id `made`."""
    sends: type[Sent] | None = None
    """The body; of a question what stands behind the question mark."""
    tells: type[Told] | Kind | str | None = None
    """A model, a kind of subject that is made, or the media type of a file."""
    scope: str = ""
    great: bool = False
    """Whether the pages ask for a recent proof of who does this."""
    first: Callable[..., Any] | None = None
    """What says (404) whether it is there for this person at all: asked before a proof or a body is."""
    takes_file: bool = False
    """Whether the body is a file, as bytes; what is asked besides stands behind the question mark."""
    largest: int | None = None
    """How large a file may be, in bytes."""
    numbered: bool = True
    """Whether a program can number it, so that it is done once; a deed of many transactions cannot."""
    prepare: Callable[..., Any] | None = None
    """What takes long and changes nothing: done before the one transaction of `act`, which is given it as `ready`."""
    finish: Callable[[Any], Any] | None = None
    """What makes the answer of what `act` returned: takes long, changes nothing, and so comes after the transaction."""
    again: Callable[..., Any] | None = None
    """What is answered under a number that was done before, as `act` would, with the id `made`; left out, 204."""
    told_once: str = ""
    """Of an answer that is kept nowhere, such as a secret: what one hears under a number that was done before (409)."""

    @property
    def unsafe(self) -> bool:
        """Whether it changes anything."""
        return self.method != "GET"

    @property
    def needs(self) -> str:
        """The scope that a token needs."""
        return self.scope or (WRITE if self.unsafe else READ)

    @property
    def once_only(self) -> bool:
        """Whether an Idempotency-Key counts."""
        return self.unsafe and self.numbered

    @property
    def status(self) -> int:
        """Of the answer when it is done."""
        return 204 if self.tells is None else 201 if isinstance(self.tells, Kind) else 200


def route(deed: Deed) -> Route:
    """The deed as a route of the API."""
    view = partial(perform, deed)
    told = partial(operation, deed)
    return Route(deed.endpoint, deed.method, deed.path, view, deed.needs, "deed", title=deed.title, told=told)


def perform(deed: Deed, **path: Any) -> Response:
    """Do it, once where it is numbered, and answer with what came of it."""
    if deed.largest is not None:
        request.max_content_length = deed.largest
    if deed.first is not None:
        deed.first(**path)
    if deed.great:
        prove()
    by_query = not deed.unsafe or deed.takes_file
    asked = None if deed.sends is None else read_query(deed.sends) if by_query else read(deed.sends)
    if asked is not None:
        path["given"] = asked
    if deed.takes_file:
        path["content"] = request.get_data()
    if isinstance(deed.tells, Kind):
        return _made(deed, deed.tells, asked, path)
    if not deed.once_only:
        return _answer(_finished(deed, deed.act(**path)))
    return _numbered(deed, asked, path)


def _numbered(deed: Deed, asked: Sent | None, path: dict[str, Any]) -> Response:
    """Do it once; what was done before under this number is answered again, or that it is told only once."""
    sent, found = _for_digest(asked, path.get("content")), list[Any]()
    if deed.again is not None:
        path["made"] = made_id()
    if deed.prepare is not None:
        if done_before(sent):
            return _done_before(deed, path)
        path["ready"] = deed.prepare(**path)
    if once(sent, lambda: found.append(deed.act(**path))):
        return _done_before(deed, path)
    return _answer(_finished(deed, found[0]))


def _finished(deed: Deed, found: Any) -> Any:
    return found if deed.finish is None else deed.finish(found)


def _done_before(deed: Deed, path: dict[str, Any]) -> Response:
    if deed.again is None and deed.told_once:
        raise Problem(409, _(deed.told_once), {REPLAYED: "true"})
    answer = Response(status=204) if deed.again is None else _answer(deed.again(**path))
    answer.headers[REPLAYED] = "true"
    return answer


def _for_digest(asked: Sent | None, content: bytes | None = None) -> dict[str, Any]:
    told = asked.model_dump() if asked is not None else {}
    return told if content is None else {**told, "content": hashlib.sha256(content).hexdigest()}


def _made(deed: Deed, kind: Kind, asked: Sent | None, path: dict[str, Any]) -> Response:
    made = made_id()
    replayed = once(_for_digest(asked), lambda: deed.act(made=made, **path))
    told = after(kind, made, 201, replayed)
    where: dict[str, Any] = {kind.argument: made}
    told.headers["Location"] = url_for(f"api.{kind.name}", **where)
    return told


def _answer(found: Any) -> Response:
    if isinstance(found, Response):
        return found
    return Response(status=204) if found is None else jsonify(found.model_dump(mode="json", by_alias=True))


def file(content: bytes, media_type: str, name: str) -> Response:
    """A file as an answer, to save and never to run."""
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(content, mimetype=media_type, headers=headers)


def operation(deed: Deed) -> dict[str, Any]:
    """The deed as the description tells it."""
    parameters: list[Schema] = [
        {"name": name, "in": "path", "required": True, "schema": {"type": "string", "minLength": 1, "maxLength": 40}}
        for name in re.findall(r"\{(\w+)\}", deed.path)
    ]
    if deed.sends is not None and (not deed.unsafe or deed.takes_file):
        shape = schema_of(deed.sends)
        must = shape["required"]
        parameters += [
            {"name": name, "in": "query", "required": name in must, "schema": _for_query(part)}
            for name, part in shape["properties"].items()
        ]
    answers: dict[str, Any] = {str(deed.status): _told(deed)}
    if deed.once_only:
        parameters.append(ONCE)
        if deed.again is None and not deed.told_once:
            answers["204"] = {"description": "Done, or done before under the same number", "headers": HEADERS}
    elif deed.status == 204:
        answers["204"] = {"description": "Done", "headers": HEADERS}
    for code in CHANGING if deed.unsafe else (*READING, 422):
        answers[str(code)] = {
            "description": WHY[code],
            "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
        }
    told: dict[str, Any] = {
        "operationId": camel(deed.endpoint),
        "summary": deed.title,
        "tags": [deed.tells.collection if isinstance(deed.tells, Kind) else "office"],
        "description": f"Scope: {deed.needs}."
        + (f" {ASKS_PROOF}" if deed.great else "")
        + (f" {NOT_TWICE}" if deed.told_once else ""),
        "parameters": parameters,
        "responses": answers,
    }
    if deed.takes_file:
        told["requestBody"] = {"required": True, "content": {FILE: {"schema": {"type": "string", "format": "binary"}}}}
    elif deed.unsafe and deed.sends is not None:
        body = schema_of(deed.sends)
        told["requestBody"] = {"required": bool(body["required"]), "content": {"application/json": {"schema": body}}}
    return told


def _for_query(part: Schema) -> Schema:
    """What can be left out is left out, never null."""
    kinds = [each for each in part.get("anyOf", ()) if each.get("type") != "null"]
    return kinds[0] if len(kinds) == 1 else {name: each for name, each in part.items() if name != "default"}


def _told(deed: Deed) -> Schema:
    if deed.tells is None:
        return {"description": "Done", "headers": HEADERS}
    if isinstance(deed.tells, str):
        content = {deed.tells: {"schema": {"type": "string", "format": "binary"}}}
        return {"description": "The file", "headers": HEADERS, "content": content}
    if isinstance(deed.tells, Kind):
        shape: Schema = {"$ref": f"#/components/schemas/{deed.tells.one}"}
        return {"description": "Done", "headers": TAGGED, "content": {"application/json": {"schema": shape}}}
    content = {"application/json": {"schema": schema_of(deed.tells)}}
    return {"description": "Done" if deed.unsafe else "Told", "headers": HEADERS, "content": content}
