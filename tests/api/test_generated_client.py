"""A client that a generator makes of the description works: a case from its opening to its end."""

import importlib
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import httpx
import pytest
from flask import Flask

from tests.api.programs import Program, app_of, token_of
from tests.conftest import Town
from wijkteam.terms import clock

NAME = "generated_wijkteam_client"


@pytest.fixture
def generated(town: Town, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[ModuleType]:
    """A package made by openapi-python-client, from nothing but the description."""
    document = tmp_path / "openapi.json"
    document.write_bytes(Program(app_of(town), None).get("/openapi.json").get_data())
    making = ["generate", "--path", document, "--meta", "none", "--output-path", tmp_path / NAME]
    found = subprocess.run([sys.executable, "-m", "openapi_python_client", *making], capture_output=True, text=True)
    assert found.returncode == 0, found.stdout + found.stderr
    assert "skipping" not in (found.stdout + found.stderr).replace("Skipping Integration", "").lower()
    monkeypatch.syspath_prepend(str(tmp_path))
    yield importlib.import_module(f"{NAME}.client")
    for each in [name for name in sys.modules if name.startswith(NAME)]:
        del sys.modules[each]


class Caller:
    """Calls the functions of the generated client, with bodies as its own models."""

    def __init__(self, generated: ModuleType, app: Flask, token: str) -> None:
        base = "http://localhost/api/v1"
        self.client = generated.AuthenticatedClient(base_url=base, token=token)
        headers = {"Authorization": f"Bearer {token}"}
        transport = httpx.WSGITransport(app)
        self.client.set_httpx_client(httpx.Client(transport=transport, base_url=base, headers=headers))

    def call(self, tag: str, name: str, *path: str, body: Any = None, **more: Any) -> Any:
        """What comes back, parsed by the client."""
        if body is not None:
            words = "".join(each.title() for each in name.split("_"))
            more["body"] = getattr(importlib.import_module(f"{NAME}.models"), f"{words}Body").from_dict(body)
        called = importlib.import_module(f"{NAME}.api.{tag}.{name}")
        return called.sync(*path, client=self.client, **more)


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_a_generated_client_walks_a_case_from_its_opening_to_its_end(generated: ModuleType, town: Town) -> None:
    app, day = app_of(town), clock.today().isoformat()
    fenna, teun = (Caller(generated, app, token_of(town, name)) for name in ("fenna", "teun"))
    new = {"whoOrWhere": "Dhr. Voorbeeld", "whatIsGoingOn": "Huur", "nextStep": "Bellen", "nextStepOn": day}
    case = fenna.call("cases", "household_case_new", body=new)
    asked = {"question": "Wie vindt een woning?", "barrier": "housing"}
    escalation = fenna.call("escalations", "escalation_new", case.id, body=asked)
    of = importlib.import_module(f"{NAME}.models").EscalationListOf("waiting")
    [waiting] = teun.call("escalations", "escalation_list", of=of).items
    assert waiting.id == escalation.id and waiting.question == asked["question"]
    answer = {"answer": "Ik bel de corporatie.", "nextStep": "Bezichtigen", "nextStepOn": day}
    seen = f'"{waiting.version}"'
    answered = teun.call("escalations", "escalation_step_answer", waiting.id, body=answer, if_match=seen)
    assert answered.state == "answered"
    stale = teun.call("escalations", "escalation_step_answer", waiting.id, body=answer, if_match=seen)
    assert stale.status == 412 and [each.name for each in stale.meanwhile] == ["answer"]
    now = f'"{answered.version}"'
    result = {"result": "Er is een woning."}
    resolved = fenna.call("escalations", "escalation_step_resolve", escalation.id, body=result, if_match=now)
    assert resolved.state == "resolved"
    open_case = fenna.call("cases", "household_case", case.id)
    why = {"outcome": "partly", "outcomeReason": "Verhuisd"}
    ended = fenna.call("cases", "household_case_step_stop_early", case.id, body=why, if_match=f'"{open_case.version}"')
    assert ended.state == "closed", ended
    story = fenna.call("cases", "household_case_story", case.id)
    assert story.items[-1].name == "stop_early"
