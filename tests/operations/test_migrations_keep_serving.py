"""The release before keeps working while a database is upgraded, and afterwards; nobody waits long for a lock."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from alembic.script import ScriptDirectory
from sqlalchemy import event, select, text
from sqlalchemy.orm import Session

from tests.operations.lasting_schema import harm, made
from tests.plumbing.templates import PostgresTemplates
from wijkteam.assembly import build_house
from wijkteam.cases.model import HouseholdCase
from wijkteam.events.verification import verify
from wijkteam.keys.ring import KeyRing
from wijkteam.storage import schema
from wijkteam.storage.database import connect

REPOSITORY = Path(__file__).resolve().parents[2]
EARLIER = "1cea2ad"
"""A commit of a release before, on version 0020 of the schema: move it on when a release is made."""
FROM = "0027"
"""The version of the schema from which migrations are held to the rules."""
ALLOWED: dict[tuple[str, str], str] = {
    ("0036", "follow_code: forbids what the earlier code may write"): (
        "it takes the place of a narrower one: the earlier code writes one code a subject, and may"
    ),
}
"""(version, what is wrong) to why it may: for each, why no release that serves can meet it."""

JUDGED = [
    ("ALTER TABLE person DROP COLUMN employer", ["person: drops a column"]),
    ("ALTER TABLE person RENAME COLUMN name TO called", ["person: renames a table or a column"]),
    ("DROP TABLE team_area", ["team_area: drops a table"]),
    (
        'ALTER TABLE "event" ALTER COLUMN payload SET NOT NULL',
        ["event: asks for a value that the earlier code leaves out"],
    ),
    ("ALTER TABLE goal ADD COLUMN why TEXT NOT NULL", ["goal: adds a column that has to be filled"]),
    ("ALTER TABLE goal ADD COLUMN why TEXT DEFAULT '' NOT NULL", []),
    ("ALTER TABLE goal ADD COLUMN why TEXT", []),
    ("CREATE INDEX ix_event_at ON event (at)", ["event: locks writing while an index is made"]),
    ("CREATE INDEX CONCURRENTLY ix_event_at ON event (at)", []),
    ("CREATE INDEX ix_wijk_name ON wijk (name)", []),
    ("CREATE INDEX ix_made_why ON made_just_now (why)", []),
    ("ALTER TABLE made_just_now DROP COLUMN why", []),
    ("UPDATE notice SET mail = 'daily'", ["notice: locks every row that it changes until the upgrade ends"]),
    ("CREATE FUNCTION f() RETURNS trigger AS $$ BEGIN DROP TABLE event; END $$ LANGUAGE plpgsql", []),
]


@pytest.mark.parametrize(("statement", "wrong"), JUDGED)
def test_what_a_migration_may_do_while_the_release_before_serves(statement: str, wrong: list[str]) -> None:
    assert list(harm(statement, {"made_just_now"})) == wrong


def test_every_migration_since_the_release_before_only_adds_and_locks_nobody_out(
    postgres_templates: PostgresTemplates,
) -> None:
    name = f"judged_{os.getpid()}"
    postgres_templates._copy(name, "template0")
    url = postgres_templates._at(name)
    database, found, new = connect(url), [], set[str]()
    try:
        schema.upgrade(database, FROM)
        for script in _since(FROM):
            statements: list[str] = []

            def keep(_c: Any, _cursor: Any, statement: str, *_more: Any, into: list[str] = statements) -> None:
                into.append(statement)

            event.listen(database, "before_cursor_execute", keep)
            schema.upgrade(database, script)
            event.remove(database, "before_cursor_execute", keep)
            new |= {table for each in statements if (table := made(each))}
            found += [(script, wrong) for each in statements for wrong in harm(each, new)]
    finally:
        database.dispose()
        postgres_templates.drop(url)
    assert [each for each in found if each not in ALLOWED] == []


def _since(version: str) -> list[str]:
    scripts = ScriptDirectory.from_config(schema._config())
    return [
        each.revision for each in reversed(list(scripts.walk_revisions(version, "head"))) if each.revision != version
    ]


@pytest.fixture
def earlier(tmp_path: Path) -> Path:
    """The code of the release before, from the history of this repository."""
    asked = ["git", "archive", EARLIER, "wijkteam", "workflows", "templates", "migrations"]
    try:
        packed = subprocess.run(asked, cwd=REPOSITORY, capture_output=True, check=True).stdout
    except (OSError, subprocess.CalledProcessError):
        pytest.skip(f"the history with {EARLIER} is not here: this is no full clone")
    (tmp_path / "earlier").mkdir()
    subprocess.run(["tar", "-x", "-C", str(tmp_path / "earlier")], input=packed, check=True)
    return tmp_path / "earlier"


@pytest.fixture
def bare_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A PostgreSQL database with nothing in it: where many serve while it is upgraded."""
    templates: PostgresTemplates = request.getfixturevalue("postgres_templates")
    name = f"earlier_{os.getpid()}"
    templates._copy(name, "template0")
    yield templates._at(name)
    templates.drop(templates._at(name))


def test_the_release_before_goes_on_working_on_the_newest_schema(earlier: Path, bare_url: str, tmp_path: Path) -> None:
    ring = tmp_path / "apart" / "key_ring"
    command = [sys.executable, str(Path(__file__).with_name("earlier_release.py")), bare_url, str(ring)]
    log = (tmp_path / "log").open("w+")
    old = subprocess.Popen(
        command,
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(earlier), "WIJKTEAM_KEY_RING_FILE": str(ring)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=log,
        text=True,
    )
    assert old.stdin is not None and old.stdout is not None

    def says(word: str) -> None:
        assert old.stdout is not None
        line = old.stdout.readline().strip()
        log.seek(0)
        assert line == word, log.read()

    try:
        says("ready")
        database = connect(bare_url)
        schema.upgrade(database)  # while the earlier one has its connections open
        old.stdin.write("go on\n")
        old.stdin.flush()
        says("done")
        house = build_house(database, key_ring=KeyRing(ring))  # the new release begins beside it
        old.stdin.write("go on\n")
        old.stdin.flush()
        says("done")
    finally:
        old.stdin.close()
        old.wait(60)
        log.close()
    with house.open_session() as session:
        assert len(session.scalars(select(HouseholdCase.id)).all()) == 3
        assert not verify(session, lambda _done: None), "what the earlier release wrote stands on whole chains"
    with Session(database) as session:
        assert session.scalar(text("SELECT version_num FROM alembic_version")) == schema.newest_version()
    database.dispose()
