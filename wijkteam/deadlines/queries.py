"""What can be asked of deadlines."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from wijkteam.deadlines.model import Deadline
from wijkteam.storage.among import among


def due_moments(session: Session, subject_ids: Collection[str]) -> dict[str, datetime]:
    """The open deadline of each of these subjects that has one."""
    if not subject_ids:
        return {}
    rows = session.execute(
        select(Deadline.subject_id, Deadline.due_at).where(
            among(Deadline.subject_id, subject_ids), Deadline.ended_at.is_(None)
        )
    )
    return {subject_id: due_at for subject_id, due_at in rows}


def due_by(session: Session, subjects: Select[Any], until: datetime, most: int) -> dict[str, datetime]:
    """The open deadlines of these subjects that fall due by a moment, the soonest first."""
    rows = select(Deadline.subject_id, Deadline.due_at).where(
        Deadline.subject_id.in_(subjects), Deadline.ended_at.is_(None), Deadline.due_at <= until
    )
    return {subject: due for subject, due in session.execute(rows.order_by(Deadline.due_at, Deadline.id).limit(most))}


def first_due(session: Session, until: datetime) -> datetime | None:
    """The earliest open deadline up to a moment; None when nothing falls due by then."""
    return session.scalar(
        select(func.min(Deadline.due_at)).where(Deadline.ended_at.is_(None), Deadline.due_at <= until)
    )


def open_by_kind(session: Session) -> dict[str, int]:
    """How many terms run, by kind of subject."""
    counted = select(Deadline.subject_kind, func.count()).where(Deadline.ended_at.is_(None))
    return {kind: count for kind, count in session.execute(counted.group_by(Deadline.subject_kind))}
