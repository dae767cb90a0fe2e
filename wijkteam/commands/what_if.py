"""The command that replays past requests under another register."""

import json
from collections.abc import Callable, Iterable
from datetime import date, datetime
from fractions import Fraction
from pathlib import Path

import click
from sqlalchemy.orm import Session

from wijkteam.commands.opening import USED_WRONG, answers, opened, progress
from wijkteam.engine.fields import WrongFields, read_cents
from wijkteam.engine.loading import load_document
from wijkteam.mandate import queries as mandate
from wijkteam.mandate.what_if import reading
from wijkteam.mandate.what_if.cost import ApprovalCost
from wijkteam.mandate.what_if.covering import Register, from_file
from wijkteam.mandate.what_if.register import read_register
from wijkteam.people import queries as people
from wijkteam.reports.what_if_exports import WRITERS, cases_as_csv, cases_as_rows, cases_as_text
from wijkteam.reports.what_if_service import OWN, NoSuchPast, WhatIf, Wish, read_part, what_if

APART: dict[str, Callable[[WhatIf], Iterable[str]]] = {
    "never_asked": lambda found: found.history.never_asked,
    "all_deviating": lambda found: sorted(found.history.deviating),
}
"""Cases that are no part of the replay, known by number alone."""


def _day(_context: click.Context, _option: click.Parameter, value: datetime | None) -> date | None:
    return value.date() if value else None


def _cents(_context: click.Context, _option: click.Parameter, values: tuple[str, ...]) -> tuple[int, ...]:
    try:
        return tuple(read_cents(each, "ceiling") for each in values)
    except WrongFields:
        shown = ", ".join(f"'{each}'" for each in values)
        raise click.UsageError(f"--ceiling: write euros such as 250 or 12.50, instead of {shown}") from None


def _part(_context: click.Context, option: click.Parameter, value: str | None) -> Fraction | None:
    if value is None:
        return None
    try:
        return read_part(value)
    except ValueError:
        raise click.UsageError(f"{option.opts[0]}: write a percentage from 0 to 100, instead of '{value}'") from None


@click.command("what-if")
@click.option("--register", "file", type=click.Path(path_type=Path), help="Another register, whole, as YAML.")
@click.option(
    "--ceiling",
    "ceilings",
    multiple=True,
    callback=_cents,
    metavar="EUROS",
    help="Instead of a register: whoever asked may decide up to here. Repeatable.",
)
@click.option("--from", "first", type=click.DateTime(["%Y-%m-%d"]), callback=_day, help="First day of asking.")
@click.option("--to", "last", type=click.DateTime(["%Y-%m-%d"]), callback=_day, help="Last day of asking.")
@click.option("--source", default=OWN, show_default=True, help="own, or an imported log such as approvals_bpic2020.")
@click.option("--power", help="Only requests for this decision type.")
@click.option("--function", help="Whose ceilings change; left out: those of whoever asked.")
@click.option(
    "--spare", callback=_part, metavar="PERCENT", help="Find the smallest ceiling that spares so much waiting."
)
@click.option(
    "--let-through", callback=_part, metavar="PERCENT", help="With at most so many of today's refusals; default 5."
)
@click.option("--as-if-in-force", is_flag=True, help="Take rows of the register as if they had always held.")
@click.option("--cases", metavar="FIGURE", help="The requests behind one figure, by its code in the JSON.")
@click.option("--figures", type=click.Path(path_type=Path), help="What an approver's time is worth.")
@click.option("--format", "form", default="table", show_default=True, type=click.Choice(list(WRITERS)))
@answers
def what_if_one(
    file: Path | None,
    ceilings: tuple[int, ...],
    first: date | None,
    last: date | None,
    source: str,
    power: str | None,
    function: str | None,
    spare: Fraction | None,
    let_through: Fraction | None,
    as_if_in_force: bool,
    cases: str | None,
    figures: Path | None,
    form: str,
) -> None:
    """Replay past requests under another register: what the front line would have decided, and at what price.

    Tells the waiting that residents would have been spared, what approvers' time is worth, and what approval changed in
    those same requests. Without a register or ceiling it tells only the curve of all ceilings.

    Example: wijkteam mandate what-if --source approvals_bpic2020 --ceiling 50 --ceiling 250
    """
    if file and ceilings:
        raise click.UsageError("--register and --ceiling do not go together")
    if not (file or ceilings or spare is not None or let_through is not None):
        raise click.UsageError("say --register FILE, --ceiling EUROS, or --spare PERCENT")
    if first and last and first > last:
        raise click.UsageError("--from lies after --to")
    if cases and (file is None and len(ceilings) != 1):
        raise click.UsageError("--cases needs one --ceiling, or a --register")
    given = load_document(figures, ApprovalCost) if figures else None
    parts = {name: each for name, each in (("spare", spare), ("let_through", let_through)) if each is not None}
    with opened() as (house, work):
        session = work.session
        register = _register(session, file, as_if_in_force) if file else None
        wish = Wish(source, first, last, power, function, ceilings, register, **parts)
        try:
            with progress("reading", reading.count_requests(session, None if source == OWN else source)) as advance:
                found = what_if(session, wish, given or house.approving, advance)
        except NoSuchPast as error:
            click.echo(str(error), err=True)
            raise SystemExit(USED_WRONG) from error
        text = _cases(found, cases, form) if cases else WRITERS[form](found)
        click.echo(text, nl=form != "csv")


def _register(session: Session, file: Path, always: bool) -> Register:
    return from_file(read_register(file, mandate.powers(session), people.functions(session)), always)


def _cases(found: WhatIf, code: str, form: str) -> str:
    if found.own:
        raise click.UsageError(
            "who may read which of the municipality's own requests, the page knows: /mandaat/wat-als"
        )
    if code in APART:
        return "\n".join(APART[code](found))
    group = found.group_of(code)
    if group is None:
        known = ", ".join(dict.fromkeys(line.opens for line in found.lines if line.opens))
        raise click.UsageError(f"--cases: there is no figure '{code}'; known are: {known}, {', '.join(APART)}")
    listed = found.cases(group)
    if form == "json":
        return json.dumps(cases_as_rows(listed), ensure_ascii=False, indent=2)
    return cases_as_csv(listed) if form == "csv" else cases_as_text(listed)
