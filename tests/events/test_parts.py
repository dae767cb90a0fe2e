"""Events in parts by month: the same events, the same rules, whoever writes and reads."""

import threading
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import DBAPIError, IntegrityError

from tests.conftest import Town
from wijkteam.backup.making import back_up
from wijkteam.cases.model import HouseholdCase
from wijkteam.cases.service import NewCase, open_case
from wijkteam.events.parts import BEFORE, LATER, CannotDivide, divide, is_divided, make_ahead
from wijkteam.events.queries import events_of
from wijkteam.events.verification import verify
from wijkteam.figures.keeping import differences
from wijkteam.storage.races import is_lost_race
from wijkteam.terms import clock
from wijkteam.wall.reader import reader_of

POSTGRESQL = pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
WHERE = text("SELECT tableoid::regclass::text, count(*) FROM event GROUP BY 1")
AGAIN = """INSERT INTO event
    (subject_kind, subject_id, sequence, name, state_to, at, payload_digest, previous_hash, hash)
    SELECT subject_kind, subject_id, sequence, name, state_to, at + interval '40 days', payload_digest, previous_hash,
    hash FROM event ORDER BY id DESC LIMIT 1"""


def new_case(town: Town) -> HouseholdCase:
    made = open_case(town.work("fenna"), NewCase("Bedacht, Kade 1", "huur", "bel", clock.today()))
    town.close()
    return made


def note(town: Town, case: HouseholdCase, words: str) -> None:
    town.work("fenna").act_on(HouseholdCase, case.id, "add_note", {"note": words})
    town.close()


def counts(database: Engine) -> dict[str, int]:
    with database.connect() as connection:
        return {name: count for name, count in connection.execute(WHERE)}


@POSTGRESQL
def test_what_was_stays_whole_and_new_months_have_a_part_of_their_own(
    town: Town, database: Engine, tmp_path: Path
) -> None:
    case = new_case(town)
    note(town, case, "ervoor")
    before = sum(counts(database).values())
    stop, wrote, refused = threading.Event(), [], []

    def keep_writing() -> None:
        while not stop.is_set():
            try:
                note(town, case, "terwijl")
                wrote.append(1)
            except Exception as error:
                refused.append(error)

    writing = threading.Thread(target=keep_writing)
    writing.start()
    try:
        divide(database)
    finally:
        stop.set()
        writing.join()
    assert (bool(wrote), refused) == (True, []), "who works meanwhile waits a moment, and is refused nothing"
    with database.connect() as connection:
        assert is_divided(connection)
    with pytest.raises(CannotDivide, match="already"):
        divide(database)
    assert not make_ahead(database), "what is there is not made again"

    months = [clock.now() + timedelta(days=days) for days in (35, 66, 2000)]
    for moment in months:
        with clock.standing_at(moment):
            note(town, case, "erna")
    found = counts(database)
    assert found[BEFORE] == before + len(wrote) and found[LATER] == 1
    assert {name: 1 for name in found if name not in (BEFORE, LATER)} == {
        f"event_in_{each:%Y_%m}": 1 for each in months[:2]
    }
    with clock.standing_at(months[-1]):
        assert f"event_in_{months[-1]:%Y_%m}" not in make_ahead(database), "its events stay where they are"

    work = town.clockwork()
    assert [each.sequence for each in events_of(work.session, "household_case", case.id)] == list(
        range(1, 6 + len(wrote))
    )
    assert not verify(work.session, lambda _done: None) and not differences(town.clockwork().session)
    town.close()
    tables = {each.name: each.rows for each in back_up(database, tmp_path / "copy").tables}
    assert tables["event"] == sum(found.values()) and not [each for each in tables if each.startswith("event_in_")]


@POSTGRESQL
def test_rules_of_the_log_and_the_wall_hold_over_all_parts(town: Town, database: Engine) -> None:
    case = new_case(town)
    divide(database)
    with clock.standing_at(clock.now() + timedelta(days=35)):
        note(town, case, "een maand later")
    refused = "events are never"
    for statement in ("UPDATE event SET name = 'x'", f"DELETE FROM event WHERE subject_id = '{case.id}'"):
        with pytest.raises(DBAPIError, match=refused), database.begin() as connection:
            connection.execute(text(statement))
    with pytest.raises(IntegrityError) as twice, database.begin() as connection:
        connection.execute(text(AGAIN))
    assert is_lost_race(twice.value), "the same event at another moment, in another part"

    for name, sees in (("fenna", 2), ("mo", 0)):
        work = town.work(name)
        reader = reader_of(work.session, town.house.grounds, work.actor)
        with town.house.reading(reader, work.session) as session:
            assert len(events_of(session, "household_case", case.id)) == sees
    with database.connect() as connection:
        for part in (BEFORE, LATER):
            connection.execute(text("SET ROLE wijkteam_reader"))
            with pytest.raises(DBAPIError, match="permission denied"):
                connection.execute(text(f"SELECT count(*) FROM {part}"))
            connection.rollback()


def test_on_sqlite_there_are_no_parts(database: Engine) -> None:
    if database.dialect.name == "sqlite":
        with pytest.raises(CannotDivide, match="PostgreSQL"):
            divide(database)
    assert make_ahead(database) == []
