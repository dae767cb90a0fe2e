"""The demonstration with all its pages, gathered once in a test process."""

from collections.abc import Iterator
from contextlib import nullcontext

import pytest
from flask import Flask

from tests.conftest import Town
from tests.looks import gathering
from tests.looks.walking import BEGINS, BEGINS_FOR_NOBODY, PEOPLE, Page, Walk, without_repeating
from tests.plumbing.templates import SQLiteTemplates
from tests.signed_in import sign_in_quietly
from wijkteam.assembly import House, house_on
from wijkteam.demo.service import fill_demo
from wijkteam.keys.ring import KeyRing
from wijkteam.storage.database import connect
from wijkteam.web.app import create_app

CASES = 12


@pytest.fixture(scope="session")
def demonstration(sqlite_templates: SQLiteTemplates, first_house: House, first_ring: KeyRing) -> Iterator[Town]:
    """The fictional municipality with a past."""
    url = sqlite_templates.copy("town")
    database = connect(url)
    town = Town(house_on(first_house, database, first_ring))
    fill_demo(town.house, town.clockwork(), None, CASES, lambda _what, _count: nullcontext(lambda _done: None))
    yield town
    town.close()
    database.dispose()
    sqlite_templates.drop(url)


@pytest.fixture(scope="session")
def demonstrated(demonstration: Town) -> Flask:
    """Its pages."""
    app = create_app(demonstration.house, "a key for tests", "Voorbeeldstad")
    app.config["WTF_CSRF_ENABLED"] = False
    return app


@pytest.fixture(scope="session")
def all_pages(demonstrated: Flask, demonstration: Town) -> list[Page]:
    """Everything that anybody comes to by following links, and what no link leads to."""
    found: list[Page] = []
    walk = Walk(demonstrated)
    for who in PEOPLE:
        browser = demonstrated.test_client()
        if who is not None:
            sign_in_quietly(browser, demonstration, who)
        found += walk.through(browser, who, BEGINS_FOR_NOBODY if who is None else BEGINS)
        demonstration.close()
    found += gathering.of_residents(demonstrated)
    found += gathering.of_signing_in(demonstrated, demonstration)
    found += gathering.of_a_device(demonstration)
    found += gathering.in_english(demonstrated, demonstration)
    found += gathering.things(demonstrated, demonstration)
    return found


@pytest.fixture(scope="session")
def pages(all_pages: list[Page]) -> list[Page]:
    """As few of them as show all that there is."""
    return without_repeating(all_pages)
