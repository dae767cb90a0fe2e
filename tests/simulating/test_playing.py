"""What always holds in a simulation, and cases whose answer theory knows."""

from itertools import accumulate
from math import inf
from pathlib import Path
from random import Random
from statistics import mean, median

import pytest

from tests.simulating.small import DAY, MONDAY, STAIRS, WEEK, desk, question, shipped
from wijkteam.engine.definition import CLOCK_ROLE
from wijkteam.simulating.delays import AsGiven
from wijkteam.simulating.hours import AroundTheClock
from wijkteam.simulating.measuring import measure
from wijkteam.simulating.model import Run
from wijkteam.simulating.rules import CannotSimulate
from wijkteam.simulating.world import Given, World, build_world

ALWAYS = {"hours_per_day": 24, "available": 1}
SHIPPED = ("household_case", "escalation", "mandate_request", "resident_signal")


def world_of(given: Given) -> World:
    return build_world(given, None, [], MONDAY)


def by_chance(count: int, apart: float, seed: int = 1) -> list[float]:
    chance = Random(seed)
    return list(accumulate((chance.expovariate(1 / apart) for _ in range(count)), initial=MONDAY))[1:]


def one_desk(folder: Path, people: int, effort_minutes: float = 60) -> World:
    """Everybody comes to the desk a day after arriving, and each takes exactly as long."""
    world = world_of(desk(folder, {**ALWAYS, "effort_minutes": effort_minutes}, clerk=people))
    world.hours = AroundTheClock()
    gap = DAY + world.effort("help")
    world.delays["waiting", None] = AsGiven(gap, gap, {"help": 1.0})
    return world


@pytest.mark.parametrize("busy", [0.3, 0.7])
def test_one_desk_with_equal_visits_has_the_wait_that_pollaczek_and_khinchine_give(tmp_path: Path, busy: float) -> None:
    world = one_desk(tmp_path, 1)
    service = world.effort("help")
    played = Run(world, by_chance(20_000, service / busy), inf, "1").play()
    expected = busy * service / (2 * (1 - busy))
    assert mean(work.began - work.asked for work in played.works) == pytest.approx(expected, rel=0.1)


def test_with_nobody_else_around_a_visit_lasts_exactly_its_delay(tmp_path: Path) -> None:
    world = one_desk(tmp_path, 1)
    played = Run(world, [MONDAY + number * WEEK for number in range(20)], inf, "1").play()
    assert [stay.left - stay.entered for stay in played.stays] == pytest.approx([DAY + world.effort("help")] * 20)


def test_littles_law_holds_for_queues_and_for_stays(tmp_path: Path) -> None:
    world = one_desk(tmp_path, 2)
    arrivals = by_chance(20_000, world.effort("help") / 1.8)
    played = Run(world, arrivals, inf, "1").play()
    rate = len(arrivals) / (arrivals[-1] - arrivals[0])
    found = measure(world, [played]).functions[0]
    assert found.mean_queue.middle == pytest.approx(
        rate * mean(work.began - work.asked for work in played.works), rel=0.03
    )
    assert found.used.middle == pytest.approx(0.9, rel=0.03)


def test_the_longest_queue_counts_everybody_who_came_at_once(tmp_path: Path) -> None:
    world = one_desk(tmp_path, 1)
    played = Run(world, [MONDAY] * 9, inf, "1").play()
    assert played.longest_queue == {"clerk": 8}


@pytest.mark.parametrize("seed", range(5))
def test_twice_the_people_never_make_the_median_wait_longer(tmp_path: Path, seed: int) -> None:
    waits = []
    for people in (1, 2, 4):
        world = one_desk(tmp_path, people)
        played = Run(world, by_chance(2_000, world.effort("help") * 1.05, seed), inf, str(seed)).play()
        waits.append(median(stay.left - stay.entered for stay in played.stays))
    assert waits[0] > waits[1] >= waits[2]


@pytest.mark.parametrize("name", SHIPPED)
@pytest.mark.parametrize("people", [0, 1])
def test_nobody_is_lost_what_came_in_ended_or_is_open_and_each_way_hangs_together(name: str, people: int) -> None:
    given = shipped(name, {"people": people})
    arrivals = by_chance(150, DAY)
    played = Run(world_of(given), arrivals, arrivals[-1] + 20 * WEEK, "1").play()
    assert played.arrived == 150 == played.ended.total() + played.open
    assert sum(stay.left is None for stay in played.stays) == played.open
    assert len(played.lengths) == played.ended.total()
    assert played.ended.total() > 0 or people == 0
    for stay in played.stays:
        assert stay.left is None or MONDAY < stay.entered <= stay.left <= played.horizon


@pytest.mark.parametrize("name", ["escalation", "household_case", "resident_signal"])
def test_a_term_is_missed_when_and_only_when_the_stay_outlasted_it(name: str) -> None:
    given = shipped(name)
    world = world_of(given)
    arrivals = by_chance(300, DAY)
    played = Run(world, arrivals, arrivals[-1] + 30 * WEEK, "2").play()
    missed = 0
    for stay in played.stays:
        rule = given.workflow.states[stay.state].term
        if rule is None or rule.counted_from == "opening":
            continue
        due = world.rules.term_end(stay.state, stay.rung, stay.entered, stay.entered, again=False)
        until = played.horizon if stay.left is None else stay.left
        assert stay.missed is (until > due + 1e-3 or (stay.by_clock and until >= due - 1e-3)), stay
        missed += stay.missed
    assert 0 < missed < len(played.stays)


def test_a_term_counted_from_the_opening_is_missed_at_once_when_it_was_over_and_then_reminds_by_its_length() -> None:
    world = world_of(shipped("resident_signal"))
    world.hours = AroundTheClock()
    _always(world, "received", AsGiven(60 * DAY, 60 * DAY, {"take_up": 1.0}))
    _always(world, "taken_up", AsGiven(30 * DAY, 30 * DAY, {"done": 1.0}))
    played = Run(world, [MONDAY], MONDAY + 300 * WEEK, "1").play()
    taken_up = next(stay for stay in played.stays if stay.state == "taken_up")
    assert taken_up.missed
    reminders = played.reminders
    _always(world, "taken_up", AsGiven(45 * DAY, 45 * DAY, {"done": 1.0}))
    assert Run(world, [MONDAY], MONDAY + 300 * WEEK, "1").play().reminders == reminders + 1


def _always(world: World, state: str, delay: AsGiven) -> None:
    """The same on every rung."""
    for key in [key for key in world.delays if key[0] == state]:
        world.delays[key] = delay


def test_silence_climbs_rung_by_rung_to_the_last_one_and_then_reminds(tmp_path: Path) -> None:
    given = question(tmp_path)
    world = world_of(given)
    for key in world.delays:
        world.delays[key] = AsGiven(1.0, 1.0, {})
    arrivals = by_chance(25, DAY)
    played = Run(world, arrivals, arrivals[-1] + 10 * WEEK, "1").play()
    assert played.open == 25 and played.climbs == 50 and played.reminders >= 25 * 8
    for number in range(3):
        one = sorted((stay for stay in played.stays if stay.rung == number + 1), key=lambda stay: stay.entered)
        assert len(one) == 25 and all(stay.missed for stay in one)
        assert all(stay.by_clock is (number < 2) and (stay.left is None) is (number == 2) for stay in one)
        for stay in one[: 25 if number < 2 else 0]:
            due = world.rules.term_end("asked", stay.rung, stay.entered, stay.entered, again=False)
            assert stay.left == pytest.approx(due)


def test_a_rung_that_nobody_holds_is_passed_over(tmp_path: Path) -> None:
    world = world_of(question(tmp_path, head=0))
    world.delays["asked", 1] = AsGiven(1.0, 1.0, {})
    played = Run(world, [MONDAY], MONDAY + 20 * WEEK, "1").play()
    assert [stay.rung for stay in played.stays] == [1, 3]


def test_a_ladder_that_does_not_climb_from_a_rung_reminds_there(tmp_path: Path) -> None:
    world = world_of(question(tmp_path, STAIRS.replace("{number: 1,", "{number: 1, unanswered: remind,")))
    world.delays["asked", 1] = AsGiven(1.0, 1.0, {})
    played = Run(world, [MONDAY], MONDAY + 6 * WEEK, "1").play()
    assert played.climbs == 0 and played.reminders > 5 and len(played.stays) == 1


def test_where_missed_terms_do_nothing_they_are_counted_and_nothing_climbs(tmp_path: Path) -> None:
    world = world_of(question(tmp_path))
    world.delays["asked", 1] = AsGiven(10 * DAY, 10 * DAY, {"answer": 1.0})
    arrivals = by_chance(20, DAY)
    played = Run(world, arrivals, arrivals[-1] + 30 * WEEK, "1", terms_run=False).play()
    assert played.climbs == played.reminders == 0 and played.ended == {"answered": 20}
    assert all(stay.missed and stay.rung == 1 for stay in played.stays)


def test_a_function_that_nobody_holds_lets_work_wait_for_ever(tmp_path: Path) -> None:
    world = world_of(desk(tmp_path, clerk=0))
    played = Run(world, [MONDAY] * 4, MONDAY + 30 * WEEK, "1").play()
    assert played.open == 4 and played.reminders > 0
    assert measure(world, [played]).functions[0].people == 0


def test_only_people_take_steps_that_are_for_people() -> None:
    given = shipped("escalation")
    world = world_of(given)
    for state, rung in world.places():
        names = [each.name for each in world.rules.ways(state, rung)]
        assert names and all(set(given.workflow.transition(name).by) != {CLOCK_ROLE} for name in names)
    assert "pass_up" not in [each.name for each in world.rules.ways("asked", 4)]
    assert "step_down" not in [each.name for each in world.rules.ways("asked", 1)]


def test_a_term_that_looks_at_more_than_the_rung_cannot_be_simulated(tmp_path: Path) -> None:
    given = question(tmp_path)
    given.vocabulary.terms["rung"] = lambda subject, at: subject.amount
    with pytest.raises(CannotSimulate, match="more than the rung"):
        world_of(given)


def test_the_same_seed_plays_the_same_and_another_seed_another() -> None:
    world = world_of(shipped("household_case"))
    arrivals = by_chance(60, DAY)
    first, again, other = (Run(world, arrivals, arrivals[-1] + 20 * WEEK, seed).play() for seed in "112")
    assert first == again != other
