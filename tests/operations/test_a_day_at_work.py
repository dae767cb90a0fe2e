"""The load scenario runs: served as in production, by people who do on their pages what it says."""

import json
import urllib.request
from pathlib import Path

import pytest

from tests.bench.load import at_work, prepare
from tests.bench.served import Ground, served
from tests.conftest import Town
from wijkteam.keys.ring import KeyRing


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_people_who_do_what_the_scenario_says_meet_no_error(
    town: Town, database_url: str, key_ring: KeyRing, tmp_path: Path
) -> None:
    (tmp_path / "secret_key").write_text("a key of the test town", encoding="ascii")
    ground = Ground(tmp_path, database_url, town.house.database, town.house, "a key of the test town")
    everybody = prepare(ground, 0, 2)
    with served(ground, 1, KEY_RING_FILE=str(key_ring.path)) as address:
        headers = json.loads(everybody.read_text(encoding="utf-8"))[0]["headers"]
        asked = urllib.request.Request(f"{address}/", headers=headers)
        with urllib.request.urlopen(asked, timeout=300) as answer:  # what a process makes ready once is no load
            assert answer.status == 200
        seen = at_work(tmp_path, address, everybody, 2, 20, pause=0.5)
    assert seen.requests > 1 and seen.wrong == seen.told_to_come_back == 0, seen
