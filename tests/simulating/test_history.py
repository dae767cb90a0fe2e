"""What is read from the event log is what happened; and what effects say of the rung is what they really do."""

from collections.abc import Iterator
from datetime import timedelta
from itertools import combinations

import pytest
from sqlalchemy import Engine, text

from tests.conftest import Town
from wijkteam import rulebook
from wijkteam.cases.service import NewCase, open_case
from wijkteam.deadlines.worker import do_due_work
from wijkteam.engine.ladder import Ladder
from wijkteam.engine.rungs import RungMove, rung_after, rung_allows
from wijkteam.engine.vocabulary import Situation, Vocabulary
from wijkteam.escalation.model import Escalation
from wijkteam.escalation.service import NewEscalation, escalate
from wijkteam.mandate.model import MandateRequest
from wijkteam.people import queries as people
from wijkteam.simulating.history import count_subjects, read_lives, rung_steps
from wijkteam.simulating.service import read_past
from wijkteam.terms import clock
from wijkteam.vocabularies import vocabularies

FOLDERS = rulebook.workflow_folders()
WORDS = vocabularies(FOLDERS)
HOLDERS = {"team_lead": "teun", "process_director": "petra", "manager": "mo", "bestuurder": "bea"}
ANSWER = {"answer": "Ja.", "next_step": "Bellen", "next_step_on": "2099-01-01"}


def test_stays_are_read_with_their_rungs_side_steps_and_what_ended_them(town: Town) -> None:
    start = clock.now()
    work = town.work("fenna")
    case = open_case(work, NewCase("Straat 1", "Huur", "Bellen", clock.today()))
    work.act_on(type(case), case.id, "add_note", {"note": "eerste"})
    work.act_on(type(case), case.id, "found_safe", {"safety": "ja"})
    raised = escalate(work, NewEscalation(case.id, case.team_id, "Wie?", "housing"))
    with clock.standing_at(start + timedelta(days=8)):
        do_due_work(town.clockwork())
    with clock.standing_at(start + timedelta(days=8, hours=1)):
        town.work("petra").act_on(Escalation, raised.id, "answer", ANSWER)
    session = town.clockwork().session
    (life,) = read_lives(session, "household_case", ())
    assert life.stays[0].state == "signalled" and [step.name for step in life.stays[0].steps] == ["add_note"]
    assert life.stays[0].left.name == "found_safe" and life.last.state == "clarifying" and life.last.left is None
    changing = rung_steps([town.house.engine.workflow("escalation")], WORDS["escalation"])
    assert changing == {"open", "pass_up", "climb", "step_down", "ask_again", "remind", "safety_now", "answer_question"}
    (life,) = read_lives(session, "escalation", changing)
    assert [(stay.state, stay.rung) for stay in life.stays] == [("asked", 1), ("asked", 2), ("answered", 2)]
    assert life.stays[0].left.by_clock and life.stays[1].left.actor_id == town.work("petra").actor.person_id
    assert life.stays[1].left.at - start.timestamp() == pytest.approx(8 * 86_400 + 3_600, abs=5)
    assert count_subjects(session, "escalation") == 1 == count_subjects(session, "household_case")


def test_a_rung_whose_record_was_erased_is_not_made_up(town: Town, database: Engine) -> None:
    work = town.work("fenna")
    case = open_case(work, NewCase("Straat 1", "Huur", "Bellen", clock.today()))
    escalate(work, NewEscalation(case.id, case.team_id, "Wie?", "housing"))
    with database.begin() as connection:
        connection.execute(text("UPDATE event SET payload = NULL"))
    (life,) = read_lives(town.clockwork().session, "escalation", ("open",))
    assert life.last.rung is None


def test_people_are_counted_as_they_hold_functions_today(town: Town, database: Engine) -> None:
    with database.begin() as connection:
        connection.execute(text("UPDATE person SET active = false WHERE email LIKE 'mo@%'"))
    past = read_past(town.clockwork().session, "escalation", [], WORDS["escalation"], lambda done: None)
    assert past.people.holders["best_person"] == 6 and past.people.holders["team_lead"] == 1
    assert "manager" not in past.people.holders and past.lives == []
    assert ("manager",) in past.people.functions.values()


def held_by(town: Town, database: Engine, functions: tuple[str, ...]) -> None:
    emails = [f"{name}@voorbeeldstad.example" for function, name in HOLDERS.items() if function not in functions]
    with database.begin() as connection:
        connection.execute(text("UPDATE person SET active = true"))
        for email in emails:
            connection.execute(text("UPDATE person SET active = false WHERE email = :email"), {"email": email})


def subsets() -> Iterator[tuple[str, ...]]:
    for size in range(len(HOLDERS) + 1):
        yield from combinations(HOLDERS, size)


@pytest.mark.parametrize("kind", ["escalation", "mandate_request"])
def test_what_effects_and_guards_say_of_the_rung_is_what_they_really_do(
    town: Town, database: Engine, kind: str
) -> None:
    words: Vocabulary = WORDS[kind]
    ladder: Ladder = words.ladder
    team = people.teams(town.clockwork().session)[0].id
    declared = {name: effect for name, effect in words.effects.items() if effect.moves_rung is not None}
    ruled = {name: guard for name, guard in words.guards.items() if guard.rung_rule is not None}
    assert declared and ruled
    for functions in subsets():
        town.close()
        held_by(town, database, functions)
        work = town.clockwork()

        def held(function: str, functions: tuple[str, ...] = functions) -> bool:
            return function in functions

        for rung in range(1, len(ladder.rungs) + 1):
            for name, effect in declared.items():
                situation = Situation(subject_on(kind, rung, team), work.actor, {}, clock.now(), work)
                start = 1 if effect.moves_rung is RungMove.FIRST else rung
                effect.apply(situation)
                assert situation.subject.rung == rung_after(effect.moves_rung, ladder, start, held), (name, functions)
            for name, guard in ruled.items():
                situation = Situation(subject_on(kind, rung, team), work.actor, {}, clock.now(), work)
                allowed = rung_allows(guard.rung_rule, ladder, rung, held)
                assert (guard.check(situation) is None) is allowed, (name, rung, functions)


def subject_on(kind: str, rung: int, team: int) -> Escalation | MandateRequest:
    if kind == "escalation":
        return Escalation(rung=rung, highest_rung=rung, team_id=team)
    return MandateRequest(rung=rung, team_id=team, requester_id=0, source=None)


@pytest.mark.parametrize("kind", ["escalation", "mandate_request", "household_case", "resident_signal"])
def test_every_effect_that_changes_the_rung_of_a_subject_declares_it(kind: str) -> None:
    for name, effect in WORDS[kind].effects.items():
        assert (effect.moves_rung is not None) is name.endswith("_rung"), name
