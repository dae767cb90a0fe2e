"""What got better for residents: outcomes, what was measured, what residents say, goals, and who came back.

Contacts are never counted. A wijk filter chooses lines of tables that are kept safe for the whole municipality; what
has no lines by wijk is told of all of it. Tables over the same cases or goals keep the same totals back.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import NamedTuple

from sqlalchemy import ColumnElement, Integer, case, cast, func, null, select
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
from wijkteam.figures.pieces import (
    NOTHING,
    NOWHERE,
    Places,
    Tally,
    WholeDays,
    again_among,
    period_of,
    pieces_of,
)
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
class CaseTables:
    """What came of cases in a period, with what is kept back; these tables are over the same cases."""

    every: Scope
    outcomes: tuple[Drawn, Hidden]
    not_achieved: tuple[Drawn, Hidden]
    missing: tuple[Figure, ...]

    def under(self, scope: Scope) -> tuple[Figure, ...]:
        """As they are told in a wijk and of a barrier, where there are lines of those."""
        barriers, away_of_barriers = self.not_achieved
        lines = None if scope.barrier is None else frozenset({f"b {scope.barrier}"})
        return (
            _told_in(scope, self.every, *self.outcomes),
            replace(barriers, only=lines).figure(self.every, away_of_barriers),
            *self.missing,
        )


@dataclass(frozen=True)
class OutcomeTables:
    """All that is told of outcome in a period, with what is kept back: the same under every filter."""

    cases: CaseTables
    returns: tuple[Drawn, Hidden]
    changes: tuple[Figure, ...]
    goals: tuple[Figure, ...]

    def under(self, scope: Scope) -> tuple[Figure, ...]:
        """As they are told in a wijk and of a barrier, where there are lines of those."""
        told = self.cases.under(scope)
        return (*told, *self.changes, *self.goals, _told_in(scope, self.cases.every, *self.returns))


def _told_in(scope: Scope, every: Scope, drawn: Drawn, away: Hidden) -> Figure:
    if scope.wijk is None:
        return drawn.figure(every, away)
    inside = {scope.wijk, *(row for row, wijk in drawn.above.items() if wijk == scope.wijk)}
    return replace(drawn, only=frozenset(inside)).figure(every, away)


def outcome_figures(session: Session, scope: Scope, words: Words, instruments: Instruments) -> tuple[Figure, ...]:
    """Everything that is told of outcome, for the period; lines by wijk and buurt where there are any."""
    cases = case_tables(session, scope, words, instruments)
    return outcome_tables(session, cases, words, instruments).under(scope)


def case_tables(session: Session, scope: Scope, words: Words, instruments: Instruments) -> CaseTables:
    """What came of cases in a period, over all of the municipality whatever is asked for; read in one pass."""
    places, every = Places.of(session), replace(scope, wijk=None, barrier=None)
    came = cases_that_came(session, every)
    cases = [_by_place(OUTCOMES, OUTCOME_COLUMNS, _in_places(_outcomes(came), places), places)]
    cases += [_not_achieved(came, words), *_missing(came, instruments)]
    hidden = over_the_same_cases(cases)
    missing = (each.figure(every, away) for each, away in zip(cases[2:], hidden[2:], strict=True))
    return CaseTables(every, (cases[0], hidden[0]), (cases[1], hidden[1]), tuple(missing))


def outcome_tables(session: Session, cases: CaseTables, words: Words, instruments: Instruments) -> OutcomeTables:
    """All tables of a period, of which those over cases were made already."""
    places, every = Places.of(session), cases.every
    returns = _by_place(RETURNS, RETURN_COLUMNS, _in_places(_returns(session, every), places), places)
    return OutcomeTables(
        cases,
        (returns, withheld_counts(returns.counted)),
        _changes(session, every, instruments),
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


class Came(NamedTuple):
    """Cases of which the same came in a period: of one household that has more of them, or of as many as there are."""

    buurt: str
    outcome: str
    barrier: str
    measured: str
    """With which instruments, as `CaseFact` names them."""
    household: int | None
    number: int


def cases_that_came(session: Session, scope: Scope) -> list[Came]:
    """The cases of which something came in the period, as few pieces as the database can make of them."""
    fact = CaseFact
    keys = fact.buurt_code, fact.outcome, fact.outcome_barrier, fact.measured
    rows = session.execute(pieces_of(fact, [_with_outcome(scope)], keys))
    return [
        Came(buurt or NOWHERE, str(outcome), barrier or "", measured or "", household, number)
        for buurt, outcome, barrier, measured, household, number in rows
    ]


def _with_outcome(scope: Scope) -> ColumnElement[bool]:
    return period_of(CaseFact.outcome_on, scope) & CaseFact.outcome.in_(RESULTS)


Fine = Mapping[tuple[str, str], Tally]
"""By buurt and what it is."""


def _outcomes(came: list[Came]) -> Fine:
    fine: dict[tuple[str, str], Tally] = defaultdict(Tally)
    for each in came:
        fine[each.buurt, each.outcome].add(each.number, each.household)
    return fine


def _returns(session: Session, scope: Scope) -> Fine:
    fact, which = CaseFact, period_of(CaseFact.closed_on, scope)
    # until the last month that ended: else the table would change by one household on the day that its year is over
    gone = WholeDays(fact.closed_on, func.coalesce(fact.returned_on, last_ended_day(clock.today())))
    within = case((fact.returned_on.is_not(None), "returned"), else_="too_early")
    what = case((gone <= A_YEAR, within), else_="stayed_away").label("what")
    fine: dict[tuple[str, str], Tally] = defaultdict(Tally)
    for buurt, code, household, number in session.execute(pieces_of(fact, [which], [fact.buurt_code, what])):
        fine[buurt or NOWHERE, code].add(number, household)
    return fine


def _in_places(fine: Fine, places: Places) -> Spots:
    """Cases by wijk, by buurt and together, in the column of what they are and in the one of all."""
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


def _not_achieved(came: list[Came], words: Words) -> Drawn:
    found: dict[tuple[str, str], Tally] = defaultdict(Tally)
    for each in came:
        if each.outcome in NOT_ACHIEVED_COLUMNS:
            for row in (TOTAL, f"b {each.barrier}"):
                for column in (BOTH, each.outcome):
                    found[row, column].add(each.number, each.household)
    return Drawn.of(NOT_ACHIEVED, NOT_ACHIEVED_COLUMNS, _counted(found), lambda key: words.barrier(key[2:]))


def _goals(session: Session, scope: Scope, words: Words) -> list[Drawn]:
    """Goals that ended, by life domain and result, and by what the resident finds: over the same goals."""
    results: dict[tuple[str, str], Tally] = defaultdict(Tally)
    own: dict[tuple[str, str], Tally] = defaultdict(Tally)
    goal, which = GoalFact, period_of(GoalFact.ended_on, scope)
    whose = select(CaseFact.household_id).where(CaseFact.case_id == goal.case_id).scalar_subquery()
    again = again_among(func.coalesce(goal.household_id, whose), which)
    keys = goal.life_domain, goal.result, goal.own_answer, again.household
    rows = select(*keys, func.count()).select_from(goal).outerjoin(again.rows, again.joined).where(which)
    for domain, result, answer, household, number in session.execute(rows.group_by(*keys)):
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


def _changes(session: Session, scope: Scope, instruments: Instruments) -> tuple[Figure, ...]:
    """What changed in each domain, by instrument; series of residents and households are counted apart."""
    fact, change = CaseFact, ChangeFact
    which = _with_outcome(scope) & fact.measured.is_not(None)
    again = again_among(fact.household_id, which, fact.alone.is_(False))
    way = case(
        (change.latest_level > change.first_level, "better"),
        (change.latest_level < change.first_level, "worse"),
        else_="same",
    ).label("way")
    once = again.rows.c.household_id.is_(None) & (change.measured == "")
    household = case((once, cast(null(), Integer)), else_=fact.household_id).label("household")
    keys = change.instrument, change.domain, way, household
    rows = (
        select(*keys, func.count())
        .select_from(fact)
        .join(change, change.case_id == fact.case_id)
        .outerjoin(again.rows, again.joined)
        .where(which)
        .group_by(*keys)
    )
    found: dict[str, dict[tuple[str, str], Tally]] = defaultdict(lambda: defaultdict(Tally))
    for instrument, domain, became, number_of_home, number in session.execute(rows):
        for column in ("all", became):
            found[instrument][domain, column].add(number, number_of_home)
    return tuple(_change(name, instruments.in_force(name), _counted(found[name]), scope) for name in sorted(found))


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


def _missing(came: list[Came], instruments: Instruments) -> list[Drawn]:
    """By instrument that was measured with: cases with an outcome that were measured twice, and those that were not."""
    drawn = []
    for name in sorted({name for each in came for name in each.measured.split()}):
        found: dict[tuple[str, str], Tally] = defaultdict(Tally)
        for each in came:
            for column in ("all", "measured" if name in each.measured.split() else "missing"):
                found[TOTAL, column].add(each.number, each.household)
        drawn.append(Drawn.of(missing_definition(name, instruments.in_force(name)), MISSING_COLUMNS, _counted(found)))
    return drawn
