"""The worker does all that is due, lets nothing that is broken hold up the rest, and stops when told."""

import threading
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import OperationalError

from tests.conftest import Town
from wijkteam.cases.model import HouseholdCase
from wijkteam.cases.service import NewCase, open_case
from wijkteam.deadlines import worker
from wijkteam.deadlines.model import Deadline
from wijkteam.deadlines.worker import count_due, do_due_work
from wijkteam.engine.vocabulary import Situation
from wijkteam.events.model import Event, Notice
from wijkteam.events.verification import verify
from wijkteam.people.model import Person, Team
from wijkteam.people.service import give_function
from wijkteam.storage.database import WRITES
from wijkteam.terms import clock

LATER = timedelta(days=6)


@pytest.fixture
def cases(town: Town) -> list[str]:
    """Seven cases whose terms end at the very same moment."""
    with clock.standing_at(clock.now()):
        work = town.work("fenna")
        return [open_case(work, NewCase(f"Straat {number}", "Huur", "Bellen", clock.today())).id for number in range(7)]


def reminders(town: Town) -> dict[str, int]:
    counted = select(Event.subject_id, func.count()).where(Event.name == "remind").group_by(Event.subject_id)
    return {subject: count for subject, count in town.clockwork().session.execute(counted)}


@pytest.mark.parametrize("at_once", [1, 3, 25])
def test_all_that_is_due_at_one_moment_is_done_once_however_many_go_together(
    town: Town, cases: list[str], at_once: int
) -> None:
    with clock.standing_at(clock.now() + LATER):
        assert do_due_work(town.clockwork(), at_once=at_once).fired == 7
        assert do_due_work(town.clockwork(), at_once=at_once).fired == 0
    assert reminders(town) == dict.fromkeys(cases, 1)
    assert verify(town.clockwork().session) == []


def test_one_that_is_broken_is_left_and_all_others_are_done(town: Town, cases: list[str]) -> None:
    words = town.house.engine.process("household_case").vocabulary.recipients["owner"]
    find = words.find

    def break_on_one(situation: Situation) -> list[int]:
        if situation.subject.id == cases[3]:
            raise RuntimeError("a rule that divides by zero")
        return find(situation)

    object.__setattr__(words, "find", break_on_one)
    try:
        with clock.standing_at(clock.now() + LATER):
            worked = do_due_work(town.clockwork())
            assert (worked.fired, worked.failed) == (6, 1)
            assert count_due(town.clockwork().session) == 1
            assert do_due_work(town.clockwork()).failed == 1
    finally:
        object.__setattr__(words, "find", find)
    assert reminders(town) == {case: 1 for case in cases if case != cases[3]}
    assert verify(town.clockwork().session) == []
    with clock.standing_at(clock.now() + LATER):
        assert do_due_work(town.clockwork()).fired == 1, "mended, it is done after all"


def test_a_database_that_goes_away_is_no_broken_deadline(
    town: Town, cases: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*_arguments: Any) -> bool:
        raise OperationalError("SELECT 1", {}, Exception("server closed the connection"))

    monkeypatch.setattr(worker, "_fire", away)
    with clock.standing_at(clock.now() + LATER), pytest.raises(OperationalError):
        do_due_work(town.clockwork())


def test_what_somebody_has_in_hand_is_passed_over_and_the_rest_is_done(town: Town, cases: list[str]) -> None:
    if town.house.database.dialect.name == "sqlite":
        return  # it has one writer at a time, so that nobody else can have anything in hand
    with town.house.database.connect().execution_options(**{WRITES: True}) as other, other.begin():
        other.execute(select(HouseholdCase.id).where(HouseholdCase.id == cases[2]).with_for_update())
        with clock.standing_at(clock.now() + LATER):
            assert do_due_work(town.clockwork(), at_once=2).fired == 6
        other.rollback()
    with clock.standing_at(clock.now() + LATER):
        assert do_due_work(town.clockwork()).fired == 1
    assert reminders(town) == dict.fromkeys(cases, 1)


def test_it_stops_between_two_transactions_when_it_is_told(town: Town, cases: list[str]) -> None:
    asked = iter([False, False, True])
    with clock.standing_at(clock.now() + LATER):
        assert do_due_work(town.clockwork(), lambda: next(asked), 2).fired == 4
        assert count_due(town.clockwork().session) == 3


def test_a_subject_that_is_gone_does_not_hold_up_the_rest(town: Town, cases: list[str]) -> None:
    work = town.clockwork()
    with work.transaction() as session:
        at = clock.now()
        session.add(Deadline(subject_kind="household_case", subject_id="gone", state="signalled", due_at=at, set_at=at))
    with clock.standing_at(clock.now() + LATER):
        worked = do_due_work(town.clockwork())
    assert (worked.fired, worked.nothing_open, worked.failed) == (7, 1, 0)


def test_rounds_go_on_after_something_broke_and_end_when_told(town: Town) -> None:
    stop, rounds = threading.Event(), []

    def do_round(_work: object) -> None:
        rounds.append(len(rounds))
        if len(rounds) == 3:
            stop.set()
        raise OperationalError("SELECT 1", {}, Exception("away")) if len(rounds) == 1 else RuntimeError("broken")

    worker.run(town.house.work, do_round, 0.01, stop)
    assert rounds == [0, 1, 2]


def test_who_gets_a_function_between_two_rounds_is_told_in_the_second(town: Town, cases: list[str]) -> None:
    work = town.clockwork()
    sam = town.work("sam.1").actor.person_id
    told = select(func.count()).where(Notice.person_id == sam, Notice.about == "remind")
    with clock.standing_at(clock.now() + LATER):
        do_due_work(work)
        assert work.session.scalar(told) == 0
        team = work.session.get_one(HouseholdCase, cases[0]).team_id
        give_function(work, work.session.get_one(Person, sam), "team_lead", work.session.get_one(Team, team))
        with clock.standing_at(clock.now() + LATER):
            do_due_work(work)
            assert work.session.scalar(told) == 7
