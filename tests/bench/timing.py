"""Whether the time of an answer tells that something is there: what does not exist against what one may not read.

Both are asked in pairs, in an order that chance chooses. A sign test says how likely it is that chance alone made
one of the two the slower one so often; that the same is asked of the database is proved by the suite itself.
"""

import random
import time
from math import erfc, sqrt
from statistics import median

from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.bench.wall_town import browser_of, databases, town_on
from wijkteam.cases.model import HouseholdCase
from wijkteam.storage.subject import new_id

PAIRS, WARM = 300, 20
UNLIKELY = 0.001
NOTICED = 0.05
"""A difference of so great a part of the answer is one that a patient person could measure over a network."""


def run(_profile: bool) -> bool:
    """Print the difference and its significance on each database; whether none is both sure and noticeable."""
    kept = []
    with databases() as found:
        for name, database in found.items():
            town, *_ = town_on(database, PAIRS)
            with Session(database) as session:
                there = list(session.scalars(select(HouseholdCase.id).limit(PAIRS)))
            kept.append(_told(name, browser_of(town, "ada"), there))
    return all(kept)


def _told(name: str, browser: FlaskClient, there: list[str]) -> bool:
    choose = random.Random(1)
    for _ in range(WARM):
        _seconds(browser, new_id())
    pairs: list[tuple[float, float]] = []
    for number in there:
        asked = [("there", number), ("nowhere", new_id())]
        choose.shuffle(asked)
        took = {which: _seconds(browser, each) for which, each in asked}
        pairs.append((took["there"], took["nowhere"]))
    slower = sum(1 for there_, nowhere in pairs if there_ > nowhere)
    chance = sign_test(slower, len(pairs))
    usual = median(nowhere for _, nowhere in pairs)
    apart = median(there_ - nowhere for there_, nowhere in pairs)
    kept = chance > UNLIKELY or abs(apart) < NOTICED * usual
    print(
        f"  {name}: {1000 * usual:.2f} ms; what is there takes {1e6 * apart:+.0f} µs ({apart / usual:+.1%}), "
        f"slower in {slower} of {len(pairs)} pairs, by chance {chance:.2g}: {'kept' if kept else 'NOT KEPT'}",
        flush=True,
    )
    return kept


def sign_test(slower: int, pairs: int) -> float:
    """How likely chance alone is to lie at least so far from half and half (two-sided, normal approximation)."""
    return erfc(max(abs(slower - pairs / 2) - 0.5, 0) / sqrt(pairs / 2))


def _seconds(browser: FlaskClient, number: str) -> float:
    start = time.perf_counter()
    answer = browser.get(f"/casus/{number}")
    taken = time.perf_counter() - start
    assert answer.status_code == 404
    return taken
