"""Grounds for all tests: both databases for real, the clock, and the fictional municipality."""

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from argon2 import PasswordHasher
from hypothesis import HealthCheck, settings
from sqlalchemy import Engine

from wijkteam.assembly import House, house_on
from wijkteam.demo.town import DOMAIN, found_town
from wijkteam.keys.ring import KeyRing
from wijkteam.people import queries as people
from wijkteam.signing_in import passwords
from wijkteam.storage.work import Work

pytest_plugins = [
    "tests.plumbing.browser",
    "tests.plumbing.made_once",
    "tests.plumbing.skips",
    "tests.plumbing.templates",
]

SHARED = Path(__file__).resolve().parents[1].parent / "shared" / "data"

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


@pytest.fixture
def key_ring(tmp_path: Path, first_ring: KeyRing, monkeypatch: pytest.MonkeyPatch) -> KeyRing:
    """A key ring of this test's own, which commands find too; finished databases were sealed under its first keys."""
    assert first_ring.path is not None
    path = tmp_path / "apart" / "key_ring"
    path.parent.mkdir()
    shutil.copy(first_ring.path, path)
    monkeypatch.setenv("WIJKTEAM_KEY_RING_FILE", str(path))
    return KeyRing(path)


@pytest.fixture
def house(database: Engine, first_house: House, key_ring: KeyRing, law_in_force: Callable[[], None]) -> House:
    """The whole house on this test's database, in which everything is sealed."""
    law_in_force()
    return house_on(first_house, database, key_ring)


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
    town = Town(house)
    if people.person_by_email(town.clockwork().session, f"fenna@{DOMAIN}") is None:
        found_town(house, town.clockwork())
    yield town
    town.close()
