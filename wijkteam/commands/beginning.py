"""Beginning while the database is away: pages say so until it is back, and workers wait for it.

A machine starts in any order after a power cut. What would end with an error then is begun again and again by whatever
keeps it running, and gives up when that does.
"""

import signal
import sys
import time
from dataclasses import replace
from datetime import timedelta
from typing import Any

import structlog
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError, OperationalError

from wijkteam import assembly, rulebook
from wijkteam.assembly import House
from wijkteam.commands.doctor import refuse_weak
from wijkteam.commands.opening import house_at, house_of
from wijkteam.keys.ring import KeyRing
from wijkteam.storage.database import DatabaseAway, WrongDatabase, connect
from wijkteam.storage.schema import first_line
from wijkteam.storage.settings import Settings

log = structlog.get_logger()
SECONDS_BETWEEN_TRIES = 5.0


def house_to_serve(settings: Settings) -> House:
    """The house that pages are served from; one that waits where its database, a PostgreSQL, is away.

    That one reads from the replica, if there is one that can be read. Raises WrongSettings where production is
    refused, and as `house_of` for what waiting does not mend.
    """
    try:
        refuse_weak(settings)
        return house_of(settings)
    except (DatabaseAway, OperationalError) as error:
        if not _comes_back(settings):
            raise
        log.warning("database.away_at_start", why=_why(error))
    refuse_weak(settings, away=True)
    return _on_replica(settings) or _with_nothing(settings)


def _comes_back(settings: Settings) -> bool:
    """A file that cannot be opened is a mistake in the settings; a server that does not answer may be starting."""
    return make_url(settings.database_url).get_backend_name() == "postgresql"


def _why(error: DatabaseAway | OperationalError) -> str:
    return first_line(error) if isinstance(error, OperationalError) else str(error)


def _on_replica(settings: Settings) -> House | None:
    if settings.replica_url is None:
        return None
    try:
        there = house_at(settings, settings.replica_url)
    except (WrongDatabase, DBAPIError) as error:
        log.warning("replica.away_at_start", why=type(error).__name__)
        return None
    first = replace(assembly.house_on(there, connect(settings.database_url)), waiting=True)
    return assembly.with_replica(first, there.database, timedelta(seconds=settings.replica_behind))


def _with_nothing(settings: Settings) -> House:
    folders, ring = rulebook.workflow_folders(settings.workflows), KeyRing(settings.key_ring_file)
    return assembly.build_house(connect(settings.database_url), folders, ring, waiting=True)


def house_in_time(settings: Settings) -> House:
    """The house to work in, as soon as its database answers; asked to stop meanwhile, the process ends in order."""
    before = signal.signal(signal.SIGTERM, _stop)
    try:
        return _wait_for(settings)
    finally:
        signal.signal(signal.SIGTERM, before)


def _stop(*_: Any) -> None:
    sys.exit(0)


def _wait_for(settings: Settings) -> House:
    while True:
        try:
            return house_of(settings)
        except (DatabaseAway, OperationalError) as error:
            if not _comes_back(settings):
                raise
            log.warning("database.waited_for", why=_why(error), again_in=SECONDS_BETWEEN_TRIES)
        time.sleep(SECONDS_BETWEEN_TRIES)
