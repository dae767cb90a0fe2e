"""Ten thousand rows from another system: processor time for each row, when looked at and when brought in."""

import tempfile
import time
from pathlib import Path

from tests.importing.files import EVI, book, case
from wijkteam.assembly import build_house, keep_code_lists
from wijkteam.importing.service import Tools, begin, go_on, look_at
from wijkteam.keys.ring import KeyRing
from wijkteam.people import queries as people
from wijkteam.people.service import NewPerson, add_person, give_function
from wijkteam.storage.database import connect
from wijkteam.storage.schema import upgrade

HOMES = 5_000
MOST_TO_LOOK, MOST_TO_BRING = 0.01, 0.03
"""Seconds of processor time a row."""


def run(profile: bool) -> bool:
    """Measure looking and bringing in; whether both are within their bound."""
    del profile
    with tempfile.TemporaryDirectory() as name:
        database = connect(f"sqlite:///{Path(name) / 'import.sqlite'}")
        upgrade(database)
        ring = KeyRing(Path(name) / "ring")
        ring.begin()
        house = build_house(database, key_ring=ring)
        work = house.work()
        keep_code_lists(house, work)
        give_function(work, add_person(work, NewPerson("Bo", "bo@elders.example")), "functional_administrator")
        found = people.person_by_email(work.session, "bo@elders.example")
        assert found is not None
        work.actor = people.acting_person(work.session, found.id)
        content, tools = book(_sheets()), Tools(house.key_ring, house.bsn_grounds)
        start = time.process_time()
        checked = look_at(work, tools, content, "workbook")
        looked = (time.process_time() - start) / checked.file.count
        assert not checked.mistakes, checked.mistakes[:3]
        begun = begin(work, checked, "many.xlsx")
        start = time.process_time()
        done = go_on(work, tools, begun.id, checked)
        brought = (time.process_time() - start) / checked.file.count
        work.session.close()
        database.dispose()
    print(
        f"  {done.done} rows on SQLite: {looked * 1000:.2f} ms to look at one, {brought * 1000:.2f} ms to bring it in"
    )
    return not done.failed and looked < MOST_TO_LOOK and brought < MOST_TO_BRING


def _sheets() -> dict[str, list[dict[str, object]]]:
    return {
        "people": [{"name": "Evi Elders", "email": EVI}],
        "teams": [{"name": "Team Elders"}],
        "functions": [{"email": EVI, "function": "best_person", "team": "Team Elders"}],
        "households": [
            {"household": f"H-{at}", "who_or_where": f"Familie Verzonnen, {_street(at)} {at % 97 + 1}"}
            for at in range(HOMES)
        ],
        "cases": [case(at, state="Vraag verhelderen", safety="Veilig", reference=f"Z-{at}") for at in range(HOMES)],
    }


def _street(number: int) -> str:
    return "".join(chr(ord("a") + int(digit)) * 2 for digit in f"{number // 97:03}") + "straat"
