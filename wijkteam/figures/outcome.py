"""What got better for residents: outcomes, what was measured, what residents say, goals, and who came back.

Contacts are never counted. A wijk filter chooses lines of tables that are kept safe for the whole municipality; what
has no lines by wijk is told of all of it. Tables over the same cases or goals keep the same totals back.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import ColumnElement, Integer, case, cast, exists, func, literal_column, null, select
from sqlalchemy.orm import Session

from wijkteam.engine.definition import Text
from wijkteam.figures.model import CaseFact, ChangeFact, GoalFact
from wijkteam.figures.outcome_words import (
    BOTH,
    CHANGE_COLUMNS,
    GOAL_COLUMNS,
    GOALS,
    MISSING_COLUMNS,
    NOT_ACHIEVED,
    NOT_ACHIEVED_COLUMNS,
    OUTCOME_COLUMNS,
    OUTCOMES,
    OWN_ANSWERS,
    OWN_COLUMNS,
    RETURN_COLUMNS,
    RETURNS,
    change_definition,
    missing_definition,
)
from wijkteam.figures.pieces import NOTHING, NOWHERE, Places, Tally, WholeDays, period_of, whose
from wijkteam.figures.safe import BUURT_NOWHERE
from wijkteam.figures.telling import NOT_KNOWN, Definition, Figure, Row, Scope, Words, shown
from wijkteam.measuring.instrument import Instrument, Instruments
from wijkteam.reports.figures import Cell
from wijkteam.reports.periods import last_ended_day
from wijkteam.reports.withholding import TOTAL, Count, Counted, Layout, withheld_counts, withheld_together
from wijkteam.terms import clock

RESULTS = ("achieved", "partly", "not_achieved")
A_YEAR = 365
EVERYTHING = Text(nl="Alles", en="All")
Spots = dict[tuple[str, str], Count]
Hidden = frozenset[tuple[str, str]]


@dataclass(frozen=True)
class Drawn:
    """A table before it is known what may be shown of it; the first column is the whole of the others."""

    definition: Definition
    columns: Mapping[str, Text]
    counts: Spots
    name: Callable[[str], Text]
    above: Mapping[str, str]
    only: frozenset[str] | None = None
    """Which rows are asked for; None is all."""

    @staticmethod
    def of(
        definition: Definition,
        columns: Mapping[str, Text],
        found: Mapping[tuple[str, str], Count],
        name: Callable[[str], Text] = lambda key: EVERYTHING,
        rows: Iterable[str] = (),
        above: Mapping[str, str] | None = None,
    ) -> "Drawn":
        """Every row in every column, also where nothing is; `rows` come first, the total before them."""
        keys = dict.fromkeys([TOTAL, *rows, *sorted(row for row, _ in found)])
        whole = {(row, column): found.get((row, column), NOTHING) for row in keys for column in columns}
        return Drawn(definition, columns, whole, name, above or {})

    @property
    def counted(self) -> Counted:
        """As withholding asks it."""
        whole, *parts = self.columns
        return Counted(self.counts, Layout(self.above, whole, tuple(parts)))

    def figure(self, scope: Scope, hidden: Hidden) -> Figure:
        """The figure with what may be shown: the total first, then the largest, each with its parts after it."""
        whole = next(iter(self.columns))
        rows = [
            Row(
                key,
                EVERYTHING if key == TOTAL else self.name(key),
                {each: shown(self.counts[key, each].value, (key, each) in hidden) for each in self.columns},
                self.above.get(key),
            )
            for key in dict.fromkeys(row for row, _ in self.counts)
            if self.only is None or key in self.only
        ]
        rows.sort(key=lambda row: (row.key != TOTAL, row.part_of is not None, -(row.cells[whole].value or 0), row.key))
        return Figure(self.definition, scope, rows[0].cells[whole] if rows else Cell(0), self.columns, tuple(rows))


@dataclass(frozen=True)
class OutcomeTables:
    """All that is told of outcome in a period, with what is kept back: the same under every filter."""

    every: Scope
    by_place: tuple[tuple[Drawn, Hidden], ...]
    """Outcomes, and who came back."""
    not_achieved: tuple[Drawn, Hidden]
    missing: tuple[Figure, ...]
    changes: tuple[Figure, ...]
    goals: tuple[Figure, ...]

    def under(self, scope: Scope) -> tuple[Figure, ...]:
        """As they are told in a wijk and of a barrier, where there are lines of those."""
        (outcomes, away), (returns, away_of_returns) = self.by_place
        barriers, away_of_barriers = self.not_achieved
        lines = None if scope.barrier is None else frozenset({f"b {scope.barrier}"})
        return (
            replace(outcomes, only=self._inside(outcomes, scope)).figure(self.every, away),
            replace(barriers, only=lines).figure(self.every, away_of_barriers),
            *self.missing,
            *self.changes,
            *self.goals,
            replace(returns, only=self._inside(returns, scope)).figure(self.every, away_of_returns),
        )

    def _inside(self, drawn: Drawn, scope: Scope) -> frozenset[str] | None:
        if scope.wijk is None:
            return None
        return frozenset({scope.wijk, *(row for row, wijk in drawn.above.items() if wijk == scope.wijk)})


def outcome_figures(session: Session, scope: Scope, words: Words, instruments: Instruments) -> tuple[Figure, ...]:
    """Everything that is told of outcome, for the period; lines by wijk and buurt where there are any."""
    return outcome_tables(session, scope, words, instruments).under(scope)


def outcome_tables(session: Session, scope: Scope, words: Words, instruments: Instruments) -> OutcomeTables:
    """The tables of a period, over all of the municipality whatever is asked for."""
    places = Places.of(session)
    every = replace(scope, wijk=None, barrier=None)
    changes = _changes(session, every, instruments)
    cases = [_by_place(OUTCOMES, OUTCOME_COLUMNS, _outcomes(session, every, places), places)]
    cases += [_not_achieved(session, every, words), *_missing(session, every, instruments, changes)]
    hidden = over_the_same_cases(cases)
    returns = _by_place(RETURNS, RETURN_COLUMNS, _returns(session, every, places), places)
    return OutcomeTables(
        every,
        ((cases[0], hidden[0]), (returns, withheld_counts(returns.counted))),
        (cases[1], hidden[1]),
        tuple(each.figure(every, away) for each, away in zip(cases[2:], hidden[2:], strict=True)),
        tuple(changes.values()),
        tuple(_together(every, _goals(session, every, words))),
    )


def over_the_same_cases(cases: list[Drawn]) -> list[Hidden]:
    """What is kept back of tables over the same cases: who did not achieve all are all but who did."""
    outcomes, failed, *_ = (each.counts for each in cases)
    rest = Counted(
        {
            (TOTAL, "all"): outcomes[TOTAL, "all"],
            (TOTAL, "achieved"): outcomes[TOTAL, "achieved"],
            (TOTAL, BOTH): failed[TOTAL, BOTH],
        },
        Layout(whole="all", parts=("achieved", BOTH)),
    )
    return withheld_together([*(each.counted for each in cases), rest])[: len(cases)]


def _together(scope: Scope, drawn: list[Drawn]) -> list[Figure]:
    hidden = withheld_together([each.counted for each in drawn])
    return [each.figure(scope, away) for each, away in zip(drawn, hidden, strict=True)]


def _outcomes(session: Session, scope: Scope, places: Places) -> Spots:
    which = period_of(CaseFact.outcome_on, scope) & CaseFact.outcome.in_(RESULTS)
    return _of_cases(session, CaseFact.outcome, which, places)


def _returns(session: Session, scope: Scope, places: Places) -> Spots:
    fact = CaseFact
    # until the last month that ended: else the table would change by one household on the day that its year is over
    gone = WholeDays(fact.closed_on, func.coalesce(fact.returned_on, last_ended_day(clock.today())))
    within = case((fact.returned_on.is_not(None), "returned"), else_="too_early")
    what = case((gone <= A_YEAR, within), else_="stayed_away")
    return _of_cases(session, what, period_of(fact.closed_on, scope), places)


def _of_cases(session: Session, what: Any, which: ColumnElement[bool], places: Places) -> Spots:
    """Cases by wijk, by buurt and together, in the column of what they are and in the one of all."""
    keys = (func.coalesce(CaseFact.buurt_code, NOWHERE).label("buurt"), what.label("what"), whose(CaseFact))
    fine: dict[tuple[str, str], Tally] = defaultdict(Tally)
    for buurt, code, household, number in session.execute(select(*keys, func.count()).where(which).group_by(*keys)):
        fine[buurt, code].add(number, household)
    found: dict[tuple[str, str], Tally] = defaultdict(Tally)
    for (buurt, code), tally in fine.items():
        for row in (TOTAL, places.wijk(buurt), BUURT_NOWHERE if buurt == NOWHERE else buurt):
            for column in ("all", code):
                found[row, column].join(tally)
    return _counted(found)


def _by_place(definition: Definition, columns: Mapping[str, Text], found: Spots, places: Places) -> Drawn:
    rows = {row for row, _ in found} - {TOTAL, NOWHERE} - places.wijken.keys()
    above = {row: NOWHERE if row == BUURT_NOWHERE else places.wijk(row) for row in rows}

    def name(row: str) -> Text:
        told = places.wijken.get(row) or places.buurten.get(row)
        return NOT_KNOWN if told is None else Text(nl=told, en=told)

    return Drawn.of(definition, columns, found, name, (), above)


def _not_achieved(session: Session, scope: Scope, words: Words) -> Drawn:
    fact = CaseFact
    keys = (func.coalesce(fact.outcome_barrier, "").label("barrier"), fact.outcome, whose(fact))
    which = period_of(fact.outcome_on, scope), fact.outcome.in_(("not_achieved", "partly"))
    found: dict[tuple[str, str], Tally] = defaultdict(Tally)
    rows = session.execute(select(*keys, func.count()).where(*which).group_by(*keys))
    for barrier, outcome, household, number in rows:
        for row in (TOTAL, f"b {barrier}"):
            for column in (BOTH, str(outcome)):
                found[row, column].add(number, household)
    return Drawn.of(NOT_ACHIEVED, NOT_ACHIEVED_COLUMNS, _counted(found), lambda key: words.barrier(key[2:]))


def _goals(session: Session, scope: Scope, words: Words) -> list[Drawn]:
    """Goals that ended, by life domain and result, and by what the resident finds: over the same goals."""
    results: dict[tuple[str, str], Tally] = defaultdict(Tally)
    own: dict[tuple[str, str], Tally] = defaultdict(Tally)
    keys = GoalFact.life_domain, GoalFact.result, GoalFact.own_answer, CaseFact.household_id
    rows = session.execute(
        select(*keys, func.count())
        .select_from(GoalFact)
        .join(CaseFact, CaseFact.case_id == GoalFact.case_id)
        .where(period_of(GoalFact.ended_on, scope))
        .group_by(*keys)
    )
    for domain, result, answer, household, number in rows:
        for column in ("all", result if result in GOAL_COLUMNS else "dropped"):
            results[TOTAL, column].add(number, household)
            results[domain, column].add(number, household)
        for column in ("all", answer if answer in OWN_COLUMNS else "unsaid"):
            own[TOTAL, column].add(number, household)

    def name(code: str) -> Text:
        return words.life_domains.get(code) or Text(nl=code, en=code)

    return [
        Drawn.of(GOALS, GOAL_COLUMNS, _counted(results), name, words.life_domains),
        Drawn.of(OWN_ANSWERS, OWN_COLUMNS, _counted(own)),
    ]


def _counted(found: Mapping[tuple[str, str], Tally]) -> Spots:
    return {place: tally.count for place, tally in found.items()}


def _with_outcome(scope: Scope) -> ColumnElement[bool]:
    return period_of(CaseFact.outcome_on, scope) & CaseFact.outcome.in_(RESULTS)


def _changes(session: Session, scope: Scope, instruments: Instruments) -> dict[str, Figure]:
    """What changed in each domain, by instrument; series of residents and households are counted apart."""
    change = ChangeFact
    way = case(
        (change.latest_level > change.first_level, "better"),
        (change.latest_level < change.first_level, "worse"),
        else_="same",
    ).label("way")
    once = CaseFact.alone & (change.measured == "")
    household = case((once, cast(null(), Integer)), else_=CaseFact.household_id).label("household")
    keys = change.instrument, change.domain, way, household
    rows = session.execute(
        select(*keys, func.count())
        .select_from(CaseFact)
        .join(change, change.case_id == CaseFact.case_id)
        .where(_with_outcome(scope))
        .group_by(*keys)
    )
    found: dict[str, dict[tuple[str, str], Tally]] = defaultdict(lambda: defaultdict(Tally))
    for instrument, domain, became, number_of_home, number in rows:
        for column in ("all", became):
            found[instrument][domain, column].add(number, number_of_home)
    return {name: _change(name, instruments.in_force(name), _counted(found[name]), scope) for name in sorted(found)}


def _change(name: str, instrument: Instrument | None, found: Spots, scope: Scope) -> Figure:
    """Domains do not add up: each is a table of one line."""
    domains = instrument.domains if instrument is not None else {}
    keys = dict.fromkeys([*(each for each in domains if (each, "all") in found), *sorted(row for row, _ in found)])
    counts = {(row, column): found.get((row, column), NOTHING) for row in keys for column in CHANGE_COLUMNS}
    drawn = Drawn(
        change_definition(name, instrument),
        CHANGE_COLUMNS,
        counts,
        lambda key: domains.get(key) or Text(nl=key, en=key),
        {},
    )
    return drawn.figure(scope, withheld_counts(drawn.counted))


def _missing(session: Session, scope: Scope, instruments: Instruments, names: Iterable[str]) -> list[Drawn]:
    """By instrument that was measured with: cases with an outcome that were measured twice, and those that were not."""
    drawn = []
    for name in names:
        of_case = (ChangeFact.case_id == CaseFact.case_id) & (ChangeFact.instrument == name)
        twice = exists(literal_column("1")).where(of_case).correlate(CaseFact).label("twice")
        keys = twice, whose(CaseFact)
        found: dict[tuple[str, str], Tally] = defaultdict(Tally)
        rows = session.execute(select(*keys, func.count()).where(_with_outcome(scope)).group_by(*keys))
        for measured, household, number in rows:
            for column in ("all", "measured" if measured else "missing"):
                found[TOTAL, column].add(number, household)
        drawn.append(Drawn.of(missing_definition(name, instruments.in_force(name)), MISSING_COLUMNS, _counted(found)))
    return drawn
