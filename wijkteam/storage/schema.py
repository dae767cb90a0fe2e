"""The database's schema: its tables, its version, and bringing it up to date."""

from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import Connection, Engine, MetaData
from sqlalchemy.exc import DatabaseError, OperationalError

from wijkteam.shipped import folder
from wijkteam.storage.columns import Table
from wijkteam.storage.database import DatabaseAway, WrongDatabase

ROOMS_WITH_TABLES = (
    "resident_mail",
    "people",
    "signing_in",
    "signing_in.single_sign_on",
    "mandate",
    "cases",
    "area_figures",
    "residents",
    "network",
    "tracks",
    "plans",
    "measuring",
    "legal_terms",
    "escalation",
    "signals",
    "access",
    "events",
    "deadlines",
    "messages",
    "versions",
    "documents",
    "appointments",
    "case_files",
    "letters",
    "quotes",
    "objections",
    "data_requests",
    "logs",
    "retention",
    "search",
    "offline",
    "api_access",
    "figures",
    "importing",
    "exporting",
    "webhooks",
    "zgw",
)


def all_tables() -> MetaData:
    """Every table of the system."""
    for room in ROOMS_WITH_TABLES:
        import_module(f"wijkteam.{room}.model")
    return Table.metadata


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(folder("migrations")))
    config.set_main_option("path_separator", "os")
    return config


def upgrade(database: Engine, to: str = "head") -> None:
    """Bring the database to the newest version, or up to a given one; does nothing when it is there already.

    Raises WrongDatabase when it cannot be reached.
    """
    config = _config()
    try:
        with database.connect() as connection, _references_checked_afterwards(connection):
            config.attributes["connection"] = connection
            command.upgrade(config, to)
            connection.commit()
    except DatabaseError as error:
        raise WrongDatabase(f"the database cannot be reached or written: {first_line(error)}") from error


@contextmanager
def _references_checked_afterwards(connection: Connection) -> Iterator[None]:
    """On SQLite a table is altered by making it anew: what refers to it is checked when all is done, not meanwhile.

    Raises WrongDatabase when a reference leads nowhere after all.
    """
    if connection.dialect.name != "sqlite":
        yield
        return
    driver = connection.connection.dbapi_connection
    assert driver is not None
    driver.execute("PRAGMA foreign_keys=OFF")
    try:
        yield
        broken = driver.execute("PRAGMA foreign_key_check").fetchall()
        if broken:
            raise WrongDatabase(f"after the upgrade {len(broken)} rows refer to nothing, the first in {broken[0][0]}")
    finally:
        driver.rollback()
        driver.execute("PRAGMA foreign_keys=ON")


def first_line(error: DatabaseError) -> str:
    """What the database itself said, in one line."""
    return str(error.orig).strip().splitlines()[0] if str(error.orig).strip() else "no reason given"


def newest_version() -> str | None:
    """The newest version of the schema that this release knows."""
    return ScriptDirectory.from_config(_config()).get_current_head()


def is_known(version: str) -> bool:
    """Whether this release knows that version of the schema."""
    try:
        return ScriptDirectory.from_config(_config()).get_revision(version) is not None
    except CommandError:
        return False


def versions(database: Engine) -> tuple[str | None, str | None]:
    """The version that the database stands on, and the newest there is. Raises WrongDatabase, DatabaseAway."""
    newest = newest_version()
    try:
        with database.connect() as connection:
            return MigrationContext.configure(connection).get_current_revision(), newest
    except OperationalError as error:
        raise DatabaseAway(f"the database cannot be reached: {first_line(error)}") from error
    except DatabaseError as error:
        raise WrongDatabase(f"the database cannot be reached: {first_line(error)}") from error
