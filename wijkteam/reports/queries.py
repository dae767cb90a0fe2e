"""Counting: from stored escalations and cases to the figures of the report."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from statistics import median

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from wijkteam.cases.model import Buurt, Household, HouseholdCase, Wijk
from wijkteam.escalation.model import Escalation
from wijkteam.mandate.model import MandateRequest
from wijkteam.reports.figures import Cell, Definition, EscalationReport, Row, Table
from wijkteam.reports.linked import WHOLE, Breakdown, Counts, Shape, cube_of
from wijkteam.reports.naming import Naming
from wijkteam.reports.periods import days_of_year, moments, years_told
from wijkteam.reports.withholding import TOTAL
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
NOT_ACHIEVED = {"not_achieved": "Niet gelukt", "partly": "Deels gelukt"}
WHOLE_YEARS = "Het gaat over kalenderjaren; het lopende jaar telt tot en met de laatste hele maand."
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
    year: str

    def row(self, kind: str) -> str:
        """The row of a table that it stands in: `kind` is rung, barrier, buurt or wijk."""
        return f"{kind} {getattr(self, kind)}"


def escalation_report(session: Session, naming: Naming, first: date, last: date) -> EscalationReport:
    """The whole report over escalations asked in the calendar years from that of `first` to that of `last`.

    The running year counts up to its last ended month. What is withheld is decided per year for all tables together;
    of more years only sums of what is shown are told (`linked`), so that reports on several periods give nothing away.
    """
    years = Years(first, last, clock.today())
    facts = _facts(session, years.first, years.last)
    wijken = {code: name for code, name in session.execute(select(Wijk.code, Wijk.name))}
    buurten = {
        code: (name, wijk) for code, name, wijk in session.execute(select(Buurt.code, Buurt.name, Buurt.wijk_code))
    }
    told = years.told(_judged(facts), _breakdowns(facts))
    wijk_table, buurt_table = _areas(facts, wijken, buurten, told)
    tables = [
        _table(
            Definition(
                "per_rung",
                "Per trede",
                f"Opschalingen naar de hoogste trede die zij bereikten. {WAITING} {LEFT_OUT}",
            ),
            _grouped(facts, lambda fact: fact.row("rung")),
            told,
            {f"rung {number}": label for number, label in naming.rungs.items()},
        ),
        _table(
            Definition("per_barrier", "Per knelpunt", f"Opschalingen naar wat er in de weg zat. {WAITING} {LEFT_OUT}"),
            _grouped(facts, lambda fact: fact.row("barrier")),
            told,
            {f"barrier {code}": label for code, label in naming.barriers.items()},
        ),
        wijk_table,
        buurt_table,
        _not_achieved(session, naming, years),
    ]
    approvals = _approvals(session)
    if approvals is not None:
        tables.append(approvals)
    cells = _cells(facts)
    hidden = {name for name in PARTS if not told(TOTAL, name)}
    hidden |= {"opened"} if not told(TOTAL, WHOLE) else set()
    hidden |= {"waiting"} if "answered" in hidden else set()
    return EscalationReport(
        municipality=naming.municipality,
        period_from=years.first,
        period_until=years.last,
        made_at=clock.now(),
        headline={name: _hide(cells[name], name in hidden) for name in HEADLINE},
        tables=tuple(tables),
        notes=("Dit verslag telt knelpunten, nooit mensen.", WHOLE_YEARS, LEFT_OUT),
    )


Told = Callable[[str, str], bool]
"""Whether a figure may be told: of a row and a part."""


class Years:
    """The calendar years that a report is about, and what may be told of them together."""

    def __init__(self, first: date, last: date, today: date) -> None:
        self.years = years_told(first, last, today)
        self.first, self.last = date(self.years[0], 1, 1), days_of_year(self.years[-1], today)[1]

    def told(self, counted: Iterable[Counts], breakdowns: tuple[Breakdown, ...]) -> Told:
        """What may be told of these years together: what is a sum of figures that are shown."""
        every = list(counted)
        periods = sorted({each.period for each in every})
        cube = cube_of(every, Shape(breakdowns, dict.fromkeys(periods)))
        return lambda row, part: cube.told_over(row, part, periods) is not None


def _judged(facts: Iterable[Fact]) -> Iterator[Counts]:
    for fact in facts:
        yield Counts(
            fact.household, tuple(fact.row(each) for each in ("rung", "barrier", "buurt")), fact.fate, fact.year
        )


def _breakdowns(facts: Iterable[Fact]) -> tuple[Breakdown, ...]:
    """The headline; and by rung, by barrier, and by buurt in its wijk, of what occurs."""
    every = list(facts)
    places = {fact.row("buurt"): fact.row("wijk") for fact in every}
    return (
        Breakdown({}, PARTS, True),
        Breakdown({fact.row("rung"): TOTAL for fact in every}, COUNTED),
        Breakdown({fact.row("barrier"): TOTAL for fact in every}, COUNTED),
        Breakdown({**places, **dict.fromkeys(places.values(), TOTAL)}, COUNTED),
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
            year=str(opened.astimezone(clock.NETHERLANDS).year),
        )
        for household, rung, barrier, buurt, wijk, state, opened, answered in rows
    ]


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


def _row(row: str, label: str, facts: list[Fact], told: Told, part_of: str | None = None) -> Row:
    cells = _cells(facts)
    hidden = {name for name in COUNTED if facts and not told(row, name)}
    shown = {name: _hide(cells[name], name in hidden) for name in COUNTED}
    shown["waiting"] = _hide(cells["waiting"], "answered" in hidden)
    return Row(_code(row), label, shown, part_of)


def _code(row: str) -> str:
    """A row's own code, without its kind."""
    return row.partition(" ")[2]


def _table(
    definition: Definition,
    groups: dict[str, list[Fact]],
    told: Told,
    labels: dict[str, str],
) -> Table:
    groups = {**groups, **{row: [] for row in labels if row not in groups}}
    rows = [_row(row, labels.get(row, _code(row)), groups[row], told) for row in groups]
    ordered = sorted(rows, key=lambda row: row.key) if definition.code == "per_rung" else _by_size(rows)
    return Table(definition, COLUMNS, tuple(ordered))


def _by_size(rows: list[Row]) -> list[Row]:
    return sorted(rows, key=lambda row: (-(row.cells["answered"].value or 0), row.label))


def _areas(
    facts: list[Fact], wijken: dict[str, str], buurten: dict[str, tuple[str, str]], told: Told
) -> tuple[Table, Table]:
    wijk_rows = [
        _row(row, wijken.get(_code(row), "Buurt onbekend"), found, told)
        for row, found in _grouped(facts, lambda fact: fact.row("wijk")).items()
    ]
    buurt_rows = [
        _row(row, buurten[_code(row)][0], found, told, buurten[_code(row)][1])
        if _code(row) in buurten
        else _row(row, "Buurt onbekend", found, told, UNKNOWN)
        for row, found in _grouped(facts, lambda fact: fact.row("buurt")).items()
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


def _not_achieved(session: Session, naming: Naming, years: Years) -> Table:
    start, end = moments(years.first, years.last)
    found = session.execute(
        select(
            HouseholdCase.outcome, HouseholdCase.outcome_barrier, HouseholdCase.household_id, HouseholdCase.state_since
        ).where(
            HouseholdCase.outcome.in_(tuple(NOT_ACHIEVED)),
            HouseholdCase.state.in_(("aftercare", "closed")),
            HouseholdCase.state_since >= start,
            HouseholdCase.state_since < end,
        )
    ).all()
    counted = [
        Counts(household, (named or UNKNOWN,), str(result), str(since.astimezone(clock.NETHERLANDS).year))
        for result, named, household, since in found
    ]
    above = dict.fromkeys(sorted(each.rows[0] for each in counted), TOTAL)
    told = years.told(counted, (Breakdown(above, tuple(NOT_ACHIEVED)),))
    counts = Counter((each.rows[0], each.part) for each in counted)
    rows = [
        Row(
            barrier,
            naming.barriers.get(barrier, "Niet vastgelegd"),
            {result: _hide(Cell(counts[barrier, result]), not told(barrier, result)) for result in NOT_ACHIEVED},
        )
        for barrier in sorted({barrier for barrier, _ in counts})
    ]
    meaning = f"Casussen met uitkomst niet of deels gelukt, naar wat in de weg zat. {LEFT_OUT}"
    ordered = sorted(rows, key=lambda row: (-(row.cells["not_achieved"].value or 0), row.label))
    return Table(Definition("not_achieved", "Wat niet lukte", meaning), NOT_ACHIEVED, tuple(ordered))


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
