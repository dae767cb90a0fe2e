"""Pages that no link of the demonstration leads to: things in every relation, links in mail, languages, a device."""

import re
from collections.abc import Iterator
from datetime import timedelta

from flask import Flask
from sqlalchemy import select
from werkzeug.test import TestResponse

from tests.access.matrix.dossiers import Dossier, dossiers
from tests.access.matrix.entries import OF
from tests.access.matrix.test_matrix import methods, path, rules
from tests.conftest import Town
from tests.looks.walking import Page, endpoint_of
from tests.signed_in import sign_in_quietly
from wijkteam.escalation.model import Backing
from wijkteam.people import queries as people
from wijkteam.signing_in.accounts import RESET, make_link
from wijkteam.terms import clock
from wijkteam.web.app import create_app
from wijkteam.web.language import COOKIE
from wijkteam.web.safety import Safety

LANGUAGES = ("nl", "en", "tr", "ar", "pl")
MOST_OF_ONE_ROUTE = 2


def page_of(app: Flask, answer: TestResponse, who: str | None, state: str = "") -> Page:
    assert answer.status_code < 500 and answer.status_code // 100 != 3 and answer.mimetype == "text/html", (
        answer.request.path,
        answer.status_code,
    )
    where = answer.request.path
    return Page(who, where, endpoint_of(app, where), answer.get_data(as_text=True), state)


def things(app: Flask, town: Town) -> Iterator[Page]:
    """The page of each kind of thing that there is, as one who reads it."""
    times: dict[str, int] = {}
    browsers = {}
    all_of = dossiers(town)
    for dossier in all_of:
        for rule in rules(app):
            thing = OF.get(rule.endpoint)
            made = path(app, rule, dossier.ids) if thing and "GET" in methods(rule) else None
            reader = min(dossier.readers.get(thing or "", ()), default=None)
            if made is None or reader is None or times.get(rule.endpoint, 0) >= MOST_OF_ONE_ROUTE:
                continue
            if reader not in browsers:
                browsers[reader] = app.test_client()
                sign_in_quietly(browsers[reader], town, reader)
                town.close()
            answer = browsers[reader].get(made, follow_redirects=True)
            if answer.mimetype == "text/html":
                times[rule.endpoint] = times.get(rule.endpoint, 0) + 1
                yield page_of(app, answer, reader)
    yield from asked_for(app, town, all_of)


def asked_for(app: Flask, town: Town, all_of: list[Dossier]) -> Iterator[Page]:
    """What comes into being by a form: a correction, backing, and what the register is to become."""
    plain, bestuurder = (next(each for each in all_of if each.name == name) for name in ("plain", "executive"))
    until = (clock.today() + timedelta(days=30)).isoformat()
    forms = (
        (
            "fenna",
            f"/casus/{plain.ids['case_id']}/correcties",
            {"about_event": "1", "what_is_wrong": "Dat klopt niet."},
        ),
        (
            "bea",
            f"/opschalingen/{bestuurder.ids['escalation_id']}/rugdekking",
            {"deviation": "De hele huurschuld.", "valid_until": until},
        ),
    )
    for who, where, given in forms:
        browser = app.test_client()
        sign_in_quietly(browser, town, who)
        answer = browser.post(where, data=given, follow_redirects=True)
        yield page_of(app, answer, who)
        if who == "bea":
            backing = town.clockwork().session.scalars(select(Backing.id)).first()
            yield page_of(app, browser.get(f"/rugdekking/{backing}"), who)
        town.close()
    browser = app.test_client()
    sign_in_quietly(browser, town, "ada")
    yield page_of(app, browser.get("/registerwijzigingen"), "ada")
    town.close()


def of_residents(app: Flask) -> Iterator[Page]:
    """Giving a signal, with and without a mistake, what was received, following it, and rights, in each language."""
    for code in LANGUAGES:
        browser = app.test_client()
        start = f"/signaal/{code}"
        given = browser.get(start)
        yield page_of(app, given, None)
        yield page_of(app, browser.get(f"{start}/rechten"), None)
        mark = re.search(r'name="mark" value="([^"]+)"', given.text)
        assert mark is not None
        yield page_of(app, browser.post(start, data={"mark": mark[1]}), None, "with nothing filled in")
        with clock.standing_at(clock.now() + timedelta(minutes=1)):
            said = {"mark": mark[1], "kind": "complaint", "words": "De lamp bij de speeltuin is stuk."}
            received = browser.post(start, data=said)
            yield page_of(app, received, None, "received")
            found = re.search(r'class="code" dir="ltr">([^<]+)<', received.text)
            assert found is not None, received.text
            followed = browser.post(f"{start}/volgen", data={"signaalcode": found[1]})
            yield page_of(app, followed, None, "followed")
            yield page_of(app, browser.post(f"{start}/volgen", data={"signaalcode": "anders"}), None, "a wrong code")


def of_signing_in(app: Flask, town: Town) -> Iterator[Page]:
    """A wrong password, a link to choose one, and the second step as it is asked in production."""
    browser = app.test_client()
    wrong = browser.post("/inloggen", data={"email": "fenna@voorbeeldstad.example", "password": "anders"})
    yield page_of(app, wrong, None, "a wrong password")
    person = people.person_by_email(town.clockwork().session, "fenna@voorbeeldstad.example")
    assert person is not None
    secret = make_link(town.clockwork(), person.id, RESET)
    yield page_of(app, browser.get(f"/wachtwoord/{secret}"), None)
    yield page_of(app, browser.post(f"/wachtwoord/{secret}", data={"new": "kort", "again": "k"}), None, "too short")
    yield page_of(app, browser.get("/wachtwoord/anders"), None, "a link that is over")
    asked = app.test_client()
    sign_in_quietly(asked, town, "ada")
    with clock.standing_at(clock.now() + timedelta(minutes=15)):
        yield page_of(app, asked.get("/beheer/mensen/nieuw", follow_redirects=True), "ada", "asked to prove it anew")
    town.close()


def of_a_device(town: Town) -> Iterator[Page]:
    """What stands on a device, as it is handed out to it, and what it shows to whom is not signed in."""
    app = create_app(town.house, "a key for tests", "Voorbeeldstad", safety=Safety(offline=True))
    app.config["WTF_CSRF_ENABLED"] = False
    browser = app.test_client()
    sign_in_quietly(browser, town, "fenna")
    browser.post("/offline/aan")
    kept = browser.post("/offline/pakket").get_json()["pages"]
    for where, page in list(kept.items())[-8:]:
        told = re.sub(r"<!--offline:\w+-->", "", page["html"])
        yield Page(
            "fenna",
            f"/dit-apparaat/{where.strip('/*')}",
            f"device {re.sub('[a-z0-9]{12}', '', where)}",
            told,
            "without a connection",
        )
    for where in ("/offline/dicht", "/offline/wacht", "/offline"):
        yield page_of(app, browser.get(where), "fenna", "on a device")
    town.close()


def in_english(app: Flask, town: Town) -> Iterator[Page]:
    """The pages that most people see most, in the other language."""
    for who, where in (("fenna", "/"), ("fenna", "/casus/openen"), ("bea", "/verslag"), (None, "/inloggen")):
        browser = app.test_client()
        browser.set_cookie(COOKIE, "en")
        if who is not None:
            sign_in_quietly(browser, town, who)
        yield page_of(app, browser.get(where), who, "in English")
    town.close()
