"""Connecting: one code path for SQLite and PostgreSQL."""

import sqlite3
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, NoSuchModuleError

WRITES = "wijkteam_writes"
BUSY_MILLISECONDS = 20_000
STATEMENTS = 3_000
"""Compiled statements that are remembered: more than there are different ones, so that none is compiled twice."""


class WrongDatabase(Exception):
    """The database address cannot be used."""


def connect(url: str) -> Engine:
    """An engine on SQLite (WAL, foreign keys on) or PostgreSQL. Raises WrongDatabase for any other address."""
    try:
        address = make_url(url)
        if address.get_backend_name() == "postgresql":
            return create_engine(
                address.set(drivername="postgresql+psycopg"),
                pool_pre_ping=True,
                pool_size=10,
                hide_parameters=True,
                query_cache_size=STATEMENTS,
            )
    except (ArgumentError, NoSuchModuleError, ValueError) as error:
        raise WrongDatabase(f"'{url}' is not a database address, such as sqlite:///var/wijkteam.sqlite") from error
    if address.get_backend_name() != "sqlite":
        raise WrongDatabase(f"wijkteam works on sqlite and postgresql, not on {address.get_backend_name()}")
    if address.database and address.database != ":memory:":
        Path(address.database).parent.mkdir(parents=True, exist_ok=True)
    return _prepare_sqlite(create_engine(address, hide_parameters=True, query_cache_size=STATEMENTS))


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
