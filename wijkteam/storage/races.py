"""Lost races: what the database says when somebody else was first."""

import sqlite3

from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError

GAVE_WAY = frozenset({"40001", "40P01", "55P03"})
"""PostgreSQL: serialization failure, deadlock, lock not available."""
TAKEN = "23505"
"""PostgreSQL: a unique value is there already."""
CHAIN = "uq_event_subject_kind_subject_id_sequence"
"""The constraint by which of two that write the same event of a subject the second is too late."""
WAITED_TOO_LONG = frozenset({sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED})
PRIMARY_CODE = 0xFF


READ_ONLY = "25006"
"""PostgreSQL: this server, or this database, takes nothing in."""


def is_away(error: DBAPIError) -> bool:
    """Whether the database itself cannot read or write now: it is gone, its disk is full, or it takes nothing in."""
    gone = isinstance(error, OperationalError | InterfaceError) or error.connection_invalidated
    return gone or getattr(error.orig, "sqlstate", None) == READ_ONLY


def is_lost_race(error: DBAPIError) -> bool:
    """Whether nothing was wrong but that somebody else wrote at the same moment, so that trying again makes sense."""
    cause = error.orig
    state = getattr(cause, "sqlstate", None)
    if state == TAKEN:
        return getattr(getattr(cause, "diag", None), "constraint_name", None) == CHAIN
    code = getattr(cause, "sqlite_errorcode", None)
    return state in GAVE_WAY or (code is not None and code & PRIMARY_CODE in WAITED_TOO_LONG)
