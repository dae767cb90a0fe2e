"""Bringing in real data: areas and their figures, people, and logs of approvals."""

from pathlib import Path

import click

from wijkteam import rulebook
from wijkteam.cases.geojson import read_areas
from wijkteam.cases.service import keep_areas
from wijkteam.commands.area_figures import import_area_figures
from wijkteam.commands.importing import register as register_imports
from wijkteam.commands.opening import answers, definition_folders, opened, progress
from wijkteam.engine.loading import load_document
from wijkteam.mandate import approvals
from wijkteam.mandate.approvals_mapping import ApprovalsMapping
from wijkteam.mandate.xes import count_traces, read_log


@click.group("import")
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
