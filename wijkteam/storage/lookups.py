"""Looking something up once for many steps in one transaction, where none of those steps can change it."""

from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

from sqlalchemy.orm import Session

KEPT = "looked_up_once"
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
