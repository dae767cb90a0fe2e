"""What Awb title 10.1 says of mandate, each rule on made-up registers; the article is in the name."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.mandate.small_registers import (
    CASES,
    CODES,
    FUNCTIONS,
    NOW,
    PEOPLE,
    TODAY,
    World,
    questions,
    within_limits,
    worlds,
)
from wijkteam.mandate.register import PresentStaff, Register
from wijkteam.mandate.row import SIGNING, RegisterRow
from wijkteam.mandate.verdict import NEVER_MANDATED, RESERVED_WORDS, Question, Verdict, agreed_in_time, verdict
from wijkteam.people.acting import ActingPerson, Holding
from wijkteam.rulebook import read_lists, workflow_folders

WHO = st.sampled_from(PEOPLE)
FEW = settings(max_examples=50)
CIVIL = ActingPerson(1, "Ambtenaar", True, (Holding("team_lead", None),))
LEAD = RegisterRow(id=1, number="M-1", power="budget", function="team_lead", valid_from=TODAY, may_pass_on=True)


def ask(rows: list[RegisterRow], question: Question, person: ActingPerson = CIVIL, *others: ActingPerson) -> Verdict:
    return verdict(Register(rows, NOW, PresentStaff([person, *others])), person, question)


@pytest.mark.parametrize("power", sorted(NEVER_MANDATED))
def test_awb_10_3_2_some_powers_are_never_exercised_by_mandate(power: str) -> None:
    answer = ask([replace(LEAD, power=power)], Question(power))
    assert not answer.allowed and "Awb 10:3" in answer.why_nl


@FEW
@given(worlds, questions, WHO)
def test_awb_10_3_3_who_took_the_decision_never_decides_on_the_objection(
    world: World, question: Question, who: int
) -> None:
    asked = replace(question, objection_against=who)
    for each in PEOPLE:
        answer = world.ask(asked, each)
        assert not (each == who and (answer.allowed or answer.eyes_needed))
        assert answer.nearest is None or who not in [person.person_id for person in answer.nearest.people]


@FEW
@given(worlds, questions)
def test_awb_10_4_without_consent_on_record_nobody_from_elsewhere_decides(world: World, question: Question) -> None:
    person = world.person(1)
    none = replace(person, holdings=tuple(replace(each, consented=False) for each in person.holdings))
    answer = verdict(world.register(), none, question)
    assert not answer.allowed and not answer.eyes_needed
    full = replace(person, holdings=tuple(replace(each, consented=True) for each in person.holdings))
    assert verdict(world.register(), full, question).allowed >= world.ask(question).allowed


@FEW
@given(worlds, questions, WHO)
def test_awb_10_5_a_row_for_one_case_covers_only_that_person_in_that_case(
    world: World, question: Question, who: int
) -> None:
    row = world.ask(question, who).row
    if row is not None and row.case_id is not None:
        assert (row.case_id, row.person_id) == (question.case_id, who)


@given(st.integers(0, 500), st.lists(st.integers(0, 300), max_size=12))
def test_awb_10_5_all_decisions_under_a_row_for_one_case_never_exceed_its_amount(
    total: int, amounts: list[int]
) -> None:
    row = replace(LEAD, case_id=CASES[0], person_id=1, ceiling_per_decision=total)
    spent = 0
    for amount in amounts:
        asked = Question("budget", amount, case_id=CASES[0], spent_under={1: spent})
        if ask([row], asked).allowed:
            spent += amount
        else:
            assert spent + amount > total
    assert spent <= total


@FEW
@given(worlds, questions, WHO, st.sampled_from(FUNCTIONS), st.integers(1, 7))
def test_awb_10_7_giving_takes_nothing_from_the_giver(
    world: World, question: Question, who: int, function: str, giver: int
) -> None:
    above = next((row for row in world.rows if row.id == giver), world.rows[0])
    given_on = replace(above, id=99, number="M-99", function=function, given_under=above.id, ceiling_per_decision=1)
    before = world.ask(question, who)
    after = verdict(world.register(NOW, given_on), world.person(who), question)
    assert after.allowed >= before.allowed
    if before.allowed and after.row is not None and after.row.id != 99:
        assert after.row == before.row


def test_awb_10_7_the_body_itself_stays_competent_where_nobody_can_be_reached() -> None:
    nearest = ask([replace(LEAD, ceiling_per_decision=100)], Question("budget", 101)).nearest
    assert nearest is not None and nearest.function is None
    assert nearest.body == "college van burgemeester en wethouders"


@FEW
@given(worlds, questions, WHO, st.integers(1, 7), st.integers(-3, 3))
def test_awb_10_8_revoking_reaches_everything_under_it_from_that_moment_and_nothing_before(
    world: World, question: Question, who: int, number: int, seconds: int
) -> None:
    row = next((each for each in world.rows if each.id == number), world.rows[0])
    as_it_was = world.changed(row.id, revoked_at=None)
    revoked = world.changed(row.id, revoked_at=NOW)
    moment = NOW + timedelta(seconds=seconds)
    register = revoked.register(moment)
    answer = verdict(register, world.person(who), question)
    if moment < NOW:
        before = verdict(as_it_was.register(moment), world.person(who), question)
        assert (answer.allowed, answer.row and answer.row.id) == (before.allowed, before.row and before.row.id)
    else:
        assert answer.standing is None or row.id not in [each.id for each in answer.standing.chain]
        assert all(row.id not in [each.id for each in standing.chain] for standing in register.all_standing())


@FEW
@given(worlds, questions, WHO)
def test_awb_10_9_sub_mandate_never_wider_than_what_the_giver_holds(world: World, question: Question, who: int) -> None:
    standing = world.ask(question, who).standing
    for row in standing.chain if standing else ():
        assert within_limits(row, world.person(who), question)


@FEW
@given(worlds, questions, WHO)
def test_awb_10_9_sub_mandate_only_where_it_was_allowed_and_to_whom(world: World, question: Question, who: int) -> None:
    standing = world.ask(question, who).standing
    chain = standing.chain if standing else ()
    for below, above in zip(chain, chain[1:], strict=False):
        assert above.may_pass_on and above.pass_on_to in (None, below.function)
        assert (above.power, above.id) == (below.power, below.given_under)
    forbidden = [replace(row, may_pass_on=False) for row in world.rows]
    row = verdict(Register(forbidden, NOW), world.person(who), question).row
    assert row is None or row.given_under is None


@pytest.mark.parametrize(
    ("giver", "own", "holds"),
    [
        ({}, {}, True),
        ({"may_pass_on": False}, {}, False),
        ({"pass_on_to": "team_lead"}, {}, True),
        ({"pass_on_to": "manager"}, {}, False),
        ({"power": "housing"}, {}, False),
        ({"body": "burgemeester"}, {}, False),
        ({"kind": "volmacht"}, {}, False),
        ({"case_id": "case-1", "person_id": 2}, {}, False),
        ({"case_id": "case-1", "person_id": 2}, {"case_id": "case-1", "person_id": 1}, True),
        ({"team_id": 1}, {}, True),
        ({"team_id": 2}, {}, False),
        ({"team_id": 2}, {"team_id": 1}, False),
        ({"wijk_code": "WK1"}, {}, True),
        ({"wijk_code": "WK2"}, {"wijk_code": "WK1"}, False),
        ({"valid_until": date(2026, 3, 1)}, {}, False),
        ({"valid_from": date(2026, 3, 3)}, {}, False),
        ({"revoked_at": NOW}, {}, False),
        ({"revoked_at": NOW + timedelta(seconds=1)}, {}, True),
    ],
)
def test_awb_10_9_sub_mandate_holds_only_by_what_the_giver_holds_and_may_pass_on(
    giver: dict[str, object], own: dict[str, object], holds: bool
) -> None:
    above = replace(LEAD, function="manager", **giver)  # type: ignore[arg-type]
    below = replace(LEAD, id=2, number="M-2", given_under=1, **own)  # type: ignore[arg-type]
    question = Question("budget", 100, team_id=1, wijk_code="WK1", case_id="case-1")
    assert ask([above, below], question).allowed is holds


@pytest.mark.parametrize(
    ("limit", "stopped"),
    [
        ({"ceiling_per_decision": 100}, Question("budget", 101)),
        ({"ceiling_per_household": 100}, Question("budget", 51, spent_on_household=50)),
        ({"ceiling_per_year": 100}, Question("budget", 51, spent_under={1: 50})),
        ({"longest_duration": "P10D"}, Question("budget", until=TODAY + timedelta(days=11))),
        ({"second_pair_above": 100}, Question("budget", 101)),
        ({"colleagues_needed": 2}, Question("budget", colleagues_agreed=1)),
        ({"colleagues_needed": 1, "quorum_within": "PT24H"}, Question("budget", agreed_at=(NOW - timedelta(days=2),))),
        ({"reserved": "precedent"}, Question("budget", reserved=frozenset({"precedent"}))),
        ({"civil_servant_only": True}, Question("budget")),
    ],
)
def test_awb_10_9_every_limit_of_the_giver_holds_for_sub_mandate(limit: dict[str, object], stopped: Question) -> None:
    elsewhere = replace(CIVIL, civil_servant=False)
    above, below = replace(LEAD, function="manager"), replace(LEAD, id=2, number="M-2", given_under=1)
    assert ask([above, below], stopped, elsewhere).allowed
    assert not ask([replace(above, **limit), below], stopped, elsewhere).allowed  # type: ignore[arg-type]


def test_awb_10_5_the_nearest_for_a_row_for_one_case_is_the_person_it_names() -> None:
    others = [ActingPerson(number, f"P{number}", True, (Holding("manager", None),)) for number in (2, 3)]
    row = replace(LEAD, function="manager", case_id="case-1", person_id=3)
    nearest = ask([row], Question("budget", case_id="case-1"), CIVIL, *others).nearest
    assert nearest is not None and [each.person_id for each in nearest.people] == [3]


def test_awb_10_3_3_who_took_the_decision_is_not_the_nearest_for_the_objection() -> None:
    others = [ActingPerson(number, f"P{number}", True, (Holding("manager", None),)) for number in (2, 3)]
    nearest = ask([replace(LEAD, function="manager")], Question("budget", objection_against=2), CIVIL, *others).nearest
    assert nearest is not None and [each.person_id for each in nearest.people] == [3]


def test_awb_10_9_rows_in_a_circle_hold_nothing() -> None:
    circle = [replace(LEAD, id=number, number=f"M-{number}", given_under=number % 3 + 1) for number in (1, 2, 3)]
    assert Register(circle, NOW).all_standing() == []
    assert not ask([*circle, replace(LEAD, id=4, given_under=9)], Question("budget")).allowed


def test_awb_10_9_a_very_long_chain_is_followed_to_its_end() -> None:
    chain = [replace(LEAD, id=number, given_under=number - 1 or None) for number in range(1, 1501)]
    chain[700] = replace(chain[700], ceiling_per_decision=40)
    register = Register(reversed(chain), NOW)
    standing = register.standing(1500)
    assert standing is not None and len(standing.chain) == 1500 and standing.per_decision == 40
    assert register.standing(700).per_decision is None  # type: ignore[union-attr]


@FEW
@given(worlds, questions, WHO)
def test_awb_10_10_the_body_is_the_one_that_gave_the_first_mandate(world: World, question: Question, who: int) -> None:
    standing = world.ask(question, who).standing
    if standing is not None:
        first = standing.chain[-1]
        assert first.given_under is None and first.body == standing.row.body
        assert standing.row.body in standing.text()
        assert all(above.number in standing.text() for above in standing.chain)


@FEW
@given(worlds, questions, WHO)
def test_awb_10_11_who_may_only_sign_never_decides(world: World, question: Question, who: int) -> None:
    signing = World([replace(row, kind=SIGNING) for row in world.rows], world.people, world.away)
    answer = signing.ask(question, who)
    assert not answer.allowed and not answer.eyes_needed


def test_awb_10_11_who_may_only_sign_is_told_who_decides() -> None:
    answer = ask([replace(LEAD, kind=SIGNING)], Question("budget"))
    assert answer.why_nl == (
        "U mag dit alleen ondertekenen. Het besluit neemt het college van burgemeester en wethouders zelf (Awb 10:11)."
    )


@pytest.mark.parametrize("kind", ["mandaat", "volmacht", "machtiging"])
def test_awb_10_12_the_rules_hold_for_volmacht_and_machtiging_as_for_mandaat(kind: str) -> None:
    rows = [replace(LEAD, kind=kind, ceiling_per_decision=100), replace(LEAD, id=2, kind=kind, given_under=1)]
    assert ask(rows, Question("budget", 100)).allowed
    assert not ask(rows, Question("budget", 101)).allowed
    assert not ask(
        [replace(LEAD, kind=kind, may_pass_on=False, function="manager"), rows[1]], Question("budget")
    ).allowed
    other_kind = "mandaat" if kind != "mandaat" else "volmacht"
    assert not ask([replace(LEAD, kind=other_kind, function="manager"), rows[1]], Question("budget")).allowed


@FEW
@given(worlds, questions, WHO, st.integers(1, 500))
def test_a_ceiling_that_covers_an_amount_covers_every_smaller_one(
    world: World, question: Question, who: int, less: int
) -> None:
    smaller = replace(question, amount=max(0, (question.amount or 0) - less))
    if question.amount is not None:
        assert world.ask(smaller, who).allowed >= world.ask(question, who).allowed


@FEW
@given(worlds, questions, WHO, st.integers(0, 500), st.integers(1, 7))
def test_what_was_spent_already_never_leaves_more(
    world: World, question: Question, who: int, more: int, row: int
) -> None:
    under = {**question.spent_under, row: question.spent_under.get(row, 0) + more}
    spent = replace(question, spent_on_household=question.spent_on_household + more, spent_under=under)
    assert world.ask(spent, who).allowed <= world.ask(question, who).allowed


@settings(max_examples=120)
@given(worlds, questions, WHO)
def test_with_as_many_more_eyes_as_were_said_it_may_be_decided_and_with_one_fewer_not(
    world: World, question: Question, who: int
) -> None:
    answer = world.ask(question, who)
    if not answer.eyes_needed:
        return
    for extra, allowed in ((answer.eyes_needed, True), (answer.eyes_needed - 1, False)):
        asked = replace(question, colleagues_agreed=question.colleagues_agreed + extra)
        assert world.ask(asked, who).allowed is allowed


@given(st.lists(st.integers(-200, 5), max_size=8), st.sampled_from(["PT24H", "P3D"]))
def test_who_agreed_longer_ago_than_the_term_no_longer_counts(hours: list[int], within: str) -> None:
    given_at = [NOW + timedelta(hours=each) for each in hours]
    longest = {"PT24H": 24, "P3D": 72}[within]
    assert agreed_in_time(given_at, within, NOW) == sum(-longest <= each <= 0 for each in hours)
    assert agreed_in_time(given_at, None, NOW) == sum(each <= 0 for each in hours)


@given(st.sets(st.sampled_from(CODES)), st.sets(st.sampled_from(CODES)))
def test_a_reserved_case_goes_up_to_whoever_does_not_reserve_it(kept: set[str], asked: set[str]) -> None:
    boss = ActingPerson(2, "Baas", True, (Holding("manager", None),))
    rows = [
        replace(LEAD, function="manager"),
        replace(LEAD, id=2, number="M-2", given_under=1, reserved=",".join(kept), ceiling_per_decision=500),
    ]
    answer = ask(rows, Question("budget", 100, reserved=frozenset(asked)), CIVIL, boss)
    assert answer.allowed is not bool(kept & asked)
    if not answer.allowed:
        assert answer.why_nl.startswith("Dit houdt wie u dit mandaat gaf zelf: ")
        assert answer.nearest is not None and answer.nearest.people == (boss,)


def test_what_the_body_reserves_is_kept_by_the_body_and_said_in_the_words_of_the_list() -> None:
    answer = ask([replace(LEAD, reserved="precedent")], Question("budget", reserved=frozenset({"precedent"})))
    assert answer.why_nl == "Dit houdt het college van burgemeester en wethouders zelf: schept een precedent."
    listed = read_lists(workflow_folders())["reserved_cases"].items
    assert {code: (text.nl.lower(), text.en.lower()) for code, text in listed.items()} == RESERVED_WORDS


@pytest.mark.parametrize(
    ("duration", "last"), [("P30D", date(2026, 4, 1)), ("P3M", date(2026, 6, 2)), ("P1Y", date(2027, 3, 2))]
)
def test_what_is_decided_runs_no_longer_than_the_mandate_says(duration: str, last: date) -> None:
    row = replace(LEAD, longest_duration=duration)
    assert ask([row], Question("budget", until=last)).allowed
    answer = ask([row], Question("budget", until=last + timedelta(days=1)))
    assert not answer.allowed and f"{last.day}-{last.month}-{last.year}" in answer.why_nl


@given(st.permutations([None, 100, 250, 1000]))
def test_of_those_who_can_the_one_with_the_narrowest_row_is_nearest(ceilings: list[int | None]) -> None:
    people = [ActingPerson(number, f"P{number}", True, (Holding(f"f{number}", 1),)) for number in range(2, 6)]
    rows = [
        replace(LEAD, id=number, number=f"M-{number}", function=f"f{number}", ceiling_per_decision=ceiling)
        for number, ceiling in zip(range(2, 6), ceilings, strict=True)
    ]
    nearest = ask(rows, Question("budget", 200, team_id=1), CIVIL, *people).nearest
    assert nearest is not None and nearest.function == f"f{ceilings.index(250) + 2}"


def test_a_row_that_takes_the_place_of_another_goes_on_counting_where_that_one_stopped() -> None:
    old = replace(LEAD, valid_until=TODAY, ceiling_per_year=500)
    new = replace(LEAD, id=2, valid_from=date(2026, 3, 3), ceiling_per_year=800)
    below = replace(LEAD, id=3, number="M-3", given_under=1)
    register = Register([old, new, below], NOW)
    assert register.counted_under(2) == {1, 2, 3} and register.counted_under(3) == {3}


def test_rows_at_the_ends_of_the_calendar_can_be_asked() -> None:
    row = replace(LEAD, valid_from=date.min, valid_until=date.max)
    register = Register([row], NOW)
    for moment in (datetime(2, 1, 1, tzinfo=UTC), NOW, datetime(9998, 1, 1, tzinfo=UTC)):
        assert verdict(register.at(moment), CIVIL, Question("budget")).allowed
