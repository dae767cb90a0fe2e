"""The second database, which follows the first (a streaming replica): whether it can be read, and of which moment.

Figures are read from it, so that they cost the people at work nothing; and when the first is away, pages that only read
go on from it. It takes nothing in by nature, so that nothing can be written there by mistake.
"""

import math
import threading
import time
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import structlog
from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from wijkteam.storage.races import is_away
from wijkteam.terms import clock

log = structlog.get_logger()
SECONDS_AWAY = 5.0
"""For so long it is taken for granted that the first database is away, so that not every page waits to find out."""
# what stands on the first, written down or not: so that nothing that was answered can come after it
STANDS = text("SELECT CASE WHEN pg_is_in_recovery() THEN NULL ELSE pg_current_wal_insert_lsn()::text END")
FOLLOWS = text(
    "SELECT pg_is_in_recovery(), coalesce(pg_last_wal_replay_lsn() >= CAST(:stands AS pg_lsn), false), "
    "CAST(extract(epoch FROM clock_timestamp() - pg_last_xact_replay_timestamp()) AS float)"
)


@dataclass(frozen=True)
class Standing:
    """What the replica can be read for at this moment."""

    follows: bool
    """Whether it answers and follows; one that no longer does (it was promoted, or stands alone) is not read."""
    as_of: datetime | None = None
    """It tells of everything up to this moment; None where that cannot be known."""


@dataclass
class Replica:
    """A database that follows the first one, and how far it may be behind for figures."""

    first: Engine
    database: Engine
    bound: timedelta
    unseen: bool = False
    """Whether the first was away when this process began: it is not asked for anything before all begins anew."""
    _newest: datetime | None = None
    _away_until: float = 0.0
    _asking: threading.Lock = field(default_factory=threading.Lock)

    def __post_init__(self) -> None:
        """What was never seen stays away."""
        if self.unseen:
            self._away_until = math.inf

    def first_is_away(self) -> bool:
        """Whether the first database cannot be reached now. One request in a few seconds finds out for all others."""
        if time.monotonic() < self._away_until:
            return True
        if self._away_until == 0.0:
            return self._find_out()
        if not self._asking.acquire(blocking=False):
            return True
        try:
            return self._find_out()
        finally:
            self._asking.release()

    def _find_out(self) -> bool:
        try:
            with self.first.connect():  # the pool asks the connection whether it lives
                pass
        except DBAPIError as error:
            if not is_away(error):
                raise
            if self._away_until == 0.0:
                log.error("database.first_away", why=type(error.orig).__name__)
            self._away_until = time.monotonic() + SECONDS_AWAY
            return True
        self._away_until = 0.0
        return False

    def standing(self) -> Standing:
        """Whether it follows, and of which moment it tells. Never raises for a database that is away."""
        asked_at = clock.now()
        try:
            stands = None if self._away_until else self._first_stands()  # who finds out whether it is back waits long
            with _by_itself(self.database) as replica:
                follows, all_of_it, seconds = replica.execute(FOLLOWS, {"stands": stands}).one()
        except SQLAlchemyError as error:
            log.warning("replica.away", why=type(error).__name__)
            return Standing(False)
        if not follows:
            log.warning("replica.follows_nobody")
            return Standing(False)
        found = asked_at if all_of_it else (asked_at - timedelta(seconds=seconds) if seconds is not None else None)
        # what it once had it still has: a quiet database says nothing of the time that passed
        known = [each for each in (found, self._newest) if each is not None and each <= asked_at]
        self._newest = max(known, default=None)
        return Standing(True, self._newest)

    def is_fresh(self, found: Standing) -> bool:
        """Whether it is within the bound."""
        return found.follows and found.as_of is not None and clock.now() - found.as_of <= self.bound

    def _first_stands(self) -> str | None:
        try:
            with _by_itself(self.first) as first:
                stands: str | None = first.scalar(STANDS)
                return stands
        except SQLAlchemyError:
            return None


def _by_itself(database: Engine) -> Connection:
    """A connection on which each question stands by itself."""
    return database.connect().execution_options(isolation_level="AUTOCOMMIT")
