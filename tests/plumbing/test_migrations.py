"""Migrations: they make what the models say, and they keep what is there."""

from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Engine, text

from wijkteam.storage import schema
from wijkteam.storage.database import connect
from wijkteam.storage.schema import all_tables, upgrade

ROW = """INSERT INTO mandate
    (number, kind, power, legal_ground, body, function, colleagues_needed, civil_servant_only, valid_from)
    VALUES ('M-01', 'mandaat', 'p', 'g', 'college', 'f', 0, false, '2026-01-01')"""
DECISION = """INSERT INTO decision (power, what, decided_by, decided_at, mandate_id, mandate_text, body)
    VALUES ('p', 'w', 1, '2026-01-02', 1, 'M-01', 'college')"""


def upgrade_to(database: Engine, revision: str) -> None:
    config = schema._config()
    with database.connect() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, revision)
        connection.commit()


def is_no_part_of_an_index(name: str | None, kind: str, _parents: object) -> bool:
    """The index of SQLite for words (FTS5) is kept by the database in tables of its own, which no model names."""
    return kind != "table" or not (name or "").startswith("search_match")


def test_the_migrations_make_what_the_models_say(database: Engine) -> None:
    with database.connect() as connection:
        context = MigrationContext.configure(connection, opts={"include_name": is_no_part_of_an_index})
        assert compare_metadata(context, all_tables()) == []


def test_a_register_with_decisions_under_it_is_kept_by_the_newer_tables(tmp_path: Path) -> None:
    database = connect(f"sqlite:///{tmp_path / 'old.sqlite'}")
    upgrade_to(database, "0003")
    with database.begin() as connection:
        connection.execute(text("INSERT INTO function VALUES ('f', 'F', 'F')"))
        connection.execute(
            text(
                "INSERT INTO person (id, name, email, civil_servant, active) VALUES (1, 'P', 'p@x.example', true, true)"
            )
        )
        connection.execute(text(ROW))
        connection.execute(text(DECISION))
    upgrade(database)
    with database.begin() as connection:
        kept = connection.execute(
            text("SELECT m.number, m.may_pass_on FROM decision d JOIN mandate m ON m.id = mandate_id")
        )
        assert kept.all() == [("M-01", 0)]
        with pytest.raises(Exception, match="FOREIGN KEY"):
            connection.execute(text(DECISION.replace("1, 'M-01'", "99, 'M-01'")))
