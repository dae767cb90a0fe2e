"""People who can sign in, on the command line."""

import click

from wijkteam.commands.factors import reset_factors_of
from wijkteam.commands.opening import answers, opened
from wijkteam.commands.single_sign_on import link, unlink
from wijkteam.people import queries as people_queries
from wijkteam.people.model import Person
from wijkteam.people.service import NewPerson, WrongPerson, add_person, give_function
from wijkteam.signing_in import accounts
from wijkteam.signing_in.listing import Account, accounts_of
from wijkteam.signing_in.passwords import check_password, give_password
from wijkteam.signing_in.sessions import Limits, end_sessions
from wijkteam.storage.settings import read_settings
from wijkteam.storage.work import Work

NOWHERE = "http://127.0.0.1:8080"


@click.group()
def user() -> None:
    """People who can sign in.

    Example: wijkteam user add "Naam" naam@gemeente.example --function team_lead --team "Wijkteam 1"
    """


user.add_command(reset_factors_of)
user.add_command(link)
user.add_command(unlink)


@user.command("add")
@click.argument("name")
@click.argument("email")
@click.option("--function", "function", required=True, help="Code of the function, such as best_person.")
@click.option("--team", help="Name of the team; left out: the whole municipality.")
@click.option("--not-civil-servant", is_flag=True, help="Works for another employer.")
@click.option("--invite", is_flag=True, help="Print a link with which this person chooses a password.")
@click.option("--password", help="Left out: asked for.")
@answers
def user_add(
    name: str, email: str, function: str, team: str | None, not_civil_servant: bool, invite: bool, password: str | None
) -> None:
    """Add a person with a function. The password is asked for, unless the person is invited.

    Example: wijkteam user add "Naam" naam@gemeente.example --function team_lead --team "Wijkteam 1"
    """
    if invite and password is not None:
        raise click.UsageError("choose --invite or --password")
    if not invite and password is None:
        password = click.prompt("Password", hide_input=True, confirmation_prompt=True)
    with opened() as (_house, work), work.transaction() as session:
        found = next((each for each in people_queries.teams(session) if each.name == team), None)
        if team and found is None:
            known = ", ".join(each.name for each in people_queries.teams(session)) or "none yet"
            raise WrongPerson(f"there is no team '{team}'; there are: {known}")
        person = add_person(work, NewPerson(name, email, civil_servant=not not_civil_servant))
        give_function(work, person, function, found)
        if password is None:
            click.echo(_link(work, person, accounts.INVITATION))
            return
        check_password(password, person, read_settings().municipality)
        give_password(work, person.id, password)
        click.echo(f"{person.name} can sign in with {person.email}")


@user.command("invite")
@click.argument("email")
@answers
def user_invite(email: str) -> None:
    """Print a link, good once and for a day, with which somebody chooses a password.

    Example: wijkteam user invite naam@gemeente.example
    """
    with opened() as (_house, work):
        click.echo(_link(work, _person(work, email), accounts.INVITATION))


@user.command("reset")
@click.argument("email")
@answers
def user_reset(email: str) -> None:
    """Take a password away, end all sessions, and print a link to choose a new one.

    Example: wijkteam user reset naam@gemeente.example
    """
    with opened() as (_house, work):
        person = _person(work, email)
        ended = accounts.reset_access(work, person.id)
        click.echo(f"{ended} sessions ended", err=True)
        click.echo(_link(work, person, accounts.RESET))


@user.command("end-sessions")
@click.argument("email")
@answers
def user_end_sessions(email: str) -> None:
    """Sign somebody out everywhere.

    Example: wijkteam user end-sessions naam@gemeente.example
    """
    with opened() as (_house, work):
        ended = end_sessions(work, "ended_on_command_line", _person(work, email).id)
        click.echo(f"{ended} sessions ended")


@user.command("list")
@answers
def user_list() -> None:
    """Everybody, with how they get in and where they are signed in now.

    Example: wijkteam user list
    """
    settings = read_settings()
    limits = Limits.of(settings.idle_minutes, settings.session_hours)
    with opened() as (_house, work):
        for each in accounts_of(work.session, limits):
            click.echo(_line(each))


def _line(each: Account) -> str:
    way = "left" if not each.active else "password" if each.has_password else "no password"
    return f"{each.email:<42} {way:<12} {each.sessions} signed in  {each.name}"


def _person(work: Work, email: str) -> Person:
    person = people_queries.person_by_email(work.session, email)
    if person is None or not person.active:
        raise WrongPerson(f"there is no active person with the address {email}")
    return person


def _link(work: Work, person: Person, kind: str) -> str:
    mail = read_settings().mail
    return f"{mail.address if mail else NOWHERE}/wachtwoord/{accounts.make_link(work, person.id, kind)}"
