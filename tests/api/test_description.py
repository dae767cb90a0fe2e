"""The description of the API: valid, and true of what is answered."""

import json
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from openapi_spec_validator import OpenAPIV31SpecValidator, validate

from tests.api.programs import Program, app_of, program, token_of
from tests.conftest import Town
from tests.escalation.town import number
from wijkteam.terms import clock


def described(town: Town) -> dict[str, Any]:
    """The description, as anybody can read it."""
    answer = Program(app_of(town), None).get("/openapi.json")
    found: dict[str, Any] = json.loads(answer.get_data())
    return found


def test_the_description_is_valid_and_tells_every_step_that_programs_can_take(town: Town) -> None:
    told = described(town)
    validate(told, cls=OpenAPIV31SpecValidator)
    steps = [path for path in told["paths"] if "/steps/" in path]
    assert len(steps) > 100
    closing = told["paths"]["/cases/{caseId}/steps/close"]["post"]
    assert closing["requestBody"]["content"]["application/json"]["schema"]["required"]
    for path, operations in told["paths"].items():
        assert not path.endswith("/") and path == path.lower().replace("id}", "Id}"), path
        for operation in operations.values():
            assert {"401", "404"} <= operation["responses"].keys()


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_what_is_answered_is_what_the_description_says(town: Town) -> None:
    fenna = program(town, "fenna")
    new = {"whoOrWhere": "Dhr. Voorbeeld", "whatIsGoingOn": "Huur", "nextStep": "Bellen"}
    case = fenna.post("/cases", {**new, "nextStepOn": clock.today().isoformat()}).json["id"]
    track = {"lifeDomain": "finance", "goal": "Rust", "nextStep": "Bellen", "nextStepOn": clock.today().isoformat()}
    track_id = fenna.post(f"/cases/{case}/tracks", {**track, "worker": number(town, "fenna")}).json["id"]
    signal = fenna.post("/signals", {"kind": "suggestion", "words": "Een bankje"})
    assert signal.status_code == 201, signal.json
    known = {"caseId": case, "trackId": track_id, "signalId": signal.json["id"]}
    token = token_of(town, "fenna")
    schema = schemathesis.openapi.from_dict(described(town))
    operations = [found.ok() for found in schema.get_all_operations()]
    client = app_of(town).test_client()

    @given(st.data())
    @settings(max_examples=100, phases=[Phase.generate], suppress_health_check=list(HealthCheck), deadline=None)
    def try_one(data: st.DataObject) -> None:
        operation = data.draw(st.sampled_from(operations))
        made = data.draw(operation.as_strategy())
        for name in made.path_parameters or {}:
            if name in known and data.draw(st.booleans()):
                made.path_parameters[name] = known[name]
        headers = {name: str(value) for name, value in (made.headers or {}).items() if name.lower() != "authorization"}
        sendable = {name: value for name, value in headers.items() if value.isascii() and value.isprintable()}
        answer = client.open(
            "/api/v1" + made.formatted_path,
            method=made.method,
            query_string={name: str(value) for name, value in (made.query or {}).items()},
            headers={**sendable, "Authorization": f"Bearer {token}"},
            json=made.body if isinstance(made.body, dict | list) else None,
        )
        where = f"{made.method} {made.formatted_path}: {answer.status_code} {answer.get_data(as_text=True)[:300]}"
        assert answer.status_code != 500, where
        responses = operation.definition.raw["responses"]
        if answer.status_code == 404 and "/" in str(made.path_parameters):
            return
        assert str(answer.status_code) in responses, where
        if answer.status_code != 204:
            content = responses[str(answer.status_code)]["content"]
            assert answer.mimetype in content, where
            if answer.is_json:
                check(described_once, content[answer.mimetype]["schema"], answer.json)

    described_once = described(town)
    try_one()


def check(told: dict[str, Any], schema: dict[str, Any], found: Any) -> None:
    """Hold an answer against a schema of the description."""
    from jsonschema import Draft202012Validator

    whole = {**schema, "components": told["components"]}
    problems = [f"{each.json_path}: {each.message}" for each in Draft202012Validator(whole).iter_errors(found)]
    assert problems == []
