"""What can be asked of deadlines."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from wijkteam.deadlines.model import Deadline
from wijkteam.storage.among import among
from wijkteam.storage.asking import written_once


def due_moments(session: Session, subject_ids: Collection[str]) -> dict[str, datetime]:
    """The open deadline of each of these subjects that has one."""
    if not subject_ids:
        return {}
    return {subject_id: due_at for subject_id, due_at in session.execute(*_open_of(list(subject_ids)))}


@written_once
def _open_of(subject_ids: Any) -> Select[str, datetime]:
    rows = select(Deadline.subject_id, Deadline.due_at)
    return rows.where(among(Deadline.subject_id, subject_ids), Deadline.ended_at.is_(None))


def first_due(session: Session, until: datetime) -> datetime | None:
    """The earliest open deadline up to a moment; None when nothing falls due by then."""
    return session.scalar(
        select(func.min(Deadline.due_at)).where(Deadline.ended_at.is_(None), Deadline.due_at <= until)
    )


def open_by_kind(session: Session) -> dict[str, int]:
    """How many terms run, by kind of subject."""
    counted = select(Deadline.subject_kind, func.count()).where(Deadline.ended_at.is_(None))
    return {kind: count for kind, count in session.execute(counted.group_by(Deadline.subject_kind))}
