"""The tables."""

import click

from wijkteam import assembly
from wijkteam.commands.dividing import divide_events
from wijkteam.commands.opening import answers, opened
from wijkteam.storage.database import connect
from wijkteam.storage.schema import upgrade, versions
from wijkteam.storage.settings import read_settings


@click.group()
def db() -> None:
    """The database.

    Example: wijkteam db upgrade
    """


@db.command("upgrade")
@answers
def db_upgrade() -> None:
    """Make the tables, or bring them to the newest version.

    Example: wijkteam db upgrade
    """
    database = connect(read_settings().database_url)
    upgrade(database)
    with opened() as (house, work):
        assembly.keep_code_lists(house, work)
    click.echo(f"database stands on version {versions(database)[0]}")


db.add_command(divide_events)
