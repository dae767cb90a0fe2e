"""Invariant 6: an open escalation has a rung, someone who can answer it today, and a moment to respond by."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, select, update

from tests.conftest import Town
from tests.escalation.town import another, asked, away, case_of, client, number, passed_up, stands_in
from wijkteam.cases.model import HouseholdCase
from wijkteam.deadlines.model import Deadline
from wijkteam.deadlines.worker import do_due_work
from wijkteam.engine.fields import WrongFields
from wijkteam.engine.running import Blocked, Refused
from wijkteam.escalation import queries
from wijkteam.escalation.model import Escalation
from wijkteam.escalation.standing import Standing
from wijkteam.events.verification import verify
from wijkteam.people.model import Absence, HeldFunction, Person
from wijkteam.terms import clock

START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
LADDER = ("teun", "petra", "mo", "bea")
MOVES = ("leaves", "comes back", "is away", "is there again", "loses the function", "gets the function")
STEPS = ("ask_back", "answer_question", "answer", "ask_again", "pass_up", "step_down", "safety_now", "hand_on")


def change(town: Town, name: str, move: str, today: date) -> None:
    town.close()
    who = number(town, name)
    work = town.clockwork()
    with work.transaction() as session:
        match move:
            case "leaves" | "comes back":
                session.execute(update(Person).where(Person.id == who).values(active=move == "comes back"))
            case "is away":
                session.add(Absence(person_id=who, first_day=today))
            case "is there again":
                session.execute(delete(Absence).where(Absence.person_id == who))
            case _:
                until = today - timedelta(days=1) if move == "loses the function" else None
                session.execute(update(HeldFunction).where(HeldFunction.person_id == who).values(valid_until=until))


def check(town: Town) -> None:
    """The invariant, for every open escalation, at this very moment and without the clock having moved anything."""
    town.close()
    session = town.clockwork().session
    for each in session.scalars(select(Escalation).where(Escalation.state.not_in(queries.ENDED))):
        running = select(Deadline).where(Deadline.subject_id == each.id, Deadline.ended_at.is_(None))
        deadline = session.scalars(running).one()
        assert 1 <= each.rung <= 4 and each.highest_rung >= each.rung
        assert each.state != "asked" or deadline.due_at == each.respond_by
        standing = Standing(session, town.house.ladder, each.team_id)
        assert standing.answerers(each.rung) or not standing.anyone


@pytest.fixture
def still(town: Town) -> Iterator[Town]:
    with clock.standing_at(START):
        case_of(town)
        yield town


happenings = st.lists(
    st.one_of(
        st.tuples(st.sampled_from(LADDER), st.sampled_from(MOVES)),
        st.tuples(st.sampled_from((*LADDER, "fenna")), st.sampled_from(STEPS)),
        st.tuples(st.just("time"), st.integers(0, 20).map(str)),
        st.tuples(st.just("fenna"), st.sampled_from(["asks", "asks in danger"])),
    ),
    min_size=4,
    max_size=12,
)


@dataclass
class StoryClock:
    """Time that goes on from one story to the next, for events are never deleted."""

    now: datetime = START


@pytest.fixture
def story_clock() -> StoryClock:
    return StoryClock()


@settings(max_examples=8, deadline=None)
@given(story=happenings)
def test_whoever_leaves_is_away_or_loses_a_function_somebody_can_answer_today(
    town: Town, story_clock: StoryClock, story: list[tuple[str, str]]
) -> None:
    with clock.standing_at(story_clock.now):
        for name in LADDER:
            for move in ("comes back", "is there again", "gets the function"):
                change(town, name, move, clock.today())
        for each in town.clockwork().session.scalars(select(Escalation.id).where(Escalation.ended_at.is_(None))):
            town.work("fenna").act_on(Escalation, each, "withdraw", {"why": "Een nieuw verhaal."})
        asked(town, case_of(town))
    for name, what in story:
        story_clock.now += timedelta(days=int(what) if name == "time" else 0, seconds=1)
        with clock.standing_at(story_clock.now):
            tell(town, name, what)
            check(town)
    assert verify(town.clockwork().session) == []


def tell(town: Town, name: str, what: str) -> None:
    if name == "time":
        do_due_work(town.clockwork())
    elif what in MOVES:
        change(town, name, what, clock.today())
    else:
        attempt(town, name, what)


def attempt(town: Town, name: str, what: str) -> None:
    work = town.work(name)
    if work.actor is None:
        return
    session = work.session
    try:
        if what.startswith("asks"):
            found = session.scalars(select(Escalation).order_by(Escalation.opened_at.desc())).first()
            assert found is not None
            case = session.get(HouseholdCase, found.case_id)
            assert case is not None
            asked(town, case, danger=what == "asks in danger")
            return
        escalation = session.scalars(select(Escalation).order_by(Escalation.opened_at.desc())).first()
        assert escalation is not None
        step = {"next_step": "Bellen", "next_step_on": clock.today()}
        fields = {
            "ask_back": {"question_back": "Wie?"},
            "answer_question": {"reply": "Zij."},
            "answer": {"answer": "Ja.", **step},
            "hand_on": {"handed_to": number(town, "mo"), "why": "x"},
        }.get(what, {"why": "x"})
        work.act_on(Escalation, escalation.id, what, fields)
    except (Refused, WrongFields):
        pass


def test_while_a_rung_is_away_the_nearest_one_above_answers_at_once(still: Town) -> None:
    escalation = asked(still, its_case(still))
    away(still, "teun", clock.today())
    petra = still.work("petra")
    waiting = queries.waiting_for(petra.session, petra.actor, still.house.ladder)
    assert [each.id for each in waiting] == [escalation.id]
    answer = {"answer": "Ik.", "next_step": "Bellen", "next_step_on": clock.today()}
    assert still.work("petra").act_on(Escalation, escalation.id, "answer", answer).state == "answered"


def test_a_deputy_answers_for_who_is_away_and_only_then(still: Town) -> None:
    escalation = asked(still, its_case(still))
    passed_up(still, escalation, 1)
    another(still, "piet", "payer")
    stands_in(still, "petra", "piet", "process_director")
    with pytest.raises(Refused):
        still.work("piet").act_on(Escalation, escalation.id, "pass_up", {"why": "Te groot."})
    away(still, "petra", clock.today(), clock.today())
    assert client_reads(still, "teun", escalation)
    assert still.work("piet").act_on(Escalation, escalation.id, "pass_up", {"why": "Te groot."}).rung == 3


def test_the_reminder_moves_on_what_lies_where_nobody_is_any_longer(still: Town) -> None:
    escalation = asked(still, its_case(still))
    passed_up(still, escalation, 3)
    change(still, "bea", "leaves", clock.today())
    with clock.standing_at(START + timedelta(days=20)):
        do_due_work(still.clockwork())
    after = queries.find_escalation(still.clockwork().session, escalation.id)
    assert (after.state, after.rung) == ("asked", 3), "the bestuurder left: it lies with the manager"


def test_when_everyone_is_away_at_once_escalating_is_still_a_right(still: Town) -> None:
    for name in LADDER:
        away(still, name, clock.today())
    assert asked(still, its_case(still)).rung == 1


def test_who_it_was_handed_to_by_name_is_forgotten_when_they_are_gone(still: Town) -> None:
    another(still, "pim", "process_director")
    escalation = asked(still, its_case(still))
    passed_up(still, escalation, 1)
    pim = number(still, "pim")
    with pytest.raises(Blocked):
        still.work("petra").act_on(Escalation, escalation.id, "hand_on", {"handed_to": number(still, "mo"), "why": "x"})
    after = still.work("petra").act_on(Escalation, escalation.id, "hand_on", {"handed_to": pim, "why": "Jij."})
    assert after.handed_to == pim
    change(still, "pim", "leaves", clock.today())
    with clock.standing_at(START + timedelta(days=6)):
        do_due_work(still.clockwork())
    assert queries.find_escalation(still.clockwork().session, escalation.id).handed_to is None


def its_case(town: Town) -> HouseholdCase:
    found = town.clockwork().session.scalars(select(HouseholdCase)).first()
    assert found is not None
    return found


def client_reads(town: Town, name: str, escalation: Escalation) -> bool:
    return client(town, name).get(f"/opschalingen/{escalation.id}").status_code == 200
