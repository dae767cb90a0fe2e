"""The commands about social cost and benefit: the rates with their sources, and a comparison worked out."""

import json
from dataclasses import asdict
from datetime import date, datetime

import click

from wijkteam import rulebook
from wijkteam.commands.opening import answers, definition_folders
from wijkteam.engine.nearest import one_of
from wijkteam.reckoning.benefit import Benefit, Kind, NoRate, Range, reckon
from wijkteam.reckoning.rates import BenefitTable
from wijkteam.terms import clock

DAY = click.DateTime(["%Y-%m-%d"])
WARNED = {
    Kind.SIGN: "it is not sure that there is a gain: the range goes from loss to gain",
    Kind.WITHOUT: "without what is assumed there is no such result",
    Kind.TURNING: "one assumed cost alone turns the result",
}


@click.group()
def benefit() -> None:
    """Social cost and benefit: muddling on against breaking through.

    Example: wijkteam benefit compare eviction_prevented
    """


@benefit.command("rates")
@click.option("--on", "on", type=DAY, help="The rates in force on this day; default today.")
@answers
def list_rates(on: datetime | None) -> None:
    """What things cost, who pays, and who says so.

    Example: wijkteam benefit rates --on 2026-03-02
    """
    day = _day(on)
    table = rulebook.read_benefit(definition_folders())
    rates = table.on(day)
    for rate in rates.values():
        price = rate.euros
        parts = ", ".join(f"{table.parties[party].nl} {percent}%" for party, percent in rate.paid_by.items())
        click.echo(f"{rate.code}: {rate.title.nl}")
        click.echo(f"  {price.low} – {price.middle} – {price.high} euros {rate.unit.nl} ({rate.year}); {parts}")
        click.echo(f"  {'ASSUMED; ' if rate.assumed else ''}{rate.source}")
    assumed = sum(rate.assumed for rate in rates.values())
    click.echo(f"{len(rates)} rates in force on {day}, {assumed} assumed", err=True)


@benefit.command("compare")
@click.argument("code")
@click.option("--on", "on", type=DAY, help="With the rates of this day; default today.")
@click.option("--households", default=1, show_default=True, type=click.IntRange(1, 1_000_000), help="For how many.")
@click.option("--format", "form", default="table", show_default=True, type=click.Choice(["table", "json"]))
@answers
def compare(code: str, on: datetime | None, households: int, form: str) -> None:
    """Work a comparison out: per party who pays and who gains, in ranges.

    Example: wijkteam benefit compare eviction_prevented --households 12
    """
    table = rulebook.read_benefit(definition_folders())
    chosen = table.comparison(code)
    if chosen is None:
        known = [each.code for each in table.comparisons]
        raise click.UsageError(f"there is no comparison '{code}'; {one_of(code, known)}")
    try:
        found = reckon(table, chosen, _day(on), households)
    except NoRate as error:
        raise click.UsageError(str(error)) from error
    click.echo(_as_json(found) if form == "json" else _as_text(found, table))


def _day(given: datetime | None) -> date:
    return given.date() if given else clock.today()


def _as_text(found: Benefit, table: BenefitTable) -> str:
    titles = {party: title.nl for party, title in table.parties.items()}
    rows = [(titles[each.party], each.muddling, each.breaking, each.gain) for each in found.parties]
    rows.append(("Samen", found.muddling, found.breaking, found.gain))
    width = max(len(title) for title, *_ in rows)
    heads = ("doormodderen", "doorbreken", "levert op")
    lines = [
        f"{found.comparison.title.nl}: {found.households} huishouden(s), {found.comparison.months} maanden, "
        f"tarieven van {found.on}, in euro (laag … midden … hoog)",
        " " * width + "".join(f"{head:>32}" for head in heads),
        *(f"{title:<{width}}" + "".join(f"{_told(each):>32}" for each in amounts) for title, *amounts in rows),
    ]
    for warned in found.warnings:
        lines.append(f"WARNING {WARNED[warned.kind]}{': ' if warned.rates else ''}{', '.join(warned.rates)}")
    assumed = [line.rate.code for line in found.lines if line.assumed]
    lines.append(f"rests on assumptions: {', '.join(assumed) or 'none'}")
    return "\n".join(lines)


def _told(amount: Range) -> str:
    return " … ".join(f"{round(cents / 100):,}".replace(",", ".") for cents in asdict(amount).values())


def _as_json(found: Benefit) -> str:
    """Amounts in whole cents."""
    document = {
        "comparison": found.comparison.code,
        "on": found.on.isoformat(),
        "households": found.households,
        "months": found.comparison.months,
        "parties": {
            each.party: {
                "muddling": asdict(each.muddling),
                "breaking": asdict(each.breaking),
                "gain": asdict(each.gain),
            }
            for each in found.parties
        },
        "total": {"muddling": asdict(found.muddling), "breaking": asdict(found.breaking), "gain": asdict(found.gain)},
        "lines": [
            {"rate": line.rate.code, "gain": asdict(line.gain), "assumed": line.assumed, "source": line.rate.source}
            for line in found.lines
        ],
        "warnings": [{"kind": warned.kind, "rates": warned.rates} for warned in found.warnings],
    }
    return json.dumps(document, ensure_ascii=False, indent=2)
