"""Commands that show workflows: one as a picture, text or list, and two versions beside each other."""

import json
from collections.abc import Iterable
from dataclasses import replace

import click

from wijkteam.commands.looking import Key, by_key, chosen, looked_into
from wijkteam.commands.opening import answers, definition_folders
from wijkteam.engine.comparing import compare, summary
from wijkteam.engine.definition import Workflow
from wijkteam.engine.differences import HEADINGS, About, Comparison
from wijkteam.engine.drawing.changes import both_versions
from wijkteam.engine.drawing.listing import as_text
from wijkteam.engine.drawing.mermaid import as_mermaid
from wijkteam.engine.drawing.outline import outline
from wijkteam.engine.drawing.picture import as_svg
from wijkteam.engine.drawing.words import Language, RoleTitles
from wijkteam.engine.loading import load_workflows
from wijkteam.storage.database import WrongDatabase
from wijkteam.versions.keeping import stored_definitions
from wijkteam.vocabularies import vocabularies

FORMATS = {"svg": as_svg, "mermaid": as_mermaid, "list": as_text}
LANGUAGE = click.option(
    "--language", default="nl", show_default=True, type=click.Choice(["nl", "en"]), help="The language of the words."
)


@click.command("draw")
@click.argument("name")
@click.option("--version", type=click.IntRange(1), help="Left out: the newest.")
@click.option("--format", "form", default="svg", show_default=True, type=click.Choice(list(FORMATS)))
@LANGUAGE
@answers
def draw(name: str, version: int | None, form: str, language: Language) -> None:
    """Show a workflow as a picture (SVG), as Mermaid text, or as a list, on standard output.

    Example: wijkteam workflow draw escalation > escalation.svg
    """
    (found,) = _definitions(name, [version])
    click.echo(FORMATS[form](outline(found, language, _role_titles(found))))


@click.command("diff")
@click.argument("name")
@click.option("--from", "from_version", required=True, type=click.IntRange(1), help="The version compared with.")
@click.option("--to", "to_version", required=True, type=click.IntRange(1), help="The version that is compared.")
@click.option("--format", "form", default="text", show_default=True, type=click.Choice(["text", "svg", "json"]))
@LANGUAGE
@answers
def diff(name: str, from_version: int, to_version: int, form: str, language: Language) -> None:
    """Tell what differs between two versions: in words, as one picture with both, or as JSON.

    Example: wijkteam workflow diff household_case --from 1 --to 2
    """
    old, new = _definitions(name, [from_version, to_version])
    titles = {**_role_titles(old), **_role_titles(new)}
    comparison = compare(old, new, language, titles)
    if form == "json":
        click.echo(json.dumps(_as_json(comparison, language), ensure_ascii=False, indent=2))
    elif form == "svg":
        both, marks = both_versions(comparison)
        drawn = outline(both, language, titles, marks)
        click.echo(as_svg(replace(drawn, version=f"{old.version} → {new.version}")))
    else:
        click.echo("\n".join(_as_lines(comparison, language)))


COMMANDS = (draw, diff)


def _definitions(name: str, wanted: Iterable[int | None]) -> list[Workflow]:
    """Versions of a workflow (None: the newest), from the folders, else as they are kept in the database."""
    wanted = list(wanted)
    known = by_key(load_workflows(definition_folders()))
    if any(not _is_among(known, name, version) for version in wanted):
        known = by_key(_stored()) | known
    return [chosen(name, version, known) for version in wanted]


def _is_among(known: Iterable[Key], name: str, version: int | None) -> bool:
    return any(each == name and version in (None, number) for each, number in known)


def _stored() -> list[Workflow]:
    """What the database of the settings keeps; none, with the reason on stderr, when it cannot be looked into."""
    try:
        with looked_into() as session:
            return stored_definitions(session) if session is not None else []
    except WrongDatabase as error:
        click.echo(f"only the definition folders were read: {error}", err=True)
        return []


def _role_titles(workflow: Workflow) -> RoleTitles:
    vocabulary = vocabularies(definition_folders()).get(workflow.subject)
    return {name: role.title for name, role in vocabulary.roles.items()} if vocabulary else {}


def _as_lines(comparison: Comparison, language: Language) -> list[str]:
    old, new = comparison.old, comparison.new
    lines = [f"{getattr(new.title, language)}: {old.version} → {new.version}", summary(comparison, language)]
    for about in About:
        found = comparison.of(about)
        if found:
            lines += ["", getattr(HEADINGS[about], language)]
            lines += [f"  {each.sign} {each.sentence}" for each in found]
    if comparison.needs_map:
        lines += ["", *(each.sentence for each in comparison.needs_map)]
    return lines


def _as_json(comparison: Comparison, language: Language) -> dict[str, object]:
    return {
        "workflow": comparison.new.workflow,
        "from": comparison.old.version,
        "to": comparison.new.version,
        "summary": summary(comparison, language),
        "differences": [
            {
                "about": each.about.value,
                "kind": each.kind.value,
                "name": each.name,
                "attribute": each.attribute,
                "old": each.old,
                "new": each.new,
                "sentence": each.sentence,
            }
            for each in comparison.differences
        ],
        "needs_map": [
            {"state": each.state, "nearest": each.nearest, "sentence": each.sentence} for each in comparison.needs_map
        ],
    }
