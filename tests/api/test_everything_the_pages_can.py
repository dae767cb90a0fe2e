"""Whatever people can do and read on a page, a program can; or it is written down, in words, why not."""

import re

import pytest
from flask import Flask

from tests.api.pages_household import PAGES as PAGES_HOUSEHOLD
from tests.api.pages_office import PAGES_OF_MANY, PAGES_OFFICE
from tests.api.programs import Program, app_of
from tests.conftest import Town

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
FEWEST_WORDS = 5
NAME = re.compile(r"[a-z][a-zA-Z]+")


@pytest.fixture
def app(town: Town) -> Flask:
    """The app with every route there is."""
    return app_of(town)


def pages(app: Flask) -> set[str]:
    """The endpoints of all pages: every route but those of the API."""
    return {rule.endpoint for rule in app.url_map.iter_rules() if not rule.endpoint.startswith("api.")}


def operations(app: Flask) -> set[str]:
    """The names of everything that programs can do, as the description tells them."""
    told = Program(app, None).get("/openapi.json").json
    return {operation["operationId"] for path in told["paths"].values() for operation in path.values()}


def test_every_page_is_in_the_api_or_says_why_it_is_not(app: Flask) -> None:
    known = PAGES_OFFICE.keys() | PAGES_HOUSEHOLD.keys()
    assert pages(app) - known == set(), "say in tests/api/pages_office.py or pages_household.py what these are"
    assert known - pages(app) == set(), "these pages are no longer there"


def test_what_a_page_names_is_there_and_a_reason_is_a_sentence(app: Flask) -> None:
    told = operations(app)
    named = [*PAGES_OFFICE.items(), *PAGES_HOUSEHOLD.items()]
    named += [(page, each) for page, those in PAGES_OF_MANY.items() for each in those]
    wrong = []
    for page, found in named:
        if NAME.fullmatch(found):
            wrong += [] if found in told else [f"{page}: there is no operation {found}"]
        elif len(found.split()) < FEWEST_WORDS or not found.endswith("."):
            wrong.append(f"{page}: '{found}' is no reason in a sentence")
    assert not wrong, "\n".join(wrong)


def test_no_step_of_a_kind_that_programs_know_is_left_to_the_pages(town: Town, app: Flask) -> None:
    from wijkteam.web.api.kinds import KINDS, NOBODYS_STEP

    told = operations(app)
    lacking = [
        f"{kind.name}: {each.name}"
        for kind in KINDS
        for each in town.house.engine.workflow(kind.name).transitions
        if each.is_for_people and not NOBODYS_STEP.issuperset(each.by)
        if each.name not in kind.without and kind.collection != "appointments"
        if not any(name.lower() == f"{kind.name}_step_{each.name}".replace("_", "").lower() for name in told)
    ]
    assert lacking == []
