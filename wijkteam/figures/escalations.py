"""Figures of escalations: how many came in, went out and wait, by rung, barrier and place, and how that went."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property

from sqlalchemy import ColumnElement, func
from sqlalchemy.orm import Session

from wijkteam.engine.definition import Text
from wijkteam.figures.model import EscalationFact
from wijkteam.figures.pieces import (
    NOWHERE,
    Month,
    Piece,
    Places,
    Tally,
    Waiting,
    WholeDays,
    period_of,
    pieces_asked,
    pieces_of,
    waiting_now,
)
from wijkteam.figures.safe import ASKED, BUURT_NOWHERE, CROSSED, Counts, Spot, safe_counts, safe_homes
from wijkteam.figures.telling import NOT_KNOWN, Definition, Figure, Row, Scope, Words, shown
from wijkteam.reports.figures import Cell
from wijkteam.reports.withholding import FEWEST, Count
from wijkteam.terms import clock

TITLES = {
    ASKED: Text(nl="Gevraagd", en="Asked"),
    "answered": Text(nl="Beantwoord", en="Answered"),
    "open": Text(nl="Wacht nog", en="Still waits"),
    "withdrawn": Text(nl="Ingetrokken", en="Withdrawn"),
    "in_time": Text(nl="Op tijd beantwoord", en="Answered in time"),
    "silent": Text(nl="Vanzelf geklommen", en="Climbed by itself"),
    "lowered": Text(nl="Afgeschaald", en="Went down the ladder"),
}
SINGLE = tuple(TITLES)
COUNTS = Text(
    nl="Opschalingen die in de periode zijn gevraagd, en wat er tot nu toe van werd. Op tijd: het eerste antwoord kwam "
    "voordat er een termijn voorbij was. Vanzelf geklommen: niemand antwoordde op tijd.",
    en="Escalations that were asked in the period, and what became of them so far. In time: the first answer came "
    "before any term had passed. Climbed by itself: nobody answered in time.",
)
OVERALL = Definition("escalations", Text(nl="Opschalingen", en="Escalations"), COUNTS)
PER_RUNG = Definition("per_rung", Text(nl="Per trede", en="By rung"), COUNTS)
PER_BARRIER = Definition("per_barrier", Text(nl="Per knelpunt", en="By barrier"), COUNTS)
PER_WIJK = Definition("per_wijk", Text(nl="Per wijk", en="By wijk"), COUNTS)
PER_BUURT = Definition("per_buurt", Text(nl="Per buurt", en="By buurt"), COUNTS)
REPEATED = Definition(
    "repeated",
    Text(nl="Opnieuw voor hetzelfde huishouden", en="Again for the same household"),
    Text(
        nl="Huishoudens waarvoor in de periode meer dan één keer is opgeschaald, met welk knelpunt dan ook en met "
        "hetzelfde knelpunt.",
        en="Households for which was escalated more than once in the period, with any barrier and with the same one.",
    ),
)


@dataclass(frozen=True)
class Reckoning:
    """What the figures of escalations of one scope are counted from, read once."""

    scope: Scope
    places: Places
    pieces: list[Piece]
    waiting: list[Waiting]
    codes: tuple[str, ...]

    @staticmethod
    def of(session: Session, scope: Scope, words: Words, waiting: list[Waiting] | None = None) -> "Reckoning":
        """Read what was asked in the period, and what waits now unless that was read already."""
        waits_now = waiting_now(session) if waiting is None else waiting
        return Reckoning(scope, Places.of(session), pieces_asked(session, scope), waits_now, tuple(words.barriers))

    @cached_property
    def counts(self) -> Counts:
        """All counts, with what is kept back under any filter."""
        return safe_counts(self.pieces, self.places, self.codes)

    @cached_property
    def homes(self) -> Counts:
        """Households that wait now, whenever they asked; the same in the report of every year."""
        return safe_homes(self.waiting, self.places)

    def under(self, scope: Scope) -> "Reckoning":
        """The same period under another filter: what is kept back is what it was."""
        other = replace(self, scope=scope)
        other.__dict__.update(counts=self.counts, homes=self.homes)
        return other

    def cell(self, spot: Spot) -> Cell:
        """A count as it is shown."""
        return shown(self.counts.of(spot).value, spot in self.counts.hidden)

    def cells(self, place: str, barrier: str, rung: str, columns: Iterable[str]) -> dict[str, Cell]:
        """The counts of one line."""
        return {column: self.cell((place, barrier, rung, column)) for column in columns}

    @property
    def barriers(self) -> list[str]:
        """All barriers that are listed or were met."""
        met = (spot[1] for counts in (self.counts, self.homes) for spot in counts.found if spot[1])
        return list(dict.fromkeys([*self.codes, *met]))

    @property
    def where(self) -> str:
        """The wijk that is asked for; empty for all."""
        return self.scope.wijk or ""


def escalation_figures(reckoning: Reckoning, words: Words) -> tuple[Figure, ...]:
    """Everything that is told of escalations: as a whole, by rung, barrier, wijk and buurt.

    Under one filter fewer columns are told of the lines and rungs are not, and under both only the line of the wijk and
    barrier itself: cuts that cross in more ways cannot be kept safe together.
    """
    scope, both = reckoning.scope, reckoning.scope.wijk is not None and reckoning.scope.barrier is not None
    found = [_figure(reckoning, OVERALL, [_line(reckoning, "all", Text(nl="Alles", en="All"))], _columns(both))]
    if scope.wijk is None and scope.barrier is None:
        found.append(_per_rung(reckoning, words))
    if scope.barrier is None:
        found.append(_per_barrier(reckoning, words))
    if scope.wijk is None:
        found.append(_per_wijk(reckoning))
    if scope.barrier is None:
        found.append(_per_buurt(reckoning))
    return tuple(found)


def _columns(crossed: bool) -> tuple[str, ...]:
    return CROSSED if crossed else SINGLE


def _line(reckoning: Reckoning, key: str, label: Text) -> Row:
    scope = reckoning.scope
    columns = _columns(scope.wijk is not None and scope.barrier is not None)
    return Row(key, label, reckoning.cells(reckoning.where, scope.barrier or "", "", columns))


def _figure(reckoning: Reckoning, definition: Definition, rows: list[Row], columns: Iterable[str]) -> Figure:
    scope = reckoning.scope
    counted = reckoning.cell((reckoning.where, scope.barrier or "", "", ASKED))
    return Figure(definition, scope, counted, {column: TITLES[column] for column in columns}, tuple(rows))


def _per_rung(reckoning: Reckoning, words: Words) -> Figure:
    rungs = {str(number): title for number, title in words.rungs.items()}
    for spot in reckoning.counts.found:
        rungs.setdefault(spot[2], Text(nl=spot[2] or "-", en=spot[2] or "-"))
    rows = [Row(rung, rungs[rung], reckoning.cells("", "", rung, SINGLE)) for rung in sorted(rungs) if rung]
    return _figure(reckoning, PER_RUNG, rows, SINGLE)


def _per_barrier(reckoning: Reckoning, words: Words) -> Figure:
    columns = _columns(bool(reckoning.where))
    rows = [
        Row(code, words.barrier(code), reckoning.cells(reckoning.where, code, "", columns))
        for code in reckoning.barriers
    ]
    return _figure(reckoning, PER_BARRIER, _by_size(rows), columns)


def _per_wijk(reckoning: Reckoning) -> Figure:
    barrier = reckoning.scope.barrier or ""
    columns, names = _columns(bool(barrier)), reckoning.places.wijken
    wijken = [*names, NOWHERE]
    rows = [Row(code, _name(names, code), reckoning.cells(code, barrier, "", columns)) for code in wijken]
    return _figure(reckoning, PER_WIJK, _by_size(rows), columns)


def _per_buurt(reckoning: Reckoning) -> Figure:
    places, wijk = reckoning.places, reckoning.scope.wijk
    found = [(code, places.wijk(code)) for code in places.buurten] + [(BUURT_NOWHERE, NOWHERE)]
    rows = [
        Row(code, _name(places.buurten, code), reckoning.cells(code, "", "", SINGLE), part_of=above)
        for code, above in found
        if wijk is None or above == wijk
    ]
    return _figure(reckoning, PER_BUURT, _by_size(rows), SINGLE)


def seen_most(figure: Figure) -> Text | None:
    """On which line was asked most, in a sentence; None where no line may be told of."""
    told = [row for row in figure.rows if row.cells[ASKED].value]
    if not told:
        return None
    most = max(told, key=lambda row: row.cells[ASKED].value or 0)
    number = most.cells[ASKED].value
    return Text(nl=f"Het meest: {most.label.nl}, {number} keer.", en=f"Most: {most.label.en}, {number} times.")


def _name(names: Mapping[str, str], code: str) -> Text:
    return Text(nl=names[code], en=names[code]) if names.get(code) else NOT_KNOWN


def _by_size(rows: list[Row]) -> list[Row]:
    return sorted(rows, key=lambda row: (-(row.cells[ASKED].value or 0), row.label.nl, row.key))


def repeated(reckoning: Reckoning, words: Words) -> Figure:
    """For how many households was escalated more than once in the period. A household asked again is told by barrier.

    Told of all wijken together, whatever wijk is asked for.
    """
    asked: dict[str, dict[int, int]] = defaultdict(lambda: defaultdict(int))
    for piece in reckoning.pieces:
        if piece.household is not None:
            for key in ("", piece.barrier):
                asked[key][piece.household] += piece.number
    again = {key: sum(1 for times in found.values() if times > 1) for key, found in asked.items()}
    keys = ["", *reckoning.barriers] if reckoning.scope.barrier is None else ["", reckoning.scope.barrier]
    rows = [
        Row(
            key or "all",
            words.barrier(key) if key else Text(nl="Alles", en="All"),
            {"again": shown(again.get(key, 0), _of_few(reckoning, key, again.get(key, 0)))},
        )
        for key in keys
    ]
    title = Text(nl="Huishoudens", en="Households")
    return Figure(REPEATED, replace(reckoning.scope, wijk=None), rows[0].cells["again"], {"again": title}, tuple(rows))


def seen_repeated(figure: Figure) -> Text | None:
    """For how many households more than once, in a sentence; None where that may not be told."""
    households = figure.counted.value
    if households is None:
        return None
    nl, en = (str(households), str(households)) if households else ("geen enkel", "no")
    homes = "huishoudens" if households else "huishouden"
    return Text(
        nl=f"Voor {nl} {homes} is vaker dan één keer opgeschaald.",
        en=f"Escalated more than once for {en} households.",
    )


def _of_few(reckoning: Reckoning, barrier: str, households: int) -> bool:
    """Whether so many households that asked again are too few, or would bound a count that is kept back."""
    bounds = ("", barrier, "", ASKED) in reckoning.counts.hidden
    return 0 < households < FEWEST or (households > 0 and bounds)


@dataclass(frozen=True)
class Wait:
    """So many escalations of the scope waited so many whole days: until their first answer, or without one so far.

    Those without one were not answered until now, or were withdrawn then: censored, and never left out. `homes` are
    the households among them that are counted at no other wait: each household of the scope is counted at its shortest.
    """

    days: int
    answered: bool
    number: int
    homes: int


def waits(session: Session, scope: Scope) -> list[Wait]:
    """How long was waited for a first answer by what was asked in the period, for a survival curve.

    Empty when fewer than `FEWEST` households stand behind it.
    """
    fact, today = EscalationFact, clock.today()
    until = func.coalesce(fact.answered_on, fact.ended_on, today)
    keys = WholeDays(fact.asked_on, until).label("days"), fact.answered_on.is_not(None).label("answered")
    rows = session.execute(pieces_of(fact, (period_of(fact.asked_on, scope), *of_scope(session, scope)), keys))
    numbers: dict[tuple[int, bool], int] = defaultdict(int)
    homes: dict[tuple[int, bool], int] = defaultdict(int)
    seen: set[int] = set()
    for days, answered, household, number in sorted(rows, key=lambda row: (row[0], row[1])):
        key = int(days), bool(answered)
        numbers[key] += number
        if household is None:
            homes[key] += number
        elif household not in seen:
            seen.add(household)
            homes[key] += 1
    found = [Wait(*key, number, homes[key]) for key, number in sorted(numbers.items())]
    return found if sum(homes.values()) >= FEWEST else []


def of_scope(session: Session, scope: Scope) -> list[ColumnElement[bool]]:
    """What the wijk and the barrier of a scope ask of escalations."""
    which: list[ColumnElement[bool]] = []
    if scope.barrier is not None:
        which.append(EscalationFact.barrier == scope.barrier)
    if scope.wijk is not None:
        places = Places.of(session)
        inside = [code for code, wijk in places.wijk_of.items() if wijk == scope.wijk]
        known = EscalationFact.buurt_code.in_(inside)
        nowhere = EscalationFact.buurt_code.is_(None) | EscalationFact.buurt_code.not_in(list(places.wijk_of))
        which.append(nowhere if scope.wijk == NOWHERE else known)
    return which


FLOWS = {"asked": EscalationFact.asked_on, "answered": EscalationFact.answered_on, "ended": EscalationFact.ended_on}


def per_month(session: Session, scope: Scope, flow: str) -> dict[tuple[int, int], Count]:
    """How many were asked, answered for the first time, or ended in each month of the period, for control limits.

    Raw counts with their households: who shows them withholds. Raises KeyError for another flow.
    """
    day = FLOWS[flow]
    which = (period_of(day, scope), *of_scope(session, scope))
    rows = session.execute(pieces_of(EscalationFact, which, [Month(day).label("month")]))
    found: dict[tuple[int, int], Tally] = defaultdict(Tally)
    for month, household, number in rows:
        found[month // 12, month % 12 + 1].add(number, household)
    return {key: found[key].count for key in sorted(found)}
