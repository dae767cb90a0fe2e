"""Looking something up once for many steps in one transaction, where none of those steps can change it."""

from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

from sqlalchemy import Result
from sqlalchemy.orm import Session

KEPT = "looked_up_once"
FILTERED = "shows_only_what_may_be_read"
"""Marks a session that judges each statement, and so hands out no connection."""
BESIDES = "cases_read_by_another_ground"
"""Under this such a session has what gives the ids of cases that its reader reads by another ground than what the case
itself says."""
Found = TypeVar("Found")


@contextmanager
def looking_up_once(session: Session) -> Iterator[None]:
    """Within this, `once` keeps what it found. For transactions in which nobody gets or loses a function."""
    session.info[KEPT] = {}
    try:
        yield
    finally:
        del session.info[KEPT]


def once(session: Session, key: Hashable, find: Callable[[], Found]) -> Found:
    """What was found under this key before, within `looking_up_once`; anywhere else it is looked up each time."""
    kept: dict[Hashable, Any] | None = session.info.get(KEPT)
    if kept is None:
        return find()
    if key not in kept:
        kept[key] = find()
    found: Found = kept[key]
    return found


def straight(session: Session) -> Callable[..., Result[Any]]:
    """How statements about plain columns are executed quickest: past the session's bookkeeping, after a flush.

    A session that shows only what somebody may read executes them itself: nothing goes round it.
    """
    if session.info.get(FILTERED):
        return session.execute
    session.flush()
    return session.connection().execute
