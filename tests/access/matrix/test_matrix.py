"""Every route, by everybody, in every relation to a case: what may not be read does not exist, and nothing tells it."""

import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event
from werkzeug.routing import BuildError, Rule
from werkzeug.test import TestResponse

from tests.access.matrix.dossiers import PEOPLE, Dossier, dossiers, two_teams
from tests.access.matrix.entries import (
    ALIKE,
    EVERYONE,
    FOR,
    FOR_GUESTS,
    OF,
    OF_OTHERS,
)
from tests.access.matrix.other_entries import FIGURES, FILLED_IN, OWN, WITHOUT_SIGNING_IN
from tests.api.programs import token_of
from tests.conftest import Town
from tests.signed_in import client, sign_in_quietly
from wijkteam.web.api import bearing
from wijkteam.web.app import create_app

IN_TURNS = 4
"""Routes that are alike are tried on one in so many cases, each beginning at another one."""
UNRELATED = ("teamleider.2", "ada", "pia", "kim.2")
THINGS = sorted({*OF.values()})


@pytest.fixture
def app(town: Town, monkeypatch: pytest.MonkeyPatch) -> Flask:
    monkeypatch.setattr(bearing, "USES_IN_A_MINUTE", 1_000_000)
    made = create_app(town.house, "a key for tests", "Voorbeeldstad")
    made.config["WTF_CSRF_ENABLED"] = False
    return made


def browsers(app: Flask, town: Town, names: tuple[str, ...] = PEOPLE) -> dict[str, FlaskClient]:
    found = {}
    for name in names:
        found[name] = app.test_client()
        sign_in_quietly(found[name], town, name)
        found[name].environ_base["HTTP_AUTHORIZATION"] = f"Bearer {token_of(town, name)}"
        town.close()
    return found


def rules(app: Flask) -> list[Rule]:
    return sorted(app.url_map.iter_rules(), key=lambda rule: (rule.endpoint, rule.rule))


def methods(rule: Rule) -> list[str]:
    return sorted((rule.methods or set()) & {"GET", "POST", "PUT", "PATCH", "DELETE"})


def path(app: Flask, rule: Rule, ids: dict[str, Any]) -> str | None:
    """The path of a route for these ids; None where it asks for a thing that is not among them."""
    filled_in = {name: 999_999 if f"<int:{name}>" in rule.rule else value for name, value in FILLED_IN.items()}
    values = {name: ids.get(name, filled_in.get(name)) for name in rule.arguments}
    if "transition" in rule.arguments:
        values["transition"] = "bestaat_niet"
    if None in values.values():
        return None
    with app.test_request_context():
        try:
            return app.url_for(rule.endpoint, **values, _method=methods(rule)[0])
        except BuildError:
            return None


def nothing(rule: Rule, names: Iterable[str]) -> dict[str, Any]:
    """Ids that nothing has."""
    return {name: 999_999 if f"<int:{name}>" in rule.rule else "z" * 12 for name in names}


def without(answer: TestResponse, ids: dict[str, Any]) -> str:
    """What an answer tells, but for tokens and the ids that were asked for."""
    told = re.sub(r'(name="(?:csrf_token|sending)" value=)"[^"]*"', r"\1", answer.get_data().decode("utf-8", "replace"))
    for each in ids.values():
        if isinstance(each, str):
            told = told.replace(each, "?")
    return told


def test_every_route_is_in_the_matrix_once(app: Flask) -> None:
    groups = (set(OF), set(FOR), set(OF_OTHERS), WITHOUT_SIGNING_IN)
    routes = {rule.endpoint for rule in rules(app)}
    named = [endpoint for group in groups for endpoint in group]
    assert routes - set(named) == set(), (
        "say in tests/access/matrix/entries.py of what these tell, or for whom they are"
    )
    assert set(named) - routes == set(), "these are in the matrix but no longer there"
    assert len(named) == len(set(named)), "these are in the matrix twice"


def test_without_signing_in_there_is_nothing_but_the_way_in(app: Flask, town: Town) -> None:
    nobody = client(town, None)
    for rule in rules(app):
        if rule.endpoint in WITHOUT_SIGNING_IN:
            continue
        made = path(app, rule, nothing(rule, rule.arguments))
        assert made is not None, rule
        for method in methods(rule):
            answer = nobody.open(made, method=method)
            assert answer.status_code in (302, 401, 404), (method, made, answer.status_code)
            assert answer.status_code != 302 or "/inloggen" in answer.location, (method, made)


def leaks(told: str, person: str, all_of: list[Dossier]) -> list[str]:
    """The words in an answer that this person may not read."""
    in_small = told.lower()  # once: pages are long, and words are many
    return [
        each.word(thing)
        for each in all_of
        for thing in THINGS
        if each.word(thing) in in_small and not each.reads(person, thing)
    ]


def told_along(rule: Rule, dossier: Dossier) -> set[str]:
    """Who broke the glass, or judges that, reads about whose household it was; and nothing else of the case.

    Who makes a resident's whole file hands out all of that case.
    """
    if rule.endpoint == "whole_file.make":
        return {dossier.word(thing) for thing in THINGS}
    return {dossier.word("case")} if rule.endpoint.startswith("break_glass.") else set()


PLACES = {"sqlite": (1, 2), "postgresql": (0,)}
"""Each combination of person, route and dossier is tried on one of the two databases: two in three on SQLite.

The criteria of the wall are the same on both, and stand alone on SQLite; on PostgreSQL policies follow them, which
tests/access/test_wall.py holds to be the same for everybody on every row. What is left to find on a second database is
a route or a person for whom the two together answer otherwise, and everybody comes to every route on both.
"""


def tried_here(town: Town, *numbers: int) -> bool:
    """Whether this combination is tried on this town's database; those that are lie spread over all of them."""
    return sum(numbers) % 3 in PLACES[town.house.database.dialect.name]


@pytest.mark.parametrize("some", [PEOPLE[::2], PEOPLE[1::2]], ids=["one half", "other half"])
def test_what_may_not_be_read_does_not_exist_on_any_route_and_no_answer_tells_of_it(
    app: Flask, town: Town, some: tuple[str, ...]
) -> None:
    all_of = dossiers(town)
    wrong: list[str] = []
    tried = 0
    seen: set[tuple[str, str, str]] = set()
    absent: dict[tuple[str, str, str], TestResponse] = {}
    for number, (name, browser) in enumerate(browsers(app, town, some).items()):
        for place, rule in enumerate(rules(app)):
            thing = OF.get(rule.endpoint)
            turn, step = ALIKE.get(rule.endpoint, 0), IN_TURNS if rule.endpoint in ALIKE else 1
            for which_one, dossier in enumerate(all_of[turn % IN_TURNS :: step] if thing else ()):
                made = path(app, rule, dossier.ids) if tried_here(town, number, place, which_one) else None
                if made is None or thing is None:
                    continue
                ids = {key: dossier.ids[key] for key in rule.arguments if key in dossier.ids}
                may = dossier.reads(name, thing)
                for method in methods(rule):
                    which = (name, rule.rule, method)
                    if may and method != "GET" and which in seen:
                        continue
                    tried, _ = tried + 1, seen.add(which)
                    answer = browser.open(made, method=method)
                    where = f"{name}: {method} {rule.endpoint} of {dossier.name} → {answer.status_code}"
                    told = leaks(without(answer, {}), name, all_of)
                    wrong += [
                        f"{where} tells {word}" for word in told if not (may and word in told_along(rule, dossier))
                    ]
                    if may:
                        if answer.status_code >= 500 or (method == "GET" and answer.status_code == 404):
                            wrong.append(f"{where}, though it may be read")
                        continue
                    none = nothing(rule, ids)
                    if which not in absent:
                        absent[which] = browser.open(path(app, rule, {**dossier.ids, **none}) or "", method=method)
                    known = absent[which]
                    if answer.status_code != 404 or known.status_code != 404:
                        wrong.append(f"{where}, though it may not be read")
                    elif without(answer, ids) != without(known, none):
                        wrong.append(f"{where}, another page than of what does not exist")
    assert not wrong, "\n".join(wrong)
    assert tried > 500, "the matrix has been emptied"


def test_lists_exports_and_pages_about_no_case_hold_only_what_their_reader_may_read(app: Flask, town: Town) -> None:
    all_of = dossiers(town)
    wrong: list[str] = []
    half = ["sqlite", "postgresql"].index(town.house.database.dialect.name)
    for number, (name, browser) in enumerate(browsers(app, town).items()):
        for place, rule in enumerate(rules(app)):
            # every page by everybody on one of the two, and every page on both by every second person
            if (number + place) % 2 != half or rule.endpoint not in FOR or "GET" not in methods(rule):
                continue
            made = path(app, rule, {})
            if made is None:
                continue
            answer = browser.get(made)
            where = f"{name}: {rule.endpoint} → {answer.status_code}"
            wrong += [f"{where} tells {word}" for word in leaks(without(answer, {}), name, all_of)]
            allowed = FOR[rule.endpoint]
            is_there = answer.status_code < 400
            expected = name in allowed or (
                allowed is EVERYONE and (name != "gijs" or rule.endpoint.startswith(FOR_GUESTS))
            )
            if is_there != expected:
                wrong.append(where)
    assert not wrong, "\n".join(wrong)


def test_for_who_stands_in_no_relation_to_them_nothing_is_other_than_without_these_cases(
    app: Flask, town: Town
) -> None:
    def seen() -> dict[tuple[str, str], str]:
        found = {}
        for name, browser in browsers(app, town, UNRELATED).items():
            for rule in rules(app):
                made = path(app, rule, {}) if rule.endpoint in FOR and "GET" in methods(rule) else None
                if made is not None and rule.endpoint not in FIGURES | OWN:
                    found[name, made] = without(browser.get(made), {})
        return found

    two_teams(town)
    before = seen()
    dossiers(town)
    after = seen()
    assert [where for where, told in after.items() if told != before[where]] == []


@contextmanager
def statements(town: Town) -> Iterator[list[str]]:
    found: list[str] = []

    def note(_c: Any, _cursor: Any, statement: str, *_: Any) -> None:
        found.append(statement)

    event.listen(town.house.database, "before_cursor_execute", note)
    try:
        yield found
    finally:
        event.remove(town.house.database, "before_cursor_execute", note)


def test_the_same_is_asked_of_the_database_for_what_may_not_be_read_as_for_what_does_not_exist(
    app: Flask, town: Town
) -> None:
    all_of = dossiers(town)
    wrong = []
    browser = browsers(app, town, ("teamleider.2",))["teamleider.2"]
    for rule in rules(app):
        thing = OF.get(rule.endpoint)
        dossier = next(
            (each for each in all_of if path(app, rule, each.ids) and not each.reads("teamleider.2", thing or "")), None
        )
        if thing is None or dossier is None:
            continue
        none = path(app, rule, nothing(rule, rule.arguments)) or ""
        browser.open(none, method=methods(rule)[0])
        with statements(town) as known:
            browser.open(path(app, rule, dossier.ids) or "", method=methods(rule)[0])
        with statements(town) as unknown:
            browser.open(none, method=methods(rule)[0])
        if known != unknown:
            wrong.append((rule.endpoint, len(known), len(unknown)))
    assert not wrong, f"the time an answer takes would tell that something is there: {wrong}"
