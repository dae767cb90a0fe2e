"""A served wijkteam at localhost, where browsers make passkeys, in which everybody needs a second factor."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.conftest import Town
from tests.plumbing.answering import answering
from tests.web.conftest import free_port
from wijkteam.assembly import build_house
from wijkteam.demo.town import found_town
from wijkteam.storage.database import connect
from wijkteam.web.app import create_app
from wijkteam.web.safety import Safety


@dataclass
class Served:
    """Where it stands, and the municipality behind it."""

    address: str
    town: Town


@pytest.fixture
def served(tmp_path: Path, sqlite_template: bytes) -> Iterator[Served]:
    """In production, at localhost: browsers take its cookies for safe there, as they do with https elsewhere."""
    path = tmp_path / "served.sqlite"
    path.write_bytes(sqlite_template)
    engine = connect(f"sqlite:///{path}")
    house = build_house(engine)
    work = house.work()
    found_town(house, work)
    work.session.close()
    port = free_port()
    address = f"http://localhost:{port}"
    app = create_app(house, "a key for tests", "Voorbeeldstad", safety=Safety(production=True, address=address))
    town = Town(house)
    with answering(app, port):
        yield Served(address, town)
    town.close()
    engine.dispose()


@pytest.fixture(scope="session")
def house_of_one(tmp_path_factory: pytest.TempPathFactory, sqlite_template: bytes) -> Iterator[Town]:
    """A house on an empty database, for what does not touch it."""
    path = tmp_path_factory.mktemp("house") / "empty.sqlite"
    path.write_bytes(sqlite_template)
    engine = connect(f"sqlite:///{path}")
    yield Town(build_house(engine))
    engine.dispose()
