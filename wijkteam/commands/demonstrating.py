"""A fictional municipality: to try the system with, and to fill a database with a past."""

from pathlib import Path

import click

from wijkteam.commands.opening import answers, opened, progress
from wijkteam.demo.service import fill_demo, seed_town
from wijkteam.demo.town import PASSWORD, SIGN_INS
from wijkteam.people import queries as people_queries
from wijkteam.serving import serve_house
from wijkteam.storage.database import connect
from wijkteam.storage.schema import upgrade
from wijkteam.storage.settings import WrongSettings, read_settings


@click.command()
@click.option("--no-serve", is_flag=True, help="Fill the database and stop.")
@click.option("--port", default=8080, show_default=True, type=click.IntRange(1, 65535))
@click.option("--cases", default=300, show_default=True, type=click.IntRange(0, 100_000))
@click.option("--areas", type=click.Path(path_type=Path), help="GeoJSON file with buurten.")
@answers
def demo(no_serve: bool, port: int, cases: int, areas: Path | None) -> None:
    """Fill a database with a fictional municipality and serve it on 127.0.0.1.

    Example: wijkteam demo --port 8080
    """
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


@click.command()
@click.option("--cases", required=True, type=click.IntRange(1, 1_000_000), help="How many cases.")
@click.option("--seed", "number", required=True, type=int, help="The same seed gives the same past.")
@answers
def seed(cases: int, number: int) -> None:
    """Make up a plausible municipality: households, cases, histories over two years.

    Example: wijkteam seed --cases 500 --seed 1
    """
    with opened() as (house, work):
        seed_town(house, work, cases, number, progress)
        click.echo(f"{cases} cases told")
