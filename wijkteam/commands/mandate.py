"""The mandate register at the command line."""

import click


@click.group()
def mandate() -> None:
    """The mandate register.

    Example: wijkteam mandate export --format yaml
    """
