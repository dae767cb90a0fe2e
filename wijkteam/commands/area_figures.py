"""Bringing in objective figures of areas."""

import sys
from pathlib import Path

import click

from wijkteam import rulebook
from wijkteam.area_figures.mapping import AreaFiguresMapping
from wijkteam.area_figures.reading import UnreadableFigures, read_figures
from wijkteam.area_figures.service import keep_figures
from wijkteam.cases import queries as cases
from wijkteam.commands.opening import FOUND_WRONG, USED_WRONG, answers, definition_folders, opened
from wijkteam.engine.loading import load_document

MISTAKES_SHOWN = 20
FIRST_YEAR, LAST_YEAR = 1995, 2100
"""CBS divides the Netherlands in wijken and buurten since 1995."""


@click.command("area-figures")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--year", required=True, type=click.IntRange(FIRST_YEAR, LAST_YEAR), help="Of which year the file is.")
@click.option(
    "--mapping", default="cbs_wijken_en_buurten", show_default=True, help="A mapping file, or a shipped one by name."
)
@click.option("--dry-run", is_flag=True, help="Only tell what it would do.")
@answers
def import_area_figures(file: Path, year: int, mapping: str, dry_run: bool) -> None:
    """Keep figures of our areas from a CSV with CBS codes, such as Kerncijfers wijken en buurten.

    One mistake in any line and nothing is kept; every mistake is told with its line.

    Example: wijkteam import area-figures kwb-2024.csv --year 2024 --dry-run
    """
    named = {path.stem: path for path in rulebook.data_files(definition_folders(), "figures")}
    known = load_document(named.get(mapping, Path(mapping)), AreaFiguresMapping)
    try:
        found = read_figures(file, known)
    except UnreadableFigures as error:
        click.echo(str(error), err=True)
        sys.exit(USED_WRONG)
    for mistake in found.mistakes[:MISTAKES_SHOWN]:
        click.echo(f"{file}: {mistake}", err=True)
    if found.mistakes:
        more = len(found.mistakes) - MISTAKES_SHOWN
        click.echo(f"{f'and {more} more; ' if more > 0 else ''}nothing is kept", err=True)
        sys.exit(FOUND_WRONG)
    with opened() as (_house, work):
        municipalities = {each.municipality_code for each in cases.wijken(work.session)}
        kept = keep_figures(work, found.found, found.measures, year, municipalities, dry_run)
    left_out = ", ".join(name for name in known.measures if name not in found.measures)
    said = "would be kept" if dry_run else "kept"
    click.echo(f"{kept.figures} figures of {kept.areas} areas over {year} {said}; {kept.elsewhere} are of elsewhere")
    click.echo(f"{found.missing} figures are not given by the file")
    if left_out:
        click.echo(f"no column for: {left_out}")
