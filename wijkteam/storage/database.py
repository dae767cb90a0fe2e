"""Connecting: one code path for SQLite and PostgreSQL."""

import select
import sqlite3
import time
from pathlib import Path
from typing import Any

from psycopg import _queries
from sqlalchemy import URL, Connection, Engine, create_engine, event
from sqlalchemy.engine import ExceptionContext, make_url
from sqlalchemy.exc import ArgumentError, InvalidatePoolError, NoSuchModuleError

from wijkteam.storage.cursors import QuietCursor
from wijkteam.storage.races import READ_ONLY

WRITES = "wijkteam_writes"
BUSY_MILLISECONDS = 20_000
STATEMENTS = 3_000
"""Compiled statements that are remembered: more than there are different ones, so that none is compiled twice."""
PATIENCE = {
    "connect_timeout": 10,
    "keepalives_idle": 15,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 15_000,
}
"""How long PostgreSQL is waited for when the network says nothing: seconds, and milliseconds for the last one. Left to
itself a machine waits a quarter of an hour for one that is cut off. What the address says wins."""
CONNECTIONS = 20
"""Connections of one process that stay open; more are opened when more requests run at once, and closed after."""
PREPARED = 300
"""Statements that each connection to PostgreSQL keeps ready: planning one costs more than executing it."""
STILL_SECONDS = 30.0
"""After so long without use it is asked whether a connection is still there; before, whether its socket says not."""


_queries.MAX_CACHED_STATEMENT_LENGTH, _queries.MAX_CACHED_STATEMENT_PARAMS = 100_000, 1_000
"""The driver remembers how a statement is written in the server's own way, but only of short ones; ours carry the wall
around what they ask, and to write one anew costs as much as executing it. Where a next release of the driver has no
such bounds, this does nothing."""


class WrongDatabase(Exception):
    """The database address cannot be used."""


class DatabaseAway(WrongDatabase):
    """The database does not answer now; it may be back later."""


def connect(url: str) -> Engine:
    """An engine on SQLite (WAL, foreign keys on) or PostgreSQL. Raises WrongDatabase for any other address."""
    try:
        address = make_url(url)
        if address.get_backend_name() == "postgresql":
            engine = _prepare_postgresql(
                create_engine(
                    address.set(drivername="postgresql+psycopg"),
                    pool_size=CONNECTIONS,
                    pool_use_lifo=True,  # the one that was used last has its statements prepared
                    max_overflow=-1,  # a request holds two at once: with a bound, requests could wait for each other
                    hide_parameters=True,
                    query_cache_size=STATEMENTS,
                    connect_args={
                        "cursor_factory": QuietCursor,
                        **{name: value for name, value in PATIENCE.items() if name not in address.query},
                    },
                )
            )
            return _look_further(engine)
    except (ArgumentError, NoSuchModuleError, ValueError) as error:
        raise WrongDatabase(f"'{url}' is not a database address, such as sqlite:///var/wijkteam.sqlite") from error
    if address.get_backend_name() != "sqlite":
        raise WrongDatabase(f"wijkteam works on sqlite and postgresql, not on {address.get_backend_name()}")
    if address.database and address.database != ":memory:":
        Path(address.database).parent.mkdir(parents=True, exist_ok=True)
    return _prepare_sqlite(create_engine(address, hide_parameters=True, query_cache_size=STATEMENTS))


def hosts_of(address: URL) -> tuple[str, ...]:
    """The servers that an address names, without their ports; more than one where they take over from each other."""
    named = address.query.get("host", address.host or "")
    several = named.split(",") if isinstance(named, str) else named
    return tuple(each.rpartition(":")[0] if each.count(":") == 1 else each for each in several if each)


def _look_further(engine: Engine) -> Engine:
    """Where an address names several servers, let go of one that takes nothing in any more: another took over."""
    if len(hosts_of(engine.url)) > 1:

        @event.listens_for(engine, "handle_error")
        def elsewhere(failed: ExceptionContext) -> None:
            if getattr(failed.original_exception, "sqlstate", None) == READ_ONLY:
                failed.is_disconnect = True

    return engine


def _prepare_postgresql(engine: Engine) -> Engine:
    """Keep statements prepared, and notice a connection that was cut without asking the server at every request."""

    @event.listens_for(engine, "connect")
    def keep_prepared(connection: Any, _record: Any) -> None:
        connection.prepared_max = PREPARED
        connection.prepare_threshold = 1

    @event.listens_for(engine, "checkin")
    def returned(_connection: Any, record: Any) -> None:
        record.info[RETURNED] = time.monotonic()

    @event.listens_for(engine, "checkout")
    def look(connection: Any, record: Any, _proxy: Any) -> None:
        still = time.monotonic() - record.info.get(RETURNED, time.monotonic())
        if connection.closed or ((still > STILL_SECONDS or _says_something(connection)) and not _answers(connection)):
            raise InvalidatePoolError

    def _answers(connection: Any) -> bool:
        try:
            return engine.dialect.do_ping(connection)
        except engine.dialect.loaded_dbapi.Error:
            return False

    return engine


RETURNED = "returned_at"


def _says_something(connection: Any) -> bool:
    """Whether there is something to read on a connection of which nothing was asked: mostly that it was cut."""
    looking = select.poll()
    looking.register(connection.fileno(), select.POLLIN | select.POLLHUP | select.POLLERR)
    return bool(looking.poll(0))


def _prepare_sqlite(engine: Engine) -> Engine:
    @event.listens_for(engine, "connect")
    def set_up(connection: sqlite3.Connection, _record: Any) -> None:
        connection.isolation_level = None
        cursor = connection.cursor()
        for pragma in (
            "journal_mode=WAL",
            "synchronous=NORMAL",
            "foreign_keys=ON",
            f"busy_timeout={BUSY_MILLISECONDS}",
            "cache_size=-65536",
        ):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        writes = connection.get_execution_options().get(WRITES, False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    return engine
