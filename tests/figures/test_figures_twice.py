"""Each figure is computed twice, by the product and by plain functions over the events: they agree exactly."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from random import Random

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.strategies import integers, randoms

from tests.conftest import Town
from tests.figures import independent
from tests.figures.random_work import BARRIERS, START, WIJKEN, RandomWork
from tests.plumbing.templates import SQLiteTemplates
from wijkteam.assembly import House, house_on
from wijkteam.figures import blocks as blocks_room
from wijkteam.figures import escalations as escalations_room
from wijkteam.figures import safe
from wijkteam.figures.approaches import approach_figures
from wijkteam.figures.blocks import blocks, promises
from wijkteam.figures.escalations import FLOWS, Reckoning, escalation_figures, per_month, repeated, waits
from wijkteam.figures.outcome import outcome_figures
from wijkteam.figures.telling import Figure, Scope, Words
from wijkteam.keys.ring import KeyRing
from wijkteam.reports import withholding
from wijkteam.reports.periods import last_ended_day
from wijkteam.storage.database import connect
from wijkteam.terms import clock

EXAMPLES = 6
"""Few, for each is a municipality of its own; more are a matter of one number."""


@pytest.fixture
def nothing_withheld(monkeypatch: pytest.MonkeyPatch) -> None:
    """Random histories are small: here every count is told, so that all of them are compared."""
    for room in (withholding, safe, blocks_room, escalations_room):
        monkeypatch.setattr(room, "FEWEST", 1)


def words_of(town: Town) -> Words:
    house = town.house
    rungs = {rung.number: rung.layer for rung in house.ladder.rungs}
    return Words(house.lists["barriers"].items, rungs, house.lists["life_domains"].items)


@pytest.mark.usefixtures("nothing_withheld", "law_in_force")
@settings(
    max_examples=EXAMPLES,
    phases=(Phase.explicit, Phase.generate, Phase.shrink),
    suppress_health_check=list(HealthCheck),
)
@given(chance=randoms(use_true_random=False), turns=integers(5, 45))
def test_figures_of_any_small_history_are_what_the_events_say(
    sqlite_templates: SQLiteTemplates, first_house: House, first_ring: KeyRing, chance: Random, turns: int
) -> None:
    """Hypothesis chooses who does what, and makes a history that fails as short as it can."""
    with one_town(sqlite_templates, first_house, first_ring) as town:
        played = RandomWork(town, chance)
        played.play(turns)
        with clock.standing_at(played.now):
            log = independent.Log(town.clockwork().session)
            first, last = START.date(), clock.today()
            for scope in (Scope(first, last), Scope(first, last, wijk=next(iter(WIJKEN)))):
                escalations_agree(town, scope, log)
            outcomes_agree(town, Scope(first, last), log)
            promises_agree(town, log)
            approaches_agree(town, Scope(first, last), log)


@contextmanager
def one_town(templates: SQLiteTemplates, first_house: House, ring: KeyRing) -> Iterator[Town]:
    """A municipality of one example's own."""
    url = templates.copy("town")
    database = connect(url)
    town = Town(house_on(first_house, database, ring))
    try:
        yield town
    finally:
        town.close()
        database.dispose()
        templates.drop(url)


@pytest.mark.usefixtures("nothing_withheld")
def test_every_figure_of_a_longer_history_is_what_the_events_say(town: Town) -> None:
    played = RandomWork(town, Random(11))
    played.play(150)
    log = enough_happened(town, played)
    with clock.standing_at(played.now):
        first, last = START.date() + timedelta(days=3), clock.today() - timedelta(days=2)
        for scope in (
            Scope(date(2026, 1, 1), clock.today()),
            Scope(first, last),
            Scope(first, last, wijk=next(iter(WIJKEN))),
            Scope(first, last, barrier=BARRIERS[0]),
            Scope(first, last, wijk="unknown", barrier=BARRIERS[1]),
        ):
            escalations_agree(town, scope, log)
        outcomes_agree(town, Scope(date(2026, 1, 1), clock.today()), log)
        outcomes_agree(town, Scope(first, last), log)
        promises_agree(town, log)
        approaches_agree(town, Scope(first, last), log)


def enough_happened(town: Town, played: RandomWork) -> independent.Log:
    """The events, once everything that figures tell of happened at least once."""
    for _ in range(10):
        with clock.standing_at(played.now):
            log = independent.Log(town.clockwork().session)
            told = independent.escalations(log)
            fates = {each.fate for each in told} == {"open", "answered", "withdrawn"}
            climbed = any(each.silent for each in told) and any(each.lowered for each in told)
            if fates and climbed and len(independent.cases(log)) > 3:
                return log
        town.close()
        played.play(40)
    raise AssertionError("chance did not make enough happen")


def promises_agree(town: Town, log: independent.Log) -> None:
    told = {
        each.id: (
            each.first_promised_on,
            each.promised_on,
            each.moved,
            each.state,
            each.days_late,
            each.households.value,
        )
        for each in promises(town.clockwork().session)
    }
    assert told == independent.promises(log, clock.today())


def approaches_agree(town: Town, scope: Scope, log: independent.Log) -> None:
    lists = {name: town.house.lists[name].items for name in ("approaches", "working_ingredients")}
    told = {each.definition.code: each for each in approach_figures(town.clockwork().session, scope, lists)}
    found = independent.approaches(log, scope.first, scope.last)
    assert bool(told) == bool(found)
    tables = {"approaches": (0, 2), "approaches_ended": (0, 1), "ingredients": (3, 2)}
    for code, (row, column) in tables.items() if found else ():
        for key in {"total", *(each[row] for each in found)}:
            which = [each for each in found if key in ("total", each[row])]
            ways = Counter(each[column] for each in which)
            columns = [name for name in told[code].columns if name != "all"]
            assert shown(told[code], key) == {"all": len(which), **{name: ways[name] for name in columns}}


def escalations_agree(town: Town, scope: Scope, log: independent.Log) -> None:
    words, session = words_of(town), town.clockwork().session
    reckoning = Reckoning.of(session, scope, words)
    every = independent.escalations(log)
    mine = [e for e in every if scope.wijk in (None, e.wijk) and scope.barrier in (None, e.barrier)]
    keys = {
        "escalations": lambda e: "all",
        "per_rung": lambda e: str(e.highest),
        "per_barrier": lambda e: e.barrier,
        "per_wijk": lambda e: e.wijk,
        "per_buurt": lambda e: e.buurt,
    }
    for figure in escalation_figures(reckoning, words):
        of = keys[figure.definition.code]
        assert {of(each) for each in mine} <= {row.key for row in figure.rows}
        for row in figure.rows:
            told = independent.counts_of([e for e in mine if of(e) == row.key], scope.first, scope.last)
            assert {name: cell.value for name, cell in row.cells.items()} == {
                name: told[name][0] for name in row.cells
            }, (figure.definition.code, row.key)
    whole = independent.counts_of(every, scope.first, scope.last)
    del whole["now"]  # what waits today is told of each barrier, in households alone
    assert {name: (c.value, c.households) for name in whole if (c := reckoning.counts.of(("", "", "", name)))} == whole
    again = repeated(reckoning, words)
    for row in again.rows:
        barrier = None if row.key == "all" else row.key
        assert row.cells["again"].value == independent.repeated(every, scope.first, scope.last, barrier)
    of_blocks = [e for e in every if scope.wijk in (None, e.wijk)]
    for row in blocks(session, reckoning, words, town.house.waiting_costs).rows:
        told = independent.counts_of([e for e in of_blocks if e.barrier == row.key], scope.first, scope.last)
        assert row.cells["households"].value == told["now"][1]
        assert ("days" in row.cells) == ("euros" in row.cells) == (scope.wijk is None)
        if scope.wijk is None:
            days = independent.days_waited(of_blocks, scope.first, scope.last, row.key, clock.now())
            assert row.cells["days"].value == days and row.cells["euros"].value == round(days * 191.78)
    waited = waits(session, scope)
    found = [(each.days, each.answered) for each in waited for _ in range(each.number)]
    asked_then = [each for each in mine if scope.first <= each.asked_on <= scope.last]
    assert sum(each.homes for each in waited) == len({each.household for each in asked_then} if waited else ())
    assert all(each.homes <= each.number for each in waited)
    assert found == independent.waits(mine, scope.first, scope.last, clock.today())
    days_of = {"asked": "asked_on", "answered": "answered_on", "ended": "ended_on"}
    for flow in FLOWS:
        days = [getattr(e, days_of[flow]) for e in mine]
        months = Counter((day.year, day.month) for day in days if day and scope.first <= day <= scope.last)
        assert {key: count.value for key, count in per_month(session, scope, flow).items()} == months


def outcomes_agree(town: Town, scope: Scope, log: independent.Log) -> None:
    told = {
        figure.definition.code: figure
        for figure in outcome_figures(town.clockwork().session, scope, words_of(town), town.house.instruments)
    }
    found = independent.cases(log)
    ended = [each for each in found if each.outcome_on and scope.first <= each.outcome_on <= scope.last]
    by_place = {w: [e for e in ended if e.wijk == w] for w in WIJKEN}
    by_place |= {b: [e for e in ended if e.buurt == b] for b in {e.buurt for e in ended}}
    for key, which in {"total": ended, **by_place}.items():
        outcomes = Counter(each.outcome for each in which)
        expected = {"all": len(which), **{name: outcomes[name] for name in ("achieved", "partly", "not_achieved")}}
        assert shown(told["outcomes"], key) == (expected if which or key == "total" else {})
    failed = [each for each in ended if each.outcome != "achieved"]
    for barrier in {each.barrier or "" for each in failed}:
        which = [each for each in failed if (each.barrier or "") == barrier]
        outcomes = Counter(each.outcome for each in which)
        assert shown(told["not_achieved"], f"b {barrier}") == {
            "both": len(which),
            "partly": outcomes["partly"],
            "not_achieved": outcomes["not_achieved"],
        }
    assert shown(told["returns"], "total") == independent.returns(
        found, scope.first, scope.last, last_ended_day(clock.today())
    )
    goals = independent.goals(log, scope.first, scope.last)
    results, own = Counter(result for _, result, _ in goals), Counter(answer for *_, answer in goals)
    assert shown(told["goals"], "total") == {
        "all": len(goals),
        **{n: results[n] for n in told["goals"].columns if n != "all"},
    }
    columns = told["own_answers"].columns
    assert shown(told["own_answers"], "total") == {"all": len(goals), **{n: own[n] for n in columns if n != "all"}}
    changed, twice = independent.changes(log, {each.id for each in ended})
    if changed:
        for domain, ways in changed.items():
            way = Counter(ways)
            assert shown(told["change_how_is_it_going"], domain) == {
                "all": len(ways),
                **{name: way[name] for name in ("better", "same", "worse")},
            }
        assert shown(told["missing_how_is_it_going"], "total") == {
            "all": len(ended),
            "measured": len(twice),
            "missing": len(ended) - len(twice),
        }
    else:
        assert "change_how_is_it_going" not in told


def shown(figure: Figure, key: str) -> dict[str, float | None]:
    return {name: cell.value for row in figure.rows if row.key == key for name, cell in row.cells.items()}


def test_small_groups_are_withheld_with_what_would_give_them_away(town: Town) -> None:
    """As they stand, with the threshold: nothing on fewer than five households is told, in any figure."""
    played = RandomWork(town, Random(13))
    played.play(60)
    with clock.standing_at(played.now):
        scope, words = Scope(date(2026, 1, 1), clock.today()), words_of(town)
        session = town.clockwork().session
        reckoning = Reckoning.of(session, scope, words)
        for spot, count in reckoning.counts.found.items():
            assert not 0 < count.households < 5 or spot in reckoning.counts.hidden
        outcomes = outcome_figures(session, scope, words, town.house.instruments)
        for figure in (*escalation_figures(reckoning, words), *outcomes):
            for row in figure.rows:
                assert all(cell.withheld or not 0 < (cell.value or 0) < 5 for cell in row.cells.values())
            assert figure.table("en").definition.title == figure.definition.title.en
