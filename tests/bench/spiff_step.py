"""The durable step against a persisted step of SpiffWorkflow, on the same kind of SQLite, turn by turn in one run.

SpiffWorkflow does what its documentation says: a row of JSON is read, made into a workflow, one user task is run,
and the whole is written back in one commit. Each of its steps is the first of a fresh instance, so that no history
weighs on it; the instances are stored beforehand. Its workflow (visit.bpmn) is a part of ours: four of the eleven
states of a case, with their terms and the ways between them. Beside it, without a bound, stands the least that a
workflow can be (two_tasks.bpmn).
"""

import tempfile
from dataclasses import dataclass
from pathlib import Path

from SpiffWorkflow.bpmn import BpmnWorkflow
from SpiffWorkflow.bpmn.parser import BpmnParser
from SpiffWorkflow.bpmn.serializer import BpmnWorkflowSerializer
from SpiffWorkflow.util.task import TaskState
from sqlalchemy import Column, Engine, Integer, MetaData, Table, Text, bindparam, insert, select, update

from tests.bench.durable_step import of_engine, prepare
from tests.bench.rounds import Work, compare, spread, told
from wijkteam.storage.database import WRITES, connect

COMPARABLE, LEAST = (Path(__file__).with_name(name) for name in ("visit.bpmn", "two_tasks.bpmn"))
STEPS = 200
INSTANCES = 100
AT_LEAST = 1.0
INSTANCE = Table("instance", MetaData(), Column("id", Integer, primary_key=True), Column("content", Text))
READ = select(INSTANCE.c.content).where(INSTANCE.c.id == bindparam("number"))
STORE = update(INSTANCE).where(INSTANCE.c.id == bindparam("number"))


@dataclass(frozen=True)
class Stored:
    """Fresh instances in a database, each waiting at its first user task."""

    database: Engine
    serializer: BpmnWorkflowSerializer
    fresh: str


def store_instances(url: str, process: Path) -> Stored:
    """A database with instances of a process, all at their beginning."""
    parser = BpmnParser()
    parser.add_bpmn_file(str(process))
    workflow = BpmnWorkflow(parser.get_spec("visit"))
    workflow.do_engine_steps()
    serializer = BpmnWorkflowSerializer()
    fresh = serializer.serialize_json(workflow)
    database = connect(url)
    INSTANCE.metadata.create_all(database)
    with database.connect().execution_options(**{WRITES: True}) as connection:
        connection.execute(insert(INSTANCE), [{"content": fresh} for _ in range(INSTANCES)])
        connection.commit()
    return Stored(database, serializer, fresh)


def of_spiff(stored: Stored) -> Work:
    """Steps, each on the next instance; an instance that had its step is put back before it is due again."""
    number = 0

    def turn(count: int) -> None:
        nonlocal number
        for _ in range(count):
            number = number % INSTANCES + 1
            _spiff_step(stored, number)

    return turn


def _spiff_step(stored: Stored, number: int) -> None:
    with stored.database.connect().execution_options(**{WRITES: True}) as connection:
        content = connection.execute(READ, {"number": number}).scalar_one()
        workflow = stored.serializer.deserialize_json(content)
        task = workflow.get_next_task(state=TaskState.READY, manual=True)
        if task is None or task.task_spec.name != "signalled":
            raise RuntimeError("this instance is not at its beginning")
        task.set_data(taken="lose_contact", contact_tried="Gebeld.", next_step="Langs", next_step_on="2026-03-02")
        task.run()
        workflow.do_engine_steps()
        moved = stored.serializer.serialize_json(workflow)
        connection.execute(STORE, {"number": number, "content": moved})
        connection.commit()


def put_back(stored: Stored) -> Work:
    """Put every instance back at its beginning; not counted, and so run as a contender of its own."""

    def turn(_count: int) -> None:
        with stored.database.connect().execution_options(**{WRITES: True}) as connection:
            connection.execute(update(INSTANCE), {"content": stored.fresh})
            connection.commit()

    return turn


def run(profile: bool) -> bool:
    """Measure all three; ours has to be at least as fast as the comparable workflow."""
    del profile
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        ground = prepare(f"sqlite:///{folder / 'ours.sqlite'}")
        comparable = store_instances(f"sqlite:///{folder / 'comparable.sqlite'}", COMPARABLE)
        least = store_instances(f"sqlite:///{folder / 'least.sqlite'}", LEAST)
        contenders = {
            "ours": of_engine(ground),
            "comparable": of_spiff(comparable),
            "least": of_spiff(least),
            "put back": put_back(comparable),
            "put back least": put_back(least),
        }
        measured = compare(contenders, STEPS)
        rates = {name: f"{measured.rate(name):.0f} steps/s" for name in contenders}
        print(f"  ours {rates['ours']}, SpiffWorkflow {rates['comparable']}, with two bare tasks {rates['least']}")
        kept = told("our rate / SpiffWorkflow's rate", measured.ratios("ours", "comparable"), AT_LEAST, True)
        print(f"  our rate / its rate with two bare tasks: {spread(measured.ratios('ours', 'least'))} (no bound)")
        ground.close()
        comparable.database.dispose()
        least.database.dispose()
    return kept
