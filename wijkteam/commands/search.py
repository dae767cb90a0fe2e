"""What can be found: making it anew, and proving that it is what the rows say."""

import sys

import click

from wijkteam.commands.opening import FOUND_WRONG, answers, opened
from wijkteam.search.keeping import differences, rebuild


@click.group()
def search() -> None:
    """What can be found by searching.

    Example: wijkteam search check
    """


@search.command("rebuild")
@answers
def rebuild_all() -> None:
    """Make everything that can be found anew, in one transaction; for a database from before there was search.

    Example: wijkteam search rebuild
    """
    with opened() as (_house, work):
        click.echo(f"{rebuild(work)} entries were made anew")


@search.command("check")
@answers
def check() -> None:
    """Prove that what can be found is what the rows say; exits with 1 and names each row where it is not.

    Example: wijkteam search check
    """
    with opened() as (_house, work):
        found = differences(work.session)
    for line in found:
        click.echo(line)
    if found:
        click.echo("run 'wijkteam search rebuild' and find out what wrote past the house", err=True)
        sys.exit(FOUND_WRONG)
    click.echo("what can be found is what the rows say")
