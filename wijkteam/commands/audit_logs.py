"""Searching both logs at the command line, and telling who looked at a file; each search is itself logged."""

import sys
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

import click

from wijkteam.access.reading_log import How
from wijkteam.commands.letters import write
from wijkteam.commands.opening import USED_WRONG, answers, opened
from wijkteam.logs import exports
from wijkteam.logs.printing import readers_pdf
from wijkteam.logs.queries import Asked, household_of
from wijkteam.logs.service import search_events, search_readings, who_looked
from wijkteam.logs.unusual import SORTS
from wijkteam.people import queries as people
from wijkteam.storage.settings import read_settings

LARGEST = 2**31 - 1
FORMAT = click.option(
    "--format", "form", default="table", show_default=True, type=click.Choice(["table", "csv", "json"])
)


def _date(_context: click.Context, _option: click.Parameter, value: datetime | None) -> date | None:
    return value.date() if value else None


def _tell(form: str, columns: Sequence[str], rows: Sequence[Mapping[str, Any]]) -> None:
    if form == "csv":
        click.echo(exports.as_csv(columns, rows), nl=False)
    else:
        click.echo(exports.as_json(rows) if form == "json" else exports.as_table(columns, rows))


def _day(name: str, parameter: str, told: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    return click.option(name, parameter, type=click.DateTime(["%Y-%m-%d"]), callback=_date, help=told)


@click.command("search")
@click.argument("log", type=click.Choice(["readings", "events"]))
@click.option("--person", default="", help="Part of a name or e-mail address, or the account that ran a command.")
@click.option("--case", "case_id", default="", help="Id of a case.")
@click.option("--household", type=click.IntRange(1, LARGEST), help="Number of a household.")
@_day("--from", "first", "First day.")
@_day("--to", "last", "Last day.")
@click.option("--ground", default="", help="Of readings: on which ground, such as break_glass.")
@click.option("--what", default="", help="Of readings: what was read; of events: which step.")
@click.option("--kind", default="", help="Of events: the kind of subject, such as escalation.")
@click.option("--unusual", default="", type=click.Choice(["", *SORTS]), help="Of readings: what asks a second look.")
@click.option("--limit", default=100, show_default=True, type=click.IntRange(1, 1_000_000), help="How many at most.")
@FORMAT
@answers
def search(log: str, form: str, limit: int, **asked: Any) -> None:
    """Search the log of readings or of events, newest first; never what was written down in a case.

    Example: wijkteam audit search readings --person fenna --from 2026-01-01 --format csv
    """
    wish = Asked(**asked)
    if wish.first and wish.last and wish.first > wish.last:
        raise click.UsageError("--from lies after --to")
    with opened() as (house, work):
        if log == "events":
            found_events = search_events(work, wish, How.COMMAND, None, limit)
            _tell(form, exports.EVENT_COLUMNS, exports.event_rows(found_events))
        else:
            found = search_readings(work, wish, house.reading_rules, How.COMMAND, None, limit)
            _tell(form, exports.READING_COLUMNS, exports.reading_rows(found))


@click.command("readers")
@click.argument("household_or_case")
@FORMAT
@click.option("--pdf", type=click.Path(path_type=Path, dir_okay=False), help="Write the answer for the resident here.")
@answers
def readers(household_or_case: str, form: str, pdf: Path | None) -> None:
    """Answer the resident's question "who looked at my file?", by the number of the household or the id of a case.

    Example: wijkteam audit readers 12 --pdf antwoord.pdf
    """
    with opened() as (house, work):
        number = household_of(work.session, household_or_case)
        if number is None and household_or_case.isdecimal() and int(household_or_case) <= LARGEST:
            number = int(household_or_case)
        words = {code: title.nl for code, title in house.lists["reading_grounds"].items.items()}
        try:
            if number is None:
                raise LookupError
            functions = people.functions(work.session)
            told = who_looked(work, number, house.reading_rules, words, functions, How.PRINT if pdf else How.COMMAND)
        except LookupError:
            click.echo(f"there is no household or case {household_or_case}", err=True)
            sys.exit(USED_WRONG)
    if pdf is None:
        _tell(form, exports.LOOK_COLUMNS, exports.look_rows(told))
        return
    write(pdf, readers_pdf(told, read_settings().municipality))
    click.echo(f"{len(told.looks)} looks at household {told.household} written to {pdf}")
