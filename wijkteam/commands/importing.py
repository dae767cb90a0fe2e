"""Bringing in people, teams, functions, households, open cases and residents from a file, and undoing that."""

import sys
from pathlib import Path

import click

from wijkteam.assembly import House
from wijkteam.commands.letters import write
from wijkteam.commands.opening import FOUND_WRONG, USED_WRONG, answers, opened, progress
from wijkteam.engine.fields import WrongFields
from wijkteam.importing import queries
from wijkteam.importing.checking import Checked
from wijkteam.importing.columns import KINDS, WORKBOOK, kind_called
from wijkteam.importing.findings import WrongFile
from wijkteam.importing.reading import LARGEST_FILE
from wijkteam.importing.service import Tools, begin, go_on, look_at
from wijkteam.importing.template import template
from wijkteam.importing.undoing import begin_undoing, go_on_undoing
from wijkteam.people import queries as people
from wijkteam.people.service import WrongPerson
from wijkteam.people.staff import ADMINISTRATOR
from wijkteam.storage.work import Work
from wijkteam.terms import clock

BY = click.option("--by", "email", required=True, help="E-mail address of the functional administrator who does it.")


def act_as_administrator(work: Work, email: str) -> None:
    """Let the functional administrator with this address act. Raises WrongPerson."""
    person = people.person_by_email(work.session, email)
    acting = people.acting_person(work.session, person.id) if person is not None else None
    if acting is None or ADMINISTRATOR not in acting.functions:
        raise WrongPerson(f"no functional administrator who is active has the address {email}")
    work.actor = acting


def tools_of(house: House) -> Tools:
    """What bringing in needs of the house."""
    return Tools(house.key_ring, house.bsn_grounds)


def _command(what: str, help_text: str) -> click.Command:
    @click.command(what, help=help_text)
    @click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
    @BY
    @click.option("--dry-run", is_flag=True, help="Only look: say every mistake, and change nothing.")
    @click.option(
        "--go-on", "goes_on", is_flag=True, help="Go on with a file that was broken off, or had rows refused."
    )
    @answers
    def command(file: Path, email: str, dry_run: bool, goes_on: bool) -> None:
        _import(what, file, email, dry_run, goes_on)

    return command


def _import(what: str, file: Path, email: str, dry_run: bool, goes_on: bool) -> None:
    content = _content(file)
    with opened() as (house, work):
        act_as_administrator(work, email)
        tools = tools_of(house)
        try:
            checked = look_at(work, tools, content, what)
        except WrongFile as error:
            _stop(f"{file}: {error.en}")
        _tell(checked)
        if checked.mistakes:
            _stop(f"{len(checked.mistakes)} mistakes; nothing came in", FOUND_WRONG)
        if dry_run:
            click.echo(f"{checked.file.count} rows can come in; nothing changed")
            return
        try:
            begun = begin(work, checked, file.name, goes_on)
        except WrongFile as error:
            _stop(f"{file}: {error.en}")
        with progress("bringing in", checked.file.count) as advance:
            done = go_on(work, tools, begun.id, checked, advance=advance)
        for sheet, row, _nl, why in done.failures:
            click.echo(f"{sheet}, row {row}: {why}", err=True)
        click.echo(f"import {begun.id}: {done.done} of {checked.file.count} rows came in, {done.failed} were refused")
        if done.failed:
            sys.exit(FOUND_WRONG)


def _content(file: Path) -> bytes:
    try:
        with file.open("rb") as opened_file:
            return opened_file.read(LARGEST_FILE + 1)
    except OSError as error:
        _stop(f"{file} cannot be read: {error.strerror or error}")
        raise


def _tell(checked: Checked) -> None:
    for each in checked.findings:
        click.echo(("" if each.is_mistake else "look at: ") + each.line("en"), err=True)


def _stop(line: str, code: int = USED_WRONG) -> None:
    click.echo(line, err=True)
    sys.exit(code)


@click.command("list")
@answers
def import_list() -> None:
    """The files that came in, the newest first.

    Example: wijkteam import list
    """
    with opened() as (_house, work):
        found = queries.imports(work.session)
        if not found:
            click.echo("no file came in")
        for each in found:
            when = f"{clock.local(each.begun_at):%Y-%m-%d %H:%M}"
            click.echo(f"{each.id}  {when}  {each.what:<10} {each.state:<8} {each.rows:>6} rows  {each.name}")


@click.command("undo")
@click.argument("import_id", metavar="ID")
@BY
@click.option("--why", required=True, help="Why it is undone; it is kept.")
@answers
def import_undo(import_id: str, email: str, why: str) -> None:
    """Take back what came in with a file and was not touched since; what was worked on is kept, and listed.

    Example: wijkteam import undo 4x7k2m9qpr3t --by ada@gemeente.example --why "Verkeerd bestand"
    """
    with opened() as (_house, work):
        act_as_administrator(work, email)
        try:
            begin_undoing(work, import_id, why)
        except LookupError:
            _stop(f"there is no import '{import_id}' that can be undone; see: wijkteam import list")
        except WrongFields as error:
            _stop("; ".join(each.en for each in error.mistakes.values()))
        found = queries.shown_import(work.session, import_id)
        with progress("undoing", found.of.rows if found else 0) as advance:
            go_on_undoing(work, import_id, advance=advance)
        found = queries.shown_import(work.session, import_id)
        assert found is not None
        for each in found.kept:
            click.echo(f"{each.sheet}, row {each.row}: {each.outcome}: {each.why_en}")
        taken = sum(mine.get("taken_back", 0) for mine in found.became.values())
        click.echo(f"{taken} rows taken back, {len(found.kept)} kept")


@click.command("template")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--kind", type=click.Choice(list(KINDS)), help="Only this kind; default a sheet for each.")
@answers
def import_template(file: Path, kind: str | None) -> None:
    """Write an empty workbook (.xlsx) to fill in, with an explanation of every column.

    Example: wijkteam import template invoer.xlsx
    """
    write(file, template("nl", kind_called(kind) if kind else None))
    click.echo(f"written to {file}")


def register(group: click.Group) -> None:
    """Add the commands to `wijkteam import`."""
    for kind in KINDS.values():
        text = f"{kind.what.en} From CSV or XLSX; columns: {', '.join(each.name for each in kind.columns)}."
        example = f"Example: wijkteam import {kind.key} {kind.sheet}.xlsx --by ada@gemeente.example --dry-run"
        group.add_command(_command(kind.key, f"{text}\n\n{example}"))
    example = f"Example: wijkteam import {WORKBOOK} invoer.xlsx --by ada@gemeente.example --dry-run"
    group.add_command(_command(WORKBOOK, f"A workbook (.xlsx) with a sheet for each kind.\n\n{example}"))
    for command in (import_list, import_undo, import_template):
        group.add_command(command)
