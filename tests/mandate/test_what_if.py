"""What if: waits measured by hand, and what always holds of a replay under another register."""

from datetime import UTC, date, datetime, timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wijkteam.mandate.verdict import RegisterRow
from wijkteam.mandate.what_if.covering import Register, askers_functions, with_ceiling
from wijkteam.mandate.what_if.curve import choose, curves
from wijkteam.mandate.what_if.folding import PastStep, rounds
from wijkteam.mandate.what_if.past import Answer, Asker, HeldFor, History, PastDecision, PastRequest, Round, wait
from wijkteam.mandate.what_if.replaying import Fate, Replay, Replaying, fate, replay
from wijkteam.mandate.what_if.spread import Share, median_amount, spread
from wijkteam.people.acting import Holding

START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
SEEN = START + timedelta(days=400)
ASKER, BOSS, COLLEAGUE, OTHER = 1, 2, 3, 4
DAY = timedelta(days=1)


def at(days: float) -> datetime:
    return START + timedelta(days=days)


def step(days: float, name: str, state: str, who: int | None = ASKER, **amounts: int) -> PastStep:
    return PastStep(name, state, who, at(days), amounts.get("amount"), amounts.get("decided"))


OPENED = step(0, "open", "draft", amount=30_000)
ASKED = step(0, "ask", "asked")


def asked(days: float) -> PastStep:
    return step(days, "ask", "asked")


def told(*steps: PastStep) -> tuple[Round, ...]:
    return rounds([OPENED, *steps], ASKER, None)


def test_a_wait_runs_from_asking_to_the_answer() -> None:
    (only,) = told(ASKED, step(5, "approve", "approved", BOSS), step(9, "pay", "paid", OTHER))
    assert only.waited(SEEN) == 5 * DAY
    assert (only.answer, only.amount, only.decided_amount, only.steps) == (Answer.GRANTED, 30_000, 30_000, 1)


def test_of_a_request_refused_and_asked_again_each_round_counts_and_the_time_between_does_not() -> None:
    found = told(
        ASKED,
        step(4, "refuse", "refused", BOSS),
        step(6, "take_back", "draft"),
        asked(10),
        step(13, "approve", "approved", BOSS),
    )
    waited = wait(found, SEEN)
    assert [each.answer for each in found] == [Answer.REFUSED, Answer.GRANTED]
    assert waited.for_answers == 7 * DAY, "4 days, then 3; not the 6 days that it lay with the asker"
    assert waited.first_to_last == 13 * DAY
    assert fate(found) is Fate.REFUSED_THEN_GRANTED


def test_a_question_back_handing_on_and_colleagues_who_agree_do_not_end_a_round() -> None:
    (only,) = told(
        ASKED,
        step(1, "agree", "asked", COLLEAGUE),
        step(2, "ask_back", "asked_back", BOSS),
        step(3, "answer_back", "asked"),
        step(4, "pass_up", "asked", BOSS),
        step(5, "climb", "asked", None),
        step(8, "decide", "approved", OTHER),
    )
    assert only.waited(SEEN) == 8 * DAY
    assert only.steps == 4, "of others than the asker and the clock: agree, ask back, pass up, decide"
    assert only.agreed_at == (at(1),)


def test_what_is_taken_back_waited_until_then_and_what_is_open_until_the_last_known_moment() -> None:
    assert wait(told(ASKED, step(2, "take_back", "draft")), SEEN).for_answers == 2 * DAY
    (still,) = told(ASKED)
    assert still.answer is Answer.OPEN and still.waited(at(30)) == 30 * DAY
    assert fate((still,)) is Fate.OPEN
    assert fate(told(ASKED, step(2, "withdraw", "withdrawn"))) is Fate.WITHDRAWN


def test_what_was_never_asked_has_no_round() -> None:
    assert told() == () == told(step(3, "withdraw", "withdrawn"))
    assert wait((), SEEN).for_answers == timedelta()


def test_refused_stays_refused_also_when_it_was_taken_back_or_withdrawn_since() -> None:
    refused = [ASKED, step(4, "refuse", "refused", BOSS)]
    assert fate(told(*refused)) is Fate.REFUSED
    assert fate(told(*refused, step(5, "withdraw", "withdrawn"))) is Fate.REFUSED
    assert (
        fate(told(*refused, step(5, "take_back", "draft"), asked(6), step(7, "withdraw", "withdrawn"))) is Fate.REFUSED
    )


@pytest.mark.parametrize(
    ("decided", "name", "answer", "lowered"),
    [
        (20_000, "amend", Answer.CHANGED, 10_000),
        (30_000, "amend", Answer.CHANGED, 0),
        (20_000, "decide", Answer.CHANGED, 10_000),
        (40_000, "amend", Answer.CHANGED, 0),
        (30_000, "approve", Answer.GRANTED, 0),
    ],
)
def test_granted_with_a_change_is_another_amount_or_an_amendment(
    decided: int, name: str, answer: Answer, lowered: int
) -> None:
    (only,) = told(ASKED, step(4, name, "approved", BOSS, decided=decided))
    assert (only.answer, only.lowered_by) == (answer, lowered)


def test_a_round_has_the_amount_that_was_asked_in_it() -> None:
    again = step(10, "ask", "asked", amount=24_000)
    found = told(ASKED, step(4, "refuse", "refused", BOSS), step(6, "take_back", "draft"), again)
    assert [each.amount for each in found] == [30_000, 24_000]


EMPLOYEE = Asker(ASKER, True, (HeldFor(Holding("clerk", None), date(2020, 1, 1), None),))


def request(
    identity: str, *found: Round, power: str = "buy", household: int | None = None, asker: Asker = EMPLOYEE
) -> PastRequest:
    return PastRequest(identity, identity, power, asker, 1, household, found)


def once(days: float, waited: float, amount: int | None, answer: Answer = Answer.GRANTED, **more: object) -> Round:
    return Round(at(days), amount, answer, at(days + waited), **more)  # type: ignore[arg-type]


def history(*requests: PastRequest, decisions: tuple[PastDecision, ...] = ()) -> History:
    return History("log", date(2026, 1, 1), date(2027, 12, 31), SEEN, requests, decisions=decisions)


def row(ceiling: int | None = None, **more: object) -> RegisterRow:
    plain: dict[str, object] = {
        "id": 1,
        "number": "M-1",
        "kind": "mandaat",
        "power": "buy",
        "legal_ground": "",
        "body": "",
        "function": "clerk",
        "ceiling_per_decision": ceiling,
        "ceiling_per_household": None,
        "colleagues_needed": 0,
        "civil_servant_only": False,
        "team_id": None,
        "valid_from": date(2020, 1, 1),
        "valid_until": None,
    }
    return RegisterRow(**{**plain, **more})  # type: ignore[arg-type]


NOBODY = Register("nobody", ())


def under(past: History, *rows: RegisterRow, today: Register = NOBODY) -> Replay:
    return replay(past, today, Register("other", rows))


def test_from_the_first_covered_round_on_all_rounds_fall_away() -> None:
    past = history(request("a", once(0, 4, 30_000, Answer.REFUSED), once(10, 3, 24_000)))
    (narrow,) = under(past, row(25_000)).in_front
    assert (narrow.spared.for_answers, narrow.fate, narrow.amount) == (3 * DAY, Fate.AS_ASKED, 24_000)
    (wide,) = under(past, row(30_000)).in_front
    assert (wide.spared.for_answers, wide.fate) == (7 * DAY, Fate.REFUSED_THEN_GRANTED)
    assert under(past, row(20_000)).still_asked == past.requests


def test_a_row_covers_on_the_days_on_which_it_holds_and_only_holders_of_its_function() -> None:
    past = history(request("a", once(0, 4, 100)), request("b", once(40, 4, 100)))
    found = under(past, row(valid_from=date(2026, 3, 20)))
    assert [each.request.id for each in found.in_front] == ["b"]
    assert not under(past, row(function="chief")).in_front
    later = Asker(ASKER, True, (HeldFor(Holding("clerk", None), date(2026, 3, 20), None),))
    past = history(request("a", once(0, 4, 100), asker=later), request("b", once(40, 4, 100), asker=later))
    assert [each.request.id for each in under(past, row()).in_front] == ["b"]


def test_an_amount_that_is_not_known_can_be_placed_under_no_ceiling() -> None:
    past = history(request("a", once(0, 4, None)))
    assert under(past, row(10**9)).unplaced == past.requests
    assert len(under(past, row()).in_front) == 1, "without a ceiling nothing has to be known"


def test_what_the_asker_could_decide_already_is_no_gain() -> None:
    past = history(request("a", once(0, 4, 100)), request("b", once(1, 4, 300)))
    found = under(past, row(500), today=Register("today", (row(200),)))
    assert [each.request.id for each in found.in_front] == ["b"]
    assert [each.id for each in found.allowed_already] == ["a"]


def test_colleagues_who_must_agree_take_their_time_as_far_as_it_is_known() -> None:
    past = history(
        request("a", once(0, 10, 100, agreed_at=(at(1), at(2)), steps=3)),
        request("b", once(0, 10, 100, agreed_at=(at(1),), steps=2)),
    )
    known, unknown = under(past, row(colleagues_needed=2)).in_front
    assert (known.spared.for_answers, known.steps, known.unknown_wait) == (8 * DAY, 1, False)
    assert (unknown.spared.for_answers, unknown.unknown_wait) == (timedelta(), True)


def test_the_ceiling_per_household_counts_what_the_front_line_decides_and_what_was_decided() -> None:
    past = history(
        request("a", once(0, 4, 300, Answer.REFUSED), household=7),
        request("b", once(10, 4, 300), household=7),
        request("c", once(20, 4, 300), household=7),
        request("d", once(20, 4, 300), household=8),
        decisions=(PastDecision("buy", at(14), 300, 7, "b"), PastDecision("buy", at(15), 150, 8, None)),
    )
    found = under(past, row(ceiling_per_household=600))
    assert [each.request.id for each in found.in_front] == ["a", "b", "d"], "300 and 300; 150 and 300"


def test_the_ceiling_per_household_begins_anew_on_new_years_day_in_the_netherlands() -> None:
    eve = (datetime(2026, 12, 31, 22, 59, tzinfo=UTC) - START) / DAY
    past = history(
        request("a", once(eve, 4, 500), household=7), request("b", once(eve + 1 / 1440, 4, 500), household=7)
    )
    assert len(under(past, row(ceiling_per_household=500)).in_front) == 2


def test_spread_shares_and_medians_by_hand() -> None:
    found = spread([each * DAY for each in (1, 2, 3, 4, 5, 6, 7, 8, 9, 20)])
    assert found is not None
    assert [each / DAY for each in (found.p10, found.p25, found.median, found.p75, found.p90)] == [1, 3, 5.5, 8, 9]
    assert spread([]) is None
    assert median_amount([1, 2]) == 2 and median_amount([]) is None
    low, high = Share(10, 100).interval or (0, 0)
    assert (round(low, 4), round(high, 4)) == (0.0552, 0.1744), "Wilson (1927) for 10 of 100"
    assert Share(0, 10).interval == (0.0, pytest.approx(0.2775, abs=1e-4))


AMOUNTS = st.one_of(st.none(), st.integers(1, 40))
ROUNDS = st.lists(
    st.tuples(AMOUNTS, st.integers(0, 9), st.integers(0, 5), st.sampled_from(list(Answer)), st.integers(0, 3)),
    min_size=1,
    max_size=4,
)
TODAYS = st.lists(st.tuples(st.sampled_from(["buy", "sell"]), st.integers(1, 40), st.integers(0, 2)), max_size=2)


def from_drawn(drawn: list[tuple[str, list[tuple[int | None, int, int, Answer, int]]]]) -> History:
    requests = []
    for number, (power, parts) in enumerate(drawn):
        moment, found = float(number), []
        for amount, waited, rest, answer, steps in parts:
            last = len(found) == len(parts) - 1
            answer = answer if last or answer is not Answer.OPEN else Answer.REFUSED
            ended = None if answer is Answer.OPEN else at(moment + waited)
            found.append(Round(at(moment), amount, answer, ended, amount, steps=steps))
            moment += waited + rest
        requests.append(request(f"r{number}", *found, power=power))
    return history(*requests)


PASTS = st.lists(st.tuples(st.sampled_from(["buy", "sell"]), ROUNDS), max_size=8).map(from_drawn)


def rows_of(drawn: list[tuple[str, int, int]]) -> Register:
    return Register(
        "today",
        tuple(
            row(ceiling, id=number, power=power, colleagues_needed=colleagues)
            for number, (power, ceiling, colleagues) in enumerate(drawn)
        ),
    )


def refused(found: Replay) -> set[str]:
    return {each.request.id for each in found.in_front if each.fate in (Fate.REFUSED, Fate.REFUSED_THEN_GRANTED)}


@given(PASTS, TODAYS.map(rows_of))
def test_replay_under_todays_register_spares_nothing(past: History, today: Register) -> None:
    found = replay(past, today, today)
    assert found.in_front == () and found.spared == timedelta()


@given(PASTS, TODAYS.map(rows_of), st.integers(1, 41))
def test_no_more_is_spared_than_was_waited_and_every_request_is_in_one_place(
    past: History, today: Register, ceiling: int
) -> None:
    found = replay(past, today, with_ceiling(today, askers_functions(past), ceiling))
    assert timedelta() <= found.spared <= found.whole_wait
    for each in found.in_front:
        assert timedelta() <= each.spared.for_answers <= each.spared.first_to_last
    placed = [each.request.id for each in found.in_front]
    placed += [each.id for each in (*found.still_asked, *found.allowed_already, *found.unplaced)]
    assert sorted(placed) == sorted(each.id for each in past.requests)


@given(PASTS, TODAYS.map(rows_of), st.integers(1, 40), st.integers(1, 40))
def test_a_wider_ceiling_never_spares_less_and_never_lets_fewer_refusals_through(
    past: History, today: Register, one: int, other: int
) -> None:
    replaying, pairs = Replaying(past, today), askers_functions(past)
    narrow, wide = (replaying.under(with_ceiling(today, pairs, each)) for each in sorted((one, other)))
    assert narrow.spared <= wide.spared
    assert refused(narrow) <= refused(wide)
    assert {each.request.id for each in narrow.in_front} <= {each.request.id for each in wide.in_front}


@given(PASTS, TODAYS.map(rows_of), st.integers(1, 41))
def test_the_curve_only_rises_and_says_what_the_replay_says(past: History, today: Register, ceiling: int) -> None:
    replaying = Replaying(past, today)
    for curve in curves(replaying):
        for before, after in zip(curve.points, curve.points[1:], strict=False):
            assert before.ceiling < after.ceiling and before.spared <= after.spared
            assert before.refused <= after.refused and before.requests <= after.requests
            assert before.refused_for_good <= after.refused_for_good
        found = replaying.under(with_ceiling(today, [(curve.power, curve.function)], ceiling))
        reached = [each for each in curve.points if each.ceiling <= ceiling]
        assert found.spared == (reached[-1].spared if reached else timedelta())
        assert len(found.in_front) == (reached[-1].requests if reached else 0)
        assert len(refused(found)) == (reached[-1].refused if reached else 0)


@given(PASTS, st.integers(0, 100), st.integers(0, 100))
def test_the_chosen_ceiling_is_the_smallest_that_spares_enough(past: History, spare: int, let_through: int) -> None:
    wanted, allowed = Fraction(spare, 100), Fraction(let_through, 100)
    for curve in curves(Replaying(past, NOBODY)):
        found = choose(curve, wanted, allowed)
        enough = [each for each in curve.points if curve.spares(each) >= wanted]
        assert found.smallest == (enough[0] if enough else None)
        both = [each for each in enough if curve.lets_through(each) <= allowed]
        assert found.fits == bool(both), "no other ceiling can do where the smallest one does not"
        if found.most is not None:
            assert curve.lets_through(found.most) <= allowed
