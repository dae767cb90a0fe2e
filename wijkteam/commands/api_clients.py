"""Systems that use the API for themselves, on the command line."""

import sys

import click

from wijkteam.api_access import queries
from wijkteam.api_access.service import READ, SCOPES, add_client, end_client
from wijkteam.commands.opening import USED_WRONG, answers, opened
from wijkteam.people import queries as people


@click.group("api-client")
def api_client() -> None:
    """Systems that sign in for themselves (OAuth 2.0 client credentials) and act for a named system person.

    Example: wijkteam api-client add "Rooster" rooster@gemeente.example --scope read
    """


@api_client.command("add")
@click.argument("name")
@click.argument("email")
@click.option("--scope", "scopes", multiple=True, type=click.Choice(list(SCOPES)), help="Left out: read.")
@answers
def add(name: str, email: str, scopes: tuple[str, ...]) -> None:
    """Let a system act for the person with this address; its secret is printed once.

    Example: wijkteam api-client add "Rooster" rooster@gemeente.example --scope read --scope write
    """
    with opened() as (_house, work):
        public, secret = add_client(work, name, email, scopes or (READ,))
        click.echo(f"client_id {public}\nclient_secret {secret}")


@api_client.command("list")
@answers
def listing() -> None:
    """List the systems, for whom they act, and what they may.

    Example: wijkteam api-client list
    """
    with opened() as (_house, work):
        for each in queries.clients(work.session):
            ended = "ended" if each.ended_at is not None else "in use"
            acts_for = people.name(work.session, each.person_id)
            click.echo(f"{each.client_id}  {each.name}  for {acts_for}  {each.scopes}  {ended}")


@api_client.command("end")
@click.argument("client_id")
@answers
def end(client_id: str) -> None:
    """End a system's access at once, with every token that it has.

    Example: wijkteam api-client end wijkteam-0123456789abcdef
    """
    with opened() as (_house, work):
        if not end_client(work, client_id):
            click.echo(f"there is no system in use with the id {client_id}", err=True)
            sys.exit(USED_WRONG)
        click.echo(f"{client_id} opens nothing any more")
