"""Putting a backup back: only where nothing is yet, and compared afterwards with what its manifest says."""

import hmac
import json
import os
from collections.abc import Iterator, Mapping
from pathlib import Path

from pydantic import ValidationError
from sqlalchemy import Engine, create_engine
from sqlalchemy.orm import Session

from wijkteam.backup import postgres_copy, sqlite_copy
from wijkteam.backup.making import DOCUMENTS, MANIFEST, count_rows, tip_of
from wijkteam.backup.manifest import FORMAT, Manifest
from wijkteam.backup.store import Lock, Store, WrongBackup, telling
from wijkteam.logs.heads import as_lines, newest_heads
from wijkteam.storage.database import connect
from wijkteam.storage.schema import is_known, upgrade, versions


def read_backup(folder: Path, passphrase: str | None = None) -> tuple[Manifest, Store]:
    """The manifest of a backup and its files, every one of which fits its digest. Raises WrongBackup.

    Without the passphrase of a sealed backup its files can be checked, not opened.
    """
    try:
        told = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        if isinstance(told, dict) and told.get("format") != FORMAT:
            raise WrongBackup(f"{folder}: this release does not know format {told.get('format')!r}")
        manifest = Manifest.model_validate(told)
    except OSError as error:
        raise WrongBackup(f"{folder} is no backup: {MANIFEST} cannot be read ({error.strerror})") from None
    except (ValueError, ValidationError):
        raise WrongBackup(f"{folder}: {MANIFEST} is no manifest of a backup") from None
    lock = Lock.of(passphrase, manifest.sealing) if passphrase is not None and manifest.sealing else None
    if lock and not hmac.compare_digest(lock.sign(manifest.signed_text()), manifest.signature or ""):
        raise WrongBackup("the passphrase is another one, or the manifest was changed")
    store = Store(folder, lock)
    wrong = [problem for each in manifest.files if (problem := store.problem_with(each))]
    if wrong:
        raise WrongBackup("\n".join([*wrong, f"{folder} is not put back: {len(wrong)} files do not fit the manifest"]))
    return manifest, store


def restore(folder: Path, to: str, passphrase: str | None = None) -> Manifest:
    """Put a backup back into an empty database, on the version of the schema that it had. Raises WrongBackup."""
    manifest, store = read_backup(folder, passphrase)
    _refuse_sealed(manifest, passphrase)
    if manifest.kind == "keys":
        raise WrongBackup(f"{folder} holds keys only; put them back with --keys-to FOLDER")
    if to.partition(":")[0].partition("+")[0] != manifest.kind:
        raise WrongBackup(f"this backup is of {manifest.kind}: name such a database with --to")
    if manifest.revision is None or not is_known(manifest.revision):
        newer = f"this backup is of a newer release ({manifest.release}, schema {manifest.revision}): install that one"
        raise WrongBackup(newer)
    if manifest.kind == "sqlite":
        _sqlite(manifest, store, sqlite_copy.path_of(to))
    else:
        _postgres(manifest, store, to)
    return manifest


def restore_keys(folder: Path, to: Mapping[str, Path], passphrase: str | None = None) -> list[Path]:
    """Put the keys of a backup back where these names stand; never over a file that is there. Raises WrongBackup."""
    manifest, store = read_backup(folder, passphrase)
    _refuse_sealed(manifest, passphrase)
    if not manifest.holds_keys:
        raise WrongBackup(f"{folder} holds no keys")
    kept = {name: path for name, path in to.items() if (folder / "keys" / name.replace("-", "_")).is_file()}
    there = [str(path) for path in kept.values() if path.exists()]
    if there:
        raise WrongBackup(f"nothing is written over keys that are there: {', '.join(there)}")
    for name, path in kept.items():
        with telling(f"{path} cannot be written"):
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
                file.writelines(store.read(f"keys/{name.replace('-', '_')}"))
    return list(kept.values())


def _refuse_sealed(manifest: Manifest, passphrase: str | None) -> None:
    if manifest.sealing and passphrase is None:
        raise WrongBackup("this backup is sealed: give its passphrase with --passphrase-file")


def _contents(manifest: Manifest, store: Store) -> Iterator[tuple[int, bytes]]:
    """Each document's number with its content; names lead only to files that the manifest knows."""
    known = {each.name for each in manifest.files}
    for line in b"".join(store.read(DOCUMENTS)).decode("utf-8").splitlines():
        told = json.loads(line)
        if told["file"] not in known:
            raise WrongBackup(f"the content of document {told['id']} is not in the backup")
        yield told["id"], b"".join(store.read(told["file"]))


def _sqlite(manifest: Manifest, store: Store, path: Path) -> None:
    if path.exists():
        raise WrongBackup(f"{path} is there already: a backup is only put back where nothing is")
    unfinished = path.with_name(f"{path.name}.unfinished")
    unfinished.unlink(missing_ok=True)
    try:
        sqlite_copy.put_file_back(store, unfinished)
        sqlite_copy.put_contents_back(unfinished, _contents(manifest, store))
        # not through `connect`: that would make files beside it, before it has its name
        copy = create_engine(f"sqlite:///{unfinished}")
        try:
            compare(copy, manifest)
        finally:
            copy.dispose()
        with telling(f"{path} cannot be written"):
            os.link(unfinished, path)
    except FileExistsError:
        raise WrongBackup(f"{path} is there already: a backup is only put back where nothing is") from None
    finally:
        unfinished.unlink(missing_ok=True)


def _postgres(manifest: Manifest, store: Store, url: str) -> None:
    database = connect(url)
    try:
        versions(database)  # says in one line when it cannot be reached
        postgres_copy.refuse_used(database)
        upgrade(database, manifest.revision or "head")
        stands = versions(database)[0]
        if stands != manifest.revision:
            raise WrongBackup(f"the database stands on {stands}, the backup on {manifest.revision}: use an empty one")
        postgres_copy.put_tables_back(database, store, manifest.tables, _contents(manifest, store))
        compare(database, manifest)
    finally:
        database.dispose()


def compare(database: Engine, manifest: Manifest) -> None:
    """Whether a database holds what the manifest says: rows, heads, newest event, documents. Raises WrongBackup."""
    with database.connect() as connection:
        counted = count_rows(connection)
        wrong = [
            f"{each.name} has {counted.get(each.name)} rows and should have {each.rows}"
            for each in manifest.tables
            if counted.get(each.name) != each.rows
        ]
        with Session(connection) as session:
            if tip_of(session) != manifest.tip:
                wrong.append("the newest event is another one")
            heads = [json.loads(line) for line in as_lines(newest_heads(session), ()).splitlines()]
            if [_bare(each) for each in heads] != [_bare(each) for each in manifest.heads]:
                wrong.append("the heads of the logs are other ones")
    if wrong:
        raise WrongBackup("\n".join([*wrong, "what was put back is not what the manifest says"]))


def _bare(head: dict[str, object]) -> dict[str, object]:
    return {name: value for name, value in head.items() if name != "public_key"}
