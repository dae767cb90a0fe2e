"""Commands about outgoing mail."""

import click

from wijkteam.commands.opening import answers, opened
from wijkteam.messages import queries, service
from wijkteam.messages.model import MessageState
from wijkteam.messages.sending import do_post_round
from wijkteam.resident_mail.sending import mailing_to_residents
from wijkteam.serving import post_of
from wijkteam.storage.settings import WrongSettings, read_settings
from wijkteam.terms import clock

NO_MAIL = "no mail is sent: WIJKTEAM_SMTP_URL names no server; what people are told is kept"


@click.group()
def messages() -> None:
    """Outgoing mail.

    Example: wijkteam messages list --state dead
    """


@messages.command("list")
@click.option("--state", default="dead", show_default=True, type=click.Choice([each.value for each in MessageState]))
@click.option("--limit", default=100, show_default=True, type=click.IntRange(1))
@answers
def list_messages(state: str, limit: int) -> None:
    """Count what goes out, and list the newest messages in one state.

    Example: wijkteam messages list --state dead
    """
    with opened() as (_house, work):
        counted = ", ".join(f"{count} {each}" for each, count in queries.counts(work.session).items())
        click.echo(f"{counted}; {queries.not_gathered(work.session)} notices in no mail yet", err=True)
        for each in queries.messages_in(work.session, MessageState(state), limit):
            message = each.message
            made = f"{clock.local(message.created_at):%Y-%m-%d %H:%M}"
            kind = "daily" if message.digest_day else "at once"
            said = message.end_reason or message.last_error or ""
            click.echo(f"{message.id}\t{made}\t{each.person.email}\t{kind}\t{message.attempts} attempts\t{said}")


@messages.command()
@click.argument("numbers", nargs=-1, type=int)
@click.option("--all", "every", is_flag=True, help="Every dead message.")
@answers
def retry(numbers: tuple[int, ...], every: bool) -> None:
    """Let dead messages go once more.

    Example: wijkteam messages retry 12 15
    """
    if bool(numbers) == every:
        raise click.UsageError("name the messages, or say --all")
    with opened() as (_house, work), work.transaction():
        for number in numbers:
            service.try_again(work, number)
        count = service.try_all_again(work) if every else len(numbers)
        click.echo(f"{count} will go once more")


@messages.command()
@click.option("--once", is_flag=True, required=True, help="Send what waits now and stop; the worker does it on and on.")
@answers
def send(once: bool) -> None:
    """Gather what is to be mailed now, and send what waits.

    Example: wijkteam messages send --once
    """
    del once
    post = post_of(read_settings())
    if post is None:
        raise WrongSettings(NO_MAIL)
    with opened() as (house, work):
        click.echo(str(do_post_round(work, post, besides=mailing_to_residents(house.languages))))
