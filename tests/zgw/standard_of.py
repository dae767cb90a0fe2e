"""The standard as it is written down in `standard/`: finding an operation, and checking what goes in and comes out.

The checking itself is done by openapi-schema-validator: what only the server says is refused in a request, and what
may be null may be.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from openapi_schema_validator import OAS30ReadValidator, OAS30WriteValidator, oas30_format_checker

FOLDER = Path(__file__).parent / "standard"
JSON, PROBLEM = "application/json", "application/problem+json"
SERVED = ("zaken", "besluiten", "documenten", "catalogi", "notificaties")


class Wrong(Exception):
    """A request that the standard refuses."""

    def __init__(self, status: int, name: str = "", code: str = "invalid") -> None:
        super().__init__(f"{status} {name} {code}")
        self.status, self.name, self.code = status, name, code


@dataclass(frozen=True)
class Operation:
    """One operation: its path as the standard writes it, and what is said of it."""

    api: "Api"
    template: str
    said: dict[str, Any]

    @property
    def status(self) -> str:
        """With which status it answers when it was done."""
        return next(each for each in self.said["responses"] if each < "300")

    def check_request(self, headers: Mapping[str, str], query: Mapping[str, str], body: bytes) -> Any:
        """The body that was given. Raises Wrong for a header, a question or a body that the standard does not have."""
        known = {each["name"]: each for each in self.said.get("parameters", []) if each["in"] == "query"}
        for name, given in query.items():
            if name not in known:
                raise Wrong(400, "nonFieldErrors", "unknown-parameters")
            self.api.check(known[name]["schema"], _as_typed(known[name]["schema"], given), OAS30WriteValidator, name)
        for each in self.said.get("parameters", []):
            if each["in"] == "header" and each.get("required"):
                told = headers.get(each["name"], "").partition(";")[0]
                if told not in each["schema"]["enum"]:
                    raise Wrong(412 if each["name"].endswith("Crs") else 415, each["name"], "not-acceptable")
        if "requestBody" not in self.said:
            if body:
                raise Wrong(400, "nonFieldErrors", "unexpected-body")
            return None
        try:
            given = json.loads(body)
        except ValueError:
            raise Wrong(400, "nonFieldErrors", "parse-error") from None
        self.api.check(self.said["requestBody"]["content"][JSON]["schema"], given, OAS30WriteValidator)
        return given

    def wrong_answer(self, status: int, answer: Any, headers: Mapping[str, str]) -> str | None:
        """What is wrong with an answer of the server's own; None when nothing is."""
        said = self.said["responses"].get(str(status))
        if said is None:
            return f"{self.template}: {status} is no answer of the standard"
        if "$ref" in said:
            said = self.api.document["components"]["responses"][said["$ref"].rsplit("/", 1)[1]]
        missing = set(said.get("headers", {})) - set(headers) - {"ETag"}
        if missing:
            return f"{self.template}: {status} without {', '.join(sorted(missing))}"
        kind = JSON if status < 400 else PROBLEM
        if "content" not in said:
            return None if answer is None else f"{self.template}: {status} with a body"
        try:
            self.api.check(said["content"][kind]["schema"], answer, OAS30ReadValidator)
        except Wrong as wrong:
            return f"{self.template}: {status}: {wrong.name} {wrong.code}"
        return None


@dataclass(frozen=True)
class Api:
    """One API of the standard."""

    document: dict[str, Any]

    @property
    def base(self) -> str:
        """The path that it stands under."""
        return str(self.document["servers"][0]["url"])

    def check(self, schema: Any, thing: Any, validator: Any, name: str = "") -> None:
        """Raise Wrong for what does not fit."""
        whole = {**schema, "components": self.document["components"]}
        for error in validator(whole, format_checker=oas30_format_checker).iter_errors(thing):
            found = _deepest(error)
            where = ".".join(str(each) for each in found.absolute_path)
            raise Wrong(400, name or where or str(found.message)[:60], str(found.validator))

    def find(self, method: str, path: str) -> Operation | None:
        """The operation of a path; None when it is none of this API. Raises Wrong for a way that it does not have."""
        for template, operations in self.document["paths"].items():
            if re.fullmatch(re.sub(r"{\w+}", "[0-9a-f-]+", self.base + template), path):
                if method.lower() not in operations:
                    raise Wrong(405, "", "method_not_allowed")
                return Operation(self, template, operations[method.lower()])
        return None


def _deepest(error: Any) -> Any:
    """The error that says most: within a choice, that of the branch that came furthest."""
    while error.context:
        error = max(error.context, key=lambda each: (len(each.absolute_path), each.validator not in ("enum", "const")))
    return error


def _as_typed(schema: Any, given: str) -> Any:
    kind = schema.get("type")
    if kind == "integer" and given.isdigit():
        return int(given)
    if kind == "boolean" and given in ("true", "false"):
        return given == "true"
    return given.split(",") if kind == "array" else given


@cache
def api(name: str) -> Api:
    """One API by the name of its file."""
    return Api(yaml.safe_load((FOLDER / f"{name}.yaml").read_text(encoding="utf-8")))
