"""The rows of every table as JSON Lines, each table with a schema of its rows."""

import base64
import inspect
import json
from collections.abc import Callable, Iterator
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from typing import Any

from sqlalchemy import JSON as JsonType
from sqlalchemy import BigInteger, Boolean, Column, Date, DateTime, Float, Integer, LargeBinary, Numeric, Table, select
from sqlalchemy.orm import Session

from wijkteam.events.contents import Opened
from wijkteam.events.payloads import CannotOpenPayload, read_payload
from wijkteam.events.payloads import Place as PayloadPlace
from wijkteam.exporting.places import Place
from wijkteam.exporting.tables import ADDED_COLUMNS, GOES_OUT, LEFT_OUT_COLUMNS
from wijkteam.keys.ring import KeyRing, WrongKeyRing
from wijkteam.keys.sealing import CannotOpen, open_sealed
from wijkteam.keys.sealing import Place as SealedPlace
from wijkteam.storage.columns import Moment
from wijkteam.storage.columns import Table as Model
from wijkteam.storage.schema import all_tables

BATCH = 500
Row = dict[str, Any]
Many = Callable[[list[Row]], None]
"""What is added to a batch of rows, in place."""


def tables_out() -> list[Table]:
    """The tables that go out, those that others refer to first."""
    return [each for each in all_tables().sorted_tables if each.name in GOES_OUT]


def columns_out(table: Table) -> list[Column[Any]]:
    """The columns of a table that go out."""
    return [each for each in table.columns if (table.name, each.name) not in LEFT_OUT_COLUMNS]


def write_table(session: Session, table: Table, place: Place, add: Many | None = None) -> int:
    """Write every row of a table; returns how many. Memory does not grow with the table."""
    columns = columns_out(table)
    rows = 0
    with place.file(f"tables/{table.name}.jsonl") as writing:
        for batch in _batches(session, table, columns):
            if add is not None:
                add(batch)
            rows += len(batch)
            writing.write("".join(_as_line(each) for each in batch).encode())
    return rows


def _batches(session: Session, table: Table, columns: list[Column[Any]]) -> Iterator[list[Row]]:
    asked = select(*columns).order_by(*table.primary_key.columns)
    found = session.connection().execute(asked.execution_options(yield_per=BATCH))
    for part in found.partitions(BATCH):
        yield [{column.name: value for column, value in zip(columns, row, strict=True)} for row in part]


def _as_line(row: Row) -> str:
    return json.dumps(row, default=_plain, ensure_ascii=False) + "\n"


def _plain(value: Any) -> Any:
    match value:
        case Enum():
            return value.value
        case datetime() | date():
            return value.isoformat()
        case Decimal():
            return str(value)
        case bytes():
            return base64.b64encode(value).decode()
    raise TypeError(f"no form for {type(value)}")


def with_contents(session: Session) -> Many:
    """Add to events what they recorded, opened; where that cannot be, why."""

    def add(rows: list[Row]) -> None:
        opened = Opened(session, [row["payload"] for row in rows])
        for row in rows:
            row["contents"] = None
            if row["payload"] is None:
                continue
            place = PayloadPlace(row["subject_kind"], row["subject_id"], row["sequence"])
            try:
                said = read_payload(opened.text(place, row["payload"]))
            except CannotOpenPayload as closed:
                row["contents"] = {"unreadable": str(closed.why)}
            else:
                row["contents"] = {"fields": said.fields, "changes": said.changes}

    return add


def with_numbers(session: Session, ring: KeyRing | None) -> Many:
    """Add to residents their number, opened with this ring; without a ring none."""
    table = all_tables().tables["resident"]

    def add(rows: list[Row]) -> None:
        sealed: dict[str, bytes] = {}
        if ring is not None:
            asked = select(table.c.id, table.c.bsn_sealed).where(table.c.id.in_([row["id"] for row in rows]))
            sealed = {number: each for number, each in session.connection().execute(asked) if each is not None}
        for row in rows:
            row["bsn"] = open_number(ring, row["id"], sealed.get(row["id"]))

    return add


def open_number(ring: KeyRing | None, resident_id: str, sealed: bytes | None) -> str | None:
    """A number that was sealed for a resident; None where there is none, or it cannot be opened."""
    if ring is None or sealed is None:
        return None
    try:
        return open_sealed(ring, SealedPlace("resident", "bsn_sealed", resident_id), sealed)
    except (CannotOpen, WrongKeyRing):
        return None


def name_files(rows: list[Row]) -> None:
    """Say in the rows of documents which file holds their content."""
    for row in rows:
        row["file"] = f"documents/{row['id']}"


def write_documents(session: Session, place: Place) -> int:
    """Write the content of every document in a file of its own; returns how many."""
    table = all_tables().tables["document"]
    numbers = session.connection().execute(select(table.c.id).order_by(table.c.id)).scalars().all()
    for number in numbers:
        content = session.connection().scalar(select(table.c.content).where(table.c.id == number))
        place.write(f"documents/{number}", content or b"")
    return len(numbers)


def schema_of(table: Table) -> Row:
    """The JSON Schema of one row of a table."""
    properties = {each.name: _schema_of_column(each) for each in columns_out(table)}
    for (name, column), what in ADDED_COLUMNS.items():
        if name == table.name:
            properties[column] = {"description": what}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": table.name,
        "description": described(table),
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
        "x-primary-key": [each.name for each in table.primary_key.columns],
    }


def described(table: Table) -> str:
    """What the rows of a table are, as its model says."""
    for mapper in Model.registry.mappers:
        if mapper.local_table is table:
            return " ".join((inspect.getdoc(mapper.class_) or "").split("\n\n")[0].split())
    return ""


def _schema_of_column(column: Column[Any]) -> Row:
    kind, form = _kind_of(column)
    found: Row = {"type": [kind, "null"] if column.nullable else kind} if kind else {}
    if form:
        found |= form
    for key in column.foreign_keys:
        found["x-refers-to"] = key.target_fullname
    return found


def _kind_of(column: Column[Any]) -> tuple[str, Row]:
    kind = column.type
    match kind:
        case Boolean():
            return "boolean", {}
        case Integer() | BigInteger():
            return "integer", {}
        case Numeric() if not isinstance(kind, Float):
            return "string", {"description": "a decimal number"}
        case Float():
            return "number", {}
        case Moment() | DateTime():
            return "string", {"format": "date-time"}
        case Date():
            return "string", {"format": "date"}
        case LargeBinary():
            return "string", {"contentEncoding": "base64"}
        case JsonType():
            return "", {"description": "JSON"}
    return "string", {}
