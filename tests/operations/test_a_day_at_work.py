"""The load scenario runs: served as in production, by people who do on their pages what it says."""

from pathlib import Path

from tests.bench.load import at_work, prepare
from tests.bench.served import ground, served


def test_people_who_do_what_the_scenario_says_meet_no_error(tmp_path: Path) -> None:
    with ground("load") as town:
        everybody = prepare(town, 50, 2)
        with served(town, 1, worker=True) as address:
            seen = at_work(tmp_path, address, everybody, 2, 8, pause=0.2)
    assert seen.requests > 3 and seen.wrong == seen.told_to_come_back == 0, seen
