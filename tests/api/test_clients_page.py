"""The administrator's page of systems with access, and the description of the API where programs look for it."""

import pytest
from flask.testing import FlaskClient

from tests.api.programs import app_of
from tests.conftest import Town
from tests.signed_in import sign_in_quietly
from wijkteam.people import queries as people
from wijkteam.people.service import NewPerson, add_person

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def client(town: Town) -> FlaskClient:
    app = app_of(town)
    app.config["WTF_CSRF_ENABLED"] = False
    return app.test_client()


def test_an_administrator_lets_a_system_act_for_a_system_person_and_ends_it(town: Town, client: FlaskClient) -> None:
    rooster = add_person(town.work("ada"), NewPerson("Roostersysteem", "rooster@voorbeeldstad.example"))
    sign_in_quietly(client, town, "ada")
    given = {"name": "Rooster", "person": str(rooster.id), "scopes": ["read"]}
    made = client.post("/beheer/api-toegang", data=given)
    assert made.status_code == 200 and "client_secret" in made.text and "wijkteam-" in made.text
    shown = client.get("/beheer/api-toegang").text
    assert "client_secret" not in shown and "Handelt als Roostersysteem" in shown
    public = shown.split("<code>")[1].split("</code>")[0]
    assert client.post(f"/beheer/api-toegang/{public}/beeindigen").status_code == 302
    assert client.post(f"/beheer/api-toegang/{public}/beeindigen").status_code == 404
    for wrong in ({"name": ""}, {"scopes": []}, {"person": "x"}):
        assert client.post("/beheer/api-toegang", data={**given, **wrong}).status_code == 422


def test_no_system_is_let_act_on_the_page_for_somebody_who_signs_in_themselves(town: Town, client: FlaskClient) -> None:
    fenna = people.person_by_email(town.clockwork().session, "fenna@voorbeeldstad.example")
    assert fenna is not None
    sign_in_quietly(client, town, "ada")
    given = {"name": "Rooster", "person": str(fenna.id), "scopes": ["read"]}
    assert client.post("/beheer/api-toegang", data=given).status_code == 422
    sign_in_quietly(client, town, "fenna")
    assert client.get("/beheer/api-toegang").status_code == 404
    assert client.post("/beheer/api-toegang", data=given).status_code == 404


def test_the_description_stands_at_the_root_too(client: FlaskClient) -> None:
    root = client.get("/openapi.json")
    assert root.status_code == 200 and root.json == client.get("/api/v1/openapi.json").json
