"""Counting: from stored escalations and cases to the figures of the report."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from statistics import median

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from wijkteam.cases.model import Buurt, Household, HouseholdCase, Wijk
from wijkteam.escalation.model import Escalation
from wijkteam.mandate.model import MandateRequest
from wijkteam.reports.figures import Cell, Definition, EscalationReport, Row, Table
from wijkteam.reports.naming import Naming
from wijkteam.reports.network import Place
from wijkteam.reports.periods import moments
from wijkteam.reports.withholding import (
    TOTAL,
    Count,
    Counted,
    Layout,
    withheld_counts,
    withheld_together,
)
from wijkteam.terms import clock

HEADLINE = {
    "opened": "Gevraagd",
    "answered": "Beantwoord",
    "open": "Wacht nog",
    "withdrawn": "Ingetrokken",
    "waiting": "Wachttijd (dagen, mediaan)",
}
COLUMNS = {"answered": "Beantwoord", "open": "Wacht nog", "waiting": "Wachttijd (dagen)"}
COUNTED = ("answered", "open")
PARTS = (*COUNTED, "withdrawn")
UNKNOWN = "onbekend"
LEFT_OUT = "Groepen van 1 tot en met 4 huishoudens tonen we niet."
WAITING = "Wachttijd: dagen tot het laatste antwoord, mediaan."


@dataclass(frozen=True)
class Fact:
    """One escalation as the report counts it."""

    household: int
    rung: int
    barrier: str
    buurt: str
    wijk: str
    fate: str
    waited_days: float


def escalation_report(session: Session, naming: Naming, first: date, last: date) -> EscalationReport:
    """The whole report over escalations asked from `first` up to and including `last` (Dutch calendar days)."""
    facts = _facts(session, first, last)
    wijken = {code: name for code, name in session.execute(select(Wijk.code, Wijk.name))}
    buurten = {
        code: (name, wijk) for code, name, wijk in session.execute(select(Buurt.code, Buurt.name, Buurt.wijk_code))
    }
    by_rung = _grouped(facts, lambda fact: str(fact.rung))
    by_barrier = _grouped(facts, lambda fact: fact.barrier)
    by_wijk = _grouped(facts, lambda fact: fact.wijk)
    by_buurt = _grouped(facts, lambda fact: fact.buurt)
    if UNKNOWN in by_buurt:
        by_buurt[f"{UNKNOWN} "] = by_buurt.pop(UNKNOWN)
    wijk_of = {code: buurten[code][1] if code in buurten else UNKNOWN for code in by_buurt}
    headline, at_rung, at_barrier, in_area = withheld_together(
        [
            Counted(_counts({TOTAL: facts}, ("opened", *PARTS)), Layout(whole="opened", parts=PARTS)),
            Counted(_counts({**by_rung, TOTAL: facts}, COUNTED)),
            Counted(_counts({**by_barrier, TOTAL: facts}, COUNTED)),
            Counted(_counts({**by_wijk, **by_buurt, TOTAL: facts}, COUNTED), Layout(above=wijk_of)),
        ]
    )
    wijk_table, buurt_table = _areas(by_wijk, by_buurt, wijken, buurten, in_area)
    tables = [
        _table(
            Definition(
                "per_rung",
                "Per trede",
                f"Opschalingen naar de hoogste trede die zij bereikten. {WAITING} {LEFT_OUT}",
            ),
            by_rung,
            at_rung,
            {str(number): label for number, label in naming.rungs.items()},
        ),
        _table(
            Definition("per_barrier", "Per knelpunt", f"Opschalingen naar wat er in de weg zat. {WAITING} {LEFT_OUT}"),
            by_barrier,
            at_barrier,
            naming.barriers,
        ),
        wijk_table,
        buurt_table,
        _not_achieved(session, naming, first, last),
    ]
    approvals = _approvals(session)
    if approvals is not None:
        tables.append(approvals)
    everything = _cells(facts)
    hidden = {column for _, column in headline}
    if "answered" in hidden:
        hidden.add("waiting")
    return EscalationReport(
        municipality=naming.municipality,
        period_from=first,
        period_until=last,
        made_at=clock.now(),
        headline={name: _hide(everything[name], name in hidden) for name in HEADLINE},
        tables=tuple(tables),
        notes=("Dit verslag telt knelpunten, nooit mensen.", LEFT_OUT),
    )


def _facts(session: Session, first: date, last: date) -> list[Fact]:
    start, end = moments(first, last)
    rows = session.execute(
        select(
            Household.id,
            Escalation.highest_rung,
            Escalation.barrier,
            Household.buurt_code,
            Buurt.wijk_code,
            Escalation.state,
            Escalation.opened_at,
            Escalation.answered_at,
        )
        .join(HouseholdCase, HouseholdCase.id == Escalation.case_id)
        .join(Household, Household.id == HouseholdCase.household_id)
        .join(Buurt, Buurt.code == Household.buurt_code, isouter=True)
        .where(Escalation.opened_at >= start, Escalation.opened_at < end)
    )
    now = clock.now()
    return [
        Fact(
            household=household,
            rung=rung,
            barrier=barrier,
            buurt=buurt or UNKNOWN,
            wijk=wijk or UNKNOWN,
            fate="withdrawn" if state == "withdrawn" else ("open" if state == "asked" else "answered"),
            waited_days=((answered or now) - opened).total_seconds() / 86_400,
        )
        for household, rung, barrier, buurt, wijk, state, opened, answered in rows
    ]


def _households(facts: Iterable[Fact]) -> int:
    return len({fact.household for fact in facts})


def _part(facts: list[Fact], column: str) -> list[Fact]:
    return facts if column == "opened" else [fact for fact in facts if fact.fate == column]


def _cells(facts: list[Fact]) -> dict[str, Cell]:
    waited = [fact.waited_days for fact in facts if fact.fate == "answered"]
    cells = {name: Cell(len(_part(facts, name))) for name in ("opened", "answered", "open", "withdrawn")}
    cells["waiting"] = Cell(round(median(waited), 1) if waited else None)
    return cells


def _hide(cell: Cell, hidden: bool) -> Cell:
    return Cell(None, True) if hidden else cell


def _grouped(facts: list[Fact], key: Callable[[Fact], str]) -> dict[str, list[Fact]]:
    groups: dict[str, list[Fact]] = {}
    for fact in facts:
        groups.setdefault(key(fact), []).append(fact)
    return groups


def _row(key: str, label: str, facts: list[Fact], hidden: frozenset[Place], part_of: str | None = None) -> Row:
    cells = _cells(facts)
    shown = {name: _hide(cells[name], (key, name) in hidden) for name in COUNTED}
    shown["waiting"] = _hide(cells["waiting"], (key, "answered") in hidden)
    return Row(key, label, shown, part_of)


def _counts(groups: dict[str, list[Fact]], columns: Iterable[str]) -> dict[Place, Count]:
    parts = {(key, name): _part(facts, name) for key, facts in groups.items() for name in columns}
    return {place: Count(len(part), _households(part)) for place, part in parts.items()}


def _table(
    definition: Definition,
    groups: dict[str, list[Fact]],
    hidden: frozenset[Place],
    labels: dict[str, str],
) -> Table:
    groups = {**groups, **{code: [] for code in labels if code not in groups}}
    rows = [_row(code, labels.get(code, code), groups[code], hidden) for code in groups]
    ordered = sorted(rows, key=lambda row: row.key) if definition.code == "per_rung" else _by_size(rows)
    return Table(definition, COLUMNS, tuple(ordered))


def _by_size(rows: list[Row]) -> list[Row]:
    return sorted(rows, key=lambda row: (-(row.cells["answered"].value or 0), row.label))


def _areas(
    per_wijk: dict[str, list[Fact]],
    per_buurt: dict[str, list[Fact]],
    wijken: dict[str, str],
    buurten: dict[str, tuple[str, str]],
    hidden: frozenset[Place],
) -> tuple[Table, Table]:
    wijk_rows = [_row(code, wijken.get(code, "Buurt onbekend"), rows, hidden) for code, rows in per_wijk.items()]
    buurt_rows = [
        _row(
            code,
            buurten[code][0] if code in buurten else "Buurt onbekend",
            rows,
            hidden,
            buurten[code][1] if code in buurten else UNKNOWN,
        )
        for code, rows in per_buurt.items()
    ]
    left_out = f"Alleen wijken en buurten waar is opgeschaald. {LEFT_OUT}"
    return (
        Table(
            Definition("per_wijk", "Per wijk", f"Opschalingen naar de wijk van het huishouden. {left_out}"),
            COLUMNS,
            tuple(_by_size(wijk_rows)),
        ),
        Table(
            Definition("per_buurt", "Per buurt", f"Opschalingen naar de buurt van het huishouden. {left_out}"),
            COLUMNS,
            tuple(_by_size(buurt_rows)),
        ),
    )


def _not_achieved(session: Session, naming: Naming, first: date, last: date) -> Table:
    start, end = moments(first, last)
    found = session.execute(
        select(HouseholdCase.outcome, HouseholdCase.outcome_barrier, HouseholdCase.household_id).where(
            HouseholdCase.outcome.in_(("not_achieved", "partly")),
            HouseholdCase.state.in_(("aftercare", "closed")),
            HouseholdCase.state_since >= start,
            HouseholdCase.state_since < end,
        )
    ).all()
    columns = {"not_achieved": "Niet gelukt", "partly": "Deels gelukt"}
    homes: dict[tuple[str, str], set[int]] = {}
    counts: dict[tuple[str, str], int] = {}
    barriers = sorted({barrier or UNKNOWN for _, barrier, _ in found})
    for barrier in barriers:
        for outcome in columns:
            homes[barrier, outcome], counts[barrier, outcome] = set(), 0
    for result, named, household in found:
        homes[named or UNKNOWN, str(result)].add(household)
        counts[named or UNKNOWN, str(result)] += 1
    hidden = withheld_counts(Counted({place: Count(counts[place], len(behind)) for place, behind in homes.items()}))
    rows = [
        Row(
            barrier,
            naming.barriers.get(barrier, "Niet vastgelegd"),
            {outcome: _hide(Cell(counts[barrier, outcome]), (barrier, outcome) in hidden) for outcome in columns},
        )
        for barrier in barriers
    ]
    meaning = f"Casussen met uitkomst niet of deels gelukt, naar wat in de weg zat. {LEFT_OUT}"
    ordered = sorted(rows, key=lambda row: (-(row.cells["not_achieved"].value or 0), row.label))
    return Table(Definition("not_achieved", "Wat niet lukte", meaning), columns, tuple(ordered))


def _approvals(session: Session) -> Table | None:
    states = session.execute(
        select(
            MandateRequest.source,
            MandateRequest.state,
            func.count(),
            func.sum(MandateRequest.amount),
        )
        .where(MandateRequest.source.is_not(None))
        .group_by(MandateRequest.source, MandateRequest.state)
        .order_by(MandateRequest.source, MandateRequest.state)
    ).all()
    if not states:
        return None
    titles = {
        "paid": "Betaald",
        "draft": "Terug bij de vrager",
        "refused": "Geweigerd",
        "asked": "Wacht op antwoord",
        "approved": "Goedgekeurd",
        "payment_ordered": "Betaling gevraagd",
        "withdrawn": "Ingetrokken",
    }
    rows = tuple(
        Row(
            f"{source}:{state}",
            f"{titles.get(state, state)} ({source})",
            {"count": Cell(count), "euros": Cell(round((amount or 0) / 100))},
        )
        for source, state, count, amount in states
    )
    meaning = "Verzoeken uit ingelezen logboeken, naar hun laatste stand. Geen huishoudens van deze gemeente."
    return Table(
        Definition("approvals", "Ingelezen verzoeken", meaning),
        {"count": "Aantal", "euros": "Bedrag (euro)"},
        rows,
    )
