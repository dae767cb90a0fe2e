"""What goes out of the reports: the event log for process mining, and open data."""

import sys
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path

import click

from wijkteam.commands.importing import act_as_administrator
from wijkteam.commands.letters import write
from wijkteam.commands.opening import USED_WRONG, answers, for_figures, opened, progress
from wijkteam.engine.fields import WrongFields
from wijkteam.engine.running import Refused
from wijkteam.exporting.places import WrongPlace
from wijkteam.exporting.records import tables_out
from wijkteam.exporting.service import ask_export, make_export
from wijkteam.figures.open_data.files import WrongFolder
from wijkteam.figures.open_data.publishing import publish
from wijkteam.reports.event_log.service import FORMS, write_event_log
from wijkteam.reports.event_log.warning import WHAT_IT_IS
from wijkteam.storage.settings import read_settings
from wijkteam.web.report import known


@click.group()
def export() -> None:
    """Bring figures and the event log out.

    Example: wijkteam export log --form xes log.xes
    """


@export.command("log")
@click.option("--form", required=True, type=click.Choice(list(FORMS)), help="Which standard, in which file format.")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@answers
def event_log(form: str, file: Path) -> None:
    """Write the events of all cases for process mining: XES (IEEE 1849) or OCEL 2.0, under pseudonyms and without text.

    It holds personal data all the same; that it was written is logged.

    Example: wijkteam export log --form ocel-sqlite var/log.sqlite
    """
    if file.exists():
        raise click.UsageError(f"{file} is there already")
    with ExitStack() as stack:
        house, work = stack.enter_context(opened())
        session = stack.enter_context(for_figures(house, work))

        def follow(events: int) -> Callable[[int], None]:
            return stack.enter_context(progress("writing", events))

        try:
            file.parent.mkdir(parents=True, exist_ok=True)
            events = write_event_log(work, form, file, progress=follow, read_from=session)
        except OSError as error:
            file.unlink(missing_ok=True)
            click.echo(f"{file} cannot be written: {error.strerror or error}", err=True)
            sys.exit(USED_WRONG)
    click.echo(f"{events} events written to {file}")
    click.echo(WHAT_IT_IS.en, err=True)


@export.command("everything")
@click.argument("to", metavar="FOLDER|FILE.zip", type=click.Path(path_type=Path))
@click.option("--by", "email", required=True, help="E-mail address of the functional administrator who takes it.")
@click.option("--why", default="", help="What it is needed for; the privacy officer reads it.")
@click.option("--with-bsn", is_flag=True, help="Numbers (BSN) too, readable: the privacy officer consents first.")
@click.option("--request", "export_id", help="An export that was asked for before, and consented to.")
@answers
def everything(to: Path, email: str, why: str, with_bsn: bool, export_id: str | None) -> None:
    """Write everything that is kept: tables with their schemas, documents, the event log, and a workbook to bring in.

    The privacy officer is told at once. With --with-bsn this asks for consent first; run it again with --request.

    Example: wijkteam export everything var/leaving.zip --by ada@gemeente.example --why "Ander systeem"
    """
    with opened() as (house, work):
        act_as_administrator(work, email)
        try:
            number = export_id or ask_export(work, why, with_bsn).id
            if with_bsn and export_id is None:
                click.echo(f"asked as {number}; when the privacy officer has consented, run with --request {number}")
                return
            with progress("tables", len(tables_out())) as advance:
                made = make_export(work, house.key_ring, number, to, advance)
        except (Refused, WrongFields, WrongPlace, LookupError) as error:
            click.echo(_said(error), err=True)
            sys.exit(USED_WRONG)
    click.echo(f"{made.rows} rows and {made.documents} documents written to {to}; manifest {made.digest}")
    click.echo("whoever has this file reads everything: keep it sealed, destroy it when it is used", err=True)


def _said(error: Exception) -> str:
    match error:
        case Refused():
            return error.reason.en
        case WrongFields():
            return "; ".join(f"{name}: {each.en}" for name, each in error.mistakes.items())
        case LookupError():
            return "there is no such request of this administrator"
    return str(error)


@export.command("open-data")
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False))
@answers
def open_data(folder: Path) -> None:
    """Write what may be published for everybody: counts of years that are over, as CSV with a licence.

    They are those of the report of that year; what it leaves out is left out here. Run it again for the same folder to
    add new years; what was published stays as it is.

    Example: wijkteam export open-data var/open-data
    """
    with opened() as (house, work), for_figures(house, work) as session:
        try:
            files = publish(session, known(house, read_settings().municipality), folder)
        except WrongFolder as error:
            click.echo(str(error), err=True)
            sys.exit(USED_WRONG)
    for name, text in files.items():
        write(folder / name, text.encode())
    click.echo(f"{len(files)} files written to {folder}")
