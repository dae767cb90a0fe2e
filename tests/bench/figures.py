"""The figures of the report over years of work, and what keeping their summaries costs a step.

A tenth of the size by default (100,000 cases, 600,000 events, 20,000 escalations); `--whole` takes all of it. What is
told first is a page that nobody asked for since anything happened; then the same period under filters, which is
remembered (`wijkteam.figures.remembered`). With `--profile` the query plans are printed.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from typing import Any

from sqlalchemy import Engine, event

from tests.bench.figures_copies import multiply
from tests.bench.figures_town import LAST, fill
from tests.bench.rounds import compare, told
from tests.bench.wall_town import databases
from tests.conftest import Town
from wijkteam.assembly import House, build_house
from wijkteam.cases.model import HouseholdCase
from wijkteam.cases.service import NewCase, open_case
from wijkteam.demo.town import found_town
from wijkteam.escalation.model import Escalation
from wijkteam.escalation.service import NewEscalation, escalate
from wijkteam.figures.journal import FigureJournal
from wijkteam.figures.keeping import differences, rebuild
from wijkteam.figures.report import make_page
from wijkteam.figures.telling import Scope
from wijkteam.reports.periods import last_ended_day
from wijkteam.terms import clock
from wijkteam.web.report import known

CASES, WHOLE, WRITTEN = 100_000, 1_000_000, 20_000
"""Cases; as many as are written one by one, of which the others are copies."""
SECONDS = {"postgresql": 1.0, "sqlite": 3.0}
"""For the whole page, at the whole size."""
COST = 1.15
STEPS = 120


def run(profile: bool, whole: bool = False) -> bool:
    """Print the time of the figures and the cost of their summaries on each database; whether bounds were kept."""
    cases = WHOLE if whole else CASES
    kept = []
    with databases() as found:
        for name, database in found.items():
            kept += [_page(name, database, cases, profile), _steps(name, database)]
    return all(kept)


def _page(name: str, database: Engine, cases: int, profile: bool) -> bool:
    house = build_house(database)
    town = Town(house)
    found_town(house, town.clockwork())
    town.close()
    written = _timed(lambda: fill(database, WRITTEN, list(house.lists["barriers"].items)))
    print(f"  {name}: {written[0]} were written in {written[1]:.0f} s", flush=True)
    made = _timed(lambda: rebuild(town.clockwork()))
    print(f"  {name}: {made[0]} summaries were made anew from the events in {made[1]:.0f} s", flush=True)
    copied = _timed(lambda: multiply(database, cases // WRITTEN))
    print(f"  {name}: copied until there are {cases} cases in {copied[1]:.0f} s", flush=True)
    proved = _timed(lambda: differences(town.clockwork().session))
    print(f"  {name}: verified in {proved[1]:.0f} s, {len(proved[0])} differences", flush=True)
    town.close()
    with database.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("ANALYZE")
    last = Scope(date(LAST.year - 1, 1, 1), date(LAST.year - 1, 12, 31))
    running = Scope(date(LAST.year, 1, 1), last_ended_day(LAST.date()))
    scopes = {
        "the running year": running,
        "last year": last,
        "last year, one wijk": replace(last, wijk="WK990003"),
        "last year, one barrier": replace(last, barrier="housing"),
        "last year, both": replace(last, wijk="WK990003", barrier="housing"),
    }
    kept = not proved[0]
    for title, scope in scopes.items():
        kept &= _asked(name, house, title, scope, profile)
    return kept


def _asked(name: str, house: House, title: str, scope: Scope, plans: bool) -> bool:
    with _statements(house.database) as asked, house.open_session() as session, clock.standing_at(LAST):
        start, own = time.perf_counter(), time.process_time()
        make_page(session, scope, known(house, "Voorbeeldstad"))
        took, worked = time.perf_counter() - start, time.process_time() - own
    kept = took <= SECONDS[name]
    here = f"{took:.2f} s, of which {worked:.2f} s in this process, {len(asked)} questions"
    print(f"  {name}: {title}: {here}: {'kept' if kept else 'NOT KEPT'}", flush=True)
    if plans:
        _explain(house.database, asked)
    return kept


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
    how = "EXPLAIN QUERY PLAN " if database.dialect.name == "sqlite" else "EXPLAIN (ANALYZE, COSTS OFF) "
    with database.connect() as connection:
        for statement, parameters in asked:
            if "figure_" in statement:
                print("   ", " ".join(statement.split())[:160])
                for row in connection.exec_driver_sql(how + statement, parameters):
                    print("       ", row[-1])


def _steps(name: str, database: Engine) -> bool:
    """Steps of an escalation and of a case, with and without summing up."""
    house = build_house(database)
    engine = house.engine
    plain = replace(
        house,
        engine=engine.living_on([j for j in engine._journals if not isinstance(j, FigureJournal)], engine._elsewhere),
    )
    kept = told(
        f"{name}: step of an escalation / without its summary",
        compare({"with": _to_and_fro(house), "without": _to_and_fro(plain)}, STEPS).times("with", "without"),
        COST,
        False,
    )
    kept &= told(
        f"{name}: step of a case / without",
        compare({"with": _noting(house), "without": _noting(plain)}, STEPS).times("with", "without"),
        COST,
        False,
    )
    told(
        f"{name}: opening a case / without its summary",
        compare({"with": _opening(house), "without": _opening(plain)}, STEPS).times("with", "without"),
        COST,
        False,
    )
    return kept


def _to_and_fro(house: House) -> Callable[[int], None]:
    town = Town(house)
    fenna, teun = town.work("fenna"), town.work("teun")
    case = open_case(fenna, NewCase("Straat 1", "Huur", "Bellen", clock.today()))
    asked = escalate(fenna, NewEscalation(case.id, case.team_id, "Woning", "housing"))
    answer = {"answer": "Doe maar.", "next_step": "Bellen", "next_step_on": clock.today()}
    answered = False

    def turn(count: int) -> None:
        nonlocal answered
        for _ in range(count):
            if answered:
                fenna.act_on(Escalation, asked.id, "ask_again", {"why": "Helpt niet."})
            else:
                teun.act_on(Escalation, asked.id, "answer", answer)
            answered = not answered

    return turn


def _noting(house: House) -> Callable[[int], None]:
    fenna = Town(house).work("fenna")
    case = open_case(fenna, NewCase("Straat 1", "Huur", "Bellen", clock.today()))

    def turn(count: int) -> None:
        for _ in range(count):
            fenna.act_on(HouseholdCase, case.id, "add_note", {"note": "Gebeld."})

    return turn


def _opening(house: House) -> Callable[[int], None]:
    fenna = Town(house).work("fenna")

    def turn(count: int) -> None:
        for _ in range(count):
            open_case(fenna, NewCase("Straat 1", "Huur", "Bellen", clock.today()))

    return turn
