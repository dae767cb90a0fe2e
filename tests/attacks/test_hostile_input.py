"""Hostile input on every route: no answer is an error of ours, and nothing that was typed comes alive."""

import re
from typing import Any
from urllib.parse import quote

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.datastructures import MultiDict
from werkzeug.test import TestResponse

from tests.access.matrix.dossiers import Dossier, dossiers
from tests.access.matrix.entries import FOR, OF, OF_OTHERS
from tests.access.matrix.test_matrix import browsers, methods, path, rules
from tests.attacks.payloads import MARK, PAYLOADS, RAW, SEVEN_TIMES
from tests.conftest import Town
from wijkteam.cases.model import HouseholdCase
from wijkteam.cases.service import NewCase, open_case
from wijkteam.terms import clock
from wijkteam.web.app import create_app

SHARE = 7
"""Every route gets one in so many of the payloads, each another part; together they get all."""
QUERY = ("van", "tot", "dag", "functie", "bevoegdheid", "next", "page", "q", "knelpunt", "naam", "rij", "wat")
"""Names that pages read from their address, and names that they might."""
DATABASE_TOLD = re.compile(r"sqlite3?\.|psycopg|Traceback|syntax error at|OperationalError|ProgrammingError|root:x:0")


@pytest.fixture
def app(town: Town) -> Flask:
    made = create_app(town.house, "a key for tests", "Voorbeeldstad")
    made.config["WTF_CSRF_ENABLED"] = False
    return made


def came_alive(answer: TestResponse) -> list[str]:
    """What is wrong with an answer to hostile input; nothing when all is well."""
    told = answer.get_data().decode("utf-8", "replace")
    found = [f"is an error of ours ({answer.status_code})"] if answer.status_code >= 500 else []
    if "html" in (answer.content_type or ""):
        found += [f"gives back {raw!r}" for raw in RAW if raw in told]
        found += ["carried out what was typed"] if SEVEN_TIMES in told else []
    found += ["tells what the database or the machine said"] if DATABASE_TOLD.search(told) else []
    found += ["lets a header in"] if "taken" in str(answer.headers) else []
    return found


def forms(app: Flask, browser: FlaskClient, where: str) -> set[str]:
    """The names of all fields in the forms of a page."""
    told = browser.get(where).get_data().decode("utf-8", "replace")
    return set(re.findall(r'\sname="([^"]+)"', told)) - {"csrf_token", "version"}


def attack(browser: FlaskClient, method: str, where: str, fields: set[str], payload: str) -> list[str]:
    """Send one payload in everything that a route can be given."""
    sendable = payload.encode("utf-8", "surrogatepass").decode("utf-8", "replace")
    query: dict[str, Any] = dict.fromkeys(QUERY, sendable)
    if method == "GET":
        return came_alive(browser.get(where, query_string=query))
    given = MultiDict([(name, sendable) for name in sorted(fields)])
    return came_alive(browser.post(where, data=given, query_string={"next": sendable}))


def routes(app: Flask, all_of: list[Dossier]) -> list[tuple[str, str, str]]:
    """(method, path, page whose fields it takes) of every route, about something that the attacker may read."""
    found = []
    for rule in rules(app):
        if rule.endpoint not in {**FOR, **OF, **OF_OTHERS}:
            continue
        ids = next((each.ids for each in all_of if path(app, rule, each.ids)), {})
        made = path(app, rule, ids)
        if made is not None:
            page = re.sub(r"/(stap|mandaat|spoor|termijn|rugdekking|bijlage)\b.*", "", made)
            found += [(method, made, page) for method in methods(rule)]
    return found


@pytest.mark.parametrize(
    ("database_url", "name"), [("sqlite", "fenna"), ("postgresql", "ada")], indirect=["database_url"]
)
def test_hostile_input_on_every_route_is_answered_plainly(app: Flask, town: Town, name: str) -> None:
    all_of = dossiers(town)
    browser = browsers(app, town, (name,))[name]
    wrong = []
    known: dict[str, set[str]] = {}
    for number, (method, where, page) in enumerate(routes(app, all_of)):
        if method != "GET" and page not in known:
            known[page] = forms(app, browser, page)
        fields = known[page] if method != "GET" else set()
        for payload in PAYLOADS[number % SHARE :: SHARE]:
            wrong += [
                f"{method} {where}: {payload!r} {said}" for said in attack(browser, method, where, fields, payload)
            ]
    assert not wrong, "\n".join(wrong[:40])


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_hostile_paths_lead_nowhere(app: Flask, town: Town) -> None:
    wrong = []
    for person, (name, browser) in enumerate(browsers(app, town, ("fenna", "ada")).items()):
        for rule in rules(app):
            part = PAYLOADS[len(rule.rule) % SHARE :: SHARE] if rule.arguments else ()
            for number, payload in enumerate(part[person::2]):
                hostile = quote(payload[:2_000].encode("utf-8", "surrogatepass"), safe="" if number % 2 else "/")
                where = re.sub("<[^>]*>", hostile, rule.rule)
                answer = browser.open(where, method=methods(rule)[number % len(methods(rule))])
                if said := came_alive(answer):
                    wrong.append(f"{name} {where[:200]}: {said}")
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_what_was_stored_comes_back_as_text_on_every_page(app: Flask, town: Town) -> None:
    fenna = town.work("fenna")
    words = " ".join(RAW)
    case = open_case(fenna, NewCase(words[:300], words + "{{ 1337 * 1337 }}", words[:200], clock.today()))
    for field, transition in (("note", "add_note"), ("safety", "confirm_safe")):
        browser = browsers(app, town, ("fenna",))["fenna"]
        browser.post(f"/casus/{case.id}/stap/{transition}", data={field: words + "{{ 1337 * 1337 }}"})
    wrong = []
    for name, each in browsers(app, town, ("fenna", "teun", "bea")).items():
        for rule in rules(app):
            made = path(app, rule, {"case_id": case.id})
            if made is not None and "GET" in methods(rule):
                wrong += [f"{name} {made}: {said}" for said in came_alive(each.get(made))]
    assert not wrong, "\n".join(wrong)
    assert MARK in browsers(app, town, ("fenna",))["fenna"].get(f"/casus/{case.id}").text


def test_what_a_form_does_not_ask_cannot_be_set_with_it(app: Flask, town: Town) -> None:
    case = open_case(town.work("fenna"), NewCase("Straat 1", "Huur", "Bellen", clock.today()))
    before = town.clockwork().session.get_one(HouseholdCase, case.id).tracked()
    columns = [column.name for column in HouseholdCase.__table__.columns]
    extra = {name: "1" for name in columns if name not in ("version",)}
    browser = browsers(app, town, ("fenna",))["fenna"]
    answer = browser.post(f"/casus/{case.id}/stap/add_note", data={**extra, "note": "Gebeld."})
    assert answer.status_code in (302, 422)
    after = town.clockwork().session.get_one(HouseholdCase, case.id).tracked()
    assert after == before
