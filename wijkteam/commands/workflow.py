"""Commands about workflow definitions: checking, moving to a new version."""

import json
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import click

from wijkteam import assembly
from wijkteam.commands import drawing
from wijkteam.commands.looking import looked_into
from wijkteam.commands.opening import FOUND_WRONG, answers, definition_folders, opened, progress
from wijkteam.commands.simulating import simulate_one
from wijkteam.commands.testing import test
from wijkteam.engine import format as definition_format
from wijkteam.engine.checks.surroundings import Surroundings
from wijkteam.engine.findings import KINDS, Severity
from wijkteam.engine.loading import Examined, examine, examine_ladder, load_document
from wijkteam.engine.nearest import one_of
from wijkteam.engine.reading import Finding
from wijkteam.mandate.register_file import RegisterFile
from wijkteam.people import queries as people
from wijkteam.people.acting import ActingPerson
from wijkteam.scenarios import format as scenario_format
from wijkteam.storage.database import WrongDatabase
from wijkteam.storage.work import Work
from wijkteam.versions.keeping import changed_in_use
from wijkteam.versions.migrating import Wish, WrongMigration, migrate, plan
from wijkteam.vocabularies import surroundings


@click.group()
def workflow() -> None:
    """Workflow definitions.

    Example: wijkteam workflow check
    """


for command in (*drawing.COMMANDS, simulate_one, test):
    workflow.add_command(command)


def _explain(context: click.Context, _option: click.Parameter, value: str | None) -> None:
    if value is None:
        return
    if value == "all":
        for kind in KINDS.values():
            click.echo(f"{kind.name:<22}{kind.severity:<9}{kind.explanation}")
    elif value in KINDS:
        click.echo(f"{value} ({KINDS[value].severity}): {KINDS[value].explanation}")
    else:
        raise click.UsageError(f"there is no finding '{value}'; {one_of(value, KINDS)}")
    context.exit()


@workflow.command("check")
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path))
@click.option("--format", "form", default="text", show_default=True, type=click.Choice(["text", "json"]))
@click.option("--strict", is_flag=True, help="Warnings count as mistakes.")
@click.option("--register", type=click.Path(path_type=Path), help="A register file: can each decision be taken?")
@click.option("--with-database", is_flag=True, help="Check against today's people, register and versions in use.")
@click.option(
    "--explain",
    callback=_explain,
    is_eager=True,
    expose_value=False,
    metavar="NAME",
    help="Explain one kind of finding, or all.",
)
@answers
def check(paths: tuple[Path, ...], form: str, strict: bool, register: Path | None, with_database: bool) -> None:
    """Check definitions and name everything wrong, with file and line; those in use unless told.

    Example: wijkteam workflow check workflows/escalation.yaml
    """
    folders = definition_folders()
    if with_database:
        with looked_into() as session:
            if session is None:
                raise WrongDatabase("there is no database yet; first run: wijkteam db upgrade")
            examined = _examined(paths, folders, surroundings(folders, session), register)
            examined.findings += changed_in_use(session, examined)
    else:
        examined = _examined(paths, folders, surroundings(folders), register)
    wrong = examined.findings if strict else examined.mistakes
    (_print_json if form == "json" else _print_text)(examined)
    if wrong:
        sys.exit(FOUND_WRONG)


def _examined(
    paths: tuple[Path, ...], folders: tuple[Path, ...], around: Surroundings, register: Path | None
) -> Examined:
    if register is not None:
        around = replace(around, mandated=load_document(register, RegisterFile).functions_with())
    if not paths:
        return assembly.examine_definitions(folders, around)
    around = replace(around, workflows=tuple(examine(folders, around).workflows))
    ladders = [path for path in paths if path.parent.name == "ladders"]
    others = [path for path in paths if path not in ladders]
    examined = examine(others, around, folders)
    for path in ladders:
        examined.findings += examine_ladder(path, around)
    return examined


def _print_text(examined: Examined) -> None:
    for finding in examined.findings:
        click.echo(f"{finding.severity}: {finding}", err=True)
    count = len(examined.workflows)
    told = [f"{count} workflow{'s' if count != 1 else ''} checked"]
    for severity in Severity:
        number = sum(each.severity is severity for each in examined.findings)
        told.append(f"{number or 'no'} {severity}{'s' if number != 1 else ''}")
    click.echo(", ".join(told), err=bool(examined.mistakes))


def _print_json(examined: Examined) -> None:
    click.echo(json.dumps([_as_json(each) for each in examined.findings], ensure_ascii=False, indent=2))


def _as_json(finding: Finding) -> dict[str, Any]:
    return {
        "file": finding.file,
        "line": finding.line,
        "kind": finding.kind,
        "severity": finding.severity.value,
        "wrong": finding.wrong,
        "right": finding.right,
        "shown_by": list(finding.shown_by),
    }


@workflow.command("schema")
@click.option("--of", "kind", default="workflow", show_default=True, type=click.Choice(["workflow", "scenarios"]))
def schema(kind: str) -> None:
    """The format of definitions or of their scenarios as JSON Schema, by which editors complete and check.

    Example: wijkteam workflow schema > workflow.schema.json
    """
    json_schema = {"workflow": definition_format.json_schema, "scenarios": scenario_format.json_schema}[kind]
    click.echo(json.dumps(json_schema(), ensure_ascii=False, indent=2))


def _renamed(_context: click.Context, _option: click.Parameter, pairs: tuple[str, ...]) -> dict[str, str]:
    found = {}
    for pair in pairs:
        old, equals, new = pair.partition("=")
        if not (old and equals and new):
            raise click.UsageError(f"--map: write old=new instead of '{pair}'")
        found[old] = new
    return found


@workflow.command("migrate")
@click.argument("name")
@click.option("--from", "from_version", required=True, type=click.IntRange(1), help="The version they run on.")
@click.option("--to", "to_version", required=True, type=click.IntRange(1), help="The version they are to go to.")
@click.option(
    "--map", "renamed", multiple=True, callback=_renamed, metavar="OLD=NEW", help="Where an old state goes; repeatable."
)
@click.option("--yes", is_flag=True, help="Do it; without this it is only shown.")
@click.option("--by", "email", help="E-mail address of the functional administrator who does this.")
@answers
def migrate_running(
    name: str, from_version: int, to_version: int, renamed: dict[str, str], yes: bool, email: str | None
) -> None:
    """Move running subjects to another version: shows who would go where, and with --yes does it.

    Each moves in its own transaction. Stopped half-way, run it again.

    Example: wijkteam workflow migrate household_case --from 1 --to 2 --map planning=plan_making
    """
    wish = Wish(name, from_version, to_version, renamed)
    with opened() as (_house, work):
        groups = plan(work, wish)
        for group in groups:
            where = f"→ {group.to_state}" if group.to_state else f"stays: {group.why_not}"
            click.echo(f"{group.count:>7}  {group.state:<20} {where}  (such as {', '.join(group.examples)})")
        total = sum(group.count for group in groups)
        if not total:
            click.echo(f"no running {name} stands on version {from_version}")
        elif not yes:
            click.echo("nothing was changed; add --yes to do this")
        else:
            work.actor = _administrator(work, email)
            with progress("moving", total) as advance:
                done = migrate(work, wish, advance)
            click.echo(f"{done.moved} moved to version {to_version}, {done.cannot} stayed on version {from_version}")


def _administrator(work: Work, email: str | None) -> ActingPerson:
    person = people.person_by_email(work.session, email) if email else None
    acting = people.acting_person(work.session, person.id) if person else None
    if acting is None or "functional_administrator" not in acting.functions:
        raise WrongMigration("--by: give the e-mail address of a functional administrator")
    return acting
