"""Reports on the screen."""

import click

from wijkteam.commands.opening import answers, for_figures, opened
from wijkteam.reports import exports
from wijkteam.serving import make_report
from wijkteam.storage.settings import read_settings


@click.group()
def report() -> None:
    """Reports.

    Example: wijkteam report escalations --format csv
    """


@report.command("escalations")
@click.option("--format", "form", default="table", show_default=True, type=click.Choice(["table", "json", "csv"]))
@click.option("--year", type=click.IntRange(1900, 2200), help="Calendar year; default the running one.")
@click.option("--wijk", help="CBS code of one wijk.")
@click.option("--barrier", help="Code of one barrier.")
@answers
def report_escalations(form: str, year: int | None, wijk: str | None, barrier: str | None) -> None:
    """What blocks our people, where, for how long.

    Example: wijkteam report escalations --format csv --year 2026
    """
    with opened() as (house, work), for_figures(house, work) as session:
        if barrier is not None and barrier not in house.lists["barriers"].items:
            raise click.UsageError(f"there is no barrier '{barrier}'")
        made = make_report(house, session, read_settings().municipality, year, wijk, barrier)
        write = {"table": exports.as_text, "json": exports.as_json, "csv": exports.as_csv}[form]
        click.echo(write(made), nl=form != "csv")
