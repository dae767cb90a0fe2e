"""The database's schema: its tables, its version, and bringing it up to date."""

from importlib import import_module

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, MetaData
from sqlalchemy.exc import DatabaseError

from wijkteam.shipped import folder
from wijkteam.storage.columns import Table
from wijkteam.storage.database import WrongDatabase

ROOMS_WITH_TABLES = (
    "people",
    "mandate",
    "cases",
    "tracks",
    "legal_terms",
    "escalation",
    "signals",
    "access",
    "events",
    "deadlines",
    "versions",
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


def upgrade(database: Engine) -> None:
    """Bring the database to the newest version; does nothing when it is there already.

    Raises WrongDatabase when it cannot be reached.
    """
    config = _config()
    try:
        with database.connect() as connection:
            config.attributes["connection"] = connection
            command.upgrade(config, "head")
            connection.commit()
    except DatabaseError as error:
        raise WrongDatabase(f"the database cannot be reached or written: {first_line(error)}") from error


def first_line(error: DatabaseError) -> str:
    """What the database itself said, in one line."""
    return str(error.orig).strip().splitlines()[0] if str(error.orig).strip() else "no reason given"


def versions(database: Engine) -> tuple[str | None, str | None]:
    """The version that the database stands on, and the newest there is. Raises WrongDatabase."""
    newest = ScriptDirectory.from_config(_config()).get_current_head()
    try:
        with database.connect() as connection:
            return MigrationContext.configure(connection).get_current_revision(), newest
    except DatabaseError as error:
        raise WrongDatabase(f"the database cannot be reached: {first_line(error)}") from error
