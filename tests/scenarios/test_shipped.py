"""The shipped workflows do what their scenarios say, on both databases, and the scenarios leave nothing out."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import Engine, select, text

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
        self.filled_by_scenarios: list[str] = []

    @contextmanager
    def ready(self) -> Iterator[Engine]:
        yield self.database
        with self.database.connect() as connection:
            name = self.database.url.database
            connection.execute(text(f"ALTER DATABASE {name} SET synchronous_commit = off"))
            connection.commit()
            for name, table in all_tables().tables.items():
                if connection.execute(select(table).limit(1)).first() is None:
                    self.filled_by_scenarios.append(f'"{name}"')
        self.database.dispose()

    @contextmanager
    def fresh(self) -> Iterator[Engine]:
        yield self.database
        with self.database.begin() as connection:
            connection.execute(text(f"TRUNCATE {', '.join(self.filled_by_scenarios)} RESTART IDENTITY"))


@pytest.fixture
def databases(database: Engine, tmp_path: Path) -> Databases:
    if database.dialect.name == "sqlite":
        return SqliteDatabases(tmp_path)
    return PostgresDatabase(database)


def test_every_shipped_workflow_does_what_its_scenarios_say_and_none_of_it_is_left_out(databases: Databases) -> None:
    done = run(SHEETS, KNOWN, databases, KNOWN.names())
    assert failure_lines(done) == []
    assert shortfall_lines(done, 100) == []
    assert {name for name, _ in done.coverage} == set(KNOWN.names())
    assert len(done.played) == sum(len(sheet.said.scenarios) for sheet in SHEETS) > 0


def test_scenarios_can_open_every_kind_of_subject_there_is() -> None:
    assert set(OPENERS) == set(SubjectColumns.kinds)
