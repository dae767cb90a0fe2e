"""The description of the API: valid, and true of what is answered."""

import json
from typing import Any

import pytest
from openapi_spec_validator import OpenAPIV31SpecValidator, validate

from tests.api.programs import Program, app_of, program
from tests.api.trying import answers_as_described
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
    answers_as_described(described(town), fenna, known, examples=100)
