"""After a move to another version the pages still tell what happened before, in the words of then."""

from pathlib import Path

from sqlalchemy import Engine as Database

from tests.access.test_who_may_read import client
from tests.versions.test_versions import opened, renamed, to_planning, town_with
from wijkteam.versions.migrating import Wish, migrate


def test_a_moved_case_keeps_its_story_and_shows_where_it_stands_now(database: Database, own: Path) -> None:
    town = town_with(database, own)
    case = opened(town)
    to_planning(town, case)
    town.close()
    town = town_with(database, own, renamed=renamed())
    migrate(town.work("ada"), Wish("household_case", 3, 5, {"planning": "plan_making"}))
    page = client(town, "fenna").get(f"/casus/{case.id}")
    assert page.status_code == 200
    assert "Samen een plan maken" in page.text
    assert "Overgezet naar een nieuwe versie" in page.text
    assert "nu: Plan maken" in page.text, "what was entered before is told by its title of then"
    town.close()
