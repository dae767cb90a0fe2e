"""One change is one transaction; stale writes lose loudly; deadlines fire once; the log cannot be altered unseen."""

import threading
from datetime import timedelta

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError, IntegrityError

from tests.conftest import Town
from wijkteam.cases.model import HouseholdCase
from wijkteam.cases.service import NewCase, open_case
from wijkteam.deadlines.model import Deadline
from wijkteam.deadlines.worker import do_due_work
from wijkteam.engine.running import Stale
from wijkteam.events.model import Event
from wijkteam.events.verification import verify
from wijkteam.terms import clock


def opened(town: Town) -> HouseholdCase:
    return open_case(town.work("fenna"), NewCase("Straat 1", "Huur", "Bellen", clock.today()))


def test_a_step_that_fails_at_its_end_leaves_nothing_behind(town: Town) -> None:
    case = opened(town)
    work = town.work("fenna")
    with pytest.raises(RuntimeError), work.transaction():
        work.act_on(HouseholdCase, case.id, "found_safe", {"safety": "ja"})
        raise RuntimeError("killed")
    session = town.clockwork().session
    assert session.get(HouseholdCase, case.id).state == "signalled"
    assert len(session.scalars(select(Event)).all()) == 1
    assert len(session.scalars(select(Deadline).where(Deadline.ended_at.is_(None))).all()) == 1
    assert verify(session) == []


def test_of_two_people_on_the_same_version_one_succeeds_and_the_other_is_told(town: Town) -> None:
    case = opened(town)
    seen = case.version
    town.work("fenna").act_on(HouseholdCase, case.id, "add_note", {"note": "eerste"}, seen)
    with pytest.raises(Stale):
        town.work("teun").act_on(HouseholdCase, case.id, "add_note", {"note": "tweede"}, seen)


def test_of_two_at_the_very_same_moment_one_is_stale_and_nothing_is_half_written(town: Town) -> None:
    case = opened(town)
    ready, results = threading.Barrier(2), []

    def note(name: str) -> None:
        work = town.work(name)
        ready.wait()
        try:
            work.act_on(HouseholdCase, case.id, "add_note", {"note": name}, 1)
            results.append("done")
        except Stale:
            results.append("stale")

    threads = [threading.Thread(target=note, args=(name,)) for name in ("fenna", "teun")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(results) == ["done", "stale"]
    assert verify(town.clockwork().session) == []


def test_no_path_saves_an_open_case_without_next_step(town: Town) -> None:
    case = opened(town)
    work = town.clockwork()
    with pytest.raises(IntegrityError), work.transaction() as session:
        session.execute(text("UPDATE household_case SET next_step = '' WHERE id = :id"), {"id": case.id})


def test_a_missed_term_that_counts_from_the_opening_reminds_once_and_then_waits_for_its_whole_length(
    town: Town,
) -> None:
    case = opened(town)
    town.work("fenna").act_on(HouseholdCase, case.id, "found_safe", {"safety": "ja"})
    for weeks, reminders in ((7, 1), (12, 1), (14, 2)):
        with clock.standing_at(clock.now() + timedelta(weeks=weeks)):
            do_due_work(town.clockwork())
        events = town.clockwork().session.scalars(select(Event).where(Event.name == "remind")).all()
        assert len(events) == reminders


def test_a_deadline_fires_once_with_any_number_of_workers(town: Town) -> None:
    for number in range(12):
        open_case(town.work("fenna"), NewCase(f"Straat {number}", "Huur", "Bellen", clock.today()))
    later = clock.now() + timedelta(days=6)
    counts: list[int] = []

    def worker() -> None:
        with clock.standing_at(later):
            counts.append(do_due_work(town.clockwork()).fired)

    threads = [threading.Thread(target=worker) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    session = town.clockwork().session
    reminders = session.scalars(select(Event).where(Event.name == "remind")).all()
    assert sum(counts) == 12 == len(reminders) == len({each.subject_id for each in reminders})


def test_a_missed_term_counted_from_the_opening_reminds_again_only_a_term_later(town: Town) -> None:
    case = opened(town)
    town.work("fenna").act_on(HouseholdCase, case.id, "found_safe", {"safety": "ja"})
    opened_at = clock.now()
    for days in (60, 61, 61 + 7 * 6 + 3):
        with clock.standing_at(opened_at + timedelta(days=days)):
            do_due_work(town.clockwork())
    session = town.clockwork().session
    assert len(session.scalars(select(Event).where(Event.name == "remind")).all()) == 2


def test_the_database_itself_refuses_to_alter_or_delete_events(town: Town) -> None:
    opened(town)
    for statement in ("UPDATE event SET name = 'x'", "DELETE FROM event"):
        work = town.clockwork()
        with pytest.raises(DBAPIError), work.transaction() as session:
            session.execute(text(statement))


@pytest.mark.parametrize(
    ("statement", "said"),
    [
        ("UPDATE household_case SET next_step = 'anders'", "next_step differs"),
        ("UPDATE household_case SET state = 'closed'", "state differs"),
        ("UPDATE household_case SET version = 7", "does not stand on its last event"),
    ],
)
def test_a_row_altered_behind_the_back_of_the_engine_is_found(town: Town, statement: str, said: str) -> None:
    opened(town)
    work = town.clockwork()
    with work.transaction() as session:
        session.execute(text(statement))
    assert any(said in str(each) for each in verify(town.clockwork().session))
