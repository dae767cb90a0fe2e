"""What goes out of the reports: the event log for process mining, and open data."""

import sys
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path

import click

from wijkteam.commands.opening import USED_WRONG, answers, opened, progress
from wijkteam.reports.event_log.service import FORMS, write_event_log
from wijkteam.reports.event_log.warning import WHAT_IT_IS


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
        _house, work = stack.enter_context(opened())

        def follow(events: int) -> Callable[[int], None]:
            return stack.enter_context(progress("writing", events))

        try:
            file.parent.mkdir(parents=True, exist_ok=True)
            events = write_event_log(work, form, file, progress=follow)
        except OSError as error:
            file.unlink(missing_ok=True)
            click.echo(f"{file} cannot be written: {error.strerror or error}", err=True)
            sys.exit(USED_WRONG)
    click.echo(f"{events} events written to {file}")
    click.echo(WHAT_IT_IS.en, err=True)
