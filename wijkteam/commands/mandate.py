"""The commands about mandate."""

import click

from wijkteam.commands.what_if import what_if_one


@click.group()
def mandate() -> None:
    """The mandate register, and what another one would have brought.

    Example: wijkteam mandate what-if --ceiling 250
    """


mandate.add_command(what_if_one)
