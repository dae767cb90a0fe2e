"""Commands about the municipality's case system (ZGW): checking the mapping, telling, taking in, and how it stands."""

import json
import sys
from dataclasses import asdict

import click

from wijkteam.access.reading_log import log_command
from wijkteam.assembly import House
from wijkteam.cases.queries import find_case
from wijkteam.commands.opening import USED_WRONG, answers, opened
from wijkteam.storage.settings import WrongSettings
from wijkteam.zgw.checking import wrong_types
from wijkteam.zgw.leaving import leaving
from wijkteam.zgw.mapping import ZgwMapping, read_mapping, wrong_names
from wijkteam.zgw.publishing import publish_round
from wijkteam.zgw.queries import zaken_standing
from wijkteam.zgw.service import try_zaken_again
from wijkteam.zgw.subscribing import channel_of, connect, disconnect, subscription_of
from wijkteam.zgw.taking import note_zaak, take_round
from wijkteam.zgw.talking import NotNow, Refused, case_system


@click.group()
def zgw() -> None:
    """The municipality's case system: zaakgericht werken with the ZGW APIs.

    Example: wijkteam zgw check
    """


def _mapping() -> ZgwMapping:
    found = read_mapping()
    if found is None:
        raise WrongSettings("no case system: WIJKTEAM_ZGW_FILE names no mapping")
    return found


def mistakes(house: House, mapping: ZgwMapping) -> list[str]:
    """What the mapping names that this house does not know."""
    workflow = house.engine.workflow("household_case")
    choices = workflow.fields["outcome"].choices or {}
    return wrong_names(mapping, set(workflow.states), set(choices), set(house.lists["powers"].items))


@zgw.command()
@click.option("--online", is_flag=True, help="Ask the catalogue too: whether the types are there and belong together.")
@answers
def check(online: bool) -> None:
    """Say what is wrong with the mapping; exit code 2 when anything is.

    Example: wijkteam zgw check --online
    """
    mapping = _mapping()
    with opened() as (house, _work):
        found = mistakes(house, mapping)
        mapping.secret()
        if online:
            found += wrong_types(mapping, case_system(mapping))
    for line in found:
        click.echo(line, err=True)
    if found:
        sys.exit(USED_WRONG)
    click.echo("the mapping can be used")


@zgw.command()
@click.argument("case_id")
@click.option("--dry-run", is_flag=True, help="Only show exactly what would leave; nothing is sent.")
@answers
def publish(case_id: str, dry_run: bool) -> None:
    """Tell the case system of one case now, or show what would leave. A dry run is a reading, and is logged.

    Example: wijkteam zgw publish h4k9x2m7p3qa --dry-run
    """
    mapping = _mapping()
    with opened() as (_house, work):
        case = find_case(work.session, case_id)
        if case is None:
            click.echo(f"there is no case {case_id}", err=True)
            sys.exit(USED_WRONG)
        if dry_run:
            with work.transaction() as session:
                log_command(work, case_id, "zaaksysteem")
                told = leaving(session, mapping, case)
            click.echo("nothing leaves" if told is None else json.dumps(asdict(told), indent=2, ensure_ascii=False))
            return
        click.echo(str(publish_round(work, mapping, case_system(mapping), only=case_id)))


@zgw.command()
@answers
def status() -> None:
    """How many cases the case system knows, and what it refuses and why.

    Example: wijkteam zgw status
    """
    with opened() as (_house, work):
        found = zaken_standing(work.session)
        for name, counts in (("told", found.told), ("came in", found.came_in), ("notified", found.notified)):
            click.echo(
                f"{name}: {', '.join(f'{count} {state}' for state, count in sorted(counts.items())) or 'nothing'}"
            )
        for zaak in found.refused:
            click.echo(f"{zaak.number}\t{zaak.last_error}")
        for intake in found.not_taken:
            click.echo(f"{intake.url}\t{intake.last_error}")


@zgw.command()
@answers
def retry() -> None:
    """Let everything that was refused go once more.

    Example: wijkteam zgw retry
    """
    with opened() as (_house, work):
        click.echo(f"{try_zaken_again(work)} will go once more")


@zgw.command()
@click.argument("url")
@answers
def take(url: str) -> None:
    """Take in one zaak by its address in the case system: it becomes a resident's signal.

    Example: wijkteam zgw take https://zaken.gemeente.example/zaken/api/v1/zaken/7f1c…
    """
    mapping = _mapping()
    if mapping.intake is None:
        raise WrongSettings("WIJKTEAM_ZGW_FILE: nothing is taken in; say what under intake")
    with opened() as (house, work):
        if not note_zaak(work, mapping, url):
            click.echo("that is no zaak of this case system, or it was taken in before", err=True)
            sys.exit(USED_WRONG)
        click.echo(str(take_round(work, mapping, case_system(mapping), house.signal_table)))


@zgw.command()
@click.option("--dry-run", is_flag=True, help="Only show what would be asked; nothing is sent, and no secret is shown.")
@answers
def subscribe(dry_run: bool) -> None:
    """Bring the notification system in line with the mapping: our channel, and a subscription to our types of zaken.

    Say it again after the mapping or what is sent along has changed; saying it twice changes nothing.

    Example: wijkteam zgw subscribe --dry-run
    """
    mapping = _mapping()
    if mapping.notifications is None:
        raise WrongSettings("WIJKTEAM_ZGW_FILE: there is no notification system; say which under notifications")
    if dry_run:
        wanted = subscription_of(mapping)
        shown = {"kanaal": channel_of(mapping.notifications), "abonnement": {**wanted, "auth": "…"} if wanted else None}
        click.echo(json.dumps(shown, indent=2, ensure_ascii=False))
        return
    try:
        for line in connect(mapping, case_system(mapping)) or ["nothing had to be changed"]:
            click.echo(line)
    except (NotNow, Refused) as error:
        click.echo(str(error), err=True)
        sys.exit(1)


@zgw.command()
@answers
def unsubscribe() -> None:
    """End the subscription: nothing comes in any more. The channel stays, for others listen to it.

    Example: wijkteam zgw unsubscribe
    """
    mapping = _mapping()
    try:
        click.echo(f"{disconnect(mapping, case_system(mapping))} ended")
    except (NotNow, Refused) as error:
        click.echo(str(error), err=True)
        sys.exit(1)
