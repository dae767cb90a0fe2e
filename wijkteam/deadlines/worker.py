"""The worker: does what is due, each deadline exactly once, with any number of workers."""

import threading
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime

import structlog
from sqlalchemy import func, select
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from wijkteam.deadlines.model import Deadline
from wijkteam.engine.running import Refused
from wijkteam.storage.subject import SubjectColumns
from wijkteam.storage.work import CLOCKWORK, Work
from wijkteam.terms import clock

log = structlog.get_logger()


@dataclass
class Worked:
    """What one round of the worker did."""

    fired: int = 0
    nothing_open: int = 0


def do_due_work(work: Work) -> Worked:
    """Fire everything that is due now, one transaction each; returns what was done."""
    worked = Worked()
    latest = clock.now()
    while True:
        with work.transaction():
            deadline = _claim(work.session, latest)
            if deadline is None:
                return worked
            if _fire(work, deadline):
                worked.fired += 1
            else:
                worked.nothing_open += 1


def _claim(session: Session, latest: datetime) -> Deadline | None:
    return session.scalars(
        select(Deadline)
        .where(Deadline.ended_at.is_(None), Deadline.due_at <= latest)
        .order_by(Deadline.due_at, Deadline.id)
        .limit(1)
        .with_for_update(skip_locked=True)
    ).first()


def _fire(work: Work, deadline: Deadline) -> bool:
    """Try what the state says on a missed term, the first that is open; the deadline ends in any case."""
    deadline.ended_at = clock.now()
    deadline.fired = True
    work.session.flush()
    model = SubjectColumns.kinds[deadline.subject_kind]
    subject = work.session.get(model, deadline.subject_id, with_for_update=True, populate_existing=True)
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
            count += _fire(work, deadline)


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
