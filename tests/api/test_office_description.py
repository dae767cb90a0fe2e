"""What programs of the office are told is what the description says, whatever they send."""

from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tests.api.programs import app_of
from tests.api.test_description import check, described
from tests.api.test_office import proved
from tests.conftest import Town
from tests.escalation.town import asked, case_of, number
from wijkteam.web.api.deeds import Deed
from wijkteam.web.api.office.routes import DEEDS

ENDS_THE_TEST = ("my_token_revoke", "staff_close_account")
"""What would end the program that tries all this."""


def paths() -> set[str]:
    """Where the deeds of the office are, but for those that would end this test."""
    return {each.path for each in DEEDS if isinstance(each, Deed) and each.endpoint not in ENDS_THE_TEST}


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_no_deed_of_the_office_answers_what_it_is_not_described_to(town: Town) -> None:
    escalation = asked(town, case_of(town)).id
    known: dict[str, Any] = {"personId": str(number(town, "fenna")), "escalationId": escalation, "number": "M-01"}
    who = proved(town, "ada")
    told = described(town)
    mine = {path: operations for path, operations in told["paths"].items() if path in paths()}
    schema = schemathesis.openapi.from_dict({**told, "paths": mine})
    operations = [found.ok() for found in schema.get_all_operations()]
    client = app_of(town).test_client()

    @given(st.data())
    @settings(max_examples=50, phases=[Phase.generate], suppress_health_check=list(HealthCheck), deadline=None)
    def try_one(data: st.DataObject) -> None:
        operation = data.draw(st.sampled_from(operations))
        made = data.draw(operation.as_strategy())
        for name in made.path_parameters or {}:
            if name in known and data.draw(st.booleans()):
                made.path_parameters[name] = known[name]
        answer = client.open(
            "/api/v1" + made.formatted_path,
            method=made.method,
            query_string=made.query or {},
            headers=who.headers,
            data=b"niets" if isinstance(made.body, bytes) else None,
            json=made.body if isinstance(made.body, dict | list) else None,
        )
        where = f"{made.method} {made.formatted_path}: {answer.status_code} {answer.get_data()[:300]!r}"
        assert answer.status_code != 500, where
        if answer.status_code == 404 and "/" in str(made.path_parameters):
            return
        responses = operation.definition.raw["responses"]
        assert str(answer.status_code) in responses, where
        content = responses[str(answer.status_code)].get("content", {})
        if answer.mimetype in ("application/json", "application/problem+json"):
            check(told, content[answer.mimetype]["schema"], answer.json)

    try_one()
