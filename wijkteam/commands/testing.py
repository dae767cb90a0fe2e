"""Testing definitions: the scenarios beside them, and what of the definitions they touch."""

import json
import sys
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import click

from wijkteam.commands.opening import FOUND_WRONG, answers, definition_folders
from wijkteam.engine.nearest import one_of
from wijkteam.scenarios import reporting
from wijkteam.scenarios.databases import SqliteDatabases
from wijkteam.scenarios.reading import files_in, read_sheets
from wijkteam.scenarios.running import Run, run
from wijkteam.scenarios.sheet import Known, Sheet, look_around


@click.command("test")
@click.argument("names", nargs=-1, metavar="[WORKFLOW]...")
@click.option("--scenario", metavar="NAME", help="Only this scenario.")
@click.option("--coverage", is_flag=True, help="Name everything that was never touched, with file and line.")
@click.option(
    "--least",
    type=click.FloatRange(0, 100),
    metavar="PERCENT",
    help="Fail when fewer states or transitions were touched.",
)
@click.option("--format", "form", default="text", show_default=True, type=click.Choice(["text", "json"]))
@click.option("--junit", type=click.Path(path_type=Path, dir_okay=False), help="Also write JUnit XML to this file.")
@answers
def test(
    names: tuple[str, ...], scenario: str | None, coverage: bool, least: float | None, form: str, junit: Path | None
) -> None:
    """Play the scenarios in workflows/scenarios on the newest definitions; all of them unless told.

    Example: wijkteam workflow test escalation --least 100
    """
    if scenario is not None and least is not None:
        raise click.UsageError("--least asks for all scenarios; leave out --scenario")
    known = look_around(definition_folders())
    for name in names:
        if name not in known.names():
            raise click.UsageError(f"there is no workflow '{name}'; {one_of(name, known.names())}")
    sheets = [each for each in read_sheets(known, files_in(known.folders)) if not names or _about(each) in names]
    done = _play(known, sheets, names or known.names(), scenario)
    if junit is not None:
        _write(junit, reporting.as_junit(done))
    short = reporting.shortfall_lines(done, least) if least is not None else []
    if form == "json":
        click.echo(json.dumps(reporting.as_data(done), ensure_ascii=False, indent=2))
    else:
        _print_text(done, coverage, scenario is None)
    for line in [*(reporting.failure_lines(done) if form == "text" else ()), *short]:
        click.echo(line, err=True)
    if done.failed or short:
        sys.exit(FOUND_WRONG)


def _about(sheet: Sheet) -> str:
    return sheet.workflow.workflow


def _play(known: Known, sheets: Sequence[Sheet], names: Sequence[str], scenario: str | None) -> Run:
    there = [each.name for sheet in sheets for each in sheet.said.scenarios]
    if not there:
        raise click.UsageError(f"there are no scenarios for {', '.join(names)}; put *.yaml in workflows/scenarios")
    if scenario is not None and scenario not in there:
        raise click.UsageError(f"there is no scenario '{scenario}'; {one_of(scenario, there)}")
    with TemporaryDirectory(prefix="wijkteam-") as folder:
        return run(sheets, known, SqliteDatabases(Path(folder)), names, lambda each: scenario in (None, each.name))


def _print_text(done: Run, whole: bool, with_coverage: bool) -> None:
    for line in reporting.played_lines(done):
        click.echo(line)
    click.echo(reporting.summary(done))
    if with_coverage or whole:
        for line in reporting.coverage_lines(done, whole):
            click.echo(line)


def _write(path: Path, content: bytes) -> None:
    try:
        path.write_bytes(content)
    except OSError as error:
        raise click.UsageError(f"--junit: {path} cannot be written: {error.strerror}") from error
