"""A version in use never changes; new subjects begin on the newest, running ones stay until they are moved."""

import hashlib
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine as Database
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from tests.conftest import Town
from wijkteam.assembly import build_house
from wijkteam.cases.model import HouseholdCase
from wijkteam.cases.service import NewCase, open_case
from wijkteam.deadlines.model import Deadline
from wijkteam.deadlines.worker import do_due_work
from wijkteam.demo.town import found_town
from wijkteam.engine.loading import WrongDefinition, load_workflow
from wijkteam.engine.running import Blocked
from wijkteam.events.model import Event
from wijkteam.events.verification import verify
from wijkteam.rulebook import workflow_folders
from wijkteam.terms import clock
from wijkteam.versions.migrating import Wish, WrongMigration, migrate, plan
from wijkteam.versions.model import StoredDefinition

SHORTER = """\
extends: {workflow: household_case, version: 3}
workflow: household_case
version: 4
states:
  clarifying: {term: {within: P4W}}
  carrying_out: {term: {within: P3M}}
"""
RENAMED = """\
extends: {workflow: household_case, version: 3}
workflow: household_case
version: 5
states:
  planning: null
  plan_making:
    title: {nl: Samen een plan maken, en: Making the plan together}
    holder: owner
    term: {within: P3W, clock: statutory, on_miss: remind}
transitions:
"""


def renamed() -> str:
    """A version in which the state planning is called plan_making, everywhere."""
    shipped = load_workflow(workflow_folders()[0] / "household_case.yaml")
    lines = []
    for transition in shipped.transitions:
        if "planning" not in (transition.to, *transition.from_):
            continue
        sources = ", ".join("plan_making" if each == "planning" else each for each in transition.from_)
        target = ", to: plan_making" if transition.to == "planning" else ""
        lines.append(f"  - {{name: {transition.name}, from: [{sources}]{target}}}\n")
    return RENAMED + "".join(lines)


def town_with(database: Database, own: Path, **definitions: str) -> Town:
    for name, text in definitions.items():
        (own / f"{name}.yaml").write_text(text, encoding="utf-8")
    house = build_house(database, workflow_folders(own if any(own.iterdir()) else None))
    town = Town(house)
    found_town(house, town.clockwork())
    return town


def opened(town: Town, number: int = 1) -> HouseholdCase:
    return open_case(town.work("fenna"), NewCase(f"Straat {number}", "Huur", "Bellen", clock.today()))


def fresh(town: Town, case: HouseholdCase) -> HouseholdCase:
    found = town.clockwork().session.get(HouseholdCase, case.id)
    assert found is not None
    return found


def running_deadline(town: Town, case: HouseholdCase) -> Deadline:
    rows = select(Deadline).where(Deadline.subject_id == case.id, Deadline.ended_at.is_(None))
    return town.clockwork().session.scalars(rows).one()


def to_clarifying(town: Town, case: HouseholdCase) -> None:
    town.work("fenna").act_on(HouseholdCase, case.id, "found_safe", {"safety": "Ja."})


def to_planning(town: Town, case: HouseholdCase) -> None:
    to_clarifying(town, case)
    town.work("fenna").act_on(HouseholdCase, case.id, "question_is_clear", {"question": "Rust."})


def test_what_is_served_is_stored_with_the_hash_of_what_it_says(town: Town) -> None:
    stored = town.clockwork().session.scalars(select(StoredDefinition)).all()
    assert {(each.name, each.version) for each in stored} == {
        (each.workflow, each.version) for each in town.house.engine.workflows()
    }
    for each in stored:
        assert each.content_hash == town.house.engine.workflow(each.name, each.version).content_hash()


def test_a_version_in_use_may_not_change_and_the_answer_says_what_to_do(database: Database, own: Path) -> None:
    first = town_with(database, own, shorter=SHORTER)
    opened(first)
    first.close()
    with pytest.raises(WrongDefinition) as wrong:
        town_with(database, own, shorter=SHORTER.replace("P4W", "P5W"))
    (finding,) = wrong.value.findings
    assert finding.kind == "changed-in-use" and "version 5" in finding.right
    assert Path(finding.file).name == "shorter.yaml" and finding.line == 3


def test_a_version_in_use_may_change_its_comments_and_order_of_keys(database: Database, own: Path) -> None:
    first = town_with(database, own, shorter=SHORTER)
    opened(first)
    first.close()
    same = "# why: the council asked\nversion: 4\nworkflow: household_case\n" + SHORTER.replace(
        "workflow: household_case\nversion: 4\n", ""
    )
    town_with(database, own, shorter=same).close()


def test_a_version_that_nothing_runs_on_may_change(database: Database, own: Path) -> None:
    town_with(database, own, shorter=SHORTER).close()
    second = town_with(database, own, shorter=SHORTER.replace("P4W", "P5W"))
    assert second.house.engine.workflow("household_case").states["clarifying"].term.within == "P5W"
    second.close()


def test_new_subjects_begin_on_the_newest_version_and_running_ones_stay(database: Database, own: Path) -> None:
    first = town_with(database, own)
    old = opened(first)
    first.close()
    second = town_with(database, own, shorter=SHORTER)
    new = opened(second)
    for case in (old, new):
        to_clarifying(second, case)
    assert (fresh(second, old).workflow_version, fresh(second, new).workflow_version) == (3, 4)
    assert running_deadline(second, old).due_at > running_deadline(second, new).due_at
    second.close()


def test_subjects_go_on_when_the_file_of_their_version_is_gone(database: Database, own: Path) -> None:
    first = town_with(database, own, shorter=SHORTER)
    case = opened(first)
    first.close()
    (own / "shorter.yaml").unlink()
    second = town_with(database, own)
    to_clarifying(second, case)
    assert fresh(second, case).workflow_version == 4
    second.close()


def test_a_stored_version_that_names_what_is_gone_is_named_before_it_is_served(database: Database, own: Path) -> None:
    first = town_with(database, own, shorter=SHORTER)
    opened(first)
    first.close()
    (own / "shorter.yaml").unlink()
    with Session(database) as session:
        row = session.get(StoredDefinition, ("household_case", 4))
        content = row.content.replace('"become_owner"', '"become_boss"')
        hashed = hashlib.sha256(content.encode()).hexdigest()
        session.execute(
            update(StoredDefinition)
            .where(StoredDefinition.name == "household_case", StoredDefinition.version == 4)
            .values(content=content, content_hash=hashed)
        )
        session.commit()
    with pytest.raises(WrongDefinition, match="there is no effect 'become_boss'; did you mean 'become_owner'"):
        town_with(database, own)


def test_a_stored_version_that_was_altered_is_not_served(database: Database, own: Path) -> None:
    first = town_with(database, own, shorter=SHORTER)
    opened(first)
    first.close()
    with Session(database) as session:
        row = session.get(StoredDefinition, ("household_case", 4))
        row.content = row.content.replace("P4W", "P9W")
        session.commit()
    (own / "shorter.yaml").unlink()
    with pytest.raises(WrongDefinition, match="household_case version 4 was altered"):
        town_with(database, own)


def test_a_process_that_runs_on_finds_the_version_that_another_brought_into_use(database: Database, own: Path) -> None:
    running = town_with(database, own)
    case = opened(running)
    second = town_with(database, own, shorter=SHORTER)
    migrate(second.work("ada"), Wish("household_case", 3, 4))
    second.close()
    to_clarifying(running, case)
    assert fresh(running, case).workflow_version == 4
    assert opened(running, 2).workflow_version == 3, "what it opens itself begins on the newest it knows"
    running.close()


def test_a_process_that_read_another_text_begins_nothing_on_that_version(database: Database, own: Path) -> None:
    first = town_with(database, own, shorter=SHORTER)
    second = town_with(database, own, shorter=SHORTER.replace("P4W", "P5W"))
    with pytest.raises(Blocked, match="started again"):
        opened(first)
    case = opened(second)
    to_clarifying(second, case)
    assert fresh(second, case).version == 2
    with pytest.raises(Blocked, match="started again"):
        opened(first)
    first.close()
    second.close()


class TestMoving:
    """Moving running subjects to another version."""

    def test_the_plan_says_who_goes_where_and_who_cannot_and_why_and_changes_nothing(
        self, database: Database, own: Path
    ) -> None:
        town = town_with(database, own)
        stays, moves = opened(town, 1), opened(town, 2)
        to_planning(town, stays)
        town.close()
        town = town_with(database, own, renamed=renamed())
        groups = {each.state: each for each in plan(town.clockwork(), Wish("household_case", 3, 5))}
        assert (groups["signalled"].to_state, groups["signalled"].count) == ("signalled", 1)
        assert groups["signalled"].examples == (moves.id,)
        assert groups["planning"].to_state is None and "--map planning=" in groups["planning"].why_not
        mapped = Wish("household_case", 3, 5, {"planning": "plan_making"})
        assert {each.state: each.to_state for each in plan(town.clockwork(), mapped)} == {
            "signalled": "signalled",
            "planning": "plan_making",
        }
        assert fresh(town, stays).workflow_version == fresh(town, moves).workflow_version == 3
        town.close()

    def test_each_moves_with_an_event_on_its_chain_and_its_deadline_counted_on_from_when_it_began(
        self, database: Database, own: Path
    ) -> None:
        town = town_with(database, own)
        case = opened(town)
        to_planning(town, case)
        before = running_deadline(town, case)
        town.close()
        town = town_with(database, own, renamed=renamed())
        later = clock.now() + timedelta(days=5)
        with clock.standing_at(later):
            done = migrate(town.work("ada"), Wish("household_case", 3, 5, {"planning": "plan_making"}))
        assert (done.moved, done.cannot) == (1, 0)
        moved = fresh(town, case)
        assert (moved.workflow_version, moved.state) == (5, "plan_making")
        events = select(Event).where(Event.subject_id == case.id).order_by(Event.sequence.desc())
        event = town.clockwork().session.scalars(events).first()
        assert (event.name, event.state_from, event.state_to) == ("migrate", "planning", "plan_making")
        assert event.actor_id == town.work("ada").actor.person_id
        after = running_deadline(town, case)
        assert after.state == "plan_making" and after.set_at == before.set_at
        assert after.due_at - before.due_at == timedelta(weeks=1)
        assert verify(town.clockwork().session) == []
        with clock.standing_at(after.due_at + timedelta(seconds=1)):
            assert do_due_work(town.clockwork()).fired == 1
        town.close()

    def test_broken_off_it_goes_on_where_it_stopped(self, database: Database, own: Path) -> None:
        town = town_with(database, own)
        cases = [opened(town, number) for number in range(5)]
        town.close()
        town = town_with(database, own, shorter=SHORTER)
        wish = Wish("household_case", 3, 4)
        counted = []

        def stop_after_two(done: int) -> None:
            counted.append(done)
            if len(counted) == 2:
                raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt):
            migrate(town.work("ada"), wish, stop_after_two)
        assert sum(fresh(town, case).workflow_version == 4 for case in cases) == 2
        assert migrate(town.work("ada"), wish).moved == 3
        assert migrate(town.work("ada"), wish).moved == 0
        rows = select(Event).where(Event.name == "migrate")
        assert len(town.clockwork().session.scalars(rows).all()) == 5
        assert verify(town.clockwork().session) == []
        town.close()

    def test_who_has_no_place_stays_and_is_counted(self, database: Database, own: Path) -> None:
        town = town_with(database, own)
        case = opened(town)
        to_planning(town, case)
        town.close()
        town = town_with(database, own, renamed=renamed())
        assert migrate(town.work("ada"), Wish("household_case", 3, 5)).cannot == 1
        assert fresh(town, case).workflow_version == 3
        town.close()

    def test_a_side_state_keeps_its_way_back_under_its_new_name(self, database: Database, own: Path) -> None:
        town = town_with(database, own)
        case = opened(town)
        to_planning(town, case)
        waiting = {"waiting_for": "De bank", "next_step": "Bellen", "next_step_on": "2099-01-04"}
        town.work("fenna").act_on(HouseholdCase, case.id, "wait_for_other", waiting)
        town.close()
        town = town_with(database, own, renamed=renamed())
        assert migrate(town.work("ada"), Wish("household_case", 3, 5)).cannot == 1
        migrate(town.work("ada"), Wish("household_case", 3, 5, {"planning": "plan_making"}))
        came_in = {"came_in": "Ja", "next_step": "Bellen", "next_step_on": "2099-01-04"}
        back = town.work("fenna").act_on(HouseholdCase, case.id, "other_delivered", came_in)
        assert back.state == "plan_making"
        town.close()

    def test_ended_subjects_stay_on_their_version_and_moving_ends_nobody(self, database: Database, own: Path) -> None:
        town = town_with(database, own)
        ended, running = opened(town, 1), opened(town, 2)
        town.work("fenna").act_on(
            HouseholdCase, ended.id, "stop_early", {"outcome": "partly", "outcome_reason": "Verhuisd."}
        )
        town.close()
        town = town_with(database, own, shorter=SHORTER)
        ending = Wish("household_case", 3, 4, {"signalled": "closed"})
        (group,) = plan(town.clockwork(), ending)
        assert group.to_state is None and "moving is not ending" in group.why_not
        assert migrate(town.work("ada"), Wish("household_case", 3, 4)).moved == 1
        assert (fresh(town, ended).workflow_version, fresh(town, running).workflow_version) == (3, 4)
        town.close()

    @pytest.mark.parametrize(
        ("wish", "said"),
        [
            (Wish("houshold_case", 3, 4), "did you mean 'household_case'"),
            (Wish("household_case", 3, 11), "there are: 3, 4"),
            (Wish("household_case", 4, 4), "the same version"),
            (Wish("household_case", 3, 4, {"plannin": "planning"}), "has no state 'plannin'; did you mean 'planning'"),
            (Wish("household_case", 3, 4, {"planning": "plan"}), "version 4 has no state 'plan'"),
        ],
    )
    def test_a_move_that_makes_no_sense_is_refused_in_one_line(
        self, database: Database, own: Path, wish: Wish, said: str
    ) -> None:
        town = town_with(database, own, shorter=SHORTER)
        with pytest.raises(WrongMigration) as wrong:
            plan(town.clockwork(), wish)
        assert said in str(wrong.value) and "\n" not in str(wrong.value)
        town.close()

    def test_a_single_subject_without_a_place_is_blocked_with_the_reason(self, database: Database, own: Path) -> None:
        town = town_with(database, own)
        case = opened(town)
        to_planning(town, case)
        town.close()
        town = town_with(database, own, renamed=renamed())
        work = town.work("ada")
        with pytest.raises(Blocked, match="has no state 'planning'"), work.transaction():
            work.engine.migrate(work.session.get(HouseholdCase, case.id), 5, {}, work.actor, work)
        assert fresh(town, case).workflow_version == 3
        town.close()
