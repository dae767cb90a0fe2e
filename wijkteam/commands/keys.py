"""Commands about the key ring: looking, rotating, and bringing all that is sealed under the newest key."""

import sys
from collections import Counter

import click
from sqlalchemy.orm import Session

from wijkteam.commands.opening import FOUND_WRONG, answers, opened, progress
from wijkteam.events.payload_keys import SEALED_COLUMNS as PAYLOAD_KEY_COLUMNS
from wijkteam.importing.sealed import SEALED_COLUMNS as IMPORT_COLUMNS
from wijkteam.keys.ring import KeyRing, Purpose, WrongKeyRing
from wijkteam.offline.sealed import device_keys
from wijkteam.residents.sealed import SEALED_COLUMNS as BSN_COLUMNS
from wijkteam.search.notes import move_notes, notes_by_key
from wijkteam.signing_in.sealed import app_secrets
from wijkteam.storage.sealed import SealedColumn, count_sealed, reseal, rows_by_key
from wijkteam.storage.settings import read_settings
from wijkteam.terms import clock
from wijkteam.webhooks.sealed import SEALED_COLUMNS as WEBHOOK_COLUMNS


@click.group()
def keys() -> None:
    """The key ring: what events recorded, residents' numbers and the secrets of apps are sealed under it.

    Example: wijkteam keys list
    """


def ring_of_settings() -> KeyRing:
    """The key ring that the settings name."""
    return KeyRing(read_settings().key_ring_file)


def sealed_columns() -> tuple[SealedColumn, ...]:
    """Everything that is sealed under the ring, or was before there was one under the key of sessions."""
    secret = read_settings().secret_key_file
    key = secret.read_text(encoding="ascii").strip() if secret.is_file() else ""
    return (*BSN_COLUMNS, *PAYLOAD_KEY_COLUMNS, *IMPORT_COLUMNS, *WEBHOOK_COLUMNS, *app_secrets(key), *device_keys(key))


@keys.command("new")
@click.option(
    "--for", "purpose", default="data", show_default=True, type=click.Choice([each.value for each in Purpose])
)
@answers
def keys_new(purpose: str) -> None:
    """Make the key ring; where there is one, add a key that writes from now on.

    Afterwards run: wijkteam keys re-encrypt

    Example: wijkteam keys new --for data
    """
    ring = ring_of_settings()
    if ring.begin():
        click.echo(f"key ring {ring.path} made, with a key for {' and one for '.join(Purpose)}")
        click.echo("keep a copy of it apart from the database: without it nothing that is sealed can be read", err=True)
        return
    added = ring.add(Purpose(purpose))
    click.echo(f"key {added.id} writes {added.purpose} from now on")


@keys.command("list")
@answers
def keys_list() -> None:
    """Every key: what for, since when, and whether it writes. Secrets are never shown.

    Example: wijkteam keys list
    """
    ring = ring_of_settings()
    writes = {ring.newest(purpose).id for purpose in Purpose}
    for key in ring.all_keys():
        state = f"retired {key.retired:%Y-%m-%d}" if key.retired else "writes" if key.id in writes else "reads"
        click.echo(f"{key.id}  {key.purpose:<5}  {key.created:%Y-%m-%d %H:%M}  {state}")


@keys.command("re-encrypt")
@answers
def keys_re_encrypt() -> None:
    """Bring all that is sealed under the newest keys, while people work. Can be stopped and run again.

    What events recorded is not sealed anew itself, but the keys under which it stands are.

    Example: wijkteam keys re-encrypt
    """
    with opened() as (house, work):
        columns = sealed_columns()
        with progress("sealing anew", count_sealed(work.session, columns)) as advance:
            done = reseal(work, house.key_ring, columns, advance)
        click.echo(f"{done.moved} rows moved")
        click.echo(f"{move_notes(work)} cases were indexed anew")
        for key, count in sorted(_rows_by_key(work.session).items()):
            click.echo(f"{key}  {count} rows")
        if done.unopened:
            click.echo(f"{len(done.unopened)} cannot be opened: {', '.join(done.unopened[:20])}", err=True)
            sys.exit(FOUND_WRONG)


@keys.command("retire")
@click.argument("key_id", metavar="ID")
@answers
def keys_retire(key_id: str) -> None:
    """Retire a key that no row stands under any more: it opens nothing from then on.

    Its secret stays in the file: an old backup may need it. Take the line out when those are gone.

    Example: wijkteam keys retire 7h3kq2mx
    """
    with opened() as (house, work):
        ring = house.key_ring
        if key_id in {ring.newest(purpose).id for purpose in Purpose}:
            raise WrongKeyRing(f"key {key_id} is the one that writes; first run: wijkteam keys new")
        _refuse_used(_rows_by_key(work.session), key_id)
        ring.mark(key_id, clock.now())
        work.session.rollback()
        try:  # somebody may have written under it until that moment
            _refuse_used(_rows_by_key(work.session), key_id)
        except WrongKeyRing:
            ring.mark(key_id, None)
            raise
        click.echo(f"key {key_id} is retired")


def _rows_by_key(session: Session) -> dict[str, int]:
    """How much stands under each key: what is sealed, and what notes are found by."""
    return dict(Counter(rows_by_key(session, sealed_columns())) + Counter(notes_by_key(session)))


def _refuse_used(rows: dict[str, int], key_id: str) -> None:
    if rows.get(key_id):
        raise WrongKeyRing(f"{rows[key_id]} rows stand under key {key_id}; first run: wijkteam keys re-encrypt")
