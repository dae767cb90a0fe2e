"""Making sure that what was deleted cannot be read back from the database's own files.

SQLite: deleted text stays in free pages and in the write-ahead log until those are written anew, so the whole file is
rewritten. PostgreSQL: VACUUM gives the place of dead rows free, and it is written over in time; only VACUUM FULL, which
locks each table as long as it runs, removes it at once. Either leaves what a transaction that began before may still
read. Backups, the PostgreSQL archive of write-ahead log, and copies elsewhere are not reached from here: they are kept
no longer than their own term.

Whoever destroys at the command line has it done at once. What is destroyed on a page, or struck in a correction, is
scrubbed by the worker within a day: it costs the whole file, and nobody should wait for a page that long.
"""

import sqlite3
import time
from datetime import timedelta
from typing import Any

from sqlalchemy import Connection, Engine, delete, func, select, text
from sqlalchemy.orm import Session

from wijkteam.events.model import Erasure
from wijkteam.logs.model import ReadingErasure
from wijkteam.retention.model import DestructionItem, Scrubbing
from wijkteam.storage import database as storage
from wijkteam.storage.work import Work
from wijkteam.terms import clock

AT_MOST_EVERY = timedelta(hours=20)
"""The worker does it once a day at most, however much is destroyed in that day."""
OLDER = text(
    "SELECT EXISTS (SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
    " AND (backend_xmin IS NOT NULL OR backend_xid IS NOT NULL) AND xact_start < :began)"
)
"""Whether a transaction goes on that began before this moment: VACUUM leaves what it may still read."""


class StillRead(Exception):
    """Somebody read or wrote in the database all the time, so that what was deleted is still in its files."""

    def __init__(self) -> None:
        """Says so in one line."""
        super().__init__(
            "somebody was at work in the database all the time: what was destroyed is still in its files, "
            "until the worker writes them anew; it tries again within a day"
        )


def scrub(database: Engine, full: bool = False) -> str:
    """Rewrite what was freed; returns in one line what was done. `full` locks tables on PostgreSQL.

    Raises StillRead.
    """
    if database.dialect.name == "sqlite":
        with database.connect() as connection:
            driver = connection.connection.dbapi_connection
            assert driver is not None
            _write_anew(driver)
        return "the database file was written anew"
    way = "VACUUM (FULL)" if full else "VACUUM"
    with database.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        _wait_for_who_was_before(connection)
        connection.exec_driver_sql(way)
    return f"{way} was done; what is in backups and archived logs goes when their own term is over"


def _write_anew(driver: Any) -> None:
    try:
        driver.execute("INSERT INTO search_match(search_match) VALUES ('optimize')")  # words of deleted rows go too
        driver.execute("VACUUM")
        # the new pages are in the log, and come into the file only when nobody reads the old ones
        [(kept_from_it, *_pages)] = driver.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    except sqlite3.OperationalError as error:
        if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY:
            raise
        raise StillRead from error
    if kept_from_it:
        raise StillRead


def _wait_for_who_was_before(connection: Connection) -> None:
    began = connection.scalar(select(func.clock_timestamp()))
    end = time.monotonic() + storage.BUSY_MILLISECONDS / 1000
    while connection.scalar(OLDER, {"began": began}):
        if time.monotonic() > end:
            raise StillRead
        time.sleep(0.05)


def is_due(session: Session) -> bool:
    """Whether something was destroyed since the last time, and that time is long enough ago."""
    last = session.scalar(select(func.max(Scrubbing.at)))
    if last is not None and clock.now() - last < AT_MOST_EVERY:
        return False
    moments = (DestructionItem.done_at, Erasure.at, ReadingErasure.at)
    newest = [session.scalar(select(func.max(each))) for each in moments]
    return any(each is not None and (last is None or each >= last) for each in newest)


def scrub_and_note(work: Work, full: bool = False) -> str:
    """Rewrite what was freed, and note that it was done; returns in one line what was done. Raises StillRead."""
    database, began = work.session.get_bind().engine, clock.now()
    work.session.rollback()
    done = scrub(database, full)
    with work.transaction() as session:
        session.execute(delete(Scrubbing))
        session.add(Scrubbing(at=began))
    return done


def scrub_when_due(work: Work) -> str | None:
    """What the worker does now and then: rewrite what was freed when anything was; None when nothing is to be done.

    Raises StillRead.
    """
    return scrub_and_note(work) if is_due(work.session) else None
