"""What the handbook tells its reader to do works, as it is written."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.api.programs import token_of
from tests.conftest import Town
from tests.handbook.reading import LANGUAGES, Block, blocks, pages
from tests.handbook.running import Reader
from tests.plumbing.templates import SQLiteTemplates
from wijkteam.assembly import House, house_on
from wijkteam.cases.made_up_areas import made_up_areas
from wijkteam.cases.service import keep_areas
from wijkteam.demo.seed import seed_past
from wijkteam.keys.ring import KeyRing
from wijkteam.storage.database import connect
from wijkteam.web.app import create_app

TO_RUN = ("sh", "yaml", "toml", "json")
ELSEWHERE = {
    "contributing.md": "checks and tests of the project, which CI runs",
}
"""Pages with examples that a test cannot carry out, and why."""


@pytest.fixture(scope="module")
def demo(sqlite_templates: SQLiteTemplates, first_house: House, first_ring: KeyRing) -> Iterator[str]:
    """The address of a database with the demo's people and a few cases."""
    url = sqlite_templates.copy("town")
    database = connect(url)
    town = Town(house_on(first_house, database, first_ring))
    areas = made_up_areas(1)
    keep_areas(town.clockwork(), areas, {each.wijk_code: f"Wijk {each.wijk_code[6:]}" for each in areas})
    seed_past(town.house, town.clockwork(), 6, 1, lambda _number: None)
    town.close()
    database.dispose()
    yield url
    sqlite_templates.drop(url)


@pytest.fixture
def reader(
    demo: str, first_house: House, first_ring: KeyRing, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Reader]:
    """Somebody in an empty folder, with the demo and a token of Fenna's."""
    monkeypatch.chdir(tmp_path)
    for name in [each for each in os.environ if each.startswith("WIJKTEAM_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("WIJKTEAM_DATABASE_URL", demo)
    monkeypatch.setenv("WIJKTEAM_KEY_RING_FILE", str(first_ring.path))
    database = connect(demo)
    town = Town(house_on(first_house, database, first_ring))
    app = create_app(town.house, "a key for tests", "Voorbeeldstad")
    token = token_of(town, "fenna")
    town.close()
    yield Reader(tmp_path, app.test_client(), {"TOKEN": token, "ADDRESS": "https://wijkteam.example"})
    town.close()
    database.dispose()


WITH_EXAMPLES = [name for name, page in pages("nl").items() if any(each.title for each in blocks(page))]


@pytest.mark.parametrize("name", WITH_EXAMPLES)
def test_every_example_of_a_page_does_what_the_page_says(name: str, reader: Reader) -> None:
    for block in blocks(pages("nl")[name]):
        reader.does(block)


@pytest.mark.parametrize("name", pages("nl"))
def test_the_examples_are_the_same_in_both_languages(name: str) -> None:
    dutch, english = (_examples(pages(language)[name]) for language in LANGUAGES)
    assert dutch == english


def _examples(page: str) -> list[Block]:
    return [each for each in blocks(page) if each.title]


def test_no_example_is_left_out_of_what_is_run() -> None:
    untried = {
        f"{language}/{name}"
        for language in LANGUAGES
        for name, page in pages(language).items()
        for each in blocks(page)
        if each.language in TO_RUN and not each.title and name not in ELSEWHERE
    }
    assert untried == set()
