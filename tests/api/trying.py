"""Programs that send whatever the description lets them, and answers held against what it says."""

from collections.abc import Collection, Mapping
from typing import Any

import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from tests.api.programs import Program


def answers_as_described(
    told: Mapping[str, Any], who: Program, known: Mapping[str, str], examples: int, paths: Collection[str] | None = None
) -> None:
    """Hold so many answers against the description: of all paths, or of these; with ids that are there among others."""
    mine = {path: found for path, found in told["paths"].items() if paths is None or path in paths}
    schema = schemathesis.openapi.from_dict({**told, "paths": mine})
    operations = [found.ok() for found in schema.get_all_operations()]

    @given(st.data())
    @settings(max_examples=examples, phases=[Phase.generate], suppress_health_check=list(HealthCheck), deadline=None)
    def try_one(data: st.DataObject) -> None:
        operation = data.draw(st.sampled_from(operations))
        made = data.draw(operation.as_strategy())
        for name in made.path_parameters or {}:
            if name in known and data.draw(st.booleans()):
                made.path_parameters[name] = known[name]
        _is_as_described(told, who, operation, made)

    try_one()


def _is_as_described(told: Mapping[str, Any], who: Program, operation: Any, made: Any) -> None:
    headers = {name: str(value) for name, value in (made.headers or {}).items() if name.lower() != "authorization"}
    sendable = {name: value for name, value in headers.items() if value.isascii() and value.isprintable()}
    answer = who.client.open(
        "/api/v1" + made.formatted_path,
        method=made.method,
        query_string={name: str(value) for name, value in (made.query or {}).items()},
        headers={**sendable, **who.headers},
        data=b"niets" if isinstance(made.body, bytes) else None,
        json=made.body if isinstance(made.body, dict | list) else None,
    )
    where = f"{made.method} {made.formatted_path}: {answer.status_code} {answer.get_data()[:300]!r}"
    assert answer.status_code != 500, where
    if answer.status_code == 404 and "/" in str(made.path_parameters):
        return
    responses = operation.definition.raw["responses"]
    assert str(answer.status_code) in responses, where
    if answer.status_code != 204:
        content = responses[str(answer.status_code)]["content"]
        assert answer.mimetype in content, where
        if answer.is_json:
            check(told, content[answer.mimetype]["schema"], answer.json)


def check(told: Mapping[str, Any], schema: Mapping[str, Any], found: Any) -> None:
    """Hold an answer against a schema of the description."""
    whole = {**schema, "components": told["components"]}
    problems = [f"{each.json_path}: {each.message}" for each in Draft202012Validator(whole).iter_errors(found)]
    assert problems == []
