"""Small municipalities by chance, one after another, in which somebody tries to compute back what was kept back.

What tests/figures/test_computing_back.py does in two towns, in as many as are asked for: 20, or 400 with `--whole`,
of different sizes. Not in the suite, for each takes ten seconds or more. Every town has a number, so that one in which
something was found can be looked at again.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.conftest import Town
from tests.figures.test_computing_back import everything_of
from wijkteam.assembly import build_house
from wijkteam.demo.town import found_town
from wijkteam.storage.database import connect
from wijkteam.storage.schema import upgrade

SIZES = (15, 30, 60, 110, 160, 300)
TOWNS, WHOLE = 20, 400


def run(profile: bool, whole: bool = False) -> bool:
    """Print what was found in each town; whether that was nothing anywhere."""
    found_anywhere = 0
    for seed in range(WHOLE if whole else TOWNS):
        households = SIZES[seed % len(SIZES)]
        with _empty_town() as town:
            began = time.process_time()
            seen, found = everything_of(town, 1_000 + seed, households)
        found_anywhere += len(found)
        seconds = time.process_time() - began
        print(
            f"  town {1_000 + seed} of {households}: {len(seen.told)} told, {len(seen.kept_back)} kept back, "
            f"{len(found)} computed back, {seconds:.0f} s",
            flush=True,
        )
        for name, value in found.items() if profile else ():
            print(f"    {value}: {name}", flush=True)
    return found_anywhere == 0


@contextmanager
def _empty_town() -> Iterator[Town]:
    with TemporaryDirectory(prefix="wijkteam-") as folder:
        database = connect(f"sqlite:///{Path(folder) / 'town.db'}")
        upgrade(database)
        town = Town(build_house(database))
        found_town(town.house, town.clockwork())
        town.close()
        yield town
        town.close()
        database.dispose()
