"""A municipality with years of work, written straight to the tables: events, and the rows they cannot do without."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from random import Random
from typing import Any

from sqlalchemy import Connection, Engine, Table, select
from sqlalchemy.orm import Session

from wijkteam.cases.model import Buurt, Household, HouseholdCase, Wijk
from wijkteam.events.model import Event
from wijkteam.events.payloads import write_payload
from wijkteam.people.model import Person, Team
from wijkteam.storage.database import WRITES

WIJKEN, BUURTEN, YEARS = 10, 100, 10
EDGE = 15
"""Points on each side of a buurt."""
LAST = datetime(2026, 11, 1, tzinfo=UTC)
AT_ONCE = 5_000
FIRST_HOME = 10_000_000
"""Beyond the numbers that the database itself gives."""
SHARE = 0.2
"""Escalations for each case."""


@dataclass
class Writer:
    """Collects rows by table, and writes some thousands at a time the quickest way that the database has."""

    connection: Connection
    rows: dict[type[Any], list[dict[str, Any]]] = field(default_factory=dict)
    written: dict[str, int] = field(default_factory=dict)
    homes: list[int] = field(default_factory=list)

    def add(self, model: type[Any], **values: Any) -> None:
        """One row."""
        self.rows.setdefault(model, []).append(values)

    def flush(self) -> None:
        """Write what was collected, households and cases before what refers to them."""
        for model in (Household, HouseholdCase, Event):
            rows = self.rows.get(model, [])
            if rows:
                self._write(model.__table__, rows)
                self.written[model.__tablename__] = self.written.get(model.__tablename__, 0) + len(rows)
                self.rows[model] = []
        self.connection.commit()

    def _write(self, table: Table, rows: list[dict[str, Any]]) -> None:
        names = list(rows[0])
        values: Iterator[tuple[Any, ...]] = (tuple(row[name] for name in names) for row in rows)
        raw: Any = self.connection.connection.driver_connection
        if self.connection.dialect.name == "postgresql":
            with raw.cursor() as cursor, cursor.copy(f"COPY {table.name} ({', '.join(names)}) FROM STDIN") as copy:
                for row in values:
                    copy.write_row(row)
            return
        dialect = self.connection.dialect
        turned = [table.c[name].type.dialect_impl(dialect).bind_processor(dialect) for name in names]
        text = f"INSERT INTO {table.name} ({', '.join(names)}) VALUES ({', '.join('?' for _ in names)})"
        plain = (tuple(v if turn is None else turn(v) for v, turn in zip(row, turned, strict=True)) for row in values)
        raw.executemany(text, plain)


def fill(database: Engine, cases: int, barriers: list[str], seed: int = 1) -> dict[str, int]:
    """Write the work of ten years with so many cases; returns how many rows of each table."""
    chance = Random(seed)
    with Session(database) as session:
        session.connection(execution_options={WRITES: True})
        person, team = session.scalars(select(Person.id)).first(), session.scalars(select(Team.id)).first()
        for wijk in range(WIJKEN):
            session.add(Wijk(code=f"WK99{wijk:04}", name=f"Wijk {wijk}", municipality_code="GM9999"))
        session.flush()
        for number in range(BUURTEN):
            wijk = f"WK99{number * WIJKEN // BUURTEN:04}"
            here = {"geometry": outline(number), "longitude": 5.0, "latitude": 52.0}
            session.add(Buurt(code=f"BU99{number:06}", name=f"Buurt {number}", wijk_code=wijk, **here))
        session.commit()
    with database.connect() as connection:
        connection = connection.execution_options(**{WRITES: True})
        writer = Writer(connection)
        for number in range(cases):
            _case(writer, chance, number, (person or 1, team or 1), barriers)
            if number % AT_ONCE == AT_ONCE - 1:
                with _unchecked(connection):
                    writer.flush()
        with _unchecked(connection):
            writer.flush()
        return writer.written


def outline(number: int) -> dict[str, Any]:
    """Where a buurt lies: a square of its own, drawn with as many points as a real outline has."""
    west, south = 5 + 0.01 * (number % WIJKEN), 52 + 0.01 * (number // WIJKEN)
    corners = ((0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0), (0.0, 0.0))
    ring = [
        [west + 0.01 * (x + (x2 - x) * step / EDGE), south + 0.01 * (y + (y2 - y) * step / EDGE)]
        for (x, y), (x2, y2) in pairwise(corners)
        for step in range(EDGE)
    ]
    return {"type": "Polygon", "coordinates": [[*ring, ring[0]]]}


@contextmanager
def _unchecked(connection: Connection) -> Iterator[None]:
    """On PostgreSQL rows that are right by their making are not looked up one by one."""
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql("SET LOCAL session_replication_role = replica")
    else:
        connection.exec_driver_sql("SELECT 1")
    yield


def _event(kind: str, subject: str, name: str, states: tuple[str | None, str], at: datetime, /, **changes: Any) -> Any:
    """The next event of a subject, but for its number."""
    return {
        "subject_kind": kind,
        "subject_id": subject,
        "name": name,
        "state_from": states[0],
        "state_to": states[1],
        "actor_id": changes.pop("by", 1),
        "at": at,
        "payload": write_payload({}, changes),
        "payload_digest": "0" * 64,
        "previous_hash": "",
        "hash": "",
        "mandate_id": None,
    }


def _write(writer: Writer, events: Iterator[dict[str, Any]]) -> None:
    for sequence, event in enumerate(events, 1):
        writer.add(Event, sequence=sequence, **event)


def _case(writer: Writer, chance: Random, number: int, who: tuple[int, int], barriers: list[str]) -> None:
    again = bool(writer.homes) and chance.random() < 0.15
    home = chance.choice(writer.homes) if again else FIRST_HOME + number
    opened = LAST - timedelta(days=chance.random() * 365 * YEARS)
    case = f"c{number:011}"
    if not again:
        writer.homes.append(home)
        buurt = f"BU99{chance.randrange(BUURTEN):06}" if chance.random() > 0.02 else None
        writer.add(Household, id=home, who_or_where="x", buurt_code=buurt, added_at=opened)
    closed = opened + timedelta(days=chance.randrange(30, 500))
    ended = closed < LAST and chance.random() < 0.95
    outcome = chance.choices(("achieved", "partly", "not_achieved"), (6, 3, 2))[0]
    person, team = who
    writer.add(
        HouseholdCase,
        id=case,
        household_id=home,
        team_id=team,
        owner_id=person,
        what_is_going_on="x",
        next_step="x",
        next_step_by=person,
        next_step_on=LAST.date(),
        workflow_version=3,
        state="closed" if ended else "carrying_out",
        version=5,
        event_hash="",
        opened_at=opened,
        state_since=opened,
    )
    _write(writer, _case_events(case, home, opened, closed if ended else None, outcome, chance.choice(barriers)))
    if chance.random() < SHARE:
        _write(writer, _escalation(f"e{number:011}", case, opened, chance, barriers))
    if ended and chance.random() < 0.3:
        goal = f"g{number:011}"
        result = chance.choices(("achieved", "partly", "not_achieved", "dropped"), (5, 3, 2, 1))[0]
        said = {"own_answer": chance.choice(("good", "fair", "bad"))} if chance.random() < 0.6 else {}
        told = {"case_id": case, "life_domain": chance.choice(("housing", "finance", "justice"))}
        _write(
            writer,
            iter(
                (
                    _event("goal", goal, "open", (None, "open"), opened, **told),
                    _event("goal", goal, "achieve", ("open", result), closed, ended_at=closed, **said),
                )
            ),
        )
    if ended and chance.random() < 0.1:
        for turn, at in enumerate((opened, closed)):
            scores = " ".join(f"{name}:{chance.randint(1, 5)}" for name in ("finance", "housing", "justice", "work"))
            told = {"case_id": case, "instrument": "zrm", "taken_on": at.date(), "scores": scores}
            _write(writer, iter([_event("measurement", f"m{number:010}{turn}", "open", (None, "stands"), at, **told)]))


def _case_events(
    case: str, home: int, opened: datetime, closed: datetime | None, outcome: str, barrier: str
) -> Iterator[dict[str, Any]]:
    kind = "household_case"
    yield _event(kind, case, "open", (None, "signalled"), opened, household_id=home)
    yield _event(kind, case, "found_safe", ("signalled", "clarifying"), opened)
    yield _event(kind, case, "question_is_clear", ("clarifying", "planning"), opened)
    if closed is not None:
        away = {} if outcome == "achieved" else {"outcome_barrier": barrier}
        yield _event(kind, case, "finish", ("evaluating", "aftercare"), closed, outcome=outcome, **away)
        yield _event(kind, case, "close", ("aftercare", "closed"), closed, closed_at=closed)


def _escalation(
    subject: str, case: str, opened: datetime, chance: Random, barriers: list[str]
) -> Iterator[dict[str, Any]]:
    at = opened + timedelta(days=chance.random() * 20)
    kind, due = "escalation", at + timedelta(days=2)
    barrier = chance.choices(barriers, [1 / (1 + number) for number in range(len(barriers))])[0]
    asked = {"case_id": case, "kind": "question", "barrier": barrier, "rung": 1, "highest_rung": 1, "respond_by": due}
    yield _event(kind, subject, "open", (None, "asked"), at, **asked)
    rung = 1
    while chance.random() < 0.25 and rung < 4:
        rung, at = rung + 1, due
        due = at + timedelta(days=3)
        climbs = {"rung": rung, "highest_rung": rung, "respond_by": due, "by": None}
        yield _event(kind, subject, "climb", ("asked", "asked"), at, **climbs)
    fate, later = chance.random(), at + timedelta(hours=chance.randrange(1, 90))
    if fate < 0.06:
        yield _event(kind, subject, "withdraw", ("asked", "withdrawn"), later, ended_at=later)
    elif fate < 0.97:
        yield _event(kind, subject, "answer", ("asked", "answered"), later, answered_at=later)
        if fate < 0.8:
            yield _event(kind, subject, "resolve", ("answered", "resolved"), later, ended_at=later)
