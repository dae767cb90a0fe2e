"""The command line: one entry for every chore."""

from contextlib import closing, suppress
from pathlib import Path

import click

from wijkteam import assembly, rulebook
from wijkteam.cases.geojson import read_areas
from wijkteam.cases.service import keep_areas
from wijkteam.commands import register
from wijkteam.commands.api_clients import api_client
from wijkteam.commands.area_figures import import_area_figures
from wijkteam.commands.audit import audit
from wijkteam.commands.backup import backup, restore
from wijkteam.commands.beginning import house_in_time, house_to_serve
from wijkteam.commands.benefit import benefit
from wijkteam.commands.config import config as config_commands
from wijkteam.commands.config import named_in_environment
from wijkteam.commands.dividing import divide_events
from wijkteam.commands.doctor import doctor
from wijkteam.commands.exporting import export
from wijkteam.commands.figures import figures
from wijkteam.commands.importing import register as register_imports
from wijkteam.commands.keys import keys
from wijkteam.commands.letters import letters
from wijkteam.commands.messages import NO_MAIL, messages
from wijkteam.commands.opening import answers, definition_folders, for_figures, opened, progress
from wijkteam.commands.quiet_logs import begin_logging, mask_all_records
from wijkteam.commands.retention import retention
from wijkteam.commands.search import search
from wijkteam.commands.single_sign_on import link, unlink
from wijkteam.commands.terms import terms
from wijkteam.commands.users import user
from wijkteam.commands.workflow import workflow
from wijkteam.commands.zaken import zgw
from wijkteam.deadlines import worker as deadlines
from wijkteam.engine.loading import load_document
from wijkteam.engine.running import Stale
from wijkteam.importing.service import forget_waiting
from wijkteam.keys.ring import problem_with
from wijkteam.logs.keys import seal_key
from wijkteam.logs.sealing import seal_finished_day
from wijkteam.mandate import approvals
from wijkteam.mandate.approvals_mapping import ApprovalsMapping
from wijkteam.mandate.xes import count_traces, read_log
from wijkteam.messages.sending import do_post_round
from wijkteam.offline.service import forget_unused
from wijkteam.people import queries as people_queries
from wijkteam.reports import exports
from wijkteam.resident_mail.sending import mailing_to_residents
from wijkteam.serving import make_report, post_of, serve_house, work_until_stopped
from wijkteam.signing_in.cleaning import forget_old
from wijkteam.storage.database import connect
from wijkteam.storage.schema import upgrade, versions
from wijkteam.storage.settings import WrongSettings, read_settings
from wijkteam.webhooks.sending import do_webhook_round
from wijkteam.webhooks.settings import read_outlet
from wijkteam.zgw.mapping import read_mapping
from wijkteam.zgw.publishing import publish_round
from wijkteam.zgw.taking import take_round
from wijkteam.zgw.talking import case_system

NO_PROXIES = (
    "WIJKTEAM_PROXIES is 0: behind a proxy everybody then seems to come from one address, and limits say little"
)

AWAY = "the database does not answer: the pages say so until it does"


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name="wijkteam")
@click.option("--config", type=click.Path(path_type=Path), help="File with settings, as WIJKTEAM_CONFIG names.")
@click.pass_context
def main(context: click.Context, config: Path | None) -> None:
    """Case management, mandate and escalation for front-line teams.

    Example: wijkteam demo
    """
    if config is not None:
        context.with_resource(named_in_environment(config))
    mask_all_records()
    begin_logging(as_json=False)


@main.command()
@click.option("--no-serve", is_flag=True, help="Fill the database and stop.")
@click.option("--port", default=8080, show_default=True, type=click.IntRange(1, 65535))
@click.option("--cases", default=300, show_default=True, type=click.IntRange(0, 100_000))
@click.option("--areas", type=click.Path(path_type=Path), help="GeoJSON file with buurten.")
@answers
def demo(no_serve: bool, port: int, cases: int, areas: Path | None) -> None:
    """Fill a database with a fictional municipality and serve it on 127.0.0.1.

    Example: wijkteam demo --port 8080
    """
    from wijkteam.demo.service import fill_demo
    from wijkteam.demo.town import PASSWORD, SIGN_INS

    settings = read_settings()
    if settings.production:
        raise WrongSettings("the demo is not for production: everybody knows its password")
    database = connect(settings.database_url)
    click.echo("database …", err=True)
    upgrade(database)
    database.dispose()
    with opened() as (house, work):
        house.key_ring.begin()
        click.echo(fill_demo(house, work, areas, cases, progress), err=True)
        click.echo(f"\nhttp://127.0.0.1:{port}/   (password for all: {PASSWORD})\n")
        titles = people_queries.functions(work.session)
        widest = max(len(titles[sign_in.function]) for sign_in in SIGN_INS)
        for sign_in in SIGN_INS:
            click.echo(f"  {titles[sign_in.function]:<{widest + 2}}{sign_in.email}")
        click.echo("")
        if not no_serve:
            serve_house(house, settings, port)


@main.command()
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


main.add_command(api_client)
main.add_command(workflow)
main.add_command(terms)
main.add_command(register.mandate)
main.add_command(messages)
main.add_command(letters)
main.add_command(doctor)
main.add_command(user)
user.add_command(link)
user.add_command(unlink)
main.add_command(keys)
main.add_command(audit)
main.add_command(retention)
main.add_command(search)
main.add_command(benefit)
main.add_command(figures)
main.add_command(export)
main.add_command(config_commands)
main.add_command(backup)
main.add_command(restore)
main.add_command(zgw)


@main.group()
def db() -> None:
    """The database.

    Example: wijkteam db upgrade
    """


@db.command("upgrade")
@answers
def db_upgrade() -> None:
    """Make the tables, or bring them to the newest version.

    Example: wijkteam db upgrade
    """
    database = connect(read_settings().database_url)
    upgrade(database)
    with opened() as (house, work):
        assembly.keep_code_lists(house, work)
    click.echo(f"database stands on version {versions(database)[0]}")


db.add_command(divide_events)


@main.command()
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
            click.echo(f"case system: {publish_round(work, mapping, system)}")
            click.echo(f"case system: {take_round(work, mapping, system, house.signal_table)}")
        with suppress(Stale):  # somebody else seals at this moment
            seal_finished_day(work, lambda: seal_key(settings.seal_key_file))


@main.group()
def report() -> None:
    """Reports.

    Example: wijkteam report escalations --format csv
    """


@report.command("escalations")
@click.option("--format", "form", default="table", show_default=True, type=click.Choice(["table", "json", "csv"]))
@click.option("--year", type=click.IntRange(1900, 2200), help="Calendar year; default the running one.")
@click.option("--wijk", help="CBS code of one wijk.")
@click.option("--barrier", help="Code of one barrier.")
@answers
def report_escalations(form: str, year: int | None, wijk: str | None, barrier: str | None) -> None:
    """What blocks our people, where, for how long.

    Example: wijkteam report escalations --format csv --year 2026
    """
    with opened() as (house, work), for_figures(house, work) as session:
        if barrier is not None and barrier not in house.lists["barriers"].items:
            raise click.UsageError(f"there is no barrier '{barrier}'")
        made = make_report(house, session, read_settings().municipality, year, wijk, barrier)
        write = {"table": exports.as_text, "json": exports.as_json, "csv": exports.as_csv}[form]
        click.echo(write(made), nl=form != "csv")


@main.group("import")
def bring_in() -> None:
    """Bring in real data.

    Example: wijkteam import areas buurten.geojson.gz
    """


@bring_in.command("areas")
@click.argument("file", type=click.Path(path_type=Path))
@answers
def import_areas(file: Path) -> None:
    """Buurten with their shapes from GeoJSON (also .gz), under their wijken.

    Example: wijkteam import areas buurten.geojson.gz
    """
    found = read_areas(file)
    with opened() as (_house, work):
        wijken, buurten = keep_areas(work, found, {each.wijk_code: f"Wijk {each.wijk_code[6:]}" for each in found})
        click.echo(f"{buurten} buurten in {wijken} wijken")


bring_in.add_command(import_area_figures)
register_imports(bring_in)


@bring_in.command("approvals")
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "--mapping",
    default="approvals_bpic2020",
    show_default=True,
    help="A mapping file, or a shipped one by name.",
)
@answers
def import_approvals(file: Path, mapping: str) -> None:
    """Run a XES log (also .gz) of approvals through the engine as mandate requests.

    Example: wijkteam import approvals DomesticDeclarations.xes.gz --mapping approvals_bpic2020
    """
    named = {path.stem: path for path in rulebook.data_files(definition_folders(), "mappings")}
    mapped = load_document(named.get(mapping, Path(mapping)), ApprovalsMapping)
    count = count_traces(file)
    with opened() as (_house, work):
        with progress("importing", count) as advance:
            done = approvals.import_approvals(work, mapped, read_log(file, mapped.amount), advance)
        requests, deviating = approvals.count_deviating(work.session, mapped.mapping)
        click.echo(f"{done.added} requests added with {done.events} steps; {done.known} were known already")
        click.echo(f"{requests} requests in all; {deviating} hold a step that the workflow does not allow:")
        for cause in approvals.deviations(work.session, mapped.mapping):
            examples = ", ".join(cause.examples)
            click.echo(
                f"  {cause.steps:>5} × {cause.activity} in state {cause.state}: {cause.cause} "
                f"({cause.requests} requests, such as {examples})"
            )


@main.command()
@click.option("--cases", required=True, type=click.IntRange(1, 1_000_000), help="How many cases.")
@click.option("--seed", "number", required=True, type=int, help="The same seed gives the same past.")
@answers
def seed(cases: int, number: int) -> None:
    """Make up a plausible municipality: households, cases, histories over two years.

    Example: wijkteam seed --cases 500 --seed 1
    """
    from wijkteam.demo.service import seed_town

    with opened() as (house, work):
        seed_town(house, work, cases, number, progress)
        click.echo(f"{cases} cases told")
