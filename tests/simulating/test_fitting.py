"""Fitting finds what is known to be true of a made-up past; the comparison sees when the past did not go on."""

from itertools import accumulate
from math import log
from pathlib import Path
from random import Random
from statistics import median, quantiles

import pytest
from hypothesis import given as over
from hypothesis import strategies as st

from tests.simulating.small import (
    CLERK,
    CLERKS,
    CLOCK,
    DAY,
    MONDAY,
    WEEK,
    desk,
    desk_past,
    question,
    shipped,
)
from wijkteam.simulating.arriving import fitted_arrivals, given_arrivals
from wijkteam.simulating.comparing import Verdict, clock_ran, distance, hold_back, judge
from wijkteam.simulating.delays import Act, FromThePast, Observed, weigh
from wijkteam.simulating.history import Life, PastStay, PastStep, last_moment, seen_until
from wijkteam.simulating.hours import AroundTheClock, OfficeHours, OpenFrom, local_of, moment_of
from wijkteam.simulating.service import Past, Wish, WrongSimulation, simulate
from wijkteam.simulating.telling import as_text, verdict
from wijkteam.simulating.world import build_world
from wijkteam.terms.term import Term

MANY = st.lists(st.tuples(st.floats(1, 1e6), st.booleans()), min_size=1, max_size=60)


def observed(pairs: list[tuple[float, bool]]) -> list[Observed]:
    return [Observed((), lasted, ended) for lasted, ended in pairs]


@over(MANY)
def test_shares_of_stays_and_what_is_left_beyond_them_are_all_there_is(pairs: list[tuple[float, bool]]) -> None:
    ended, shares, rest = weigh(observed(pairs))
    assert len(ended) == sum(ended for _, ended in pairs)
    assert sum(shares) + rest == pytest.approx(1)
    assert all(share > 0 for share in shares) and rest >= 0


@over(st.lists(st.floats(1, 1e6), min_size=1, max_size=60))
def test_where_nothing_was_broken_off_every_stay_weighs_the_same(lasted: list[float]) -> None:
    _, shares, rest = weigh(observed([(each, True) for each in lasted]))
    assert shares == pytest.approx([1 / len(lasted)] * len(lasted)) and rest == 0


def test_stays_that_were_broken_off_do_not_make_the_rest_look_short() -> None:
    chance = Random(3)
    found = []
    for _ in range(4_000):
        whole, broken = chance.expovariate(1 / 5), chance.uniform(0, 12)
        found.append((min(whole, broken), whole <= broken))
    ended, shares, rest = weigh(observed(found))
    half_way = next(place for place, passed in enumerate(accumulate(shares)) if passed >= 0.5)
    assert ended[half_way].lasted == pytest.approx(5 * log(2), rel=0.05)
    naive = median(lasted for lasted, did in found if did)
    assert naive < 0.8 * ended[half_way].lasted and rest < 0.2


def test_what_never_got_an_answer_in_years_hardly_ever_gets_one() -> None:
    stays = [Observed((Act(1.0, "answer"),), 1.0, True), *[Observed((), 1_000.0, False)] * 9]
    chance = Random(1)
    drawn = [FromThePast(stays).draw(chance)[0].gap for _ in range(4_000)]
    assert sum(gap <= 1.0 for gap in drawn) / len(drawn) == pytest.approx(0.1, abs=0.02)
    assert sum(gap > 1_000 for gap in drawn) / len(drawn) > 0.8


def lognormal(chance: Random) -> float:
    return chance.lognormvariate(1.2, 0.7)


def test_fitting_finds_delays_choices_and_arrivals_of_a_made_up_past(tmp_path: Path) -> None:
    until = MONDAY + 150 * WEEK
    lives = desk_past(3_000, lognormal, until=until)
    world = build_world(desk(tmp_path), CLERKS, lives, until)
    chance = Random(5)
    drawn = [world.delays["waiting", None].draw(chance) for _ in range(8_000)]
    days = [sum(act.gap for act in acts) / DAY for acts in drawn]
    assert isinstance(world.hours, AroundTheClock)
    truth = [lognormal(chance) for _ in range(8_000)]
    assert distance(days, truth) < 0.04
    assert sum(acts[-1].name == "help" for acts in drawn) / len(drawn) == pytest.approx(0.7, abs=0.03)
    arriving = fitted_arrivals([life.opened_at for life in lives])
    assert arriving.per_week == pytest.approx(20, rel=0.05)
    moments = arriving.moments(chance, 2_000, MONDAY)
    assert len(moments) == 2_000 == len([moment for moment in moments if moment >= MONDAY])
    assert 2_000 / ((moments[-1] - moments[0]) / WEEK) == pytest.approx(20, rel=0.06)


def test_the_simulation_gives_back_the_stays_of_the_past_it_was_fitted_to(tmp_path: Path) -> None:
    lives = desk_past(600, lognormal)
    past = Past(CLERKS, lives, last_moment(lives))
    report = simulate(Wish(600, 1, 3, 0.0), desk(tmp_path), past, lambda done: None)
    days = [(life.last.entered - life.opened_at) / DAY for life in lives]
    cuts = quantiles(days, n=10)
    waits = report.measured.states[0].waits
    assert waits.median.middle == pytest.approx(cuts[4], rel=0.08)
    assert waits.p90.middle == pytest.approx(cuts[8], rel=0.12)


def test_given_arrivals_come_as_often_as_given_and_in_open_hours_where_nothing_else_is_known() -> None:
    day = local_of(MONDAY).date()
    hours = OfficeHours(day, day.replace(year=2030), OpenFrom(9, 17))
    moments = given_arrivals(12.0, (), hours, "given").moments(Random(1), 3_000, MONDAY)
    assert 3_000 / ((moments[-1] - MONDAY) / WEEK) == pytest.approx(12, rel=0.06)
    assert all(local_of(moment).weekday() < 5 and 9 <= local_of(moment).hour < 17 for moment in moments)


@over(st.floats(0, 400 * DAY), st.floats(1, 60 * DAY))
def test_open_time_is_counted_the_same_forwards_and_back(offset: float, length: float) -> None:
    day = local_of(MONDAY).date()
    hours = OfficeHours(day, day.replace(year=2030), OpenFrom(9, 17))
    start = MONDAY + offset
    end = hours.after(start, length)
    assert hours.between(start, end) == pytest.approx(length, abs=0.01)
    assert end >= start + length - 0.01
    local = local_of(end - 0.5)
    assert local.weekday() < 5 and 9 <= local.hour < 17


def compared(tmp_path: Path, lives: list[Life], runs: int = 3) -> dict[str | None, Verdict]:
    fit = hold_back(desk(tmp_path), CLERKS, lives, last_moment(lives), 0.3, "1", runs)
    return {row.state: row.verdict for row in fit.rows}


def test_a_past_that_went_on_as_it_was_fits(tmp_path: Path) -> None:
    assert compared(tmp_path, desk_past(900, lognormal)) == {"waiting": Verdict.FITS, None: Verdict.FITS}


def test_a_past_that_changed_half_way_is_told_not_to_be_believed(tmp_path: Path) -> None:
    before = desk_past(600, lognormal)
    shift = last_moment(before) - MONDAY
    after = desk_past(300, lambda chance: 2 * lognormal(chance), seed=2)
    for life in after:
        life.opened_at += shift
        for stay in life.stays:
            stay.entered += shift
            stay.left = PastStep(stay.left.name, stay.left.at + shift, CLERK) if stay.left else None
    lives = [*before, *after]
    assert compared(tmp_path, lives) == {"waiting": Verdict.DIFFERS, None: Verdict.DIFFERS}
    past = Past(CLERKS, lives, last_moment(lives))
    told = verdict(simulate(Wish(50, 1, 1, 0.3), desk(tmp_path), past, lambda done: None))
    assert told[0].startswith("Do not use this for: waiting (") and "differs" in told[0]


@pytest.mark.parametrize(
    ("past", "simulated", "runs", "said"),
    [
        ([1.0] * 19, [1.0] * 95, 5, Verdict.TOO_FEW),
        ([1.0] * 400, [], 5, Verdict.DIFFERS),
        ([float(n) for n in range(200)], [float(n) for n in range(200)] * 5, 5, Verdict.FITS),
        ([float(n) for n in range(200)], [float(n) * 2 for n in range(200)] * 5, 5, Verdict.DIFFERS),
        ([float(n) for n in range(22)], [float(n) * 1.4 for n in range(22)], 1, Verdict.TOO_FEW),
        ([float(n) for n in range(2_000)], [n * 1.04 for n in range(2_000)] * 5, 5, Verdict.FITS),
    ],
    ids=["few", "none simulated", "same", "twice", "few and apart", "hardly apart"],
)
def test_two_samples_are_judged_by_what_matters_and_by_what_chance_allows(
    past: list[float], simulated: list[float], runs: int, said: Verdict
) -> None:
    assert judge(past, simulated, runs)[1] is said


@over(st.lists(st.integers(0, 9), min_size=1, max_size=30), st.lists(st.integers(0, 9), min_size=1, max_size=30))
def test_the_distance_is_that_between_the_two_distributions(one: list[int], other: list[int]) -> None:
    def share(values: list[int], until: float) -> float:
        return sum(value <= until for value in values) / len(values)

    assert distance(one, other) == pytest.approx(max(abs(share(one, n) - share(other, n)) for n in range(10)))


def test_with_too_little_history_only_given_figures_are_used_and_it_says_so(tmp_path: Path) -> None:
    lives = desk_past(29, lognormal)
    report = simulate(Wish(20, 1, 2, 0.3), desk(tmp_path), Past(CLERKS, lives, last_moment(lives)), lambda done: None)
    assert report.fit is None and {basis.source for basis in report.basis} == {"made up"}
    assert report.arrivals_source == "made up"
    assert "Too little history: 29 of 29 subjects have ended" in as_text(report)


def test_arrivals_cannot_be_fitted_to_too_little_history(tmp_path: Path) -> None:
    with pytest.raises(WrongSimulation, match="give a number per week"):
        simulate(Wish(5, 1, 1, 0.3, must_fit_arrivals=True), desk(tmp_path), None, lambda done: None)


def test_given_figures_of_a_state_win_from_the_past(tmp_path: Path) -> None:
    lives = desk_past(300, lognormal)
    figures = {
        "states": {"waiting": {"median_days": 40, "p90_days": 40}},
        "choices": {"waiting": {"leave": 1}},
        "effort_minutes": 0,
    }
    past = Past(CLERKS, lives, last_moment(lives))
    report = simulate(Wish(50, 1, 2, 0.0), desk(tmp_path, figures), past, lambda done: None)
    assert report.measured.states[0].waits.median.middle == pytest.approx(40, rel=0.01)
    assert report.measured.outcomes["gone"].low == 50 and report.basis[0].source == "given in test"


def rung_past(count: int, climbs: bool) -> list[Life]:
    """Questions that nobody answers on the first rung in time; the clock moves them, or does nothing."""
    lives = []
    for number in range(count):
        opened = MONDAY + number * WEEK + (8 + number % 9) * 3_600
        first = PastStay("asked", 1, opened)
        answered = PastStep("answer", opened + 9 * DAY, CLERK)
        if climbs:
            due = Term("P2D").end(moment_of(opened)).timestamp()
            first.left = PastStep("climb", due, CLOCK)
            second = PastStay("asked", 2, due, left=answered)
            lives.append(Life(opened, [first, second, PastStay("answered", 2, answered.at)]))
        else:
            first.left = answered
            lives.append(Life(opened, [first, PastStay("answered", 1, answered.at)]))
    return lives


@pytest.mark.parametrize("climbs", [True, False])
def test_it_is_seen_whether_missed_terms_did_anything_in_the_past(tmp_path: Path, climbs: bool) -> None:
    lives = rung_past(60, climbs)
    world = build_world(question(tmp_path), CLERKS, lives, last_moment(lives))
    assert clock_ran(world, lives, last_moment(lives)) is climbs
    fit = hold_back(question(tmp_path), CLERKS, lives, last_moment(lives), 0.4, "1", 2)
    assert fit.terms_ran is climbs
    rows = {row.rung: row.verdict for row in fit.rows if row.state == "asked"}
    assert rows[1] is Verdict.FITS and rows[3] is Verdict.TOO_FEW


def test_a_rung_with_little_history_takes_that_of_all_rungs_and_says_so(tmp_path: Path) -> None:
    lives = rung_past(60, climbs=False)
    world = build_world(question(tmp_path), CLERKS, lives, last_moment(lives))
    assert {basis.rung: basis.source for basis in world.basis} == {
        1: "the past",
        2: "the past, all rungs together",
        3: "the past, all rungs together",
    }


def test_fewer_people_than_the_past_took_are_not_believed_unless_they_are_given(tmp_path: Path) -> None:
    lives = desk_past(900, lognormal, per_week=300)
    busy = {"effort_minutes": 240}
    few = CLERKS.__class__({"clerk": 1}, CLERKS.functions)
    known = build_world(desk(tmp_path, busy), few, lives, last_moment(lives)).staffing.post("clerk")
    given = build_world(desk(tmp_path, busy, clerk=1), few, lives, last_moment(lives)).staffing.post("clerk")
    assert known.people is None and given.people == 1


def test_what_was_seen_until_a_moment_holds_nothing_of_what_came_later() -> None:
    lives = desk_past(200, lognormal)
    moment = lives[120].opened_at
    seen = seen_until(lives, moment)
    assert len(seen) == 120
    assert all(
        stay.entered < moment and (stay.left is None or stay.left.at < moment) for life in seen for stay in life.stays
    )
    assert any(life.last.left is None and life.last.state == "waiting" for life in seen)


def test_people_who_keep_office_hours_are_fitted_with_office_hours(tmp_path: Path) -> None:
    chance = Random(2)
    lives = []
    for number in range(80):
        opened = MONDAY + number * 4 * WEEK + chance.choice(range(4)) * DAY + 10 * 3600
        left = PastStep("help", opened + DAY + chance.uniform(-2, 5) * 3600, CLERK)
        lives.append(Life(opened, [PastStay("waiting", None, opened, left=left), PastStay("helped", None, left.at)]))
    world = build_world(desk(tmp_path), CLERKS, lives, last_moment(lives))
    assert isinstance(world.hours, OfficeHours) and world.hours.hours.until <= 18


def test_shipped_workflows_name_their_functions() -> None:
    world = build_world(shipped("escalation"), None, [], MONDAY)
    assert world.staffing.function("asked", "answer", 3) == "manager"
    assert world.staffing.function("answered", "resolve", 3) is None
