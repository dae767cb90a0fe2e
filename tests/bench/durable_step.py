"""The durable step against the same statements in plain SQLAlchemy Core, turn by turn in one run."""

import time
from datetime import timedelta
from typing import Any

from sqlalchemy import Connection, insert, text, update

from wijkteam.assembly import House, build_house
from wijkteam.cases.model import HouseholdCase
from wijkteam.cases.service import NewCase, open_case
from wijkteam.deadlines.model import Deadline
from wijkteam.demo.town import found_town
from wijkteam.events.model import Event
from wijkteam.people import queries as people
from wijkteam.storage.database import WRITES, connect
from wijkteam.storage.schema import upgrade
from wijkteam.storage.work import Work
from wijkteam.terms import clock

STEPS = 150


def measure_step(url: str) -> tuple[float, float]:
    """Steps per second of ours, and of Core; each step is one commit of update, event and two deadline statements."""
    database = connect(url)
    upgrade(database)
    house = build_house(database)
    work = house.work()
    found_town(house, work)
    person = people.person_by_email(work.session, "fenna@voorbeeldstad.example")
    assert person is not None
    work.actor = people.acting_person(work.session, person.id)
    ours_case = open_case(work, NewCase("Straat 1", "Huur", "Bellen", clock.today()))
    core_case = open_case(work, NewCase("Straat 2", "Huur", "Bellen", clock.today()))
    _to_and_fro(work, ours_case, 10)
    ours = core = 0.0
    for _ in range(3):
        start = time.perf_counter()
        _to_and_fro(work, ours_case, STEPS // 3)
        ours += time.perf_counter() - start
        start = time.perf_counter()
        _core(house, core_case, STEPS // 3)
        core += time.perf_counter() - start
    work.session.close()
    database.dispose()
    return STEPS / ours, STEPS / core


def _to_and_fro(work: Work, case: HouseholdCase, count: int) -> None:
    fields: dict[str, Any] = {"contact_tried": "Gebeld.", "next_step": "Langs", "next_step_on": clock.today()}
    back: dict[str, Any] = {"contact_regained": "Thuis.", "next_step": "Bel", "next_step_on": clock.today()}
    for _ in range(count):
        with work.transaction() as session:
            session.get(HouseholdCase, case.id, populate_existing=True)
            leaving = case.state == "signalled"
            work.fire(case, "lose_contact" if leaving else "regain_contact", fields if leaving else back)


def _core(house: House, case: HouseholdCase, count: int) -> None:
    """What such a step sends, the same statements, sent by Core."""
    statement = text("SELECT * FROM household_case WHERE id = :id")
    for number in range(count):
        with house.database.connect().execution_options(**{WRITES: True}) as connection:
            row = connection.execute(statement, {"id": case.id}).one()
            now = clock.now()
            for lead in connection.execute(LEADS, {"team": case.team_id}):
                assert lead
            connection.execute(
                update(HouseholdCase)
                .where(HouseholdCase.id == case.id, HouseholdCase.version == row.version)
                .values(version=row.version + 1, state="avoiding", next_step=f"stap {number}", state_since=now)
            )
            _event(connection, case, row.version + 1)
            connection.execute(
                update(Deadline).where(Deadline.subject_id == case.id, Deadline.ended_at.is_(None)).values(ended_at=now)
            )
            connection.execute(
                insert(Deadline).values(
                    subject_kind="household_case",
                    subject_id=case.id,
                    state="avoiding",
                    due_at=now + timedelta(days=5),
                    set_at=now,
                    fired=False,
                )
            )
            connection.commit()


LEADS = text(
    "SELECT DISTINCT person.* FROM person JOIN held_function ON held_function.person_id = person.id "
    "WHERE held_function.function = 'team_lead' AND held_function.team_id = :team"
)


def _event(connection: Connection, case: HouseholdCase, sequence: int) -> None:
    connection.execute(
        insert(Event).values(
            subject_kind="household_case",
            subject_id=case.id,
            sequence=sequence,
            name="lose_contact",
            state_from="signalled",
            state_to="avoiding",
            actor_id=case.owner_id,
            at=clock.now(),
            payload="{" + "x" * 300 + "}",
            payload_digest="0" * 64,
            previous_hash="1" * 64,
            hash="2" * 64,
        )
    )
