"""The commands about legal terms: the table, and why a term ends when it ends."""

import sys
from datetime import date, datetime, timedelta

import click

from wijkteam import rulebook
from wijkteam.commands.opening import FOUND_WRONG, answers, definition_folders
from wijkteam.engine.nearest import one_of
from wijkteam.legal_terms.table import Dated, LegalMatter, LegalTable
from wijkteam.terms import clock
from wijkteam.terms.duration import WrongTerm
from wijkteam.terms.reckoning import Ending, Extension, Reckoning, Standstill, reckon
from wijkteam.terms.term import Clock
from wijkteam.terms.words import length

DAY = click.DateTime(["%Y-%m-%d"])


@click.group()
def terms() -> None:
    """Legal terms.

    Example: wijkteam terms explain awb_decision --from 2026-03-02
    """


@terms.command("list")
@click.option("--on", "on", type=DAY, help="The rows in force on this day; default today.")
@answers
def list_terms(on: datetime | None) -> None:
    """The table of legal terms with law and source, and which of them nobody has verified.

    Example: wijkteam terms list --on 2026-03-02
    """
    day = on.date() if on else clock.today()
    table = rulebook.read_legal_table(definition_folders())
    rows = table.in_force(day)
    for row in rows:
        click.echo(f"{row.code}: {row.title.nl}")
        click.echo(f"  {_length(row)}; {row.law}; from: {row.begins.nl}")
        for said in _allowed(row):
            click.echo(f"  {said}")
        click.echo(f"  {_source(row)}")
    penalty = table.penalty(day)
    if penalty is not None:
        steps = ", then ".join(f"{step.days} days at {step.euros} euros" for step in penalty.steps)
        total = penalty.cents(penalty.most_days) // 100
        click.echo(f"penalty per day in default: {steps}; at most {total} euros ({penalty.law})")
        click.echo(f"  {_source(penalty)}")
    unsure = sum(not row.verified for row in rows)
    click.echo(f"{len(rows)} rows in force on {day}, {unsure} unverified", err=True)


@terms.command("explain")
@click.argument("matter")
@click.option("--from", "start", required=True, type=DAY, help="The day of the event; it does not count itself.")
@click.option("--at", "moment", help="The time of the event, for terms in hours: 14:30.")
@click.option("--suspended", multiple=True, metavar="FIRST..LAST", help="Days on which it stood still; repeatable.")
@click.option("--extended", multiple=True, metavar="DURATION", help="By how much, such as P6W; repeatable.")
@click.option("--language", default="nl", show_default=True, type=click.Choice(["nl", "en"]))
@answers
def explain(
    matter: str,
    start: datetime,
    moment: str | None,
    suspended: tuple[str, ...],
    extended: tuple[str, ...],
    language: str,
) -> None:
    """Why a legal term ends when it ends, step by step.

    Example: wijkteam terms explain awb_decision --from 2026-03-02 --suspended 2026-03-10..2026-03-19
    """
    row = _row(rulebook.read_legal_table(definition_folders()), matter, start.date())
    standstills = tuple(_days(text) for text in suspended)
    if standstills and not row.suspension:
        click.echo(f"note: by {row.law} this term cannot be suspended", err=True)
    if extended and row.extension is None:
        click.echo(f"note: by {row.law} this term cannot be extended", err=True)
    ending = _reckoned(row, start.date(), moment, standstills, extended)
    title = row.title.nl if language == "nl" else row.title.en
    click.echo(f"{title} ({row.law}): {ending.day if row.clock is not Clock.ELAPSED else clock.local(ending.at)}")
    for step in ending.steps:
        click.echo(f"- {step.nl if language == 'nl' else step.en}")
    if not row.verified:
        click.echo(_source(row), err=True)


def _reckoned(
    row: LegalMatter, start: date, moment: str | None, standstills: tuple[Standstill, ...], extended: tuple[str, ...]
) -> Ending:
    try:
        began = datetime.strptime(moment, "%H:%M").time() if moment else None
    except ValueError as error:
        raise click.UsageError(f"--at: write the time as 14:30 instead of '{moment}'") from error
    try:
        further = tuple(Extension(each) for each in extended)
        return reckon(Reckoning(start, row.within or "", row.clock, row.days, standstills, further, began))
    except WrongTerm as error:
        raise click.UsageError(str(error)) from error
    except (OverflowError, ValueError) as error:
        raise click.UsageError(f"no calendar reaches that far: {error}") from error


def _row(table: LegalTable, code: str, on: date) -> LegalMatter:
    row = table.matter(code, on)
    known = {each.code for each in table.legal_terms}
    if row is None and code in known:
        click.echo(f"the table has no row for '{code}' that holds on {on}", err=True)
        sys.exit(FOUND_WRONG)
    if row is None:
        raise click.UsageError(f"there is no legal term '{code}'; {one_of(code, known)}")
    if row.within is None:
        click.echo(f"{row.law} gives '{code}' no length: {row.note.en if row.note else row.title.en}", err=True)
        sys.exit(FOUND_WRONG)
    return row


def _days(text: str) -> Standstill:
    first, dots, last = text.partition("..")
    try:
        found = Standstill(date.fromisoformat(first), date.fromisoformat(last if dots else first))
    except ValueError as error:
        raise click.UsageError(f"--suspended: write FIRST..LAST, such as 2026-03-10..2026-03-19: '{text}'") from error
    if found.last < found.first:
        raise click.UsageError(f"--suspended: the last day lies before the first: '{text}'")
    if found.last - found.first > timedelta(days=36_525):
        raise click.UsageError(f"--suspended: no term stands still for a hundred years: '{text}'")
    return found


def _source(row: Dated) -> str:
    if row.verified:
        return f"source: {row.source}"
    doubt = f": {row.doubt.en}" if row.doubt else ""
    return f"source: {row.source or 'from memory'} [UNVERIFIED{doubt}]"


def _length(row: LegalMatter) -> str:
    if row.within is None:
        return "no length by law"
    return f"{length(row.within, row.clock is Clock.WORKING_DAYS).nl} ({row.clock}, days off: {row.days})"


def _allowed(row: LegalMatter) -> list[str]:
    if row.within is None:
        return []
    said = [
        f"suspension: {', '.join(row.suspension)} ({row.suspension_law})" if row.suspension else "suspension: none",
    ]
    if row.extension is None:
        return [*said, "extension: none"]
    by = f"by {row.extension.by}" if row.extension.by else "up to a day that is named"
    return [*said, f"extension: {by}, at most {row.extension.times}× ({row.extension.law}); told before the end"]
