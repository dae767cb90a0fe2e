"""Retention: what may be destroyed, lists of it, carrying them out, and handing out or proving what there is."""

import io
import sys
from pathlib import Path

import click

from wijkteam.access.grounds import Ground
from wijkteam.commands.letters import write
from wijkteam.commands.opening import FOUND_WRONG, USED_WRONG, answers, opened, progress
from wijkteam.engine.running import Refused
from wijkteam.retention import queries, service
from wijkteam.retention.model import LISTED
from wijkteam.retention.proving import wrong_destructions
from wijkteam.retention.research import LEAST_K, anonymous, closed_cases, told, write_csv
from wijkteam.retention.scrubbing import StillRead, scrub_and_note
from wijkteam.retention.selecting import may_be_destroyed
from wijkteam.retention.whole_file import Handing, NoSuchHousehold, as_files, make_whole_file
from wijkteam.storage.settings import read_settings
from wijkteam.terms import clock


@click.group()
def retention() -> None:
    """How long records are kept, and destroying them on a signed list.

    Example: wijkteam retention list
    """


@retention.command("list")
@answers
def show() -> None:
    """Show what may be destroyed today, and every list there is.

    Example: wijkteam retention list
    """
    with opened() as (house, work):
        for each in may_be_destroyed(work.session, work.engine, house.retention, clock.today()):
            rule = each.reckoned.rule
            click.echo(f"{each.kind:<16}{each.subject_id:<14}{each.reckoned.destroy_from}  {rule.law if rule else ''}")
        for made in queries.lists(work.session):
            counts = queries.counts_of(work.session, made.id)
            said = ", ".join(f"{count} {state}" for state, count in sorted(counts.items()))
            click.echo(f"list {made.id}  {made.state:<12}{made.reckoned_on}  {said}")


@retention.command("propose")
@answers
def propose() -> None:
    """Draw up a list of all that may be destroyed today, for somebody to sign in the system; nothing goes before that.

    Example: wijkteam retention propose
    """
    with opened() as (house, work):
        try:
            made = service.draw_up_list(work, house.retention)
        except Refused as refused:
            click.echo(refused.reason.en, err=True)
            sys.exit(USED_WRONG)
        click.echo(f"list {made.id} with {made.listed} records waits to be signed")


@retention.command("carry-out")
@click.argument("list_id", metavar="LIST")
@click.option("--most", type=click.IntRange(min=1), help="Stop after so many records; run it again for the rest.")
@click.option("--full", is_flag=True, help="On PostgreSQL: also VACUUM (FULL), which locks tables meanwhile.")
@answers
def carry_out(list_id: str, most: int | None, full: bool) -> None:
    """Destroy what stands on a signed list. It can be stopped and run again; what was done stays done.

    Example: wijkteam retention carry-out 7k2m9xw3fdqp
    """
    with opened() as (house, work):
        total = queries.counts_of(work.session, list_id).get(LISTED, 0)
        try:
            with progress("destroying", total) as advance:
                done = service.carry_out(work, house.retention, list_id, most, advance)
        except LookupError:
            click.echo(f"there is no list {list_id}", err=True)
            sys.exit(USED_WRONG)
        except Refused as refused:
            click.echo(refused.reason.en, err=True)
            sys.exit(USED_WRONG)
        click.echo(f"{done.destroyed} destroyed, {done.kept} kept, {done.left} left")
        try:
            click.echo(scrub_and_note(work, full))
        except StillRead as still:
            click.echo(str(still), err=True)
            sys.exit(FOUND_WRONG)


@retention.command("verify")
@answers
def verify() -> None:
    """Prove that everything that is gone was destroyed on a list that somebody signed.

    Example: wijkteam retention verify
    """
    with opened() as (_house, work):
        wrong = wrong_destructions(work.session)
        for line in wrong:
            click.echo(line, err=True)
        if wrong:
            sys.exit(FOUND_WRONG)
        click.echo("everything that is gone was destroyed on a signed list")


@retention.command("file")
@click.argument("household", type=int)
@click.option("--to", "folder", required=True, type=click.Path(path_type=Path, file_okay=False), help="A new folder.")
@click.option("--leave-out", default="", help="Numbers of texts about others, such as T4,T12.")
@click.option("--checked-by", default="", help="Who read all of it before it is handed over.")
@answers
def whole_file(household: int, folder: Path, leave_out: str, checked_by: str) -> None:
    """Write a resident's whole file: a PDF to read, JSON for a machine, letters and attachments (AVG art. 15).

    It is logged as a reading of every case of the household.

    Example: wijkteam retention file 12 --to var/inzage-12
    """
    settings = read_settings()
    if folder.exists() and any(folder.iterdir()):
        raise click.UsageError(f"{folder} is not empty")
    handing = Handing(frozenset(each.strip() for each in leave_out.split(",") if each.strip()), checked_by)
    with opened() as (house, work):
        try:
            made = make_whole_file(work, house.retention, household, handing, Ground.MEMBER)
        except NoSuchHousehold:
            click.echo(f"nothing is kept about household {household}", err=True)
            sys.exit(USED_WRONG)
        for name, content in as_files(made, house.retention, settings.municipality).items():
            write(folder / name, content)
    click.echo(f"{folder} holds everything about household {household}")
    if not checked_by:
        click.echo("let somebody read it first: what is about others is left out with --leave-out", err=True)


@retention.command("research")
@click.option("--k", default=10, show_default=True, type=click.IntRange(min=LEAST_K), help="Households per row.")
@click.option("--to", "path", required=True, type=click.Path(path_type=Path, dir_okay=False), help="Where to write.")
@answers
def research(k: int, path: Path) -> None:
    """Write the closed cases for research, so that every row is the same for at least k households.

    Example: wijkteam retention research --k 10 --to var/research.csv
    """
    with opened() as (_house, work):
        made = anonymous(closed_cases(work.session), k)
    text = io.StringIO()
    write_csv(made, text)
    write(path, text.getvalue().encode())
    for line in told(made):
        click.echo(line)
