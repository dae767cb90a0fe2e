"""The verdict over made-up registers: the same as a slow scan gives, with a row and people that bear it out."""

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.mandate.small_registers import DAYS, NOW, PEOPLE, World, covers, moments, questions, slowly, worlds
from wijkteam.mandate.verdict import Question, verdict

WHO = st.sampled_from(PEOPLE)
FEW = settings(max_examples=50)


@settings(max_examples=250)
@given(worlds, questions, WHO)
def test_awb_10_2_the_verdict_is_that_of_a_scan_of_every_row(world: World, question: Question, who: int) -> None:
    answer = world.ask(question, who)
    assert (answer.allowed, answer.eyes_needed) == slowly(world.rows, world.person(who), question)


@FEW
@given(worlds, questions, WHO)
def test_awb_10_2_the_row_that_is_named_covers_the_decision(world: World, question: Question, who: int) -> None:
    answer = world.ask(question, who)
    if answer.row is None:
        assert answer.why_nl and answer.why_en
    else:
        assert covers(answer.row, world.rows, world.person(who), question, NOW) == answer.eyes_needed


@FEW
@given(worlds, questions, WHO)
def test_awb_10_5_what_was_given_for_this_case_is_the_ground_before_a_general_row(
    world: World, question: Question, who: int
) -> None:
    answer = world.ask(question, who)
    if answer.allowed and answer.row is not None and answer.row.case_id is None:
        person = world.person(who)
        for_this_case = [row for row in world.rows if row.case_id is not None]
        assert all(covers(row, world.rows, person, question, NOW) != 0 for row in for_this_case)


@FEW
@given(worlds, questions, WHO)
def test_the_nearest_can_be_reached_today_and_may_decide_it(world: World, question: Question, who: int) -> None:
    nearest = world.ask(question, who).nearest
    for person in nearest.people if nearest else ():
        assert person.person_id not in world.away
        assert person.person_id not in (who, question.objection_against)
        answer = world.ask(question, person.person_id)
        assert answer.allowed or answer.eyes_needed


@FEW
@given(worlds, questions, WHO)
def test_whenever_somebody_who_can_be_reached_may_decide_somebody_is_named(
    world: World, question: Question, who: int
) -> None:
    answer = world.ask(question, who)
    if answer.allowed:
        return
    others = [each for each in world.people if each.person_id not in (who, *world.away)]
    can = [each.person_id for each in others if slowly(world.rows, each, question)[0]]
    if can:
        assert answer.nearest is not None and answer.nearest.people
        named = [each for each in answer.nearest.people if slowly(world.rows, each, question)[0]]
        assert named, "somebody who needs nobody else goes first"


@FEW
@given(worlds, questions, WHO)
def test_being_away_takes_no_power_away(world: World, question: Question, who: int) -> None:
    everybody_away = World(world.rows, world.people, frozenset(PEOPLE))
    mine, then = world.ask(question, who), everybody_away.ask(question, who)
    assert (mine.row, mine.eyes_needed) == (then.row, then.eyes_needed)
    assert then.nearest is None or not then.nearest.people


@FEW
@given(worlds, questions, moments, moments)
def test_a_snapshot_moved_to_another_moment_is_the_snapshot_of_that_moment(
    world: World, question: Question, first: object, second: object
) -> None:
    register = world.register(first).at(second)  # type: ignore[arg-type]
    for who in PEOPLE:
        moved = verdict(register, world.person(who), question)
        made = verdict(world.register(second), world.person(who), question)  # type: ignore[arg-type]
        assert (moved.row, moved.eyes_needed, moved.why_nl) == (made.row, made.eyes_needed, made.why_nl)


@FEW
@given(worlds, st.sampled_from(DAYS), st.sampled_from(DAYS))
def test_a_snapshot_moved_over_days_is_the_snapshot_of_that_day(world: World, first: object, second: object) -> None:
    one, other = (NOW.replace(month=day.month, day=day.day) for day in (first, second))  # type: ignore[attr-defined]
    moved = world.register(one).at(other)
    assert [each.row for each in moved.all_standing()] == [each.row for each in world.register(other).all_standing()]
