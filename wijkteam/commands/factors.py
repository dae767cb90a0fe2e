"""A command about second factors: taking them away from who lost them."""

import click

from wijkteam.commands.opening import answers, opened
from wijkteam.people.queries import person_by_email
from wijkteam.people.service import WrongPerson
from wijkteam.signing_in.changing import reset_factors


@click.command("reset-factors")
@click.argument("email")
@answers
def reset_factors_of(email: str) -> None:
    """Take all second factors of somebody away who lost them, and end their sessions.

    It is written down, and shown to that person at the next sign-in.

    Example: wijkteam user reset-factors naam@gemeente.example
    """
    with opened() as (_house, work):
        person = person_by_email(work.session, email)
        if person is None:
            raise WrongPerson(f"there is no person with the address '{email}'")
        reset_factors(work, person.id, None)
        click.echo(f"{person.name} has no second factors any more and is signed out everywhere")
