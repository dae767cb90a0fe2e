"""The shipped workflows do what their scenarios say, on both databases, and the scenarios leave nothing out."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import Engine, func, select

from wijkteam import rulebook
from wijkteam.scenarios.databases import Databases, SqliteDatabases
from wijkteam.scenarios.opening import OPENERS
from wijkteam.scenarios.reading import files_in, read_sheets
from wijkteam.scenarios.reporting import failure_lines, shortfall_lines
from wijkteam.scenarios.running import run
from wijkteam.scenarios.sheet import look_around
from wijkteam.storage.schema import all_tables
from wijkteam.storage.subject import SubjectColumns

KNOWN = look_around(rulebook.workflow_folders())
SHEETS = read_sheets(KNOWN, files_in(KNOWN.folders))


class PostgresDatabase:
    """One PostgreSQL database, emptied after each scenario of what that scenario brought in."""

    def __init__(self, database: Engine) -> None:
        self.database = database
        self.emptied = ""

    @contextmanager
    def ready(self) -> Iterator[Engine]:
        yield self.database
        with self.database.begin() as connection:
            filled_by_scenarios = [
                table
                for table in all_tables().sorted_tables
                if connection.execute(select(table).limit(1)).first() is None
            ]
            numbered = [
                connection.scalar(select(func.pg_get_serial_sequence(f'"{table.name}"', column.name)))
                for table in filled_by_scenarios
                for column in table.primary_key
            ]
        # TRUNCATE makes every file of every table anew, also of those (nearly all) that this scenario left alone
        self.emptied = "; ".join(
            [
                "SET LOCAL session_replication_role = replica",
                *(f'DELETE FROM "{table.name}"' for table in filled_by_scenarios),
                *(f"SELECT setval('{name}', 1, false)" for name in numbered if name is not None),
            ]
        )
        self.database.dispose()

    @contextmanager
    def fresh(self) -> Iterator[Engine]:
        yield self.database
        with self.database.begin() as connection:
            connection.exec_driver_sql(self.emptied)


@pytest.fixture
def databases(database: Engine, quick_folder: Path) -> Databases:
    if database.dialect.name == "sqlite":
        return SqliteDatabases(quick_folder)
    return PostgresDatabase(database)


def test_every_shipped_workflow_does_what_its_scenarios_say_and_none_of_it_is_left_out(databases: Databases) -> None:
    done = run(SHEETS, KNOWN, databases, KNOWN.names())
    assert failure_lines(done) == []
    assert shortfall_lines(done, 100) == []
    assert {name for name, _ in done.coverage} == set(KNOWN.names())
    assert len(done.played) == sum(len(sheet.said.scenarios) for sheet in SHEETS) > 0


def test_scenarios_can_open_every_kind_of_subject_there_is() -> None:
    assert set(OPENERS) == set(SubjectColumns.kinds)
