"""What blocks our people most, ranked by what removing it would free; and what is being done about it."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from wijkteam.engine.definition import Text
from wijkteam.escalation.breakthroughs import promised_before
from wijkteam.escalation.model import Behind, Breakthrough, StructuralEscalation
from wijkteam.figures.costs import WaitingCosts
from wijkteam.figures.escalations import Reckoning
from wijkteam.figures.model import EscalationFact
from wijkteam.figures.safe import ASKED, NOW
from wijkteam.figures.telling import Definition, Figure, Row, shown
from wijkteam.figures.telling import Words as Titles
from wijkteam.reports.figures import Cell, Table
from wijkteam.reports.withholding import FEWEST
from wijkteam.terms import clock
from wijkteam.terms.words import Words

SECONDS_A_DAY = 86_400
COLUMNS = {
    "households": Text(nl="Huishoudens die nu wachten", en="Households that wait now"),
    "days": Text(nl="Dagen gewacht", en="Days waited"),
    "euros": Text(nl="Kosten van wachten (euro)", en="Costs of waiting (euro)"),
    "structural": Text(nl="Structureel gevraagd, loopt", en="Asked structurally, running"),
    "promised": Text(nl="Doorbraken beloofd, lopen", en="Breakthroughs promised, running"),
}
OF_ALL = frozenset({"days", "euros"})
"""Told of all wijken together alone: days grow by one each day for each that waits, so that they count who waits."""
BLOCKS = Definition(
    "blocks",
    Text(nl="Wat het meest in de weg zit", en="What is most in the way"),
    Text(
        nl="Knelpunten, eerst waar de meeste huishoudens nu wachten, dan waar het langst is gewacht. Dagen: hoe lang "
        "de opschalingen uit de periode bij elkaar op antwoord wachtten, tot nu. Kosten: die dagen maal het tarief dat "
        "op de laatste dag van de periode geldt. Dagen en kosten staan er alleen van alle wijken samen.",
        en="Barriers, first where most households wait now, then where was waited longest. Days: how long the "
        "escalations of the period waited for an answer together, until now. Costs: those days times the rate that "
        "holds on the last day of the period. Days and costs are told of all wijken together alone.",
    ),
    Text(
        nl="De tarieven zijn aannames zolang hun bron dat zegt. Een knelpunt wegnemen lost niet elke opschaling op. "
        "Groepen van 1 tot en met 4 huishoudens tonen we niet.",
        en="Rates are assumptions as long as their source says so. Taking a barrier away does not solve every "
        "escalation. Groups of 1 to 4 households are not shown.",
    ),
)


def blocks(session: Session, reckoning: Reckoning, words: Titles, costs: WaitingCosts) -> Figure:
    """Barriers ranked by what removing them would free, in the wijk that is asked for or everywhere."""
    seconds, hidden = seconds_waited(reckoning), reckoning.counts.hidden
    columns = {name: title for name, title in COLUMNS.items() if name not in OF_ALL or not reckoning.where}
    structural, promised = _running(session, StructuralEscalation), _running(session, Breakthrough)
    rows, wanted = [], reckoning.scope.barrier
    for code in reckoning.barriers if wanted is None else [wanted]:
        now = (reckoning.where, code, "", NOW)
        away = not hidden.isdisjoint({("", code, "", ASKED), ("", code, "", "open")})
        days = seconds.get(code, 0) // SECONDS_A_DAY
        rate = costs.on(reckoning.scope.last, code)
        cells = {
            "households": shown(reckoning.homes.of(now).households, now in reckoning.homes.hidden),
            "days": shown(days, away),
            "euros": shown(None if rate is None else round(days * rate.cents_per_day / 100), away),
            "structural": Cell(structural.get(code, 0)),
            "promised": Cell(promised.get(code, 0)),
        }
        rows.append(Row(code, words.barrier(code), {name: cells[name] for name in columns}))
    rows.sort(key=lambda row: (-_value(row, "households"), -_value(row, "days"), row.key))
    counted = reckoning.cell((reckoning.where, wanted or "", "", ASKED))
    return Figure(BLOCKS, reckoning.scope, counted, columns, tuple(rows))


def would_free(found: Table) -> Words | None:
    """What taking away the barrier that most households wait for would free, in a sentence; None when none is told."""
    told = [row for row in found.rows if row.cells["households"].value]
    if not told:
        return None
    most = max(told, key=lambda row: row.cells["households"].value or 0)
    homes, days, euros = (most.cells.get(name, Cell(None)) for name in ("households", "days", "euros"))
    nl = f"Het meest: {most.label}. Neem dit weg, en {said(homes)} huishoudens hoeven er niet meer op te wachten."
    en = f"Most: {most.label}. Take it away, and {said(homes)} households need not wait for it any longer."
    if days.value and euros.value:
        nl += f" Er is {said(days)} dagen op gewacht; dat kost naar schatting € {said(euros)}."
        en += f" {days.value:,} days were waited for it; that costs an estimated € {euros.value:,}."
    return Words(nl, en)


def said(cell: Cell) -> str:
    """A whole number as it is read in Dutch."""
    return f"{cell.value:,}".replace(",", ".")


def _value(row: Row, column: str) -> float:
    return row.cells[column].value or 0 if column in row.cells else 0


def seconds_waited(reckoning: Reckoning) -> dict[str, int]:
    """How many seconds the escalations of the period waited for an answer until now, by barrier, in all wijken."""
    now, scope = clock.now(), reckoning.scope
    found: dict[str, int] = defaultdict(int)
    for piece in reckoning.pieces:
        found[piece.barrier] += piece.waited
    for each in reckoning.waiting:
        if scope.first <= each.asked_on <= scope.last:
            found[each.barrier] += int((now - each.since).total_seconds())
    return dict(found)


def _running(session: Session, model: type[StructuralEscalation] | type[Breakthrough]) -> dict[str, int]:
    rows = session.execute(select(model.barrier, func.count()).where(model.ended_at.is_(None)).group_by(model.barrier))
    return {barrier: number for barrier, number in rows if barrier is not None}


@dataclass(frozen=True)
class Promise:
    """One breakthrough: what was promised for when, and what came of it."""

    id: str
    title: str
    barrier: str | None
    owner_id: int
    first_promised_on: date
    promised_on: date
    moved: int
    """How often the date was put off."""
    state: str
    ended_on: date | None
    days_late: int
    """Days from the first promised date until it ended, or until today; 0 when that date has yet to come."""
    households: Cell
    """Households behind it, when it came of a structural escalation."""


def promises(session: Session, barrier: str | None = None) -> list[Promise]:
    """The breakthrough list: first what is open by promised date, then what ended, the last first."""
    ended = Breakthrough.ended_at
    rows = select(Breakthrough).order_by(ended.is_not(None), ended.desc(), Breakthrough.promised_on, Breakthrough.id)
    if barrier is not None:
        rows = rows.where(Breakthrough.barrier == barrier)
    behind = _households_behind(session)
    return [_promise(each, behind.get(each.structural_id or "", 0)) for each in session.scalars(rows)]


def _promise(each: Breakthrough, households: int) -> Promise:
    ended_on = _day(each.ended_at)
    late = ((ended_on or clock.today()) - each.first_promised_on).days
    return Promise(
        id=each.id,
        title=each.title,
        barrier=each.barrier,
        owner_id=each.owner_id,
        first_promised_on=each.first_promised_on,
        promised_on=each.promised_on,
        moved=len(promised_before(each)),
        state=each.state,
        ended_on=ended_on,
        days_late=max(0, late),
        households=shown(households, 0 < households < FEWEST) if each.structural_id else Cell(None),
    )


@dataclass(frozen=True)
class Structural:
    """One structural escalation: since when it is asked, how it stands, and how many households are behind it."""

    id: str
    barrier: str
    state: str
    asked_on: date
    answered_on: date | None
    ended_on: date | None
    households: Cell
    breakthrough_id: str | None


def structurals(session: Session, barrier: str | None = None) -> list[Structural]:
    """Structural escalations: first those that are open, the oldest first, then those that ended, the last first."""
    made = {
        structural: number
        for structural, number in session.execute(select(Breakthrough.structural_id, Breakthrough.id))
        if structural is not None
    }
    behind, one = _households_behind(session), StructuralEscalation
    rows = select(one).order_by(one.ended_at.is_not(None), one.ended_at.desc(), one.opened_at, one.id)
    if barrier is not None:
        rows = rows.where(one.barrier == barrier)
    return [
        Structural(
            each.id,
            each.barrier,
            each.state,
            clock.local(each.opened_at).date(),
            _day(each.answered_at),
            _day(each.ended_at),
            shown(behind.get(each.id, 0), 0 < behind.get(each.id, 0) < FEWEST),
            made.get(each.id),
        )
        for each in session.scalars(rows)
    ]


def _day(moment: datetime | None) -> date | None:
    return None if moment is None else clock.local(moment).date()


def _households_behind(session: Session) -> dict[str, int]:
    number = func.count(EscalationFact.household_id.distinct())
    rows = session.execute(
        select(Behind.structural_id, number)
        .join(EscalationFact, EscalationFact.escalation_id == Behind.escalation_id)
        .group_by(Behind.structural_id)
    )
    return {structural: households for structural, households in rows}
