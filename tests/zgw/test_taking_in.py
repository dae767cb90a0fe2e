"""A zaak elsewhere becomes a signal at the front door, once, with nothing beyond the mapping."""

from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from tests.zgw.conftest import TOKEN, Elsewhere
from wijkteam.signals.model import ResidentSignal
from wijkteam.terms import clock
from wijkteam.web.app import create_app
from wijkteam.web.safety import Safety
from wijkteam.zgw.model import ZaakIntake, ZaakState
from wijkteam.zgw.taking import TakenIn, note_zaak

NO = {"deelzaken": [], "eigenschappen": [], "rollen": [], "zaakinformatieobjecten": [], "zaakobjecten": []}


def zaak(elsewhere: Elsewhere, **other: Any) -> str:
    """A zaak that somebody else made."""
    said = {
        "identificatie": "ZAAK-2026-0001",
        "bronorganisatie": "517439943",
        "verantwoordelijkeOrganisatie": "517439943",
        "omschrijving": "Buurvrouw komt niet meer buiten",
        "toelichting": "Burgerservicenummer 123456782",
        "zaaktype": elsewhere.document["intake"]["types"][0],
        "startdatum": "2026-03-02",
        "einddatum": None,
    }
    return elsewhere.system.hold("zaken", "zaken", **{**said, **NO, **other})


def notification(url: str, **other: Any) -> dict[str, Any]:
    said = {"kanaal": "zaken", "resource": "zaak", "actie": "create", "hoofdObject": url, "resourceUrl": url}
    return {**said, "aanmaakdatum": "2026-03-02T09:00:00Z", "kenmerken": {"bronorganisatie": "517439943"}, **other}


@pytest.fixture
def client(elsewhere: Elsewhere) -> FlaskClient:
    safe = Safety(zaken=elsewhere.mapping)
    return create_app(elsewhere.town.house, "sleutel", "Voorbeeldstad", safety=safe).test_client()


def notify(client: FlaskClient, body: Any, token: str = TOKEN) -> int:
    return client.post("/zgw/notificaties", json=body, headers={"Authorization": token}).status_code


def signals(elsewhere: Elsewhere) -> list[ResidentSignal]:
    return list(elsewhere.town.clockwork().session.scalars(select(ResidentSignal)))


def test_a_new_zaak_becomes_one_signal_however_often_it_is_told(elsewhere: Elsewhere, client: FlaskClient) -> None:
    url = zaak(elsewhere)
    assert [notify(client, notification(url)) for _ in range(2)] == [204, 204]
    assert (elsewhere.take().taken, elsewhere.take()) == (1, TakenIn())
    assert notify(client, notification(url)) == 204 and elsewhere.take() == TakenIn()
    (signal,) = signals(elsewhere)
    assert signal.words == "Buurvrouw komt niet meer buiten" and signal.contact == "Zaak ZAAK-2026-0001"
    assert signal.kind == "worry" and signal.received_by is None and signal.resident is None
    work = elsewhere.town.work("teun")
    assert work.options(signal), "somebody of the team can take it up"
    (noted,) = elsewhere.town.clockwork().session.scalars(select(ZaakIntake))
    assert (noted.state, noted.signal_id, noted.number) == (ZaakState.DONE, signal.id, "ZAAK-2026-0001")


def test_what_is_not_for_us_is_passed_over(elsewhere: Elsewhere, client: FlaskClient) -> None:
    other = elsewhere.document["case"]["type"]
    for url in (
        zaak(elsewhere, zaaktype=other),
        zaak(elsewhere, einddatum="2026-03-03"),
        zaak(elsewhere, identificatie="WIJKTEAM-abc"),
    ):
        assert notify(client, notification(url)) == 204
    assert elsewhere.take() == TakenIn(passed=3)
    for told in (
        notification("https://elders.example/zaken/1"),
        notification("http://169.254.169.254/latest"),
        notification(f"{elsewhere.system.root}/zaken/api/v1/../../x"),
        notification("https://zaken.example/\x00"),
        notification(zaak(elsewhere), kanaal="test"),
        notification(zaak(elsewhere), actie="update"),
    ):
        assert notify(client, told) == 204
    assert elsewhere.take() in (TakenIn(), TakenIn(dead=1)) and signals(elsewhere) == []


def test_without_the_agreed_authorization_or_a_mapping_there_is_no_such_address(
    elsewhere: Elsewhere, client: FlaskClient
) -> None:
    told = notification(zaak(elsewhere))
    for token in ("", "Bearer ", "Bearer anders", TOKEN + "x"):
        assert notify(client, told, token) == 404
    wrong = (
        {"hoofdObject": 3},
        {"hoofdObject": "https://zaken.example/\udcff"},
        {"kanaal": "x" * 51},
        {"aanmaakdatum": "gisteren"},
        {"kenmerken": []},
        {"actie": ""},
    )
    for nonsense in (None, [], "x", {}, {"kanaal": "zaken"}, *({**told, **each} for each in wrong)):
        assert notify(client, nonsense) == 400
    del told["kenmerken"]
    assert notify(client, told) == 204, "the standard asks for no kenmerken"
    assert elsewhere.take().taken == 1
    without = create_app(elsewhere.town.house, "sleutel", "Voorbeeldstad").test_client()
    assert notify(without, told) == 404
    assert elsewhere.take() == TakenIn()


def test_a_case_system_that_is_away_is_asked_again(elsewhere: Elsewhere) -> None:
    url = zaak(elsewhere)
    assert note_zaak(elsewhere.town.clockwork(), elsewhere.mapping, url)
    secret = elsewhere.file.parent / "secret"
    good = secret.read_text()
    secret.write_text("een heel ander geheim dan toen")
    assert elsewhere.take().later == 1
    secret.write_text(good)
    assert elsewhere.take() == TakenIn()
    with clock.standing_at(clock.now() + timedelta(minutes=2)):
        assert elsewhere.take().taken == 1


def test_a_zaak_that_is_gone_is_dead_and_said_why(elsewhere: Elsewhere) -> None:
    url = zaak(elsewhere)
    note_zaak(elsewhere.town.clockwork(), elsewhere.mapping, url)
    del elsewhere.system.held[url]
    assert elsewhere.take().dead == 1
    (noted,) = elsewhere.town.clockwork().session.scalars(select(ZaakIntake))
    assert noted.last_error is not None and "404" in noted.last_error
