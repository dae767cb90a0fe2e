"""What was reckoned over a period, remembered in this process until anything happens that it could be about.

Reading a year's summaries and finding what must be kept back is the dear part of the report; choosing lines of it under
a filter is not. So it is reckoned once for a period, over everything, and every filter reads from that.

It holds as long as no event was recorded since, the day is the same, and no longer than `LONGEST`: for what changes
without an event, such as places or a rebuild. On PostgreSQL a step that was still being written could come in with an
earlier number than one that was seen; what was made while there was any such never counts as up to date.

What is dear to make may be a few minutes behind (`BEHIND`), so that a large town's report does not wait for all of it
to be reckoned again after every step; it then says of which moment it is.
"""

import time
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from datetime import date
from threading import Lock
from typing import Any, TypeVar
from weakref import WeakKeyDictionary

from sqlalchemy import func, select, text
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session

from wijkteam.events.model import Event
from wijkteam.terms import clock

LONGEST = 600.0
BEHIND = 300.0
"""Seconds."""
MOST = 24
"""How many answers are remembered of one database: those asked longest ago go first."""
Answer = TypeVar("Answer")


@dataclass(frozen=True)
class Moment:
    """Until where events were read."""

    last_event: int

    @staticmethod
    def of(session: Session) -> "Moment | None":
        """Where the events stand now; None while a step is being written that could come in before them."""
        if session.get_bind().dialect.name == "postgresql" and not session.scalar(_NOTHING_WRITES):
            return None
        return Moment(session.scalar(select(func.max(Event.id))) or 0)


_NOTHING_WRITES = text("SELECT pg_snapshot_xmin(pg_current_snapshot()) = pg_snapshot_xmax(pg_current_snapshot())")


@dataclass(frozen=True)
class _Kept:
    """An answer, as of which moment it is, and when it was made on the clock of this process."""

    moment: Moment | None
    today: date
    made_at: float
    answer: Any

    def holds(self, moment: Moment | None, dear: Callable[[Any], bool]) -> bool:
        age = time.monotonic() - self.made_at
        if self.today != clock.today() or age >= LONGEST:
            return False
        return (moment is not None and moment == self.moment) or (age < BEHIND and dear(self.answer))


@dataclass
class _Shelf:
    answers: dict[Hashable, _Kept] = field(default_factory=dict)
    lock: Lock = field(default_factory=Lock)


_SHELVES: "WeakKeyDictionary[Engine, _Shelf]" = WeakKeyDictionary()


def remembered(
    session: Session,
    moment: Moment | None,
    key: Hashable,
    make: Callable[[], Answer],
    dear: Callable[[Answer], bool] = lambda _answer: False,
) -> Answer:
    """The answer under this key as of a moment: what was made before, or else made now.

    `moment` is asked for before anything else is read, once for a page. `dear` says whether an answer may be behind.
    """
    answer = recalled(session, moment, key, dear)
    if answer is not None:
        return answer
    made_at, made = time.monotonic(), make()
    shelf = _shelf(session)
    if shelf is None:
        return made
    with shelf.lock:
        shelf.answers.pop(key, None)
        shelf.answers[key] = _Kept(moment, clock.today(), made_at, made)
        while len(shelf.answers) > MOST:
            del shelf.answers[next(iter(shelf.answers))]
    return made


def recalled(
    session: Session, moment: Moment | None, key: Hashable, dear: Callable[[Answer], bool] = lambda _answer: False
) -> Answer | None:
    """What was made under this key before, where it still holds; None where it must be made anew. See `remembered`."""
    shelf = _shelf(session)
    if shelf is None:
        return None
    with shelf.lock:
        found = shelf.answers.pop(key, None)
        if found is None or not found.holds(moment, dear):
            return None
        shelf.answers[key] = found
    answer: Answer = found.answer
    return answer


def _shelf(session: Session) -> _Shelf | None:
    database = session.get_bind()
    return _SHELVES.setdefault(database, _Shelf()) if isinstance(database, Engine) else None
