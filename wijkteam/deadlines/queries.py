"""What can be asked of deadlines."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from wijkteam.deadlines.model import Deadline
from wijkteam.storage.among import among
from wijkteam.storage.asking import of_kinds, written_once


def due_moments(session: Session, subject_ids: Collection[str], kind: str | None = None) -> dict[str, datetime]:
    """The open deadline of each of these subjects that has one; quicker with `kind`, where all are of one kind."""
    if not subject_ids:
        return {}
    return {subject_id: due_at for subject_id, due_at in session.execute(*_open_of(list(subject_ids), kind=kind))}


@written_once
def _open_of(subject_ids: Any, *, kind: str | None) -> Select[str, datetime]:
    rows = select(Deadline.subject_id, Deadline.due_at)
    rows = rows.where(among(Deadline.subject_id, subject_ids), Deadline.ended_at.is_(None))
    return of_kinds(rows.where(Deadline.subject_kind == kind), {kind}) if kind is not None else rows


def first_due(session: Session, until: datetime) -> datetime | None:
    """The earliest open deadline up to a moment; None when nothing falls due by then."""
    return session.scalar(
        select(func.min(Deadline.due_at)).where(Deadline.ended_at.is_(None), Deadline.due_at <= until)
    )


def open_by_kind(session: Session) -> dict[str, int]:
    """How many terms run, by kind of subject."""
    counted = select(Deadline.subject_kind, func.count()).where(Deadline.ended_at.is_(None))
    return {kind: count for kind, count in session.execute(counted.group_by(Deadline.subject_kind))}
