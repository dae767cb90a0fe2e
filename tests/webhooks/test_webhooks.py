"""Webhooks go out once each, signed, as CloudEvents that name no household; and never to a machine inside."""

import base64
import hashlib
import hmac
import json
from collections.abc import Iterator
from datetime import timedelta
from ipaddress import ip_address, ip_network
from typing import Any

import pytest
from sqlalchemy import select

from tests.conftest import Town
from tests.signed_in import sign_in_quietly
from tests.webhooks.receiving import Receiver, receiver
from wijkteam.cases.model import HouseholdCase
from wijkteam.cases.service import NewCase, open_case
from wijkteam.escalation.service import NewEscalation, escalate
from wijkteam.keys.sealing import CannotOpen
from wijkteam.storage.settings import WrongSettings
from wijkteam.terms import clock
from wijkteam.web.app import create_app
from wijkteam.web.safety import Safety
from wijkteam.webhooks.addresses import Allowed, NotThere, look_up, read_address
from wijkteam.webhooks.model import DeliveryState, WebhookDelivery, WebhookSubscription
from wijkteam.webhooks.sealed import open_secret
from wijkteam.webhooks.sending import MOST_ATTEMPTS, Told, do_webhook_round
from wijkteam.webhooks.service import NewWebhook, WrongWebhook, add_webhook, end_webhook, try_deliveries_again
from wijkteam.webhooks.settings import Outlet, read_outlet
from wijkteam.webhooks.telling import Sender

SOURCE = "urn:nld:oin:00000001823288444000:systeem:wijkteam"
OUTLET = Outlet(Sender(SOURCE, "https://wijkteam.voorbeeldstad.example"), Allowed(loopback=True))
SECRETS = ("Geheimstraat", "Schulden", "Bellen", "Vertrouwelijk", "Fenna")


@pytest.fixture
def there() -> Iterator[Receiver]:
    with receiver() as found:
        yield found


def subscribed(town: Town, to: Receiver, *kinds: str) -> str:
    """The secret of a new webhook."""
    new = NewWebhook("Zaaksysteem", to.url, kinds or ("household_case", "escalation"))
    return add_webhook(town.work("ada"), town.house.key_ring, OUTLET.allowed, new)


def case_of(town: Town) -> HouseholdCase:
    return open_case(town.work("fenna"), NewCase("Geheimstraat 7", "Schulden", "Bellen", clock.today()))


def round_of(town: Town) -> Told:
    return do_webhook_round(town.clockwork(), town.house.key_ring, OUTLET)


def deliveries(town: Town) -> list[WebhookDelivery]:
    return list(town.clockwork().session.scalars(select(WebhookDelivery).order_by(WebhookDelivery.id)))


def test_each_step_is_told_once_as_a_signed_event_that_names_no_household(town: Town, there: Receiver) -> None:
    secret = subscribed(town, there)
    case = case_of(town)
    question = escalate(town.work("fenna"), NewEscalation(case.id, case.team_id, "Mevrouw Vertrouwelijk", "housing"))
    assert (round_of(town).sent, round_of(town).sent) == (2, 0)
    told: list[dict[str, Any]] = [json.loads(body) for _, body in there.came_in]
    assert [(each["type"], each["subject"]) for each in told] == [
        ("nl.wijkteam.household-case.open", case.id),
        ("nl.wijkteam.escalation.open", question.id),
    ]
    first = told[0]
    assert first["specversion"] == "1.0" and first["source"] == SOURCE and first["subjectversion"] == 1
    assert first["dataref"] == f"https://wijkteam.voorbeeldstad.example/api/v1/cases/{case.id}"
    assert first["time"].endswith("Z") and len({each["id"] for each in told}) == 2 and "data" not in first
    for sent, body in there.came_in:
        assert not [each for each in SECRETS if each.encode() in body]
        assert sent["content-type"].startswith("application/cloudevents+json")
        signed = f"{sent['webhook-id']}.{sent['webhook-timestamp']}.".encode() + body
        made = hmac.new(base64.b64decode(secret.removeprefix("whsec_")), signed, hashlib.sha256).digest()
        assert sent["webhook-signature"] == "v1," + base64.b64encode(made).decode()
        assert sent["webhook-id"] == json.loads(body)["id"]


def test_what_is_not_taken_is_tried_again_with_the_same_id_and_after_so_many_times_is_dead(
    town: Town, there: Receiver
) -> None:
    subscribed(town, there)
    case_of(town)
    there.status = 500
    moment = clock.now()
    for number in range(1, MOST_ATTEMPTS + 1):
        with clock.standing_at(moment + number * timedelta(hours=6)):
            told = round_of(town)
            assert (told.later, told.dead) == ((0, 1) if number == MOST_ATTEMPTS else (1, 0))
    (dead,) = deliveries(town)
    assert dead.state == DeliveryState.DEAD and dead.last_error == "answered 500"
    there.status = 302
    assert try_deliveries_again(town.work("ada"), dead.subscription_id) == 1
    came = len(there.came_in)
    with clock.standing_at(clock.now() + timedelta(seconds=1)):
        assert round_of(town).later == 1, "an answer that leads elsewhere is not followed"
    assert len(there.came_in) == came + 1 and len({sent["webhook-id"] for sent, _ in there.came_in}) == 1
    there.status = 200
    with clock.standing_at(clock.now() + timedelta(days=1)):
        assert round_of(town).sent == 1


def test_a_receiver_that_does_not_answer_is_asked_once_a_round_and_keeps_no_other_waiting(
    town: Town, there: Receiver
) -> None:
    with receiver() as away:
        subscribed(town, away)
        subscribed(town, there)
    case_of(town)
    case_of(town)
    told = round_of(town)
    assert (told.sent, told.later) == (2, 1) and len(there.came_in) == 2


def test_a_receiver_that_is_gone_or_ended_is_told_nothing_any_more(town: Town, there: Receiver) -> None:
    subscribed(town, there)
    case_of(town)
    there.status = 410
    assert round_of(town).dead == 1
    case_of(town)
    assert round_of(town) == Told()
    there.status = 204
    subscribed(town, there)
    case_of(town)
    other = next(each for each in deliveries(town) if each.state == DeliveryState.WAITING).subscription_id
    assert end_webhook(town.work("ada"), other) and not end_webhook(town.work("ada"), other)
    assert round_of(town) == Told() and len(there.came_in) == 1


def test_of_a_protected_case_nothing_leaves_also_not_what_waited(town: Town, there: Receiver) -> None:
    subscribed(town, there)
    case = case_of(town)
    fenna = town.work("fenna")
    fenna.act_on(HouseholdCase, case.id, "protect", {"protected_why": "Collega"})
    escalate(fenna, NewEscalation(case.id, case.team_id, "Vraag", "housing"))
    told = round_of(town)
    assert (told.sent, told.unneeded) == (0, 1) and there.came_in == []
    town.work("pia").act_on(HouseholdCase, case.id, "unprotect", {"why_open": "Niet meer nodig."})
    assert round_of(town) == Told(), "that it was protected is not told afterwards"
    fenna.act_on(HouseholdCase, case.id, "add_note", {"note": "Gebeld"})
    assert round_of(town).sent == 1


def test_only_the_kinds_that_were_chosen_are_told_and_others_cannot_be(town: Town, there: Receiver) -> None:
    subscribed(town, there, "escalation")
    case = case_of(town)
    assert deliveries(town) == []
    with pytest.raises(WrongWebhook):
        subscribed(town, there, "conduct_complaint")
    escalate(town.work("fenna"), NewEscalation(case.id, case.team_id, "Vraag", "housing"))
    assert [each.subject_kind for each in deliveries(town)] == ["escalation"]


def test_the_secret_stands_sealed_for_its_own_row(town: Town, there: Receiver) -> None:
    secret = subscribed(town, there)
    (row,) = town.clockwork().session.scalars(select(WebhookSubscription))
    assert secret.removeprefix("whsec_").encode() not in row.secret
    assert open_secret(town.house.key_ring, row.id, row.secret) == secret
    with pytest.raises(CannotOpen):
        open_secret(town.house.key_ring, "anders", row.secret)


INSIDE = ("127.0.0.1", "10.1.2.3", "192.168.1.1", "169.254.169.254", "0.0.0.0", "100.64.0.1", "224.0.0.1", "::1")
WRAPPED = ("fd00::1", "fe80::1", "::ffff:10.0.0.1", "64:ff9b::a00:1", "2002:7f00:1::", "::ffff:127.0.0.1")


@pytest.mark.parametrize("host", (*INSIDE, *WRAPPED))
def test_no_machine_inside_is_reached_however_its_address_is_written(host: str) -> None:
    written = f"[{host}]" if ":" in host else host
    with pytest.raises(NotThere):
        read_address(f"https://{written}/haak", Allowed())
    with pytest.raises(NotThere):
        look_up(host, 443, Allowed())


@pytest.mark.parametrize(
    "url",
    ("", "haak", "ftp://a.example/", "http://a.example/", "https://", "https://u:p@a.example/", "https://a.example:0/"),
)
def test_an_address_that_is_none_is_refused(url: str) -> None:
    with pytest.raises(NotThere):
        read_address(url, Allowed(loopback=True))


def test_a_network_inside_is_reached_only_when_the_settings_name_it() -> None:
    named = Allowed((ip_network("10.20.0.0/16"),))
    assert named.lets(ip_address("10.20.3.4")) and not named.lets(ip_address("10.21.0.1"))
    assert Allowed().lets(ip_address("8.8.8.8")) and look_up("127.0.0.1", 80, Allowed(loopback=True)) == "127.0.0.1"
    with pytest.raises(NotThere):
        look_up("localhost", 443, Allowed())


def test_the_settings_say_who_tells_and_which_networks_are_reached(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WIJKTEAM_MUNICIPALITY", "Nieuw-Voorbeeld aan Zee")
    assert read_outlet().sender.source == "urn:nld:gemeente:nieuw-voorbeeld-aan-zee:systeem:wijkteam"
    monkeypatch.setenv("WIJKTEAM_OIN", "00000001823288444000")
    monkeypatch.setenv("WIJKTEAM_WEBHOOK_NETWORKS", "10.20.0.0/16, fd12::/16")
    assert read_outlet().sender.source == SOURCE and len(read_outlet().allowed.networks) == 2
    monkeypatch.setenv("WIJKTEAM_PRODUCTION", "yes")
    assert not read_outlet().allowed.loopback
    for name, wrong in (("WIJKTEAM_OIN", "12"), ("WIJKTEAM_WEBHOOK_NETWORKS", "thuis")):
        with monkeypatch.context() as patch, pytest.raises(WrongSettings):
            patch.setenv(name, wrong)
            read_outlet()


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_an_administrator_adds_follows_and_ends_a_webhook_and_for_others_the_page_is_not_there(
    town: Town, there: Receiver
) -> None:
    app = create_app(town.house, "sleutel", "Voorbeeldstad", safety=Safety(webhooks=OUTLET.allowed))
    app.config["WTF_CSRF_ENABLED"] = False
    client = app.test_client()
    sign_in_quietly(client, town, "ada")
    given = {"name": "Zaaksysteem", "url": "https://10.0.0.1/", "kinds": ["escalation", "household_case"]}
    refused = client.post("/beheer/webhooks", data=given)
    assert refused.status_code == 422 and "eigen netwerk" in refused.text and "https://10.0.0.1/" in refused.text
    made = client.post("/beheer/webhooks", data={**given, "url": there.url})
    assert made.status_code == 200 and "whsec_" in made.text
    assert "whsec_" not in client.get("/beheer/webhooks").text
    case_of(town)
    there.status = 410
    round_of(town)
    assert "de ontvanger zei dat hij er niet meer is" in client.get("/beheer/webhooks").text
    client.post("/beheer/webhooks", data={**given, "url": there.url})
    with town.clockwork().transaction() as session:
        number = session.scalars(select(WebhookSubscription.id).where(WebhookSubscription.ended_at.is_(None))).one()
    assert client.post(f"/beheer/webhooks/{number}/beeindigen").status_code == 302
    assert client.post(f"/beheer/webhooks/{number}/beeindigen").status_code == 404
    sign_in_quietly(client, town, "bea")
    assert client.get("/beheer/webhooks").status_code == client.post("/beheer/webhooks", data=given).status_code == 404
