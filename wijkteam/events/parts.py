"""Events in parts by month, for a municipality with very many (PostgreSQL; `wijkteam db divide-events`).

What stands there becomes the first part as it is: nothing is copied, and steps are held up for a moment only. New
months get a part of their own, so that writing touches small indexes, and vacuum never looks again at what is past.

A unique value over parts must hold the moment too. What that leaves open, that one subject has two events of the same
number at different moments, a table of one row a subject keeps out: a step is only added after the last one there is.
"""

import time
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import OperationalError

from wijkteam.storage.races import is_lost_race
from wijkteam.terms import clock

PREFIX = "event_in_"
"""How the parts, and the table that keeps them in order, are called."""
BEFORE, LATER, ORDER = f"{PREFIX}before", f"{PREFIX}later", f"{PREFIX}order"
TRIES, PAUSE = 60, 0.5
"""So often the turn is tried, with so many seconds between, while work in hand still holds a table."""
AHEAD = 3
"""For so many months ahead there are parts."""
PLAIN = ("ix_event_at", "ix_event_actor_id_at", "ix_event_name_at")
COUNT_ON = """
CREATE OR REPLACE FUNCTION keep_events_in_order() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    INSERT INTO event_in_order AS told VALUES (NEW.subject_kind, NEW.subject_id, NEW.sequence)
        ON CONFLICT (subject_kind, subject_id) DO UPDATE SET last = NEW.sequence WHERE told.last < NEW.sequence;
    IF NOT FOUND THEN
        RAISE unique_violation
            USING CONSTRAINT = 'uq_event_subject_kind_subject_id_sequence', MESSAGE = 'this event is there already';
    END IF;
    RETURN NEW;
END $$
"""
FIND_LAST = """
INSERT INTO event_in_order AS told SELECT subject_kind, subject_id, max(sequence) FROM event GROUP BY 1, 2
    ON CONFLICT (subject_kind, subject_id) DO UPDATE SET last = greatest(told.last, EXCLUDED.last)
"""
POLICIES = """SELECT policyname, roles::text[], qual FROM pg_policies
    WHERE schemaname = current_schema() AND tablename = 'event'"""


class CannotDivide(Exception):
    """Events cannot be divided here."""


def is_divided(connection: Connection) -> bool:
    """Whether events stand in parts."""
    if connection.dialect.name != "postgresql":
        return False
    found = connection.scalar(text("SELECT relkind = 'p' FROM pg_class WHERE oid = to_regclass('event')"))
    return bool(found)


def divide(database: Engine) -> None:
    """Put the events in parts by month, while people work. Can be run again after it was broken off.

    Raises CannotDivide on another database than PostgreSQL, and when it was done before.
    """
    if database.dialect.name != "postgresql":
        raise CannotDivide("only PostgreSQL has tables in parts")
    with database.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        if is_divided(connection):
            raise CannotDivide("events stand in parts already")
        until = _end_of_what_is(connection)
        for statement in _prepare(until):
            connection.execute(text(statement))
    for tries_left in reversed(range(TRIES)):
        try:
            with database.begin() as connection:
                _turn_round(connection, until)
            break
        except OperationalError as error:
            if not is_lost_race(error):
                raise
            if not tries_left:
                raise CannotDivide("work in hand went on holding the tables: try again at a quieter moment") from error
            time.sleep(PAUSE)
    make_ahead(database)


def _turn_round(connection: Connection, until: date) -> None:
    """Put the table in the place of its first part, with the wall around it as it was."""
    policies = connection.execute(text(POLICIES)).all()
    for statement in _turn(until):
        connection.execute(text(statement))
    connection.execute(text("SELECT wijkteam_let_read('event')"))
    connection.execute(text("ALTER TABLE event ENABLE ROW LEVEL SECURITY"))
    for name, roles, qual in policies:
        told = f"CREATE POLICY {name} ON event FOR SELECT TO {', '.join(roles)} USING ({qual})"
        connection.exec_driver_sql(told.replace("%", "%%"))


def _end_of_what_is(connection: Connection) -> date:
    """The first day of a month that is over no event yet, and not within a day."""
    newest = connection.scalar(text("SELECT max(at) FROM event"))
    return _next_month(max(clock.now() + timedelta(days=1), newest or clock.now()))


def _prepare(until: date) -> Iterator[str]:
    """What may take long, and holds nobody up."""
    for name, columns in (("pk_event_before", "id, at"), ("uq_event_before", "subject_kind, subject_id, sequence, at")):
        yield f"DROP INDEX CONCURRENTLY IF EXISTS {name}"
        yield f"CREATE UNIQUE INDEX CONCURRENTLY {name} ON event ({columns})"
    yield "ALTER TABLE event DROP CONSTRAINT IF EXISTS before_the_parts"
    yield f"ALTER TABLE event ADD CONSTRAINT before_the_parts CHECK (at < '{until}T00:00:00Z') NOT VALID"
    yield "ALTER TABLE event VALIDATE CONSTRAINT before_the_parts"
    yield (
        f"CREATE TABLE IF NOT EXISTS {ORDER} (subject_kind varchar(40) NOT NULL, subject_id varchar(12) NOT NULL, "
        "last integer NOT NULL, PRIMARY KEY (subject_kind, subject_id)) WITH (fillfactor = 70)"
    )
    yield COUNT_ON
    yield "DROP TRIGGER IF EXISTS event_in_order ON event"
    yield "CREATE TRIGGER event_in_order BEFORE INSERT ON event FOR EACH ROW EXECUTE FUNCTION keep_events_in_order()"
    yield FIND_LAST


def _turn(until: date) -> Iterator[str]:
    """What everybody waits for: only names and rules change, no row is read or written."""
    # events refer to these, and every step reads who acts first: all is held at once, or nothing, so that nobody who
    # works meanwhile has to give way
    yield "SET LOCAL lock_timeout = '500ms'"
    yield "LOCK TABLE person IN ACCESS EXCLUSIVE MODE"
    yield "LOCK TABLE mandate, event IN ACCESS EXCLUSIVE MODE NOWAIT"
    yield "DROP TRIGGER event_in_order ON event"
    yield "DROP TRIGGER event_kept ON event"
    yield f"ALTER TABLE event RENAME TO {BEFORE}"
    yield f"ALTER TABLE {BEFORE} DROP CONSTRAINT pk_event"
    yield f"ALTER TABLE {BEFORE} ADD CONSTRAINT pk_event_before PRIMARY KEY USING INDEX pk_event_before"
    yield f"ALTER TABLE {BEFORE} ADD CONSTRAINT uq_event_before UNIQUE USING INDEX uq_event_before"
    for name in PLAIN:
        yield f"ALTER INDEX {name} RENAME TO {name}_before"
    yield f"CREATE TABLE event (LIKE {BEFORE} INCLUDING DEFAULTS INCLUDING STORAGE) PARTITION BY RANGE (at)"
    yield "ALTER SEQUENCE event_id_seq OWNED BY event.id"
    yield "ALTER TABLE event ADD CONSTRAINT pk_event PRIMARY KEY (id, at)"
    yield "ALTER TABLE event ADD CONSTRAINT uq_event_place UNIQUE (subject_kind, subject_id, sequence, at)"
    yield "ALTER TABLE event ADD CONSTRAINT fk_event_actor_id FOREIGN KEY (actor_id) REFERENCES person (id)"
    yield "ALTER TABLE event ADD CONSTRAINT fk_event_mandate_id FOREIGN KEY (mandate_id) REFERENCES mandate (id)"
    yield "CREATE INDEX ix_event_at ON event (at)"
    yield "CREATE INDEX ix_event_actor_id_at ON event (actor_id, at)"
    yield "CREATE INDEX ix_event_name_at ON event (subject_kind, name, at)"
    yield f"ALTER TABLE event ATTACH PARTITION {BEFORE} FOR VALUES FROM (MINVALUE) TO ('{until}T00:00:00Z')"
    yield f"CREATE TABLE {LATER} PARTITION OF event DEFAULT"
    yield f"REVOKE ALL ON {BEFORE} FROM wijkteam_reader"
    yield "CREATE TRIGGER event_kept BEFORE UPDATE OR DELETE ON event FOR EACH ROW EXECUTE FUNCTION keep_event()"
    yield "CREATE TRIGGER event_in_order BEFORE INSERT ON event FOR EACH ROW EXECUTE FUNCTION keep_events_in_order()"


def make_ahead(database: Engine) -> list[str]:
    """Make parts for this month and those to come, where events stand in parts; returns the names of new ones.

    A month of which events stand in the part for whatever comes later keeps them there. Others may do so too at the
    same moment: one of them makes it.
    """
    made = []
    with database.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        if not is_divided(connection):
            return []
        first = clock.now().date().replace(day=1)
        for _each in range(AHEAD + 1):
            until = _next_month(datetime(first.year, first.month, 1, tzinfo=UTC))
            name = f"{PREFIX}{first:%Y_%m}"
            if _is_free(connection, name, first, until):
                between = f"FROM ('{first}T00:00:00Z') TO ('{until}T00:00:00Z')"
                connection.execute(text(f"CREATE TABLE IF NOT EXISTS {name} PARTITION OF event FOR VALUES {between}"))
                made.append(name)
            first = until
    return made


def _is_free(connection: Connection, name: str, first: date, until: date) -> bool:
    """Whether a month has no part yet and can have one."""
    if connection.scalar(text("SELECT to_regclass(:name) IS NOT NULL"), {"name": name}):
        return False
    within = {"first": datetime(first.year, first.month, 1, tzinfo=UTC)}
    within["until"] = datetime(until.year, until.month, 1, tzinfo=UTC)
    for part in (BEFORE, LATER):
        held = text(f"SELECT EXISTS (SELECT FROM {part} WHERE at >= :first AND at < :until)")  # noqa: S608  # nosec B608
        if connection.scalar(held, within):
            return False
    ends = text(
        "SELECT pg_get_constraintdef(oid) FROM pg_constraint "
        "WHERE conname = 'before_the_parts' AND conrelid = to_regclass(:part)"
    )
    told = connection.scalar(ends, {"part": BEFORE})
    return told is None or f"{until}" > str(told).partition("'")[2][:10]


def _next_month(moment: datetime) -> date:
    return (moment.astimezone(UTC).date().replace(day=1) + timedelta(days=32)).replace(day=1)
