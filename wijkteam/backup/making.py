"""Making a backup: under another name first, so that a folder with the right name is always whole."""

import hashlib
import json
import shutil
import sqlite3
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path

from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection, Engine, func, inspect, select, table, text
from sqlalchemy.exc import DatabaseError, OperationalError
from sqlalchemy.orm import Session

from wijkteam.backup import postgres_copy, sqlite_copy
from wijkteam.backup.manifest import Manifest, TableCopy, Tip
from wijkteam.backup.store import Lock, Store, WrongBackup, telling
from wijkteam.documents.model import Document
from wijkteam.events.model import Event
from wijkteam.events.parts import PREFIX
from wijkteam.logs.heads import as_lines, newest_heads
from wijkteam.logs.keys import PublicKey
from wijkteam.storage.schema import first_line
from wijkteam.terms import clock

MANIFEST, DOCUMENTS = "manifest.json", "documents/list.jsonl"
Advance = Callable[[int], object]


def back_up(
    database: Engine,
    to: Path,
    passphrase: str | None = None,
    keys: Mapping[str, Path] | None = None,
    public_keys: Mapping[str, PublicKey] | None = None,
) -> Manifest:
    """Copy the database and its documents, of one moment, to a new folder; the keys too when they are given.

    The heads of both logs come along, with those of the public keys that are known. Raises WrongBackup; then nothing
    of it is left.
    """
    with _new_folder(to, passphrase) as store:
        for name, path in (keys or {}).items():
            _add_key(store, name, path)
        try:
            if database.dialect.name == "sqlite":
                manifest = _sqlite(database, store, public_keys or {})
            else:
                manifest = _postgres(database, store, public_keys or {})
        except OperationalError as error:
            raise WrongBackup(f"the database went away meanwhile: {first_line(error)}") from None
        except DatabaseError as error:
            raise WrongBackup(f"the database cannot be read: {first_line(error)}") from None
        return _finish(store, manifest, bool(keys))


def back_up_keys(to: Path, keys: Mapping[str, Path], passphrase: str | None = None) -> Manifest:
    """Copy only the keys to a new folder. Raises WrongBackup."""
    with _new_folder(to, passphrase) as store:
        for name, path in keys.items():
            _add_key(store, name, path)
        made = Manifest(
            made_at=clock.now().isoformat(), release=version("wijkteam"), kind="keys", server="", revision=None
        )
        return _finish(store, made, True)


@contextmanager
def _new_folder(to: Path, passphrase: str | None) -> Iterator[Store]:
    """A folder that gets its name when all of it is there, and is gone when something went wrong."""
    if to.exists():
        raise WrongBackup(f"{to} is there already: nothing is written over a backup")
    lock = Lock.new(passphrase) if passphrase is not None else None
    unfinished = to.with_name(f"{to.name}.unfinished")
    with telling(f"the backup cannot be written to {to}"):
        shutil.rmtree(unfinished, ignore_errors=True)
        unfinished.mkdir(mode=0o700, parents=True)
    try:
        yield Store(unfinished, lock)
        with telling(f"the backup cannot be written to {to}"):
            unfinished.rename(to)
    finally:
        shutil.rmtree(unfinished, ignore_errors=True)


def _add_key(store: Store, name: str, path: Path) -> None:
    if path.is_file():
        store.write(f"keys/{name.replace('-', '_')}", sqlite_copy.pieces_of(path))


def _sqlite(database: Engine, store: Store, known: Mapping[str, PublicKey]) -> Manifest:
    path = store.folder / "unfinished_copy"
    with telling(f"the backup cannot be written to {store.folder}"):
        copy = sqlite_copy.copy_of(database, path)
    try:
        with copy.connect() as connection:
            manifest = _looked_at(connection, store, known, sqlite3.sqlite_version)
            counts = count_rows(connection)
    finally:
        copy.dispose()
    sqlite_copy.without_contents(path)
    store.write(sqlite_copy.NAME, sqlite_copy.pieces_of(path))
    for each in path.parent.glob(f"{path.name}*"):
        each.unlink()
    return manifest.model_copy(update={"tables": tuple(TableCopy(name=n, rows=c) for n, c in counts.items())})


def _postgres(database: Engine, store: Store, known: Mapping[str, PublicKey]) -> Manifest:
    snapshot = database.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
    with snapshot.connect() as connection:
        server = str(connection.scalar(text("SHOW server_version")))
        manifest = _looked_at(connection, store, known, server)
        tables = postgres_copy.copy_tables(connection, store, count_rows(connection))
        return manifest.model_copy(update={"tables": tuple(tables)})


def count_rows(connection: Connection) -> dict[str, int]:
    """How many rows each table has, by its name; the tables of an index aside."""
    names = sorted(inspect(connection).get_table_names())
    aside = ("search_match", PREFIX)  # kept by the database itself, or by parts of what is counted already
    wanted = [each for each in names if not each.startswith(aside) and each != postgres_copy.VERSION_TABLE]
    return {each: connection.scalar(select(func.count()).select_from(table(each))) or 0 for each in wanted}


def tip_of(session: Session) -> Tip | None:
    """The newest event; None where nothing happened yet."""
    row = session.execute(select(Event.id, Event.hash).order_by(Event.id.desc()).limit(1)).first()
    return Tip(id=row.id, hash=row.hash) if row else None


def _looked_at(connection: Connection, store: Store, known: Mapping[str, PublicKey], server: str) -> Manifest:
    """Everything that the manifest says of this moment; the documents are written meanwhile."""
    revision = MigrationContext.configure(connection).get_current_revision()
    with Session(connection) as session:
        count, damaged = _write_documents(session, store)
        return Manifest(
            made_at=clock.now().isoformat(),
            release=version("wijkteam"),
            kind="sqlite" if connection.dialect.name == "sqlite" else "postgresql",
            server=server,
            revision=revision,
            documents=count,
            damaged=tuple(damaged),
            tip=tip_of(session),
            heads=tuple(map(json.loads, as_lines(newest_heads(session), known.values()).splitlines())),
        )


def _write_documents(session: Session, store: Store) -> tuple[int, list[int]]:
    """Each content once, under a name that follows from it. Returns how many documents, and which are damaged."""
    damaged, lines = [], []
    for number, digest in session.execute(select(Document.id, Document.digest).order_by(Document.id)).all():
        content = session.scalar(select(Document.content).where(Document.id == number)) or b""
        found = hashlib.sha256(content).hexdigest()
        if found != digest:
            damaged.append(number)
        name = f"documents/{store.lock.name_of(found) if store.lock else found}"
        if name not in store.files:
            store.write(name, [content])
        lines.append(json.dumps({"id": number, "file": name}) + "\n")
    store.write(DOCUMENTS, [line.encode() for line in lines])
    return len(lines), damaged


def _finish(store: Store, manifest: Manifest, holds_keys: bool) -> Manifest:
    files = tuple(store.files[name] for name in sorted(store.files))
    sealing = store.lock.sealing if store.lock else None
    whole = manifest.model_copy(update={"files": files, "sealing": sealing, "holds_keys": holds_keys})
    if store.lock:
        whole = whole.model_copy(update={"signature": store.lock.sign(whole.signed_text())})
    with telling(f"the backup cannot be written to {store.folder}"):
        (store.folder / MANIFEST).write_text(whole.model_dump_json(indent=1) + "\n", encoding="utf-8")
        (store.folder / MANIFEST).chmod(0o600)
    return whole
