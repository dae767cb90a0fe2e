"""Copying a PostgreSQL database in one snapshot with COPY, and putting it back under the same schema.

The program's own way and not pg_dump: that must be as new as the server and stand on the machine, and its archive
brings a schema along, while here the schema always comes from the migrations. For getting back to any moment see
docs/operations.md (base backup and archived WAL).
"""

import zlib
from collections.abc import Iterable, Iterator
from typing import Any, cast

from psycopg import Cursor, sql
from sqlalchemy import Connection, Engine, inspect, literal, select, table
from sqlalchemy.exc import DatabaseError

from wijkteam.backup.manifest import TableCopy
from wijkteam.backup.store import Store, WrongBackup
from wijkteam.events.parts import PREFIX
from wijkteam.storage.schema import first_line

VERSION_TABLE = "alembic_version"
GZIP = 31
"""Window bits that ask zlib for the form of gzip files."""
MUST_BE_EMPTY = ("person", "event", "household")


def tables_in_order(connection: Connection) -> list[str]:
    """Every table, those that others refer to first; parts of one are read as that one."""
    ordered = inspect(connection).get_sorted_table_and_fkc_names()
    names = [name for name, _keys in ordered if name is not None]
    return [each for each in names if each != VERSION_TABLE and not each.startswith(PREFIX)]


def copy_tables(connection: Connection, store: Store, counts: dict[str, int]) -> list[TableCopy]:
    """Write all rows of one snapshot, each table in a file of its own, without the contents of documents."""
    looked = inspect(connection)
    copied = []
    for name in tables_in_order(connection):
        columns = tuple(each["name"] for each in looked.get_columns(name))
        store.write(file_of(name), _rows(_cursor(connection), name, columns))
        copied.append(TableCopy(name=name, rows=counts[name], columns=columns))
    return copied


def file_of(table: str) -> str:
    """Where the rows of a table stand in a backup."""
    return f"rows/{table}.copy.gz"


def _rows(cursor: Cursor[Any], table: str, columns: tuple[str, ...]) -> Iterator[bytes]:
    shown = [
        sql.SQL("''::bytea") if (table, each) == ("document", "content") else sql.Identifier(each) for each in columns
    ]
    asked = sql.SQL("COPY (SELECT {} FROM {}) TO STDOUT").format(sql.SQL(", ").join(shown), sql.Identifier(table))
    packing = zlib.compressobj(6, wbits=GZIP)
    with cursor.copy(asked) as rows:
        for piece in rows:
            yield packing.compress(bytes(piece))
    yield packing.flush()


def refuse_used(database: Engine) -> None:
    """Nothing is put over people, events or households that are there already. Raises WrongBackup."""
    with database.connect() as connection:
        for name in MUST_BE_EMPTY:
            if inspect(connection).has_table(name) and connection.scalar(
                select(literal(1)).select_from(table(name)).limit(1)
            ):
                raise WrongBackup("the database is in use: a backup is only put back into an empty one")


def put_tables_back(
    database: Engine, store: Store, tables: Iterable[TableCopy], contents: Iterator[tuple[int, bytes]]
) -> None:
    """Fill the tables in one transaction: all of it or nothing. Raises WrongBackup."""
    try:
        with database.begin() as connection:
            cursor = _cursor(connection)
            names = [sql.Identifier(each) for each in tables_in_order(connection)]
            cursor.execute(sql.SQL("TRUNCATE {}").format(sql.SQL(", ").join(names)))
            for each in tables:
                _fill(cursor, store, each)
            for number, body in contents:
                cursor.execute("UPDATE document SET content = %s WHERE id = %s", (body, number))
            _count_on(cursor, tables)
    except DatabaseError as error:
        raise WrongBackup(f"the database refused: {first_line(error)}") from None


def _fill(cursor: Cursor[Any], store: Store, table: TableCopy) -> None:
    into = sql.SQL("COPY {} ({}) FROM STDIN").format(
        sql.Identifier(table.name), sql.SQL(", ").join(map(sql.Identifier, table.columns))
    )
    unpacking = zlib.decompressobj(wbits=GZIP)
    try:
        with cursor.copy(into) as rows:
            for piece in store.read(file_of(table.name)):
                rows.write(unpacking.decompress(piece))
            rows.write(unpacking.flush())
    except zlib.error:
        raise WrongBackup(f"{file_of(table.name)} is damaged") from None


def _count_on(cursor: Cursor[Any], tables: Iterable[TableCopy]) -> None:
    """Let numbers that the database gives out go on after the highest there is."""
    for copied in tables:
        for column in copied.columns:
            row = cursor.execute("SELECT pg_get_serial_sequence(%s, %s)", (copied.name, column)).fetchone()
            if row is None or row[0] is None:
                continue
            highest = sql.SQL("SELECT setval(%s, coalesce(max({0}), 1), max({0}) IS NOT NULL) FROM {1}")
            cursor.execute(highest.format(sql.Identifier(column), sql.Identifier(copied.name)), (row[0],))


def _cursor(connection: Connection) -> Cursor[Any]:
    driver = connection.connection.dbapi_connection
    assert driver is not None
    return cast("Cursor[Any]", driver.cursor())
