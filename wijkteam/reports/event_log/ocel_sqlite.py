"""The event log as OCEL 2.0 in SQLite (ocel-standard.org): a table for each kind of object and of step."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from itertools import islice
from pathlib import Path
from typing import Any

from wijkteam.reports.event_log.gathering import EventLog
from wijkteam.reports.event_log.kinds import HOUSEHOLD, KINDS
from wijkteam.reports.event_log.ocel_json import EVENT_ATTRIBUTES, SINCE_EVER, moment, said_by, touches, type_of

AT_ONCE = 5_000
"""Rows that are written together."""
TABLES = """
CREATE TABLE event_map_type (ocel_type TEXT PRIMARY KEY, ocel_type_map TEXT);
CREATE TABLE object_map_type (ocel_type TEXT PRIMARY KEY, ocel_type_map TEXT);
CREATE TABLE event (ocel_id TEXT PRIMARY KEY, ocel_type TEXT REFERENCES event_map_type (ocel_type));
CREATE TABLE object (ocel_id TEXT PRIMARY KEY, ocel_type TEXT REFERENCES object_map_type (ocel_type));
CREATE TABLE event_object (
  ocel_event_id TEXT REFERENCES event (ocel_id),
  ocel_object_id TEXT REFERENCES object (ocel_id),
  ocel_qualifier TEXT,
  PRIMARY KEY (ocel_event_id, ocel_object_id, ocel_qualifier)
);
CREATE TABLE object_object (
  ocel_source_id TEXT REFERENCES object (ocel_id),
  ocel_target_id TEXT REFERENCES object (ocel_id),
  ocel_qualifier TEXT,
  PRIMARY KEY (ocel_source_id, ocel_target_id, ocel_qualifier)
);
"""
SQL_TYPES = {"string": "TEXT", "integer": "INTEGER", "boolean": "INTEGER"}
Row = tuple[str, tuple[Any, ...]]
"""A statement and what goes into it."""


def write_ocel_sqlite(log: EventLog, path: Path, advance: Callable[[int], None]) -> None:
    """Write the log row by row into a new file; `advance` hears of each event written."""
    path.unlink(missing_ok=True)
    with closing(sqlite3.connect(path)) as file:
        # a file that breaks off half-way is thrown away, so that it needs no journal
        file.execute("PRAGMA journal_mode=OFF")
        file.execute("PRAGMA synchronous=OFF")
        file.executescript(TABLES)
        _make_type_tables(file, log)
        _write_all(file, _objects(log))
        _write_all(file, _links(log))
        _write_all(file, _events(log, advance))
        file.commit()


def _mapped(name: str) -> str:
    """The name of a type in names of tables: letters alone."""
    return "".join(part.capitalize() for part in name.replace(".", "_").split("_"))


def _make_type_tables(file: sqlite3.Connection, log: EventLog) -> None:
    said = ", ".join(f"{name} {SQL_TYPES[sort]}" for name, sort in EVENT_ATTRIBUTES.items())
    for kind, name in log.event_types():
        step = f"{kind}.{name}"
        file.execute("INSERT INTO event_map_type VALUES (?, ?)", (step, _mapped(step)))
        file.execute(
            f'CREATE TABLE "event_{_mapped(step)}" '
            f"(ocel_id TEXT PRIMARY KEY REFERENCES event (ocel_id), ocel_time TIMESTAMP, {said})"
        )
    for name in (HOUSEHOLD, *KINDS):
        columns = [f", {each} {SQL_TYPES[type_of(each)]}" for each in _attributes(name)]
        file.execute("INSERT INTO object_map_type VALUES (?, ?)", (name, _mapped(name)))
        file.execute(
            f'CREATE TABLE "object_{_mapped(name)}" (ocel_id TEXT REFERENCES object (ocel_id), ocel_time TIMESTAMP, '
            f"ocel_changed_field TEXT{''.join(columns)})"
        )


def _attributes(name: str) -> tuple[str, ...]:
    return tuple(KINDS[name].attributes) if name in KINDS else ()


def _insert(table: str, values: tuple[Any, ...]) -> Row:
    # the names of tables come from the definitions of workflows, which allow letters and underscores only
    return f'INSERT INTO "{table}" VALUES ({", ".join("?" * len(values))})', values  # noqa: S608  # nosec B608


def _objects(log: EventLog) -> Iterator[Row]:
    for each in log.objects():
        said = tuple(each.attributes.get(name) for name in _attributes(each.kind))
        yield _insert("object", (each.name, each.kind))
        yield _insert(f"object_{_mapped(each.kind)}", (each.name, SINCE_EVER, None, *said))
        for other, qualifier in each.related:
            yield _insert("object_object", (each.name, other, qualifier))


def _links(log: EventLog) -> Iterator[Row]:
    for link in log.links():
        yield _insert("object_object", link)


def _events(log: EventLog, advance: Callable[[int], None]) -> Iterator[Row]:
    for number, event in enumerate(log.events(), 1):
        name, step = f"event-{number}", f"{event.kind}.{event.name}"
        said = {**said_by(event), "under_mandate": int(event.under_mandate)}
        yield _insert("event", (name, step))
        yield _insert(f"event_{_mapped(step)}", (name, moment(event.at), *said.values()))
        for other, qualifier in touches(event):
            yield _insert("event_object", (name, other, qualifier))
        advance(1)


def _write_all(file: sqlite3.Connection, rows: Iterator[Row]) -> None:
    while some := list(islice(rows, AT_ONCE)):
        by_statement: dict[str, list[tuple[Any, ...]]] = {}
        for statement, values in some:
            by_statement.setdefault(statement, []).append(values)
        for statement, given in by_statement.items():
            file.executemany(statement, given)
