"""The page on which people make tokens for programs, and end them."""

import re
from datetime import timedelta

import pytest

from tests.api.programs import Program
from tests.conftest import Town
from tests.signed_in import client
from wijkteam.terms import clock


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_token_is_shown_once_works_at_once_and_ends_when_it_is_revoked(town: Town) -> None:
    fenna = client(town, "fenna")
    assert "Mijn tokens" in fenna.get("/mijn-toegang").text
    wrong = fenna.post("/mijn-toegang/tokens", data={"name": "Rooster", "last_day": "x"})
    assert wrong.status_code == 422 and "Kies wat het token mag." in wrong.text and 'value="Rooster"' in wrong.text
    day = (clock.today() + timedelta(days=10)).isoformat()
    made = fenna.post("/mijn-toegang/tokens", data={"name": "Rooster", "scopes": ["read"], "last_day": day})
    [secret] = re.findall(r"<code>(wt_[\w-]+)</code>", made.text)
    assert secret not in fenna.get("/mijn-toegang/tokens").text
    program = Program(fenna.application, secret)
    assert program.get("/me").json["token"] == "Rooster"
    [ending] = re.findall(r"/mijn-toegang/tokens/\d+/intrekken", fenna.get("/mijn-toegang/tokens").text)
    assert client(town, "teun").post(ending).status_code == 404
    assert fenna.post(ending).status_code == 302 and program.get("/me").status_code == 401
    assert client(town, "gijs").get("/mijn-toegang/tokens").status_code == 404
