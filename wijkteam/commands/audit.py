"""Proof: sealing both logs, proving them, searching them, and telling who looked at a file."""

import json
import sys
from collections.abc import Iterable
from pathlib import Path

import click

from wijkteam.commands import audit_logs
from wijkteam.commands.opening import FOUND_WRONG, USED_WRONG, answers, opened, progress
from wijkteam.events.payload_keys import any_keys
from wijkteam.events.verification import count_erased, count_events, verify
from wijkteam.keys.ring import WrongKeyRing, problem_with
from wijkteam.logs.heads import KeptElsewhere, WrongHead, all_heads, as_lines, newest_heads, read_lines
from wijkteam.logs.keys import PublicKey, WrongKey, known_keys, public_key, seal_key
from wijkteam.logs.leaves import LOGS
from wijkteam.logs.proving import NotSealed, Trust, prove, sealed_rows, verify_seals
from wijkteam.logs.sealing import seal_now
from wijkteam.retention.proving import signed_erasures, wrong_destructions
from wijkteam.storage.settings import read_settings

FILE = click.Path(path_type=Path, dir_okay=False)
KEY_HELP = "File with a public key that signs the seals; may be given more than once."


@click.group()
def audit() -> None:
    """Proof.

    Example: wijkteam audit verify
    """


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise click.UsageError(f"{path} cannot be read: {error}") from error


def _public_keys(paths: Iterable[Path]) -> list[PublicKey]:
    found = []
    for path in paths:
        try:
            found.append(public_key(_text(path)))
        except WrongKey as error:
            raise click.UsageError(f"{path}: {error}") from error
    return found


def _kept(path: Path | None) -> KeptElsewhere:
    if path is None:
        return KeptElsewhere((), ())
    try:
        return read_lines(_text(path))
    except WrongHead as error:
        raise click.UsageError(f"{path}: {error}") from error


@audit.command("verify")
@click.option("--head", "head", type=FILE, help="Heads kept elsewhere, as 'wijkteam audit head --json' wrote them.")
@click.option("--public-key", "keys", type=FILE, multiple=True, help=KEY_HELP)
@click.option("--without-keys", is_flag=True, help="Prove chains and seals only: opens nothing that was recorded.")
@answers
def audit_verify(head: Path | None, keys: tuple[Path, ...], without_keys: bool) -> None:
    """Prove that every chain of events is whole, every subject equals its events, and both logs match their seals.

    What was destroyed or struck has to stand on a signed list, or in a correction.
    An auditor without the key ring proves chains and seals, --without-keys: subjects are then not compared with events.
    With a head that was kept elsewhere it is also found when everything was rewritten, seals and all.

    Example: wijkteam audit verify --head heads.jsonl --public-key seals.pem
    """
    elsewhere = _kept(head)
    given = _public_keys(keys) or list(elsewhere.keys)
    keys_known = known_keys(read_settings().seal_key_file, given)
    with opened() as (house, work):
        without = problem_with(house.key_ring)
        if without is not None and not without_keys and any_keys(work.session):
            raise WrongKeyRing(f"what was recorded cannot be opened: {without}; or prove without it: --without-keys")
        total, sealed = count_events(work.session), sealed_rows(work.session)
        with progress("verifying", total) as advance:
            breaks = verify(work.session, advance, opening=not without_keys)
        trust = Trust(keys_known, elsewhere.heads, frozenset(signed_erasures(work.session)))
        with progress("seals", sealed) as advance:
            breaks += verify_seals(work.session, trust, advance)
        found = [*map(str, breaks), *wrong_destructions(work.session)]
        erased = count_erased(work.session)
    for line in found:
        click.echo(line, err=True)
    if found:
        click.echo(f"{len(found)} breaks in {total} events", err=True)
        sys.exit(FOUND_WRONG)
    compared = "what is sealed was not opened" if without_keys else "every subject equal to its events"
    click.echo(f"{total} events, every chain whole, {compared}")
    against = f", {len(elsewhere.heads)} heads kept elsewhere agree" if elsewhere.heads else ""
    click.echo(f"{sealed} rows of both logs sealed, every seal whole{against}; {erased} events with erased contents")


@audit.command("seal")
@answers
def audit_seal() -> None:
    """Seal everything that both logs hold now; the worker does it by itself after every day.

    Example: wijkteam audit seal
    """
    path = read_settings().seal_key_file
    with opened() as (_house, work):
        made = seal_now(work, lambda: seal_key(path))
    click.echo(f"{made.rows} rows sealed in {made.seals} seals, with the key in {path}")


@audit.command("head")
@click.option("--json", "as_json", is_flag=True, help="As lines to keep, and to verify against.")
@click.option("--all", "every", is_flag=True, help="The head of every seal, not only of the newest.")
@answers
def audit_head(as_json: bool, every: bool) -> None:
    """Print the signed head of each log. Keep it elsewhere: what came before it can then not be rewritten unseen.

    Example: wijkteam audit head --json >> /elsewhere/heads.jsonl
    """
    keys = known_keys(read_settings().seal_key_file)
    with opened() as (_house, work):
        heads = all_heads(work.session) if every else newest_heads(work.session)
    if not heads:
        click.echo("nothing is sealed yet; first run: wijkteam audit seal", err=True)
        sys.exit(USED_WRONG)
    if as_json:
        click.echo(as_lines(heads, keys.values()), nl=False)
        return
    for each in heads:
        click.echo(f"{each.log:<8} seal {each.number}  {each.day}  {each.total} rows  {each.head}  key {each.key_id}")


@audit.command("public-key")
@answers
def audit_public_key() -> None:
    """Print the public half of the key that signs the seals, to keep elsewhere and to give to an auditor.

    Example: wijkteam audit public-key > seals.pem
    """
    click.echo(seal_key(read_settings().seal_key_file).public.pem, nl=False)


@audit.command("prove")
@click.argument("number", type=click.IntRange(1))
@click.option("--log", default="event", show_default=True, type=click.Choice(sorted(LOGS)))
@answers
def audit_prove(number: int, log: str) -> None:
    """Prove that one row, by its number, is in a sealed log: JSON that can be checked without the database.

    Example: wijkteam audit prove 12
    """
    keys = known_keys(read_settings().seal_key_file)
    with opened() as (_house, work):
        try:
            proof = prove(work.session, log, number, keys.values())
        except LookupError:
            click.echo(f"there is no {log} {number} in any seal", err=True)
            sys.exit(USED_WRONG)
        except NotSealed as error:
            click.echo(str(error), err=True)
            sys.exit(USED_WRONG)
    click.echo(json.dumps(proof, indent=2))


audit.add_command(audit_logs.search)
audit.add_command(audit_logs.readers)
