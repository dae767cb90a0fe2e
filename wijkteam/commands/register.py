"""Keeping the mandate register at the command line: export, import, changes, approving, printing."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path
from typing import IO, Any

import click
from sqlalchemy.orm import Session

from wijkteam.assembly import House
from wijkteam.commands.mandate import mandate as mandate
from wijkteam.commands.opening import answers, opened
from wijkteam.documents.pdf import make_pdf
from wijkteam.engine.fields import WrongFields
from wijkteam.engine.running import Refused
from wijkteam.mandate import register_queries
from wijkteam.mandate.change_checks import check, lines
from wijkteam.mandate.changes import RowChange, from_text
from wijkteam.mandate.comparing import changes_towards, differences
from wijkteam.mandate.keeping import propose_change
from wijkteam.mandate.kept import KeptRegister
from wijkteam.mandate.model import RegisterChange
from wijkteam.mandate.publishing import publication
from wijkteam.mandate.register_csv import as_csv
from wijkteam.mandate.register_queries import Titles, kept_register
from wijkteam.mandate.register_reading import read_register
from wijkteam.mandate.register_yaml import as_yaml
from wijkteam.people import queries as people
from wijkteam.people.acting import ActingPerson
from wijkteam.people.service import WrongPerson
from wijkteam.storage.settings import read_settings
from wijkteam.terms import clock
from wijkteam.terms.term import end_of_day

DAY = click.DateTime(["%Y-%m-%d"])


class WrongRegister(click.ClickException):
    """What was asked of the register cannot be."""

    exit_code = 2

    def show(self, file: IO[Any] | None = None) -> None:
        """In plain lines, as all commands do."""
        click.echo(self.message, err=True)


@mandate.command("export")
@click.option("--format", "form", default="yaml", show_default=True, type=click.Choice(["yaml", "csv"]))
@click.option("--on", "day", type=DAY, help="As it holds on this day; default today.")
@click.option("--history", is_flag=True, help="Every row there ever was, with how it ended.")
@answers
def export(form: str, day: datetime | None, history: bool) -> None:
    """Write the register to the screen, as a file that can be changed and brought in again.

    Example: wijkteam mandate export --format csv > register.csv
    """
    if day and history:
        raise click.UsageError("--history is about every day: leave out --on")
    with opened() as (_house, work):
        register = kept_register(work.session)
        rows = register.rows if history else register.in_force(end_of_day(day.date()) if day else clock.now())
        if form == "csv":
            click.echo(as_csv(rows, history), nl=False)
        else:
            name = read_settings().municipality
            title = (f"Mandaatregister van {name}", f"Mandate register of {name}")
            click.echo(as_yaml("register", title, rows, clock.today(), history), nl=False)


@mandate.command("import")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--dry-run", is_flag=True, help="Only show what would change.")
@click.option("--by", "email", help="E-mail address of the administrator who proposes it.")
@click.option("--why", default="", help="Why, and on which decision it rests.")
@answers
def bring_in(file: Path, dry_run: bool, email: str | None, why: str) -> None:
    """Propose every difference between a file (.yaml or .csv) and the register of today, as one change.

    Nothing takes effect before another person approves. Rows that are not in the file are revoked then.

    Example: wijkteam mandate import register.csv --by ada@gemeente.example --why "Besluit 12"
    """
    if not dry_run and not email:
        raise click.UsageError("say who proposes it with --by, or only look with --dry-run")
    read = read_register(file)
    with opened() as (house, work):
        register = kept_register(work.session)
        changes = changes_towards(register, read.mandates, clock.today())
        if not changes:
            click.echo("no differences: the register says the same as the file")
            return
        _show(house, work.session, register, changes)
        if dry_run:
            found = check(changes, register, house.register_names.known(work.session))
            if found:
                raise WrongRegister("\n".join(lines(found, "en")))
            click.echo(f"{len(changes)} rows would change; nothing was proposed")
            return
        work.actor = _acting(work.session, email or "")
        with _refusals_in_lines():
            change = propose_change(work, changes, why)
        click.echo(f"proposed as {change.id}; it takes effect when another person approves")


@mandate.command("changes")
@answers
def changes() -> None:
    """The changes that wait for a second person.

    Example: wijkteam mandate changes
    """
    with opened() as (house, work):
        waiting = register_queries.waiting_changes(work.session)
        if not waiting:
            click.echo("no changes wait")
        for change in waiting:
            by = people.name(work.session, change.proposer_id)
            click.echo(f"{change.id}  proposed by {by} on {clock.local(change.opened_at):%Y-%m-%d}: {change.why}")
            _show(house, work.session, kept_register(work.session), from_text(change.proposed))


@mandate.command("approve")
@click.argument("change_id", metavar="ID")
@click.option("--by", "email", required=True, help="E-mail address of who approves: never who proposed it.")
@answers
def approve(change_id: str, email: str) -> None:
    """Approve a proposed change: the register changes at once, or on the day that the change names.

    Example: wijkteam mandate approve 4x7k2m9qpr3t --by bea@gemeente.example
    """
    with opened() as (_house, work):
        work.actor = _acting(work.session, email)
        with _refusals_in_lines():
            try:
                work.act_on(RegisterChange, change_id, "approve", {})
            except LookupError:
                raise WrongRegister(
                    f"there is no proposed change '{change_id}'; see: wijkteam mandate changes"
                ) from None
        click.echo(f"{change_id} is in force")


@mandate.command("print")
@click.option("--output", required=True, type=click.Path(path_type=Path, dir_okay=False), help="The PDF to write.")
@answers
def print_register(output: Path) -> None:
    """Write the register as a document to publish, with its history (PDF/UA-1 and PDF/A-2a).

    Example: wijkteam mandate print --output register.pdf
    """
    with opened() as (house, work):
        register, titles = kept_register(work.session), house.register_titles(work.session)
        made = make_pdf("register.typ", publication(register, titles, read_settings().municipality, clock.now()))
    try:
        output.write_bytes(made)
    except OSError as error:
        raise WrongRegister(f"{output} cannot be written: {error.strerror}") from error
    click.echo(f"{output}: {len(made):,} bytes, {len(register.rows)} rows with history")


@contextmanager
def _refusals_in_lines() -> Iterator[None]:
    """Say refusals in plain lines."""
    try:
        yield
    except Refused as error:
        who = error.nearest.en if error.nearest else ""
        who = f" ({who})" if who and who not in error.reason.en else ""
        raise WrongRegister(error.reason.en + who) from error
    except WrongFields as error:
        raise WrongRegister("; ".join(f"{name}: {each.en}" for name, each in error.mistakes.items())) from error


def _acting(session: Session, email: str) -> ActingPerson:
    person = people.person_by_email(session, email)
    acting = people.acting_person(session, person.id) if person else None
    if acting is None:
        raise WrongPerson(f"nobody who is active has the address {email}")
    return acting


def _show(house: House, session: Session, register: KeptRegister, found: list[RowChange]) -> None:
    titles: Titles = house.register_titles(session)
    today: date = clock.today()
    words = {"add": "new row", "replace": "replace row", "revoke": "revoke row"}
    for change in found:
        row = register.by_id.get(change.row or 0)
        begins = (change.entry.valid_from if change.entry else change.on) or "the day of approval"
        late = "  (from a day that has passed)" if isinstance(begins, date) and begins < today else ""
        click.echo(f"  {words[change.what]} {change.number} from {begins}{late}")
        if change.what == "revoke":
            click.echo(f"      why: {change.why}")
            continue
        for each in differences(row.entry if row else None, change.entry, titles):
            if each.field not in ("number", "valid_from"):
                click.echo(f"      {each.field}: {each.before} → {each.after}")
