"""Both ways: what others change in a zaak of ours is seen by its owner, and what happens here is told on a channel."""

import re
from datetime import timedelta
from typing import Any

import pytest
from click.testing import CliRunner
from jsonschema import Draft202012Validator
from sqlalchemy import Engine, select

from tests.signed_in import sign_in_quietly
from tests.zgw.conftest import TOKEN, Elsewhere
from tests.zgw.standard_of import api
from tests.zgw.test_publishing import act
from tests.zgw.test_taking_in import notification
from wijkteam.cases.model import HouseholdCase
from wijkteam.cli import main
from wijkteam.storage.settings import WrongSettings
from wijkteam.terms import clock
from wijkteam.terms.calendar import add_working_days
from wijkteam.terms.term import end_of_day
from wijkteam.web.app import create_app
from wijkteam.web.safety import Safety
from wijkteam.zgw.looking import Looked, look_round
from wijkteam.zgw.model import Zaak, ZaakNews, ZaakNotice, ZaakState
from wijkteam.zgw.notifying import MOST_ATTEMPTS, RESOURCE, Notified
from wijkteam.zgw.queries import zaken_standing
from wijkteam.zgw.receiving import Notification, receive
from wijkteam.zgw.service import forget_zaak, see_news, try_zaken_again
from wijkteam.zgw.subscribing import connect, disconnect
from wijkteam.zgw.talking import case_system


def told_of(elsewhere: Elsewhere, zaak: str, resource: str = "status") -> bool:
    said = notification(zaak, resource=resource, resourceUrl=f"{zaak}/x")
    return receive(elsewhere.town.clockwork(), elsewhere.mapping, said)


def set_elsewhere(elsewhere: Elsewhere, zaak: str, **other: Any) -> str:
    """A status that somebody else sets, with words that are nobody's business here."""
    kind = elsewhere.system.hold(
        "catalogi",
        "statustypen",
        zaaktype=elsewhere.document["case"]["type"],
        volgnummer=9,
        isEindstatus=False,
        omschrijving="Bij de kwaliteitsmedewerker",
    )
    said = {"statustoelichting": "Mevrouw Vertrouwelijk belde", "datumStatusGezet": "2026-03-02T10:00:00Z"}
    own = {"uuid": "7f1c2f0e-0000-4000-8000-000000000000", "zaakinformatieobjecten": []}
    own["indicatieLaatstGezetteStatus"] = True
    return elsewhere.system.hold("zaken", "statussen", zaak=zaak, statustype=kind, **{**said, **own, **other})


def news(elsewhere: Elsewhere) -> list[ZaakNews]:
    return list(elsewhere.town.clockwork().session.scalars(select(ZaakNews).order_by(ZaakNews.id)))


def test_a_status_set_elsewhere_is_noticed_once_and_what_we_told_ourselves_is_not(elsewhere: Elsewhere) -> None:
    case = elsewhere.case()
    elsewhere.round()
    (zaak,) = elsewhere.system.all("zaken")
    assert told_of(elsewhere, zaak["url"]) and elsewhere.look() == Looked(looked=1), "an echo of our own"
    url = set_elsewhere(elsewhere, zaak["url"])
    for _ in range(2):
        assert told_of(elsewhere, zaak["url"])
    assert (elsewhere.look(), elsewhere.look()) == (Looked(looked=1, news=1), Looked())
    assert told_of(elsewhere, zaak["url"]) and elsewhere.look() == Looked(looked=1), "it was noticed before"
    (noticed,) = news(elsewhere)
    assert (noticed.case_id, noticed.resource, noticed.url) == (case.id, "status", url)
    assert noticed.title == "Bij de kwaliteitsmedewerker", "the catalogue's words, and nobody else's"
    session = elsewhere.town.clockwork().session
    assert session.get_one(HouseholdCase, case.id).state == "clarifying", "no case moves by itself"
    act(elsewhere, case, "question_is_clear", question="Huurvraag")
    assert elsewhere.round().told == 1


def test_what_comes_in_while_it_is_looked_at_is_looked_at_again_and_what_is_away_later(elsewhere: Elsewhere) -> None:
    elsewhere.case()
    elsewhere.round()
    (zaak,) = elsewhere.system.all("zaken")
    find = elsewhere.system.answer

    def meanwhile(method: str, path: str, *rest: Any) -> Any:
        if path.endswith("/resultaten") and meanwhile.first:  # type: ignore[attr-defined]
            meanwhile.first = False  # type: ignore[attr-defined]
            set_elsewhere(elsewhere, zaak["url"])
            told_of(elsewhere, zaak["url"])
        return find(method, path, *rest)

    meanwhile.first = True  # type: ignore[attr-defined]
    elsewhere.system.answer = meanwhile  # type: ignore[method-assign]
    told_of(elsewhere, zaak["url"])
    assert elsewhere.look() == Looked(looked=2, news=1)
    secret = elsewhere.file.parent / "secret"
    good = secret.read_text()
    secret.write_text("een heel ander geheim dan toen")
    told_of(elsewhere, zaak["url"])
    away = look_round(elsewhere.town.clockwork(), elsewhere.mapping, case_system(elsewhere.mapping))
    assert away == Looked(later=1)
    secret.write_text(good)
    elsewhere.system.refused.clear()
    with clock.standing_at(clock.now() + timedelta(hours=1)):
        assert elsewhere.look().looked == 1
    assert not told_of(elsewhere, "https://elders.example/zaken/1")


def test_the_owner_sees_it_among_their_work_and_says_so_and_a_guest_or_another_team_does_not(
    elsewhere: Elsewhere,
) -> None:
    case = elsewhere.case()
    elsewhere.round()
    (zaak,) = elsewhere.system.all("zaken")
    set_elsewhere(elsewhere, zaak["url"])
    safe = Safety(zaken=elsewhere.mapping)
    app = create_app(elsewhere.town.house, "sleutel", "Voorbeeldstad", safety=safe)
    app.config["WTF_CSRF_ENABLED"] = False
    client = app.test_client()
    said = notification(zaak["url"], resource="status")
    assert client.post("/zgw/notificaties", json=said, headers={"Authorization": TOKEN}).status_code == 204
    assert elsewhere.look().news == 1
    sign_in_quietly(client, elsewhere.town, "fenna")
    assert "Iemand veranderde iets in het zaaksysteem." in client.get("/").text
    page = client.get(f"/casus/{case.id}").text
    assert "Bij de kwaliteitsmedewerker" in page and "Vertrouwelijk" not in page
    sign_in_quietly(client, elsewhere.town, "gijs")
    assert client.post(f"/casus/{case.id}/zaaksysteem/gezien").status_code == 404
    assert news(elsewhere)[0].seen_at is None
    sign_in_quietly(client, elsewhere.town, "fenna")
    (shown,) = re.findall(r'name="shown" value="([^"]+)"', page)
    for wrong in ("gisteren", "2026-01-01T00:00:00"):
        assert client.post(f"/casus/{case.id}/zaaksysteem/gezien", data={"shown": wrong}).status_code == 400
    set_elsewhere(elsewhere, zaak["url"])
    told_of(elsewhere, zaak["url"])
    with clock.standing_at(clock.now() + timedelta(minutes=1)):
        assert elsewhere.look().news == 1
    assert client.post(f"/casus/{case.id}/zaaksysteem/gezien", data={"shown": shown}).status_code == 302
    unseen = [each for each in news(elsewhere) if each.seen_at is None]
    assert len(unseen) == 1 and "Iemand veranderde" in client.get("/").text, "what came in since was not seen"
    assert client.post(f"/casus/{case.id}/zaaksysteem/gezien").status_code == 302
    assert "Iemand veranderde iets in het zaaksysteem." not in client.get("/").text
    assert "Gezien door Fenna" in client.get(f"/casus/{case.id}").text
    assert see_news(elsewhere.town.work("fenna"), case.id) == 0
    work = elsewhere.town.clockwork()
    with work.transaction() as session:
        forget_zaak(session, case.id)
    assert news(elsewhere) == [] and list(work.session.scalars(select(Zaak))) == []


def test_what_its_owner_does_not_look_at_in_time_is_put_to_who_leads_the_team_and_to_nobody_else(
    elsewhere: Elsewhere,
) -> None:
    case, town = elsewhere.case(), elsewhere.town
    elsewhere.round()
    (zaak,) = elsewhere.system.all("zaken")
    set_elsewhere(elsewhere, zaak["url"])
    told_of(elsewhere, zaak["url"])
    assert elsewhere.look().news == 1
    (found,) = news(elsewhere)
    assert found.look_by == add_working_days(clock.today(), 3)
    app = create_app(town.house, "sleutel", "Voorbeeldstad", safety=Safety(zaken=elsewhere.mapping))
    client, line = app.test_client(), "Niet op tijd bekeken door Fenna Fictief."

    def seen_by(name: str) -> bool:
        sign_in_quietly(client, town, name)
        return line in client.get("/").text

    with clock.standing_at(end_of_day(found.look_by) - timedelta(hours=1)):
        assert not seen_by("teun") and zaken_standing(town.clockwork().session).not_looked_at == 0
    with clock.standing_at(end_of_day(found.look_by) + timedelta(hours=10)):
        assert zaken_standing(town.clockwork().session).not_looked_at == 1
        assert [name for name in ("teun", "fenna", "petra", "mo") if seen_by(name)] == ["teun"]
        sign_in_quietly(client, town, "fenna")
        assert "Kijk uiterlijk" in client.get(f"/casus/{case.id}").text
        assert "Iemand veranderde iets in het zaaksysteem." in client.get("/").text, "it stays with its owner too"
        assert see_news(town.work("fenna"), case.id) == 1 and not seen_by("teun")


def test_a_zaak_that_is_not_shown_any_more_is_news_and_does_not_vanish(elsewhere: Elsewhere) -> None:
    case = elsewhere.case()
    elsewhere.round()
    (zaak,) = elsewhere.system.all("zaken")
    find = elsewhere.system.answer

    def gone(method: str, path: str, *rest: Any) -> Any:
        return (404, {}, {}) if path.endswith("/statussen") else find(method, path, *rest)

    elsewhere.system.answer = gone  # type: ignore[method-assign]
    for _ in range(2):
        told_of(elsewhere, zaak["url"])
        elsewhere.look()
    assert [(each.resource, each.url) for each in news(elsewhere)] == [("zaak", zaak["url"])], "once"
    assert see_news(elsewhere.town.work("fenna"), case.id) == 1
    told_of(elsewhere, zaak["url"])
    assert elsewhere.look().news == 1, "something changed there again, and nobody can see what: that is new"
    (found,) = news(elsewhere)
    assert found.seen_at is found.seen_by is None


def test_a_case_that_goes_on_is_told_on_the_channel_once_without_anything_of_it(elsewhere: Elsewhere) -> None:
    elsewhere.with_notifications(documentation="https://wijkteam.example/docs")
    case = elsewhere.case()
    assert (elsewhere.notify(), elsewhere.notify()) == (Notified(sent=1), Notified())
    act(elsewhere, case, "question_is_clear", question="Huurvraag")
    elsewhere.system.loses_answers = 1
    assert elsewhere.notify().later == 1
    with clock.standing_at(clock.now() + timedelta(hours=1)):
        assert elsewhere.notify().sent == 1
    told = elsewhere.system.all("notificaties")
    assert [each["actie"] for each in told] == ["create", "update", "update"], "at least once: receivers may hear twice"
    assert {each["hoofdObject"] for each in told} == {f"https://wijkteam.example/api/v1/cases/{case.id}"}
    assert {tuple(each["kenmerken"].items()) for each in told} == {(("bronorganisatie", "517439943"),)}
    assert {each["resource"] for each in told} == {RESOURCE}
    act(elsewhere, case, "protect", protected_why="Collega")
    assert elsewhere.notify() == Notified()


def test_a_notification_that_is_refused_is_dead_until_somebody_lets_it_go_again(elsewhere: Elsewhere) -> None:
    elsewhere.with_notifications(opened_from=clock.today())
    elsewhere.case()
    elsewhere.system.fails = [400]
    assert elsewhere.notify().dead == 1
    found = elsewhere.town.clockwork().session.scalars(select(ZaakNotice)).one()
    assert (found.state, found.last_error) == (ZaakState.DEAD, "POST notificaties: 400 (zaaktype no-match)")
    assert try_zaken_again(elsewhere.town.work("ada")) == 1
    moment = clock.now()
    elsewhere.system.fails = [503] * MOST_ATTEMPTS
    for number in range(1, MOST_ATTEMPTS + 1):
        with clock.standing_at(moment + number * timedelta(hours=6)):
            done = elsewhere.notify()
    assert done == Notified(dead=1)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_subscribing_brings_the_notification_system_in_line_and_twice_changes_nothing(
    elsewhere: Elsewhere, database: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    elsewhere.with_notifications(documentation="https://wijkteam.example/docs")
    monkeypatch.setenv("WIJKTEAM_DATABASE_URL", database.url.render_as_string(hide_password=False))
    run = lambda *given: CliRunner().invoke(main, ["zgw", *given], catch_exceptions=False).output  # noqa: E731
    shown = run("subscribe", "--dry-run")
    assert "casussen" in shown and TOKEN.removeprefix("Bearer ") not in shown
    assert elsewhere.system.all("abonnement") == []
    assert run("subscribe").splitlines() == ["made channel casussen", "subscribed"]
    assert run("subscribe").strip() == "nothing had to be changed"
    (mine,) = elsewhere.system.all("abonnement")
    types = [elsewhere.document["case"]["type"], *elsewhere.document["intake"]["types"]]
    assert [each["filters"]["zaaktype"] for each in mine["kanalen"]] == types and mine["auth"] == TOKEN
    (elsewhere.file.parent / "notificaties").write_text("een nieuw geheim voor notificaties")
    mapping, system = elsewhere.mapping, case_system(elsewhere.mapping)
    assert connect(mapping, system) == ["changed the subscription"]
    other = {**mine, "callbackUrl": "https://iemand-anders.example/"}
    elsewhere.system.hold(
        "notificaties", "abonnement", **{name: other[name] for name in ("callbackUrl", "auth", "kanalen")}
    )
    assert run("unsubscribe").strip() == "1 ended" and disconnect(mapping, system) == 0
    assert len(elsewhere.system.all("abonnement")) == 1, "another's subscription is left alone"
    assert (elsewhere.system.broken, elsewhere.system.refused) == ([], [])


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_notification_is_read_as_the_standard_has_it_and_a_mapping_says_both_ends(elsewhere: Elsewhere) -> None:
    said = api("ontvanger").document["components"]["schemas"]["Notificatie"]
    needed = {name for name, each in Notification.model_fields.items() if each.is_required()}
    assert needed == set(said["required"]) and set(Notification.model_fields) == set(said["properties"])
    for name, each in said["properties"].items():
        if "maxLength" in each:
            long = {**notification("https://zaken.example/1"), name: "x" * (each["maxLength"] + 1)}
            assert not Draft202012Validator(said).is_valid(long)
            with pytest.raises(ValueError, match=name):
                Notification.model_validate(long)
    elsewhere.with_notifications()
    whole = dict(elsewhere.document["notifications"])
    for other, reason in (
        ({"authorization_file": None}, "authorization_file"),
        ({"callback": None}, "callback"),
        ({"channel": {"name": "Casussen!", "source": "https://x.example/"}}, "name"),
    ):
        elsewhere.document["notifications"] = {**whole, **other}
        elsewhere.write()
        with pytest.raises(WrongSettings, match=reason):
            _ = elsewhere.mapping
