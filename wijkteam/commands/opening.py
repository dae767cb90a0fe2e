"""What commands share: opening the house, showing progress, and answering what is wrong in plain lines."""

import getpass
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import timedelta
from functools import wraps
from pathlib import Path
from typing import Any, TypeVar, cast

import click
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from wijkteam import assembly, rulebook
from wijkteam.assembly import House
from wijkteam.backup.store import WrongBackup
from wijkteam.cases.geojson import UnreadableAreas
from wijkteam.documents.pdf import WrongTemplate
from wijkteam.engine.loading import WrongDefinition
from wijkteam.keys.ring import KeyRing, WrongKeyRing
from wijkteam.logs.keys import WrongKey
from wijkteam.mandate.xes import UnreadableLog
from wijkteam.messages.service import WrongMessage
from wijkteam.people.service import WrongPerson
from wijkteam.storage.database import WrongDatabase, connect
from wijkteam.storage.schema import first_line, versions
from wijkteam.storage.settings import Settings, WrongSettings, read_settings
from wijkteam.storage.work import Origin, Work
from wijkteam.terms import clock
from wijkteam.versions.migrating import WrongMigration

FOUND_WRONG = 1
USED_WRONG = 2
Command = TypeVar("Command", bound=Callable[..., Any])
ANSWERED = (
    WrongDatabase,
    WrongSettings,
    WrongPerson,
    UnreadableAreas,
    UnreadableLog,
    WrongDefinition,
    WrongMigration,
    WrongMessage,
    WrongTemplate,
    WrongKeyRing,
    WrongKey,
    WrongBackup,
)


def answers(command: Command) -> Command:
    """Say what is wrong in plain lines on stderr, without a traceback."""

    @wraps(command)
    def run(*arguments: Any, **options: Any) -> Any:
        try:
            return command(*arguments, **options)
        except ANSWERED as error:
            click.echo(str(error), err=True)
            sys.exit(FOUND_WRONG if isinstance(error, WrongDefinition) else USED_WRONG)
        except OperationalError as error:
            click.echo(f"the database cannot be read or written now: {first_line(error)}", err=True)
            sys.exit(USED_WRONG)

    return cast(Command, run)


def definition_folders() -> tuple[Path, ...]:
    """Where the definitions of the settings stand."""
    return rulebook.workflow_folders(read_settings().workflows)


def house_of(settings: Settings) -> House:
    """The house on the database of the settings, which must stand on the newest version.

    Raises DatabaseAway, WrongDatabase, WrongDefinition.
    """
    house = house_at(settings, settings.database_url)
    if settings.replica_url is not None:
        house = assembly.with_replica(house, connect(settings.replica_url), timedelta(seconds=settings.replica_behind))
    return house


def house_at(settings: Settings, url: str) -> House:
    """The house on a database, with all else as the settings say. Raises as `house_of`."""
    database = connect(url)
    try:
        stands, newest = versions(database)
        if stands != newest:
            raise WrongDatabase("the database is not up to date; first run: wijkteam db upgrade")
        folders = rulebook.workflow_folders(settings.workflows)
        return assembly.build_house(database, folders, KeyRing(settings.key_ring_file))
    except BaseException:
        database.dispose()
        raise


@contextmanager
def opened() -> Iterator[tuple[House, Work]]:
    """The house on the database of the settings, which must stand on the newest version."""
    with closing(house_of(read_settings())) as house:
        work = house.work()
        work.origin = Origin(account=_account())
        try:
            yield house, work
        finally:
            work.session.close()


@contextmanager
def for_figures(house: House, work: Work) -> Iterator[Session]:
    """A session to count with: on the replica where one is near enough, said on stderr; else that of the work."""
    replica = house.replica
    standing = replica.standing() if replica is not None else None
    if replica is None or standing is None or standing.as_of is None or not replica.is_fresh(standing):
        yield work.session
        return
    click.echo(f"read from the replica, as of {clock.local(standing.as_of):%Y-%m-%d %H:%M:%S}", err=True)
    aside = house.work_on_replica()
    try:
        yield aside.session
    finally:
        aside.session.close()


def _account() -> str:
    """The account that runs the command; its number where it has no name."""
    try:
        return getpass.getuser()[:60]
    except (OSError, KeyError):
        return f"uid {os.getuid()}"


@contextmanager
def progress(label: str, length: int) -> Iterator[Callable[[int], None]]:
    """A bar on stderr."""
    with click.progressbar(length=length, label=f"{label:<12}", file=sys.stderr, show_pos=True) as bar:
        yield bar.update
