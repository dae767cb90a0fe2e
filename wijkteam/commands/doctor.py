"""The command that looks for weak settings."""

import os
import sys

import click
from sqlalchemy.orm import Session

from wijkteam.commands.opening import FOUND_WRONG, answers
from wijkteam.doctor import Installation, Weakness, weaknesses
from wijkteam.storage.database import connect
from wijkteam.storage.schema import versions
from wijkteam.storage.settings import Settings, WrongSettings, read_settings


def looked_at(settings: Settings) -> list[Weakness]:
    """What is weak about the installation of these settings. Raises WrongDatabase."""
    database = connect(settings.database_url)
    try:
        stands, newest = versions(database)
        if stands != newest:
            wrong = f"the database stands on {stands or 'nothing'}, not on {newest}"
            return [Weakness("schema", wrong, "run: wijkteam db upgrade")]
        with Session(database) as session:
            return weaknesses(Installation(settings, os.environ, database, session))
    finally:
        database.dispose()


def looked_at_without_database(settings: Settings) -> list[Weakness]:
    """What can be seen to be weak while the database is away."""
    database = connect(settings.database_url)
    with Session(database) as session:
        return weaknesses(Installation(settings, os.environ, database, session), away=True)


def refuse_weak(settings: Settings, away: bool = False) -> None:
    """In production nothing is served with weak settings. Raises WrongSettings with a line for each.

    While the database is `away` only that is looked at which asks nothing of it.
    """
    if not settings.production:
        return
    found = looked_at_without_database(settings) if away else looked_at(settings)
    refused = [str(each) for each in found if each.refused]
    if refused:
        raise WrongSettings("\n".join([*refused, "nothing is served in production until this is mended"]))


@click.command()
@answers
def doctor() -> None:
    """Say what is weak about this installation; exit code 1 when production would be refused.

    Example: wijkteam doctor
    """
    found = looked_at(read_settings())
    for each in found:
        click.echo(str(each))
    refused = sum(each.refused for each in found)
    click.echo(f"{refused} to mend before production, {len(found) - refused} to think about", err=True)
    if refused:
        sys.exit(FOUND_WRONG)
