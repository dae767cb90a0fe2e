"""The figures of the report over years of work, and what keeping their summaries costs a step.

A tenth of the size by default (100,000 cases, 600,000 events, 20,000 escalations); `--whole` takes all of it. Each page
is asked twice: first when nothing of its period is remembered, which is what the bound is for, then again. Beside the
time stands the processor's, here and in PostgreSQL, which says more where a machine has other things to do. All
summaries are proved against the events, and at the end made anew from them and proved again. With `--profile` the query
plans are printed.

Filling a town takes longest: with `--in=FOLDER` it is filled there once and taken up again later. `--on=DATABASE` and
`--only=PART` take one of what there is: the parts are pages, verify, keeping and rebuild, in this order. Keeping leaves
steps that were not summed up on purpose: in a folder that stays they count as differences until a rebuild.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from functools import partial
from typing import Any, TypeVar

from sqlalchemy import Engine, event, select

from tests.bench.figures_copies import multiply
from tests.bench.figures_keeping import keeping_costs, processor_of
from tests.bench.figures_town import FIRST_HOME, LAST, fill
from tests.bench.wall_town import NAMES, databases
from tests.conftest import Town
from wijkteam.assembly import House, build_house
from wijkteam.cases.model import Household
from wijkteam.demo.town import found_town
from wijkteam.figures import remembered
from wijkteam.figures.keeping import differences, rebuild
from wijkteam.figures.report import make_page
from wijkteam.figures.telling import Scope
from wijkteam.reports.periods import last_ended_day
from wijkteam.terms import clock
from wijkteam.web.report import known

Made = TypeVar("Made")
CASES, WHOLE, WRITTEN = 100_000, 1_000_000, 20_000
"""Cases; as many as are written one by one, of which the others are copies."""
SECONDS = {"postgresql": 1.0, "sqlite": 3.0}
"""For the whole page, at the whole size."""


def run(profile: bool, whole: bool = False, kept_in: str = "", on: str = "", only: str = "") -> bool:
    """Print the time of the figures and the cost of their summaries on each database; whether bounds were kept."""
    cases = WHOLE if whole else CASES
    kept = []
    with databases(kept_in, (on,) if on else NAMES) as found:
        for name, database in found.items():
            town = _town(name, database, cases)
            parts: dict[str, Callable[[], bool]] = {
                "pages": partial(_pages, name, town.house, profile),
                "verify": partial(_verified, name, town),
                "keeping": partial(keeping_costs, name, database),
                "rebuild": partial(_made_anew, name, town),
            }
            kept += [parts[part]() for part in ([only] if only else parts)]
    return all(kept)


def _town(name: str, database: Engine, cases: int) -> Town:
    town = Town(build_house(database))
    if town.clockwork().session.scalar(select(Household.id).where(Household.id >= FIRST_HOME).limit(1)):
        town.close()
        return town
    town.close()
    found_town(town.house, town.clockwork())
    town.close()
    written = _timed(lambda: fill(database, WRITTEN, list(town.house.lists["barriers"].items)))
    print(f"  {name}: {written[0]} were written in {written[1]:.0f} s", flush=True)
    rebuild(town.clockwork())
    town.close()
    copied = _timed(lambda: multiply(database, cases // WRITTEN))
    print(f"  {name}: copied until there are {cases} cases in {copied[1]:.0f} s", flush=True)
    settle(database)
    return town


def settle(database: Engine) -> None:
    """What a database does by itself in quiet moments, so that its planner knows what there is."""
    with database.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("VACUUM ANALYZE" if database.dialect.name == "postgresql" else "ANALYZE")


def _made_anew(name: str, town: Town) -> bool:
    """All summaries made anew from all events, and proved against them."""
    made, took = _spent(town.house.database, lambda: rebuild(town.clockwork()))
    print(f"  {name}: {made:,} summaries were made anew from the events in {took}", flush=True)
    town.close()
    return _verified(name, town)


def _verified(name: str, town: Town) -> bool:
    """All summaries proved against all events."""
    found, took = _spent(town.house.database, lambda: differences(town.clockwork().session))
    print(f"  {name}: verified in {took}, {len(found)} differences {found[:3]}", flush=True)
    town.close()
    return not found


def _spent(database: Engine, make: Callable[[], Made]) -> tuple[Made, str]:
    """What was made, and in words how long that took, with the processor's time here and in the database."""
    start, own, theirs = time.perf_counter(), time.process_time(), processor_of(database)
    made = make()
    seconds = time.perf_counter() - start, time.process_time() - own, processor_of(database) - theirs
    return made, "{:.0f} s (processor {:.0f} s here, {:.0f} s there)".format(*seconds)


def _pages(name: str, house: House, profile: bool) -> bool:
    last = Scope(date(LAST.year - 1, 1, 1), date(LAST.year - 1, 12, 31))
    running = Scope(date(LAST.year, 1, 1), last_ended_day(LAST.date()))
    scopes = {
        "the running year": running,
        "last year": last,
        "last year, one wijk": replace(last, wijk="WK990003"),
        "last year, one barrier": replace(last, barrier="housing"),
        "last year, both": replace(last, wijk="WK990003", barrier="housing"),
    }
    _ask(house, Scope(date(LAST.year - 5, 1, 1), date(LAST.year - 5, 12, 31)))  # the first page of a process waits
    kept = [asked(name, house, title, scope, profile) for title, scope in scopes.items()]
    return all(kept)


def asked(name: str, house: House, title: str, scope: Scope, plans: bool) -> bool:
    """Ask a page of which nothing is remembered, and again; whether the first kept to the bound."""
    remembered._SHELVES.clear()
    with _statements(house.database) as statements:
        took, here, there = _ask(house, scope)
    again = _ask(house, scope)[0]
    kept = took <= SECONDS[name]
    print(
        f"  {name}: {title}: {took:.2f} s ({len(statements)} questions; processor {here:.2f} s here, {there:.2f} s "
        f"there): {'kept' if kept else 'NOT KEPT'}; again {again:.2f} s",
        flush=True,
    )
    if plans:
        _explain(house.database, statements)
    return kept


def _ask(house: House, scope: Scope) -> tuple[float, float, float]:
    """Seconds of one page: by the clock, of the processor in this process, and in that of the database."""
    database = house.database
    with house.open_session() as session, clock.standing_at(LAST):
        start, own, theirs = time.perf_counter(), time.process_time(), processor_of(database)
        make_page(session, scope, known(house, "Voorbeeldstad"))
        return time.perf_counter() - start, time.process_time() - own, processor_of(database) - theirs


def _timed(make: Callable[[], Any]) -> tuple[Any, float]:
    start = time.perf_counter()
    made = make()
    return made, time.perf_counter() - start


@contextmanager
def _statements(database: Engine) -> Iterator[list[tuple[str, Any]]]:
    asked: list[tuple[str, Any]] = []

    def note(_c: Any, _cursor: Any, statement: str, parameters: Any, _context: Any, _many: bool) -> None:
        asked.append((statement, parameters))

    event.listen(database, "before_cursor_execute", note)
    try:
        yield asked
    finally:
        event.remove(database, "before_cursor_execute", note)


def _explain(database: Engine, asked: list[tuple[str, Any]]) -> None:
    how = "EXPLAIN QUERY PLAN " if database.dialect.name == "sqlite" else "EXPLAIN (ANALYZE, BUFFERS, COSTS OFF) "
    with database.connect() as connection:
        for statement, parameters in asked:
            if "figure_" in statement:
                print("   ", " ".join(statement.split())[:160])
                for row in connection.exec_driver_sql(how + statement, parameters):
                    print("       ", row[-1])
