"""The bestuurder's report: its parts in the order in which somebody with ten minutes a month reads them.

What blocks our people most and what taking it away would free; how long it waits; where, down to the buurt; what got
better for residents; what did not work. Each part is a figure with its definition, and where that helps a picture with
one sentence that says what is to be seen. Made from the work itself: nobody writes a note for it.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from sqlalchemy.orm import Session

from wijkteam.area_figures.mapping import AreaFiguresMapping
from wijkteam.cases.model import Buurt
from wijkteam.engine.definition import Text
from wijkteam.figures.approaches import approach_figures, seen_tried
from wijkteam.figures.areas import beside_figures, seen_beside
from wijkteam.figures.blocks import Promise, Structural, blocks, promises, structurals, would_free
from wijkteam.figures.costs import WaitingCosts
from wijkteam.figures.earlier import compared, seen_earlier, year_before
from wijkteam.figures.escalations import (
    OVERALL,
    PER_BARRIER,
    PER_BUURT,
    PER_RUNG,
    PER_WIJK,
    Reckoning,
    escalation_figures,
    repeated,
    seen_most,
    seen_repeated,
    waits,
)
from wijkteam.figures.movements import (
    areas,
    barriers_together,
    hidden_buurten,
    months_asked,
    signals_alike,
)
from wijkteam.figures.outcome import CaseTables, OutcomeTables, case_tables, outcome_tables
from wijkteam.figures.outcome_words import BOTH, NOT_ACHIEVED, seen_in
from wijkteam.figures.pieces import waiting_now
from wijkteam.figures.remembered import Moment, recalled, remembered
from wijkteam.figures.safe import ASKED
from wijkteam.figures.telling import LEFT_OUT, Figure, Language, Scope, Words
from wijkteam.measuring.instrument import Instruments
from wijkteam.reckoning.benefit import Benefit, NoRate, reckon
from wijkteam.reckoning.control import Chart
from wijkteam.reckoning.likeness import Group
from wijkteam.reckoning.rates import BenefitTable
from wijkteam.reckoning.snowball import Snowball
from wijkteam.reckoning.spread import WijkSpread
from wijkteam.reckoning.survival import Survival, Waits, survival
from wijkteam.reckoning.tipping import Area, Outlook, outlooks
from wijkteam.reports.drawn.gain import gain_ranges
from wijkteam.reports.drawn.movement import control_chart
from wijkteam.reports.drawn.paper import Drawn, said
from wijkteam.reports.drawn.places import place_map
from wijkteam.reports.drawn.ranked import ranked, together
from wijkteam.reports.drawn.waiting import waiting_curve
from wijkteam.reports.figures import Cell, EscalationReport, Table
from wijkteam.reports.imported import imported_requests
from wijkteam.reports.on_paper import Shown
from wijkteam.reports.withholding import TOTAL
from wijkteam.terms import clock
from wijkteam.terms.words import Words as Pair

BLOCKS, WAITING, PLACE, BETTER, FAILED, MONEY = "blocks", "waiting", "place", "better", "failed", "money"
TRIED, EARLIER, IMPORTED = "tried", "earlier", "imported"
TITLES = {
    BLOCKS: Pair("Wat onze mensen het meest tegenhoudt", "What blocks our people most"),
    WAITING: Pair("Hoe lang het duurt, en hoe hoog het komt", "How long it takes, and how high it climbs"),
    PLACE: Pair("Waar", "Where"),
    BETTER: Pair("Wat beter werd voor bewoners", "What got better for residents"),
    FAILED: Pair("Wat niet lukte", "What did not work"),
    TRIED: Pair("Wat is geprobeerd, en wat werkte", "What was tried, and what worked"),
    EARLIER: Pair("Vergeleken met het jaar ervoor", "Compared with the year before"),
    MONEY: Pair("Doormodderen of doorbreken", "Muddling on or breaking through"),
    IMPORTED: Pair("Ingelezen logboeken", "Logs that were read in"),
}
"""The parts of the page in their order."""
MANY = 5_000
"""From how many escalations on a period is dear to reckon."""
NO_PEOPLE = Pair("Dit verslag telt knelpunten, nooit mensen.", "This report counts barriers, never people.")


@dataclass(frozen=True)
class Known:
    """What the report needs of the house: words, rates and instruments."""

    words: Words
    costs: WaitingCosts
    benefit: BenefitTable
    instruments: Instruments
    municipality: str
    approaches: Mapping[str, Mapping[str, Text]] = field(default_factory=dict)
    """Titles of the lists `approaches` and `working_ingredients`."""
    areas: AreaFiguresMapping | None = None
    """Which published figures of areas stand beside what is asked there."""


@dataclass(frozen=True)
class Beside:
    """What stands beside the figures: promises and structural questions, places to look at, and residents' signals."""

    promises: tuple[Promise, ...]
    structurals: tuple[Structural, ...]
    spreads: tuple[WijkSpread, ...]
    outlooks: tuple[Outlook, ...]
    signals: tuple[Group, ...]
    benefits: tuple[Benefit, ...]


@dataclass(frozen=True)
class Page:
    """The report as it is told in one language."""

    report: EscalationReport
    titles: Mapping[str, str]
    parts: Mapping[str, tuple[Shown, ...]]
    headline: Mapping[str, str]
    beside: Beside


@dataclass(frozen=True)
class Main:
    """What the report of the year after compares with: escalations, and what came of cases."""

    reckoning: Reckoning
    cases: CaseTables

    @property
    def is_dear(self) -> bool:
        """Whether it takes so long to make that it may be some minutes behind."""
        return sum(piece.number for piece in self.reckoning.pieces) >= MANY


@dataclass(frozen=True)
class Period:
    """What is dear to reckon of a period; it is the same under every filter."""

    main: Main
    outcome: OutcomeTables
    curve: Survival
    months: Chart
    snowball: Snowball
    areas: list[Area]
    made_at: datetime


def reckon_period(session: Session, scope: Scope, known: Known, moment: Moment | None) -> Period:
    """A period over the whole municipality and all barriers, remembered while nothing happens."""
    every = replace(scope, wijk=None, barrier=None)

    def made() -> Period:
        main = _main(session, every, known, moment)
        reckoning = main.reckoning
        hidden = [code for code in reckoning.barriers if ("", code, "", ASKED) in reckoning.counts.hidden]
        return Period(
            main,
            outcome_tables(session, main.cases, known.words, known.instruments),
            _curve(session, every, ("", "", "", ASKED) in reckoning.counts.hidden),
            months_asked(session, every, ("", "", "", ASKED) in reckoning.counts.hidden),
            barriers_together(session, every, hidden),
            areas(session, every),
            clock.now(),
        )

    return remembered(session, moment, ("period", *_key(every, known)), made, lambda period: period.main.is_dear)


def _key(every: Scope, known: Known) -> tuple[Scope, int, int]:
    return every, id(known.words.barriers), id(known.instruments)


def _main(session: Session, every: Scope, known: Known, moment: Moment | None) -> Main:
    waiting = remembered(session, moment, "waiting now", lambda: waiting_now(session))
    reckoning = Reckoning.of(session, every, known.words, waiting)
    return Main(reckoning, case_tables(session, every, known.words, known.instruments))


def reckon_main(session: Session, scope: Scope, known: Known, moment: Moment | None) -> Main:
    """What another year compares with: of its whole report when that is remembered, or else no more than is asked."""
    every = replace(scope, wijk=None, barrier=None)
    key = _key(every, known)
    whole: Period | None = recalled(session, moment, ("period", *key), lambda period: period.main.is_dear)
    if whole is not None:
        return whole.main
    return remembered(
        session, moment, ("main", *key), lambda: _main(session, every, known, moment), lambda main: main.is_dear
    )


def _curve(session: Session, scope: Scope, of_few: bool) -> Survival:
    """How long was waited; nothing where not even is told how many that are."""
    found = [] if of_few else waits(session, scope)
    return survival(
        Waits(each.days, ended=each.number, ended_homes=each.homes)
        if each.answered
        else Waits(each.days, still_waiting=each.number, waiting_homes=each.homes)
        for each in found
    )


def make_page(session: Session, scope: Scope, known: Known, language: Language = "nl") -> Page:
    """The whole report over a scope, from summaries alone but for promises and signals."""
    moment = Moment.of(session)
    period = reckon_period(session, scope, known, moment)
    reckoning = period.main.reckoning.under(scope)
    told = {each.definition.code: each for each in escalation_figures(reckoning, known.words)}
    outcome = period.outcome.under(scope)
    beside = _beside(session, scope, known, told, period)
    parts = {
        BLOCKS: _blocks(session, period, reckoning, known, told, language),
        WAITING: _waiting(period, reckoning, known, told, language),
        PLACE: _places(session, reckoning, known, told, beside, language),
        BETTER: tuple(
            _plain(each, language, seen_in(each)) for each in outcome if each.definition.code != NOT_ACHIEVED.code
        ),
        FAILED: tuple(_failed(each, language) for each in outcome if each.definition.code == NOT_ACHIEVED.code),
        TRIED: tuple(
            _plain(each, language, seen_tried(each)) for each in approach_figures(session, scope, known.approaches)
        ),
        EARLIER: (
            _earlier(reckon_main(session, year_before(scope), known, moment), scope, known, told, outcome, language),
        ),
        MONEY: tuple(_money(each, known.benefit, language) for each in beside.benefits),
        IMPORTED: _imported(session, language),
    }
    overall = told[OVERALL.code].table(language)
    tables = (overall, *(each.table for shown in parts.values() for each in shown))
    report = EscalationReport(
        municipality=known.municipality,
        period_from=scope.first,
        period_until=scope.last,
        made_at=period.made_at,
        headline=dict(overall.rows[0].cells),
        tables=tables,
        notes=(said(NO_PEOPLE, language), said(Pair(LEFT_OUT.nl, LEFT_OUT.en), language)),
    )
    titles = {code: said(title, language) for code, title in TITLES.items()}
    return Page(report, titles, parts, dict(overall.columns), beside)


def _beside(session: Session, scope: Scope, known: Known, told: Mapping[str, Figure], period: Period) -> Beside:
    buurten, wijken = told.get(PER_BUURT.code), told.get(PER_WIJK.code)
    asked = {row.key: int(row.cells[ASKED].value or 0) for row in buurten.rows} if buurten else {}
    away = [row.key for each in (buurten, wijken) if each for row in each.rows if row.cells[ASKED].withheld]
    return Beside(
        tuple(promises(session, scope.barrier)),
        tuple(structurals(session, scope.barrier)),
        hidden_buurten(session, asked, away) if buurten else (),
        outlooks(period.areas, away) if wijken and scope.barrier is None else (),
        tuple(signals_alike(session, scope)),
        _benefits(known.benefit, scope),
    )


def _benefits(table: BenefitTable, scope: Scope) -> tuple[Benefit, ...]:
    found = []
    for each in table.comparisons:
        try:
            found.append(reckon(table, each, scope.last))
        except NoRate:
            continue
    return tuple(found)


def _blocks(
    session: Session, period: Period, reckoning: Reckoning, known: Known, told: Mapping[str, Figure], language: Language
) -> tuple[Shown, ...]:
    figure = blocks(session, reckoning, known.words, known.costs).table(language)
    unit = Pair("huishoudens wachten nu", "households wait now")
    drawn = ranked(figure, "households", Pair("Wie wacht nu waarop", "Who waits now for what"), language, unit)
    freed = would_free(figure)
    shown = [_drawn(drawn if freed is None else replace(drawn, seen=freed), language)]
    if PER_BARRIER.code in told:
        shown.append(_plain(told[PER_BARRIER.code], language, seen_most(told[PER_BARRIER.code])))
    titles = {code: Pair(title.nl, title.en) for code, title in known.words.barriers.items()}
    name = _of_all(Pair("Knelpunten die samen komen", "Barriers that come together"), reckoning.scope)
    return (*shown, _drawn(together(period.snowball, titles, name, language), language))


def _of_all(name: Pair, scope: Scope) -> Pair:
    """What is told of everything also under a filter says so: by filter it could be subtracted to small groups."""
    if scope.wijk is None and scope.barrier is None:
        return name
    return Pair(f"{name.nl}, alle wijken en knelpunten", f"{name.en}, all wijken and barriers")


def _waiting(
    period: Period, reckoning: Reckoning, known: Known, told: Mapping[str, Figure], language: Language
) -> tuple[Shown, ...]:
    length = Pair("Hoe lang op een antwoord is gewacht", "How long was waited for an answer")
    drawn = [
        waiting_curve(period.curve, _of_all(length, reckoning.scope), language),
        control_chart(
            period.months, _of_all(Pair("Gevraagd per maand", "Asked each month"), reckoning.scope), language
        ),
    ]
    shown = [_drawn(each, language) for each in drawn]
    if PER_RUNG.code in told:
        shown.append(_plain(told[PER_RUNG.code], language, seen_most(told[PER_RUNG.code])))
    again = repeated(reckoning, known.words)
    return (*shown, _plain(again, language, seen_repeated(again)))


def _places(
    session: Session,
    reckoning: Reckoning,
    known: Known,
    told: Mapping[str, Figure],
    beside: Beside,
    language: Language,
) -> tuple[Shown, ...]:
    shown = []
    if PER_BUURT.code in told:
        buurten = told[PER_BUURT.code].table(language)
        counts: dict[str, Cell] = {row.key: row.cells[ASKED] for row in buurten.rows}
        flagged = [code for wijk in beside.spreads for code in wijk.hides]
        shapes = list(session.query(Buurt).order_by(Buurt.code))
        name = Pair("Gevraagd per buurt", "Asked in each buurt")
        shown.append(_drawn(place_map(shapes, counts, name, flagged, language), language))
    areas = None if known.areas is None else beside_figures(session, reckoning, known.areas)
    if areas is not None:
        shown.append(_plain(areas, language, seen_beside(areas)))
    shown += [
        _plain(told[code], language, seen_most(told[code])) for code in (PER_WIJK.code, PER_BUURT.code) if code in told
    ]
    return tuple(shown)


def _failed(figure: Figure, language: Language) -> Shown:
    """What did not work, with bars for what stood in the way."""
    table = figure.table(language)
    parts = replace(table, rows=tuple(row for row in table.rows if row.key != TOTAL))
    drawn = ranked(parts, BOTH, Pair(figure.definition.title.nl, figure.definition.title.en), language)
    return Shown(table.definition.title, drawn.svg, said(drawn.seen, language), table)


def _earlier(
    main: Main,
    scope: Scope,
    known: Known,
    told: Mapping[str, Figure],
    outcome: Iterable[Figure],
    language: Language,
) -> Shown:
    """The main figures beside those of the year before, which are reckoned as its own report does."""
    before = year_before(scope)
    then = list(escalation_figures(main.reckoning.under(before), known.words))
    if scope.barrier is None:
        then += main.cases.under(before)
    now = {**told, **{each.definition.code: each for each in outcome}}
    figure = compared(scope, now, {each.definition.code: each for each in then})
    return _plain(figure, language, seen_earlier(figure))


def _money(found: Benefit, table: BenefitTable, language: Language) -> Shown:
    parties = {code: Pair(title.nl, title.en) for code, title in table.parties.items()}
    title = found.comparison.title
    return _drawn(gain_ranges(found, parties, Pair(title.nl, title.en), language), language)


def _imported(session: Session, language: Language) -> tuple[Shown, ...]:
    table = imported_requests(session, language)
    if table is None:
        return ()
    most = max(table.rows, key=lambda row: row.cells["count"].value or 0)
    number = most.cells["count"].value
    sentence = Pair(f"Het meest: {most.label}, {number} keer.", f"Most: {most.label}, {number} times.")
    return (Shown(table.definition.title, "", said(sentence, language), table),)


def _drawn(drawn: Drawn, language: Language) -> Shown:
    return Shown(drawn.table.definition.title, drawn.svg, said(drawn.seen, language), drawn.table)


TOO_LITTLE = Text(nl="Te weinig om er iets van te zeggen.", en="Too little to say anything of it.")
"""Where what a table says as a whole may not be told, or is not there."""


def _plain(figure: Figure, language: Language, seen: Text | None) -> Shown:
    table: Table = figure.table(language)
    sentence = seen or TOO_LITTLE
    return Shown(table.definition.title, "", said(Pair(sentence.nl, sentence.en), language), table)
