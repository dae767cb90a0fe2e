"""Serving the pages, and doing what is due."""

from contextlib import closing, suppress

import click

from wijkteam.commands.beginning import house_in_time, house_to_serve
from wijkteam.commands.messages import NO_MAIL
from wijkteam.commands.opening import answers, opened
from wijkteam.commands.quiet_logs import begin_logging
from wijkteam.deadlines import worker as deadlines
from wijkteam.engine.running import Stale
from wijkteam.importing.service import forget_waiting
from wijkteam.keys.ring import problem_with
from wijkteam.logs.keys import seal_key
from wijkteam.logs.sealing import seal_finished_day
from wijkteam.messages.sending import do_post_round
from wijkteam.offline.service import forget_unused
from wijkteam.resident_mail.sending import mailing_to_residents
from wijkteam.serving import post_of, serve_house, work_until_stopped
from wijkteam.signing_in.cleaning import forget_old
from wijkteam.storage.settings import read_settings
from wijkteam.webhooks.sending import do_webhook_round
from wijkteam.webhooks.settings import read_outlet
from wijkteam.zgw.mapping import read_mapping
from wijkteam.zgw.rounds import zaken_rounds
from wijkteam.zgw.talking import case_system

NO_PROXIES = (
    "WIJKTEAM_PROXIES is 0: behind a proxy everybody then seems to come from one address, and limits say little"
)

AWAY = "the database does not answer: the pages say so until it does"


@click.command()
@click.option("--port", default=8080, show_default=True, type=click.IntRange(1, 65535))
@answers
def serve(port: int) -> None:
    """Serve the pages on 127.0.0.1; on SQLite the worker runs along.

    While PostgreSQL is away the pages say so, or are read from the replica, until it is back.

    Example: wijkteam serve --port 8080
    """
    settings = read_settings()
    begin_logging(settings.logs_as_json)
    with closing(house_to_serve(settings)) as house:
        click.echo(f"http://127.0.0.1:{port}/")
        if house.waiting:
            click.echo(AWAY, err=True)
        if settings.mail is None:
            click.echo(NO_MAIL, err=True)
        if settings.production and not settings.proxies:
            click.echo(NO_PROXIES, err=True)
        no_ring = problem_with(house.key_ring)
        if no_ring is not None:
            click.echo(f"no BSN can be kept, and nothing is sealed: {no_ring}", err=True)
        serve_house(house, settings, port, lambda: house_to_serve(settings))


@click.command()
@click.option("--once", is_flag=True, help="Do what is due now and stop.")
@click.option("--every", default=5.0, show_default=True, type=click.FloatRange(0.1), help="Seconds between rounds.")
@answers
def worker(once: bool, every: float) -> None:
    """Do what is due: missed terms climb or remind, mail goes out. Any number of workers may run.

    While PostgreSQL is away it is waited for.

    Example: wijkteam worker --once
    """
    settings = read_settings()
    begin_logging(settings.logs_as_json)
    post = post_of(settings)
    if not once:
        with closing(house_in_time(settings)) as house:
            if post is None:
                click.echo(NO_MAIL, err=True)
            return work_until_stopped(house, post, every, settings.seal_key_file)
    with opened() as (house, work):
        if post is None:
            click.echo(NO_MAIL, err=True)
        forget_old(work)
        forget_unused(work)
        forget_waiting(work)
        worked = deadlines.do_due_work(work)
        failed = f", {worked.failed} failed" if worked.failed else ""
        click.echo(f"{worked.fired} done, {worked.nothing_open} had nothing left to do{failed}")
        if post is not None:
            besides = mailing_to_residents(house.languages)
            click.echo(f"mail: {do_post_round(work, post, besides=besides)}")
        told = do_webhook_round(work, house.key_ring, read_outlet())
        if told.done:
            click.echo(f"webhooks: {told}")
        mapping = read_mapping()
        if mapping is not None:
            system = case_system(mapping)
            for done in zaken_rounds(work, mapping, system, house.signal_table):
                click.echo(f"case system: {done}")
        with suppress(Stale):  # somebody else seals at this moment
            seal_finished_day(work, lambda: seal_key(settings.seal_key_file))
