"""What the wall costs: the same pages with and without it, turn by turn, on both databases, with few and many cases."""

import cProfile
import pstats
from collections.abc import Callable

from flask.testing import FlaskClient

from tests.bench.rounds import compare, spread
from tests.bench.wall_town import browser_of, databases, town_on

CASES = (1, 10_000)
STEPS = 8
LINES = 25


def run(profile: bool) -> bool:
    """Print milliseconds a page and how many times the cost without the wall; there is no bound."""
    for cases in CASES:
        with databases() as found:
            for name, database in found.items():
                town, own, _other = town_on(database, cases)
                walled, plain = browser_of(town, "fenna"), browser_of(town, "fenna", wall=False)
                for page, path in {"my work": "/", "case": f"/casus/{own}"}.items():
                    told = compare({"wall": _opening(walled, path), "plain": _opening(plain, path)}, STEPS)
                    costs = "  ".join(f"{each} {1000 / told.rate(each):.1f} ms" for each in ("plain", "wall"))
                    ratio = spread(told.times("wall", "plain"))
                    print(f"  {name}, {cases} cases, {page}: {costs}  ×{ratio}", flush=True)
                    if profile:
                        _profile(_opening(walled, path))
    return True


def _opening(browser: FlaskClient, path: str) -> Callable[[int], None]:
    def work(count: int) -> None:
        for _ in range(count):
            answer = browser.get(path)
            assert answer.status_code == 200, (path, answer.status_code)

    return work


def _profile(work: Callable[[int], None]) -> None:
    profiler = cProfile.Profile()
    profiler.runcall(work, STEPS)
    pstats.Stats(profiler).sort_stats("tottime").print_stats(LINES)
