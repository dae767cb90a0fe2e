"""Copying a SQLite database while it is written to, and putting it back."""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from sqlalchemy import Engine
from sqlalchemy.engine import make_url

from wijkteam.backup.store import PIECE, Store, WrongBackup, telling
from wijkteam.storage.database import connect

NAME = "database.sqlite"


def path_of(url: str) -> Path:
    """The file of a SQLite address. Raises WrongBackup for a database in memory."""
    name = make_url(url).database
    if not name or name == ":memory:":
        raise WrongBackup("a database in memory cannot be copied or put back")
    return Path(name)


def copy_of(source: Engine, to: Path) -> Engine:
    """A copy of one moment, by SQLite's own online backup: nobody who writes waits for it. Raises WrongBackup."""
    to.touch(mode=0o600)
    try:
        with (
            closing(sqlite3.connect(f"file:{path_of(str(source.url))}?mode=ro", uri=True)) as original,
            closing(sqlite3.connect(to)) as copy,
        ):
            original.backup(copy)
            copy.execute("PRAGMA journal_mode=DELETE")
    except sqlite3.Error as error:
        raise WrongBackup(f"the database cannot be copied: {error}") from None
    return connect(f"sqlite:///{to}")


def without_contents(path: Path) -> None:
    """Take the documents out of the copy: they stand beside it. Raises WrongBackup."""
    try:
        with closing(sqlite3.connect(path)) as copy:
            copy.execute("UPDATE document SET content = x''")
            copy.commit()
            copy.execute("PRAGMA journal_mode=DELETE")
            copy.execute("VACUUM")
    except sqlite3.Error as error:
        raise WrongBackup(f"the copy cannot be written: {error}") from None


def pieces_of(path: Path) -> Iterator[bytes]:
    """A file in pieces. Raises WrongBackup."""
    with telling(f"{path.name} cannot be read"), path.open("rb") as file:
        while piece := file.read(PIECE):
            yield piece


def put_file_back(store: Store, path: Path) -> None:
    """Write the database to a file that is not there yet. Raises WrongBackup."""
    with telling(f"{path} cannot be written"):
        path.parent.mkdir(parents=True, exist_ok=True)
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            for piece in store.read(NAME):
                file.write(piece)
            file.flush()
            os.fsync(file.fileno())


def put_contents_back(path: Path, contents: Iterator[tuple[int, bytes]]) -> None:
    """Give documents their content again, by their number. Raises WrongBackup."""
    try:
        with closing(sqlite3.connect(path)) as copy:
            copy.executemany("UPDATE document SET content = ? WHERE id = ?", ((body, key) for key, body in contents))
            copy.commit()
    except sqlite3.Error as error:
        raise WrongBackup(f"the documents cannot be put back: {error}") from None
