"""Writing everything out: tables with their schemas, documents, a workbook to bring in, and a manifest of it all."""

import hashlib
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import cast

from sqlalchemy import Engine as Database
from sqlalchemy.orm import Session

from wijkteam.exporting import records
from wijkteam.exporting.importable import importable
from wijkteam.exporting.manual import readme
from wijkteam.exporting.places import Place, new_place
from wijkteam.exporting.tables import LEFT_OUT, LEFT_OUT_COLUMNS
from wijkteam.keys.ring import KeyRing
from wijkteam.storage.work import Work
from wijkteam.terms import clock

MANIFEST, WORKBOOK, README = "manifest.json", "import.xlsx", "README.md"
CASE = "household_case"


@dataclass(frozen=True)
class Made:
    """What was written."""

    rows: int
    documents: int
    digest: str
    """SHA-256 of the manifest."""


def write_everything(
    work: Work, to: Path, ring: KeyRing | None, about: dict[str, str], advance: Callable[[int], object]
) -> Made:
    """Write all there is at one moment to a new folder or zip file; numbers (BSN) only with a ring. Raises WrongPlace.

    `about` goes in the manifest: which export this is, by whom.
    """
    with new_place(to) as place, _one_moment(work) as session:
        counts: dict[str, int] = {}
        for table in records.tables_out():
            adders: dict[str, records.Many] = {
                "event": records.with_contents(session),
                "resident": records.with_numbers(session, ring),
                "document": records.name_files,
            }
            counts[table.name] = records.write_table(session, table, place, adders.get(table.name))
            schema = json.dumps(records.schema_of(table), ensure_ascii=False, indent=1)
            place.write(f"schemas/{table.name}.json", schema.encode())
            advance(1)
        documents = records.write_documents(session, place)
        content, importables = importable(session, work.engine.workflow(CASE), ring)
        place.write(WORKBOOK, content)
        place.write(README, readme().encode())
        return Made(sum(counts.values()), documents, _write_manifest(place, counts, importables, about))


@contextmanager
def _one_moment(work: Work) -> Iterator[Session]:
    """A session in which everything stands as it did at one moment, and that changes nothing."""
    database = cast(Database, work.session.get_bind())
    if database.dialect.name == "postgresql":
        database = database.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
    with database.connect() as connection, Session(connection, info=dict(work.session.info)) as session:
        yield session
        session.rollback()


def _write_manifest(place: Place, counts: dict[str, int], importables: dict[str, int], about: dict[str, str]) -> str:
    said = {
        "made_at": clock.now().isoformat(),
        "release": version("wijkteam"),
        **about,
        "tables": counts,
        "workbook": importables,
        "left_out": dict(LEFT_OUT),
        "left_out_columns": {f"{table}.{column}": why for (table, column), why in LEFT_OUT_COLUMNS.items()},
        "files": [{"name": each.name, "size": each.size, "sha256": each.digest} for each in place.files],
    }
    content = json.dumps(said, ensure_ascii=False, indent=1).encode()
    place.write(MANIFEST, content)
    return hashlib.sha256(content).hexdigest()
