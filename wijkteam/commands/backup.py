"""Commands that copy everything, and put it back."""

import stat
import sys
from pathlib import Path

import click

from wijkteam.backup.making import back_up, back_up_keys
from wijkteam.backup.manifest import Manifest
from wijkteam.backup.restoring import read_backup, restore_keys
from wijkteam.backup.restoring import restore as put_back
from wijkteam.backup.store import WrongBackup
from wijkteam.commands.opening import FOUND_WRONG, answers
from wijkteam.doctor import key_files
from wijkteam.logs.keys import known_keys
from wijkteam.storage.database import connect
from wijkteam.storage.schema import versions
from wijkteam.storage.settings import read_settings

FOLDER = click.Path(path_type=Path, file_okay=False)
PASSPHRASE = click.option(
    "--passphrase-file",
    type=click.Path(path_type=Path, dir_okay=False),
    help="File with the passphrase that seals the backup.",
)
WITH_KEYS = "the keys stand in this backup too: whoever has it can read all. Keep keys apart: --keys only"


def _passphrase(path: Path | None) -> str | None:
    if path is None:
        return None
    try:
        if stat.S_IMODE(path.stat().st_mode) & 0o077:
            raise WrongBackup(f"others can read {path}; run: chmod 600 {path}")
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError):
        raise WrongBackup(f"{path} cannot be read") from None
    return lines[0].strip() if lines else ""


def _told(manifest: Manifest) -> str:
    rows = sum(each.rows for each in manifest.tables)
    sealed = ", sealed" if manifest.sealing else ""
    return (
        f"{manifest.kind} of {manifest.made_at[:19]}Z, schema {manifest.revision}, {len(manifest.tables)} tables, "
        f"{rows} rows, {manifest.documents} documents, {len(manifest.files)} files{sealed}"
    )


@click.command()
@click.argument("folder", type=FOLDER)
@click.option(
    "--keys",
    default="without",
    show_default=True,
    type=click.Choice(["without", "with", "only"]),
    help="Keys belong in a backup of their own: only.",
)
@PASSPHRASE
@answers
def backup(folder: Path, keys: str, passphrase_file: Path | None) -> None:
    """Copy the database and its documents, of one moment, to a new FOLDER, while people work.

    SQLite is copied by its own online backup; PostgreSQL by COPY in one snapshot. Documents stand apart, each once.

    Example: wijkteam backup /backup/2026-11-28 --passphrase-file /etc/wijkteam/backup_passphrase
    """
    settings = read_settings()
    passphrase = _passphrase(passphrase_file)
    if keys == "only":
        made = back_up_keys(folder, key_files(settings), passphrase)
        click.echo(f"{len(made.files)} files with keys in {folder}")
        return
    if keys == "with":
        click.echo(WITH_KEYS, err=True)
    database = connect(settings.database_url)
    try:
        if versions(database)[0] is None:
            raise WrongBackup("there is nothing in the database; first run: wijkteam db upgrade")
        theirs = key_files(settings) if keys == "with" else None
        made = back_up(database, folder, passphrase, theirs, known_keys(settings.seal_key_file))
    finally:
        database.dispose()
    click.echo(f"{folder}: {_told(made)}")
    if made.damaged:
        numbers = ", ".join(map(str, made.damaged))
        click.echo(f"the backup is whole, but documents were damaged before it: {numbers}", err=True)
        click.echo("put them back from an older backup", err=True)
        sys.exit(FOUND_WRONG)


@click.command()
@click.argument("folder", type=FOLDER)
@click.option("--to", "url", help="Address of an empty database, or of a SQLite file that is not there yet.")
@click.option("--keys-to", type=FOLDER, help="Folder to put the keys of this backup in.")
@click.option("--check", is_flag=True, help="Only prove that every file is whole.")
@PASSPHRASE
@answers
def restore(folder: Path, url: str | None, keys_to: Path | None, check: bool, passphrase_file: Path | None) -> None:
    """Put the backup in FOLDER back; never over anything that is there.

    Afterwards put the keys in place, and run: wijkteam db upgrade, wijkteam audit verify

    Example: wijkteam restore /backup/2026-11-28 --to postgresql:///wijkteam
    """
    passphrase = _passphrase(passphrase_file)
    if not (url or keys_to or check):
        raise click.UsageError("say where to with --to, or --keys-to for keys, or --check to look only")
    if check:
        manifest, _store = read_backup(folder, passphrase)
        click.echo(f"whole: {_told(manifest)}")
    if keys_to:
        named = {name: keys_to / name.replace("-", "_") for name in key_files(read_settings())}
        for path in restore_keys(folder, named, passphrase):
            click.echo(f"{path}")
    if url:
        click.echo(f"put back and compared: {_told(put_back(folder, url, passphrase))}")
        click.echo("now name it in WIJKTEAM_DATABASE_URL and run: wijkteam db upgrade, wijkteam audit verify", err=True)
