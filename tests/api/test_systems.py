"""Systems that sign in for themselves, and act for a named system person."""

from base64 import b64encode
from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient

from tests.api.programs import Program, app_of
from tests.conftest import Town
from wijkteam.api_access.service import add_client, end_client
from wijkteam.people.service import WrongPerson
from wijkteam.terms import clock


def asked(client: FlaskClient, public: str, secret: str, **more: str) -> Any:
    """What the way to a token answers."""
    shown = b64encode(f"{public}:{secret}".encode()).decode()
    sent = {"grant_type": "client_credentials", **more}
    return client.post("/api/v1/token", data=sent, headers={"Authorization": f"Basic {shown}"})


def test_a_system_gets_tokens_for_an_hour_within_its_scopes_until_it_is_ended(town: Town) -> None:
    app = app_of(town)
    client = app.test_client()
    public, secret = add_client(town.clockwork(), "Rooster", "fenna@voorbeeldstad.example", ["read", "write"])
    town.close()
    given = asked(client, public, secret, scope="read report")
    assert given.status_code == 200, given.json
    assert given.json["scope"] == "read" and given.json["token_type"] == "Bearer" and given.json["expires_in"] == 3600
    rooster = Program(app, given.json["access_token"])
    assert rooster.get("/me").json["token"] == "Rooster" and rooster.get("/me").json["scopes"] == ["read"]
    assert rooster.post("/cases").status_code == 403
    assert set(asked(client, public, secret).json["scope"].split()) == {"read", "write"}
    with clock.standing_at(clock.now() + timedelta(hours=2)):
        assert rooster.get("/me").status_code == 401
    assert end_client(town.clockwork(), public) and not end_client(town.clockwork(), public)
    town.close()
    assert rooster.get("/me").status_code == 401
    assert asked(client, public, secret).status_code == 401


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_who_does_not_prove_to_be_a_system_gets_no_token(town: Town) -> None:
    client = app_of(town).test_client()
    public, secret = add_client(town.clockwork(), "Rooster", "fenna@voorbeeldstad.example", ["read"])
    town.close()
    for wrong in ((public, "x"), ("x", secret), (public, ""), ("\x00", "x")):
        refused = asked(client, *wrong)
        assert refused.status_code in (400, 401) and "access_token" not in refused.json
    other = asked(client, public, secret, grant_type="password", username="fenna", password="x")
    assert other.status_code == 400 and other.json["error"] == "unsupported_grant_type"
    for name, email, scopes in (("", "fenna@voorbeeldstad.example", ["read"]), ("x", "nobody@x.example", ["read"])):
        with pytest.raises(WrongPerson):
            add_client(town.clockwork(), name, email, scopes)
