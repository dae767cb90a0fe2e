"""The command that puts the events of a very large database in parts."""

import sys

import click

from wijkteam.commands.opening import USED_WRONG, answers, opened
from wijkteam.events.parts import CannotDivide, divide


@click.command("divide-events")
@answers
def divide_events() -> None:
    """Put events in parts by month, while people work (PostgreSQL; for tens of millions of steps).

    What stands there becomes the first part as it is; the worker makes parts for new months. There is no way back but a
    backup that is put back.

    Example: wijkteam db divide-events
    """
    with opened() as (house, _work):
        try:
            divide(house.database)
        except CannotDivide as error:
            click.echo(str(error), err=True)
            sys.exit(USED_WRONG)
    click.echo("events stand in parts by month")
