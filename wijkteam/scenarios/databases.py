"""Databases to play on: one is made ready, and each scenario gets a fresh copy of it."""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any, Protocol

from sqlalchemy import Engine as Database
from sqlalchemy import event

from wijkteam.storage.database import connect
from wijkteam.storage.schema import upgrade


class Databases(Protocol):
    """Where scenarios find their databases."""

    def ready(self) -> AbstractContextManager[Database]:
        """The one to copy from, with the newest schema, to be made ready before the first copy."""

    def fresh(self) -> AbstractContextManager[Database]:
        """A copy of it, gone afterwards. One at a time."""


def _nothing_to_lose(driver: Any, _record: object) -> None:
    """It is gone in a moment: nobody waits until the disk has it."""
    driver.execute("PRAGMA synchronous=OFF")


class SqliteDatabases:
    """SQLite files in a folder of their own.

    One engine plays all scenarios, each time with another file beneath it: so statements are compiled once only.
    """

    def __init__(self, folder: Path) -> None:
        self._ready = folder / "ready.sqlite"
        self._fresh = folder / "fresh.sqlite"
        self._database = connect(f"sqlite:///{self._fresh}")
        event.listen(self._database, "connect", _nothing_to_lose)

    @contextmanager
    def ready(self) -> Iterator[Database]:
        """The one to copy from; its last connection writes everything into the one file."""
        database = connect(f"sqlite:///{self._ready}")
        upgrade(database)
        yield database
        database.dispose()

    @contextmanager
    def fresh(self) -> Iterator[Database]:
        """A copy of it, gone afterwards."""
        self._fresh.write_bytes(self._ready.read_bytes())
        try:
            yield self._database
        finally:
            self._database.dispose()
            for path in self._fresh.parent.glob(f"{self._fresh.name}*"):
                path.unlink()
