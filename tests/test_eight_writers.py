"""Eight people, the worker and a migration at once on the same few subjects: nothing is lost, doubled or half done."""

import random
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, event, func, select, update
from sqlalchemy.orm import Session

from tests.conftest import Town
from wijkteam.assembly import build_house
from wijkteam.cases.model import HouseholdCase
from wijkteam.cases.service import NewCase, open_case
from wijkteam.deadlines.model import Deadline
from wijkteam.deadlines.worker import do_due_work
from wijkteam.demo.town import found_town
from wijkteam.engine.definition import FieldType
from wijkteam.engine.fields import WrongFields
from wijkteam.engine.running import Refused, Stale
from wijkteam.escalation.model import Escalation
from wijkteam.escalation.service import NewEscalation, escalate
from wijkteam.events.model import Event
from wijkteam.events.queries import recorded
from wijkteam.events.verification import verify
from wijkteam.keys.ring import KeyRing
from wijkteam.mandate.model import Decision, MandateRequest
from wijkteam.mandate.service import AskedDecision, request_mandate
from wijkteam.people import queries as people
from wijkteam.rulebook import workflow_folders
from wijkteam.storage.database import WRITES
from wijkteam.storage.work import Work
from wijkteam.terms import clock
from wijkteam.versions.migrating import Wish, migrate

WRITERS = ("fenna", "teun", "petra", "mo", "bea", "fia", "sam.1", "noa.1")
ROUNDS = 14
START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
MODELS: tuple[type[Any], ...] = (HouseholdCase, Escalation, MandateRequest)
SECOND_VERSION = """\
workflow: escalation
version: 2
extends: {workflow: escalation, version: 1}
states: {answered: {term: {within: P3D}}}
"""


@dataclass(frozen=True)
class Done:
    """What a writer was told: this subject now stands on this version, by this step."""

    kind: str
    subject_id: str
    version: int
    name: str
    person_id: int


@dataclass
class Crowd:
    """Everybody at once, and what each was told."""

    town: Town
    done: list[Done] = field(default_factory=list)
    refused: Counter[str] = field(default_factory=Counter)
    broken: list[str] = field(default_factory=list)
    fired: int = 0
    moved: int = 0

    def run(self, *tasks: Callable[[], None]) -> None:
        """All tasks at the same time."""
        ready = threading.Barrier(len(tasks))

        def go(task: Callable[[], None]) -> None:
            ready.wait()
            try:
                task()
            except Exception as error:
                self.broken.append(f"{type(error).__name__}: {error}")

        threads = [threading.Thread(target=go, args=(task,)) for task in tasks]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    def write(self, name: str, seed: int) -> None:
        """One writer, round after round: tries whatever is there, now and then on what was seen before."""
        chance = random.Random(f"{name} {seed}")
        work = self.town.work(name)
        for number in range(ROUNDS):
            with clock.standing_at(START + timedelta(days=number)):
                try:
                    self._one_thing(work, chance)
                except (Refused, WrongFields) as refused:
                    self.refused[type(refused).__name__] += 1

    def _one_thing(self, work: Work, chance: random.Random) -> None:
        if chance.random() < 0.12:
            return self._begin(work, chance)
        model = chance.choice(MODELS)
        subject = chance.choice(work.session.scalars(select(model).order_by(model.id)).all())
        options = [each for each in work.options(subject) if each.open or chance.random() < 0.1]
        if not options:
            return None
        transition = chance.choice(options).transition
        workflow = work.engine.workflow(subject.workflow, subject.workflow_version)
        given = {ask.field: fitting(workflow.fields[ask.field], work, chance) for ask in transition.questions}
        seen = subject.version if chance.random() < 0.5 else None
        after = work.act_on(model, subject.id, transition.name, given, seen)
        assert seen is None or after.version == seen + 1
        self._told(work, after, transition.name)

    def _begin(self, work: Work, chance: random.Random) -> None:
        case = chance.choice(work.session.scalars(select(HouseholdCase).order_by(HouseholdCase.id)).all())
        if chance.random() < 0.5:
            self._told(work, escalate(work, NewEscalation(case.id, case.team_id, "Woning", "housing")), "open")
            return
        asked = AskedDecision("tailored_budget", 90_000, "Nodig", case.id, case.household_id, case.team_id)
        request = request_mandate(work, asked)
        for version, name in ((1, "open"), (2, "ask")):
            self.done.append(Done("mandate_request", request.id, version, name, work.actor.person_id))

    def _told(self, work: Work, subject: Any, name: str) -> None:
        self.done.append(Done(subject.workflow, subject.id, subject.version, name, work.actor.person_id))

    def work_through(self) -> None:
        """The worker, round after round, when everything that was ever set is long due."""
        for number in range(ROUNDS):
            with clock.standing_at(START + timedelta(days=40 + 10 * number)):
                self.fired += do_due_work(self.town.clockwork()).fired

    def move(self) -> None:
        """The administrator, who moves everything that runs to the second version, until nothing is left."""
        work = self.town.work("ada")
        for _ in range(3):
            self.moved += migrate(work, Wish("escalation", 1, 2)).moved


def fitting(asked: Any, work: Work, chance: random.Random) -> Any:
    match asked.type:
        case FieldType.MONEY:
            return chance.choice([10_000, 90_000, 2_000_000])
        case FieldType.DATE | FieldType.FUTURE_DATE:
            return clock.today()
        case FieldType.YES_NO:
            return chance.random() < 0.5
        case FieldType.PERSON:
            return people.person_by_email(work.session, f"{chance.choice(WRITERS)}@voorbeeldstad.example").id
        case FieldType.CHOICE if asked.choices is not None:
            return chance.choice(sorted(asked.choices))
        case FieldType.CHOICE:
            return {"powers": "tailored_budget", "barriers": "housing", "remedies": "other"}[asked.list]
        case _:
            return f"Tekst {chance.random()}"


@pytest.fixture
def crowd(database: Engine, tmp_path: Path, key_ring: KeyRing) -> Iterator[Crowd]:
    """Two cases with a question and a request each, on the first version, in a house that knows the second too."""
    first = build_house(database, key_ring=key_ring)
    town = Town(first)
    with clock.standing_at(START):
        found_town(first, town.clockwork())
        for street in ("Straat 1", "Straat 2"):
            fenna = town.work("fenna")
            case = open_case(fenna, NewCase(street, "Huur", "Bellen", clock.today()))
            escalate(fenna, NewEscalation(case.id, case.team_id, "Woning", "housing"))
            asked = AskedDecision("tailored_budget", 90_000, "Nodig", case.id, case.household_id, case.team_id)
            request_mandate(fenna, asked)
    town.close()
    own = tmp_path / "workflows"
    own.mkdir()
    (own / "escalation.yaml").write_text(SECOND_VERSION, encoding="utf-8")
    everybody = Crowd(Town(build_house(database, (own, *workflow_folders()), key_ring)))
    yield everybody
    everybody.town.close()


@pytest.mark.parametrize("seed", [1, 2])
def test_after_any_interleaving_the_fold_of_events_is_the_state_and_nothing_is_lost(crowd: Crowd, seed: int) -> None:
    before = crowd.town.clockwork().session.scalar(select(func.count(Event.id)))
    writers = [lambda name=name: crowd.write(name, seed) for name in WRITERS]
    crowd.run(*writers, crowd.work_through, crowd.move)
    assert crowd.broken == []
    assert len(crowd.done) >= 10 and crowd.refused["Stale"] + crowd.refused["NotOpen"] > 0
    session = crowd.town.clockwork().session
    assert verify(session) == []
    told_what_happened(session, crowd, before or 0)
    one_deadline_where_a_term_runs(session, crowd)


def told_what_happened(session: Session, crowd: Crowd, before: int) -> None:
    """Every success that was told is there, and nothing else is."""
    events = session.scalars(select(Event).order_by(Event.id)).all()
    written = {Done(each.subject_kind, each.subject_id, each.sequence, each.name, each.actor_id) for each in events}
    assert len(set(crowd.done)) == len(crowd.done) and set(crowd.done) <= written
    stopped = [each for each in events if each.name == "stop_early"]
    along = [
        each
        for each in events
        if each.name == "withdraw" and any((each.at, each.actor_id) == (stop.at, stop.actor_id) for stop in stopped)
        if Done(each.subject_kind, each.subject_id, each.sequence, each.name, each.actor_id) not in set(crowd.done)
    ]
    letters = [each for each in events if (each.subject_kind, each.name) == ("letter", "open")]
    assert len(letters) == session.scalar(select(func.count(Decision.id))), "each decision comes with its letter"
    assert len(events) == before + len(crowd.done) + len(along) + len(letters) + crowd.fired + crowd.moved
    assert crowd.fired == sum(each.actor_id is None for each in events) > 0
    assert crowd.moved == sum(each.name == "migrate" for each in events)
    for model in MODELS:
        for subject in session.scalars(select(model)):
            mine = [each.sequence for each in events if each.subject_id == subject.id]
            assert mine == list(range(1, subject.version + 1))


def one_deadline_where_a_term_runs(session: Session, crowd: Crowd) -> None:
    open_now = Counter(session.scalars(select(Deadline.subject_id).where(Deadline.ended_at.is_(None))))
    for model in MODELS:
        for subject in session.scalars(select(model)):
            workflow = crowd.town.house.engine.workflow(subject.workflow, subject.workflow_version)
            runs = workflow.states[subject.state].term is not None
            assert open_now[subject.id] == int(runs), f"{subject.workflow} in {subject.state}"


def test_a_lock_that_was_waited_for_too_long_is_stale_and_no_error_of_the_database(crowd: Crowd) -> None:
    database = crowd.town.house.database
    impatient = "PRAGMA busy_timeout=50" if database.dialect.name == "sqlite" else "SET lock_timeout = '50ms'"
    work = crowd.town.work("fenna")
    case_id = work.session.scalars(select(HouseholdCase.id)).first()
    work.session.commit()
    with database.connect().execution_options(**{WRITES: True}) as other, other.begin():
        other.execute(update(HouseholdCase).values(next_step="Eerst dit"))

        @event.listens_for(database, "checkout")
        def hurry(connection: Any, *_: object) -> None:
            connection.cursor().execute(impatient)

        try:
            with pytest.raises(Stale):
                work.act_on(HouseholdCase, case_id, "add_note", {"note": "x"})
        finally:
            event.remove(database, "checkout", hurry)
        other.rollback()
    session = crowd.town.clockwork().session
    assert verify(session) == [] and session.scalar(select(func.count()).where(Event.name == "add_note")) == 0


def test_whoever_saw_an_older_version_is_stale_and_whoever_did_not_say_loses_nothing(crowd: Crowd) -> None:
    """Everybody adds a note to one case at the same moment: each note is there once, or its writer was told."""
    case_id = crowd.town.clockwork().session.scalars(select(HouseholdCase.id)).first()
    told: list[str] = []

    def note(name: str) -> None:
        work = crowd.town.work(name)
        for number in range(6):
            try:
                work.act_on(HouseholdCase, case_id, "add_note", {"note": f"{name} {number}"})
            except Stale:
                continue
            told.append(f"{name} {number}")

    crowd.run(*[lambda name=name: note(name) for name in ("fenna", "teun", "sam.1", "noa.1") * 2])
    assert crowd.broken == []
    session = crowd.town.clockwork().session
    noted = [recorded(each)["note"] for each in session.scalars(select(Event).where(Event.name == "add_note"))]
    assert sorted(noted) == sorted(told)
