"""The worker: does what is due, each deadline exactly once, with any number of workers."""

import threading
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import structlog
from sqlalchemy import Row, Select, func, literal, select, tuple_, update
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.orm import Session

from wijkteam.deadlines.model import Deadline
from wijkteam.engine.running import Refused, Stale
from wijkteam.storage.columns import Moment
from wijkteam.storage.lookups import looking_up_once
from wijkteam.storage.subject import SubjectColumns
from wijkteam.storage.work import CLOCKWORK, Work
from wijkteam.terms import clock

log = structlog.get_logger()
AT_ONCE = 25
"""How many deadlines are done in one transaction."""
MOST_PASSED_OVER = 100
"""Times in one round, after which the next round is waited for."""


@dataclass
class Worked:
    """What one round of the worker did."""

    fired: int = 0
    nothing_open: int = 0
    passed_over: int = 0
    """Times that somebody else was first."""
    failed: int = 0
    """Deadlines that could not be done because something is broken: they stay due, and the log says why."""

    @property
    def done(self) -> bool:
        """Whether there was anything to do."""
        return bool(self.fired or self.nothing_open or self.failed)


@dataclass(frozen=True)
class _Due:
    """A due deadline that this transaction has in hand, with its subject (None when there is none any more)."""

    id: int
    subject_id: str
    state: str
    subject: Any


def do_due_work(work: Work, stopped: Callable[[], bool] = lambda: False, at_once: int = AT_ONCE) -> Worked:
    """Fire everything that is due now, a few in each transaction; returns what was done.

    Each is done wholly or not at all, and once. When one of a few cannot be done, none of them is, and they are done
    again one by one, so that the others do not suffer. What somebody has in hand at this moment is passed over, and
    done in a next round if it is still due then. `stopped` is asked before each transaction.
    """
    worked = Worked()
    look = _Look(clock.now(), at_once)
    while worked.passed_over < MOST_PASSED_OVER and not stopped():
        claimed: list[_Due] = []
        try:
            with work.transaction() as session, looking_up_once(session):
                claimed = look.claim(session)
                if not claimed:
                    break
                moved = sum(_fire(work, each.subject, each.state) for each in claimed)
        except Stale as stale:
            log.debug("deadline.passed_over", why=str(stale))
            worked.passed_over += 1
            look.go_one_by_one()
        except (OperationalError, InterfaceError):
            raise
        except Exception as error:  # whatever is wrong with one deadline must not hold up the others
            if len(claimed) == 1:
                log.exception("deadline.failed", subject=claimed[0].subject_id, why=str(error))
                worked.failed += 1
                look.leave(claimed[0].id)
            look.go_one_by_one()
        else:
            worked.fired += moved
            worked.nothing_open += len(claimed) - moved
    return worked


class _Look:
    """Where one worker is in what is due: it goes on from where it was, so that several do not stand in line."""

    def __init__(self, latest: datetime, at_once: int) -> None:
        self.latest = latest
        self.at_once = at_once
        self.one_by_one = 0
        """For how many deadlines yet each has a transaction of its own."""
        self.left: set[int] = set()
        self.place: tuple[datetime, int] | None = None

    def go_one_by_one(self) -> None:
        """Look from the beginning, and do the next few each in a transaction of its own."""
        self.place = None
        self.one_by_one = self.at_once

    def leave(self, deadline: int) -> None:
        """Do not take this one again."""
        self.left.add(deadline)

    def claim(self, session: Session) -> list[_Due]:
        """The next due deadlines with their subjects, all locked and marked as done; empty when there are none."""
        began_at = self.place
        while True:
            size = 1 if self.one_by_one else self.at_once
            rows = session.execute(self._due(size)).all()
            if rows:
                self.place = rows[-1].due_at, rows[-1].id
                claimed = _lock(session, [each for each in rows if each.id not in self.left])
                self.one_by_one = max(0, self.one_by_one - len(rows))
                if claimed:
                    return claimed
            elif began_at is None:
                return []
            else:
                began_at = self.place = None

    def _due(self, size: int) -> Select[int, str, str, datetime]:
        due = select(Deadline.id, Deadline.subject_kind, Deadline.subject_id, Deadline.due_at)
        due = due.where(Deadline.ended_at.is_(None), Deadline.due_at <= self.latest)
        if self.place is not None:
            place = tuple_(literal(self.place[0], Moment), literal(self.place[1], Deadline.id.type))
            due = due.where(tuple_(Deadline.due_at, Deadline.id) > place)
        return due.order_by(Deadline.due_at, Deadline.id).limit(size)


def _lock(session: Session, rows: Sequence[Row[int, str, str, datetime]]) -> list[_Due]:
    """Those of which both subject and deadline are free, now locked and ended.

    Subjects are locked before their deadlines, in the order in which every step writes them: the other way round two
    that need both would wait for each other. And nothing is waited for here: what another has is passed over.
    """
    subjects: dict[str, Any] = {}
    for kind in {row.subject_kind for row in rows}:
        model = SubjectColumns.kinds[kind]
        wanted = {row.subject_id for row in rows if row.subject_kind == kind}
        free = select(model).where(model.id.in_(wanted)).order_by(model.id)
        free = free.with_for_update(skip_locked=True).execution_options(populate_existing=True)
        subjects.update({each.id: each for each in session.scalars(free)})
        missing = wanted - subjects.keys()
        if missing:
            held = set(session.scalars(select(model.id).where(model.id.in_(missing))))
            subjects.update(dict.fromkeys(missing - held))
    first = {row.subject_id: row.id for row in reversed(rows) if row.subject_id in subjects}
    found = session.execute(
        select(Deadline.id, Deadline.subject_id, Deadline.state)
        .where(Deadline.id.in_(first.values()), Deadline.ended_at.is_(None))
        .order_by(Deadline.due_at, Deadline.id)
        .with_for_update(skip_locked=True)
    ).all()
    _end(session, [row.id for row in found])
    return [_Due(row.id, row.subject_id, row.state, subjects[row.subject_id]) for row in found]


def _end(session: Session, deadlines: Collection[int]) -> None:
    """The deadlines have come: whatever they bring about, it happens now or not at all."""
    ended = update(Deadline).where(Deadline.id.in_(deadlines)).values(ended_at=clock.now(), fired=True)
    session.execute(ended, execution_options={"synchronize_session": False})


def _fire(work: Work, subject: Any, state: str) -> bool:
    """Try what the state says on a missed term, the first that is open; whether there was one."""
    if subject is None or subject.state != state:
        return False
    clocked = work.acting_as(CLOCKWORK)
    rule = work.engine.workflow(subject.workflow, subject.workflow_version).states[subject.state].term
    for name in rule.on_miss if rule else []:
        try:
            clocked.fire(subject, name)
        except Refused as refused:
            log.debug("deadline.not_open", subject=subject.id, transition=name, why=str(refused))
        else:
            return True
    return False


def let_time_pass(work: Work, subject_ids: Collection[str], until: datetime) -> int:
    """Fire the deadlines of these subjects up to a moment, each at its own moment; for told histories.

    Returns how many were fired. The caller's transaction goes on.
    """
    count = 0
    while True:
        work.session.flush()
        deadline = work.session.scalars(
            select(Deadline)
            .where(Deadline.subject_id.in_(subject_ids), Deadline.ended_at.is_(None), Deadline.due_at <= until)
            .order_by(Deadline.due_at, Deadline.id)
            .limit(1)
        ).first()
        if deadline is None:
            return count
        with clock.standing_at(deadline.due_at):
            subject = work.session.get(SubjectColumns.kinds[deadline.subject_kind], deadline.subject_id)
            _end(work.session, [deadline.id])
            count += _fire(work, subject, deadline.state)


def count_due(session: Session) -> int:
    """How many deadlines are due and not done."""
    due = Deadline.ended_at.is_(None) & (Deadline.due_at <= clock.now())
    return session.scalar(select(func.count(Deadline.id)).where(due)) or 0


def run(
    open_work: Callable[[], Work], do_round: Callable[[Work], object], every_seconds: float, stop: threading.Event
) -> None:
    """Do a round of work again and again until `stop` is set.

    A database that is away for a while is waited for, and something that is broken does not end it: the log says so.
    """
    while not stop.is_set():
        try:
            work = open_work()
            try:
                do_round(work)
            finally:
                work.session.close()
        except OperationalError as error:
            log.warning("worker.database_away", why=str(error.orig))
        except Exception as error:  # a worker that stops helps nobody: the next round tries again
            log.exception("worker.broken", why=str(error))
        stop.wait(every_seconds)
