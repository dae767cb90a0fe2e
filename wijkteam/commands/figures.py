"""Summaries that figures are counted from: making them anew, and proving that they are what the events say."""

import sys

import click

from wijkteam.commands.opening import FOUND_WRONG, answers, opened
from wijkteam.events.payloads import CannotOpenPayload
from wijkteam.figures.keeping import differences
from wijkteam.figures.keeping import rebuild as make_anew


@click.group()
def figures() -> None:
    """Summaries that the figures of the report are counted from.

    Example: wijkteam figures verify
    """


@figures.command("rebuild")
@answers
def rebuild() -> None:
    """Make all summaries anew from the events, in one transaction; once after an upgrade from before there were any.

    Steps that figures count wait until it is done. Example: wijkteam figures rebuild
    """
    with opened() as (_house, work):
        try:
            click.echo(f"{make_anew(work)} summaries were made anew")
        except CannotOpenPayload as closed:
            click.echo(str(closed), err=True)
            sys.exit(FOUND_WRONG)


@figures.command("verify")
@answers
def verify() -> None:
    """Prove that the summaries are what the events say; exits with 1 and names each one that is not.

    Example: wijkteam figures verify
    """
    with opened() as (house, _work), house.open_session() as session:
        try:
            found = differences(session)
        except CannotOpenPayload as closed:
            found = [str(closed)]
    for line in found:
        click.echo(line)
    if found:
        click.echo("run 'wijkteam figures rebuild' and find out what wrote past the house", err=True)
        sys.exit(FOUND_WRONG)
    click.echo("the summaries are what the events say")
