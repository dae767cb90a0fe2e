"""The one clock: every moment in wijkteam comes from here, so that tests and imports can set it."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

NETHERLANDS = ZoneInfo("Europe/Amsterdam")

_set_moment: ContextVar[datetime | None] = ContextVar("set_moment", default=None)


def now() -> datetime:
    """The present moment, aware and in UTC, or the moment that `standing_at` has set."""
    moment = _set_moment.get()
    return datetime.now(UTC) if moment is None else moment


def today() -> date:
    """The present date as people in the Netherlands see it on the calendar."""
    return local(now()).date()


def local(moment: datetime) -> datetime:
    """The same moment on Dutch clocks.

    Raises ValueError for a moment without a time zone, because its meaning would be a guess.
    """
    if moment.tzinfo is None:
        raise ValueError(f"moment without a time zone: {moment.isoformat()}")
    return moment.astimezone(NETHERLANDS)


@contextmanager
def standing_at(moment: datetime) -> Iterator[None]:
    """Let the clock stand still at an aware moment, for this thread or task only."""
    if moment.tzinfo is None:
        raise ValueError(f"moment without a time zone: {moment.isoformat()}")
    token = _set_moment.set(moment.astimezone(UTC))
    try:
        yield
    finally:
        _set_moment.reset(token)
