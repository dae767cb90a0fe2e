"""The command that tries a workflow before it is used, or as it would be with other people or arrivals."""

import math
from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path

import click

from wijkteam import rulebook
from wijkteam.commands.looking import by_key, chosen, looked_into
from wijkteam.commands.opening import USED_WRONG, answers, definition_folders, progress
from wijkteam.engine.loading import load_document, load_workflows
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
from wijkteam.versions.keeping import stored_definitions
from wijkteam.vocabularies import surroundings, vocabularies

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
    words = vocabularies(folders)
    definitions = load_workflows(folders, surroundings(folders))
    wish = Wish(
        cases, seed, runs, hold_back, arrivals if isinstance(arrivals, float) else None, arrivals == FITTED, start
    )
    with looked_into() as session:
        known = by_key([*(stored_definitions(session) if session else ()), *definitions])
        workflow = chosen(name, version, known)
        vocabulary = words[workflow.subject]
        past = None
        if session is not None:
            family = [each for each in known.values() if each.workflow == name]
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
    found = {path.name: path for path in rulebook.data_files(folders, "figures")}
    return load_document(found[GIVEN], Figures)
