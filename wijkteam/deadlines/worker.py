"""The worker: does what is due, each deadline exactly once, with any number of workers."""

import threading
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import structlog
from sqlalchemy import func, select
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from wijkteam.deadlines.model import Deadline
from wijkteam.engine.running import Refused, Stale
from wijkteam.storage.subject import SubjectColumns
from wijkteam.storage.work import CLOCKWORK, Work
from wijkteam.terms import clock

log = structlog.get_logger()
LOOKED_AT = 25
"""How many due deadlines are looked at for one that nobody has in hand."""
MOST_PASSED_OVER = 100
"""Times in one round, after which the next round is waited for."""


@dataclass
class Worked:
    """What one round of the worker did."""

    fired: int = 0
    nothing_open: int = 0
    passed_over: int = 0
    """Times that somebody else was first."""


def do_due_work(work: Work) -> Worked:
    """Fire everything that is due now, one transaction each; returns what was done.

    What somebody has in hand at this moment is passed over, and done in a next round if it is still due then.
    """
    worked = Worked()
    latest = clock.now()
    while worked.passed_over < MOST_PASSED_OVER:
        try:
            with work.transaction():
                claimed = _claim(work.session, latest)
                if claimed is None:
                    return worked
                if _fire(work, *claimed):
                    worked.fired += 1
                else:
                    worked.nothing_open += 1
        except Stale as stale:
            log.debug("deadline.passed_over", why=str(stale))
            worked.passed_over += 1
    return worked


def _claim(session: Session, latest: datetime) -> tuple[Deadline, Any] | None:
    """The first due deadline with its subject, both locked; those whose subject another has in hand are passed over.

    The subject is locked before its deadline, in the order in which every step writes them: the other way round
    two that need both would wait for each other.
    """
    due = select(Deadline.id, Deadline.subject_kind, Deadline.subject_id).where(
        Deadline.ended_at.is_(None), Deadline.due_at <= latest
    )
    for deadline_id, kind, subject_id in session.execute(due.order_by(Deadline.due_at, Deadline.id).limit(LOOKED_AT)):
        model = SubjectColumns.kinds[kind]
        subject = session.get(model, subject_id, with_for_update={"skip_locked": True}, populate_existing=True)
        if subject is None and session.scalar(select(model.id).where(model.id == subject_id)) is not None:
            continue
        deadline = session.get(Deadline, deadline_id, with_for_update={"skip_locked": True}, populate_existing=True)
        if deadline is not None and deadline.ended_at is None:
            return deadline, subject
    return None


def _fire(work: Work, deadline: Deadline, subject: Any) -> bool:
    """Try what the state says on a missed term, the first that is open; the deadline ends in any case."""
    deadline.ended_at = clock.now()
    deadline.fired = True
    work.session.flush()
    if subject is None or subject.state != deadline.state:
        return False
    clocked = work.acting_as(CLOCKWORK)
    rule = work.engine.workflow(subject.workflow, subject.workflow_version).states[subject.state].term
    for name in rule.on_miss if rule else []:
        try:
            clocked.fire(subject, name)
        except Refused as refused:
            log.debug("deadline.not_open", subject=deadline.subject_id, transition=name, why=str(refused))
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
            count += _fire(work, deadline, subject)


def count_due(session: Session) -> int:
    """How many deadlines are due and not done."""
    due = Deadline.ended_at.is_(None) & (Deadline.due_at <= clock.now())
    return session.scalar(select(func.count(Deadline.id)).where(due)) or 0


def run(open_work: Callable[[], Work], every_seconds: float, stop: threading.Event) -> None:
    """Do due work again and again until `stop` is set; a database that is away for a while is waited for."""
    while not stop.is_set():
        try:
            work = open_work()
            try:
                worked = do_due_work(work)
            finally:
                work.session.close()
            if worked.fired or worked.nothing_open:
                log.info("worker.round", fired=worked.fired, nothing_open=worked.nothing_open)
        except OperationalError as error:
            log.warning("worker.database_away", why=str(error.orig))
        stop.wait(every_seconds)
