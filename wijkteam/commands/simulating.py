"""The command that tries a workflow before it is used, or as it would be with other people or arrivals."""

import math
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path

import click
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError
from sqlalchemy.orm import Session

from wijkteam import assembly
from wijkteam.commands.opening import USED_WRONG, answers, definition_folders, progress
from wijkteam.engine.definition import Workflow
from wijkteam.engine.loading import load_document, load_workflows
from wijkteam.engine.nearest import one_of
from wijkteam.simulating import telling
from wijkteam.simulating.figures import Figures, read_figures
from wijkteam.simulating.history import count_subjects
from wijkteam.simulating.service import (
    CannotSimulate,
    Wish,
    WrongSimulation,
    check_staff,
    known_functions,
    read_past,
    simulate,
)
from wijkteam.simulating.world import Given
from wijkteam.storage.database import WrongDatabase, connect
from wijkteam.storage.schema import versions
from wijkteam.storage.settings import read_settings
from wijkteam.versions.keeping import stored_definitions

FITTED = "fitted"
MOST_ARRIVALS = 100_000.0
GIVEN = "given.yaml"


def _arrivals(_context: click.Context, _option: click.Parameter, value: str | None) -> float | str | None:
    if value is None or value == FITTED:
        return value
    try:
        number = float(value)
    except ValueError:
        number = math.nan
    if not 0 < number <= MOST_ARRIVALS:
        raise click.UsageError(f"--arrivals: write a number per week above 0, or {FITTED}, instead of '{value}'")
    return number


def _staff(_context: click.Context, _option: click.Parameter, pairs: tuple[str, ...]) -> dict[str, int]:
    found = {}
    for pair in pairs:
        function, equals, count = pair.partition("=")
        if not (function and equals and count.isdecimal() and len(count) < 5):
            raise click.UsageError(f"--staff: write FUNCTION=N, such as team_lead=2, instead of '{pair}'")
        found[function] = int(count)
    return found


def _day(_context: click.Context, _option: click.Parameter, value: datetime | None) -> date | None:
    return value.date() if value else None


@click.command("simulate")
@click.argument("name")
@click.option("--cases", required=True, type=click.IntRange(1, 1_000_000), help="How many come in.")
@click.option("--seed", required=True, type=int, help="The same seed gives the same report, on the same past.")
@click.option(
    "--arrivals",
    callback=_arrivals,
    metavar="PER_WEEK|fitted",
    help="How many a week; left out: as the past shows, else as given in the figures.",
)
@click.option(
    "--staff",
    multiple=True,
    callback=_staff,
    metavar="FUNCTION=N",
    help="How many people hold a function; left out: as today. Repeatable.",
)
@click.option("--figures", "file", type=click.Path(path_type=Path), help="A file of given figures.")
@click.option(
    "--hold-back",
    default=0.3,
    show_default=True,
    type=click.FloatRange(0, 0.9),
    help="Part of the past to compare with; 0 compares nothing.",
)
@click.option("--runs", default=10, show_default=True, type=click.IntRange(1, 1_000), help="How often it is played.")
@click.option("--version", type=click.IntRange(1), help="Version of the definition; left out: the newest.")
@click.option(
    "--start",
    type=click.DateTime(["%Y-%m-%d"]),
    callback=_day,
    help="In which week it begins; left out: the week after the past ends.",
)
@click.option("--format", "form", default="text", show_default=True, type=click.Choice(["text", "json"]))
@answers
def simulate_one(
    name: str,
    cases: int,
    seed: int,
    arrivals: float | str | None,
    staff: Mapping[str, int],
    file: Path | None,
    hold_back: float,
    runs: int,
    version: int | None,
    start: date | None,
    form: str,
) -> None:
    """Play a workflow by its own terms: load, waits, missed terms, and how far to believe it.

    Delays, choices, arrivals and office hours are fitted to the event log where it knows enough, else taken from given
    figures (workflows/figures/given.yaml, or --figures). The fit is compared with a part of the past that is held back.

    Example: wijkteam workflow simulate escalation --cases 500 --seed 1 --staff team_lead=1
    """
    folders = definition_folders()
    vocabularies = assembly.vocabularies(folders)
    definitions = load_workflows(folders, assembly.surroundings(folders))
    wish = Wish(
        cases, seed, runs, hold_back, arrivals if isinstance(arrivals, float) else None, arrivals == FITTED, start
    )
    with _history() as session:
        here = {(each.workflow, each.version) for each in definitions}
        stored = stored_definitions(session) if session else []
        known = [*definitions, *(each for each in stored if (each.workflow, each.version) not in here)]
        workflow = _chosen(name, version, known)
        vocabulary = vocabularies[workflow.subject]
        past = None
        if session is not None:
            family = [each for each in known if each.workflow == name]
            with progress("reading", count_subjects(session, name)) as advance:
                past = read_past(session, name, family, vocabulary, advance)
    functions = known_functions(workflow, vocabulary, past)
    try:
        check_staff(staff, functions)
        figures = read_figures(file, workflow, functions) if file else _shipped_figures(folders)
        with progress("playing", runs) as advance:
            report = simulate(wish, Given(workflow, vocabulary, figures, staff), past, advance)
    except (WrongSimulation, CannotSimulate) as error:
        click.echo(str(error), err=True)
        raise SystemExit(USED_WRONG) from error
    click.echo(telling.as_json(report) if form == "json" else telling.as_text(report))


def _shipped_figures(folders: tuple[Path, ...]) -> Figures:
    found = {path.name: path for path in assembly.data_files(folders, "figures")}
    return load_document(found[GIVEN], Figures)


def _chosen(name: str, version: int | None, known: list[Workflow]) -> Workflow:
    named = {each.version: each for each in known if each.workflow == name}
    if not named:
        right = one_of(name, {each.workflow for each in known})
        raise click.UsageError(f"there is no workflow '{name}'; {right}")
    if version is not None and version not in named:
        versions_known = ", ".join(str(each) for each in sorted(named))
        raise click.UsageError(f"there is no version {version} of '{name}'; there are: {versions_known}")
    return named[max(named) if version is None else version]


@contextmanager
def _history() -> Iterator[Session | None]:
    """A session on the database of the settings; None where there is no database yet.

    Raises WrongDatabase when it cannot be reached or is not up to date.
    """
    url = read_settings().database_url
    if _is_missing(url):
        yield None
        return
    database = connect(url)
    stands, newest = versions(database)
    if stands is not None and stands != newest:
        raise WrongDatabase("the database is not up to date; first run: wijkteam db upgrade")
    if stands is None:
        yield None
    else:
        with Session(database) as session:
            yield session
    database.dispose()


def _is_missing(url: str) -> bool:
    """Whether it is a SQLite file that is not there, which connecting would make."""
    try:
        address = make_url(url)
    except ArgumentError:
        return False
    return address.get_backend_name() == "sqlite" and not (address.database and Path(address.database).exists())
