"""Chores of single sign-on: tying an account at the provider to a person by hand, and untying it."""

import click

from wijkteam.commands.opening import answers, opened
from wijkteam.signing_in.single_sign_on import service
from wijkteam.signing_in.single_sign_on.settings import SingleSignOn, read_ways_in
from wijkteam.storage.settings import WrongSettings


def _own() -> SingleSignOn:
    found = read_ways_in().single_sign_on
    if found is None:
        raise WrongSettings("WIJKTEAM_OIDC_ISSUER: there is no provider to sign in with")
    return found


@click.command("link")
@click.argument("email")
@click.argument("subject")
@answers
def link(email: str, subject: str) -> None:
    """Tie an account at the provider to a person, for a provider that verifies no e-mail addresses.

    SUBJECT is what the provider calls the account (its sub).

    Example: wijkteam user link naam@gemeente.example 5f7c0e3a-1d2b
    """
    own = _own()
    with opened() as (_house, work):
        service.link_by_hand(work, own.issuer, email, subject)
        click.echo(f"{email} can sign in with that account")


@click.command("unlink")
@click.argument("email")
@answers
def unlink(email: str) -> None:
    """Untie a person's account at the provider; functions that it gave end now, and so do its sessions.

    Example: wijkteam user unlink naam@gemeente.example
    """
    own = _own()
    with opened() as (_house, work):
        service.unlink(work, own.issuer, email)
        click.echo(f"no account of the provider is tied to {email} any more")
