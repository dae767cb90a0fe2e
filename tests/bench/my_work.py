"""My work of somebody with 10,000 open cases, and the same when the town has many times as many cases in all.

What counts is what the server does for one page: its own processor time and that of the database behind it.
"""

import cProfile
import pstats
import time
from collections.abc import Callable

from flask.testing import FlaskClient

from tests.bench.big_town import copy_cases, one_case
from tests.bench.served import Ground, ground
from tests.bench.step_over_http import counted, of_database
from wijkteam.web.app import create_app

OPEN = 10_000
TOWN, WHOLE = 100_000, 1_000_000
MILLISECONDS, TIMES = 20.0, 2.0
PAGES = 10
LINES = 45


def run(profile: bool, whole: bool = False) -> bool:
    """Measure; with `whole` the town has a million cases, else 100,000."""
    with ground() as town:
        copied, kim = one_case(town), town.person("kim.1")
        fenna = town.person("fenna")
        copy_cases(town, copied, OPEN, [fenna], ended=0.0)
        page = opening(town, fenna)
        few = measured(town, page, f"{OPEN:,} open items", profile)
        copy_cases(town, copied, (WHOLE if whole else TOWN) - OPEN, [kim], start=OPEN)
        many = measured(town, page, f"the same of {WHOLE if whole else TOWN:,} cases", profile)
    quick, same = few <= MILLISECONDS, many <= TIMES * few
    print(f"  under {MILLISECONDS:.0f} ms: {'kept' if quick else 'NOT KEPT'}")
    print(f"  {many / few:.2f} times as much in the whole town; at most {TIMES}: {'kept' if same else 'NOT KEPT'}")
    return quick and same


def opening(town: Ground, person_id: int) -> Callable[[], str]:
    """Opening my work as this person, in this process."""
    app = create_app(town.house, town.secret, "Voorbeeldstad")
    client: FlaskClient = app.test_client(use_cookies=False)
    headers = town.signed_in(person_id).headers

    def page() -> str:
        answer = client.get("/", headers=headers)
        assert answer.status_code == 200, answer.text
        return answer.text

    return page


def measured(town: Ground, page: Callable[[], str], title: str, profile: bool) -> float:
    """Milliseconds of processor for one page, in this process and in the database together."""
    for _ in range(16):  # each statement is planned anew ten times before the database keeps its plan
        text = page()
    with counted(town.database) as asked:
        page()
    start, behind = time.process_time(), of_database(town.database)
    seconds = []
    for _ in range(PAGES):
        began = time.perf_counter()
        page()
        seconds.append(time.perf_counter() - began)
    ours = 1_000 * (time.process_time() - start) / PAGES
    theirs = 1_000 * (of_database(town.database) - behind) / PAGES
    print(
        f"  {title}: {len(asked)} statements and commits, {len(text) / 1_000:.0f} kB; processor {ours:.1f} ms here, "
        f"{theirs:.1f} ms in PostgreSQL; by the clock {1_000 * min(seconds):.1f} ms at best",
        flush=True,
    )
    if profile:
        profiler = cProfile.Profile(time.process_time)
        profiler.enable()
        for _ in range(PAGES):
            page()
        profiler.disable()
        pstats.Stats(profiler).sort_stats("cumulative").print_stats(LINES)
    return ours + theirs
