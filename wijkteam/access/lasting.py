"""Whether a ground that somebody was given lasts now: being named, being a guest, having broken the glass.

Decided by the row itself at the moment of reading, so that no ground outlives its end when no worker runs.
"""

from datetime import date, datetime

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from wijkteam.access.model import BreakGlass, GuestAccess, NamedReader
from wijkteam.terms import clock

IN_FORCE = "in_force"


def is_named(session: Session, case_id: str, person_id: int) -> bool:
    """Whether somebody is named as a reader of the case."""
    rows = select(NamedReader.id).where(NamedReader.case_id == case_id, NamedReader.person_id == person_id)
    return session.scalar(rows.limit(1)) is not None


def named_ids(session: Session, case_id: str) -> list[int]:
    """The numbers of everybody who is named as a reader of the case, by when that was."""
    rows = select(NamedReader.person_id).where(NamedReader.case_id == case_id)
    return list(session.scalars(rows.order_by(NamedReader.id)))


def lasts_now(at: datetime | None = None) -> ColumnElement[bool]:
    """Of a broken glass: it gives reading at this moment."""
    found: ColumnElement[bool] = (BreakGlass.state == IN_FORCE) & (BreakGlass.until > (at or clock.now()))
    return found


def broken_glass(session: Session, case_id: str, person_id: int) -> BreakGlass | None:
    """The broken glass that lets somebody read the case now, the one that lasts longest."""
    rows = select(BreakGlass).where(BreakGlass.case_id == case_id, BreakGlass.person_id == person_id, lasts_now())
    return session.scalars(rows.order_by(BreakGlass.until.desc()).limit(1)).first()


def broke_glass(session: Session, case_id: str, person_id: int) -> bool:
    """Whether somebody broke the glass of the case, and its time is not over."""
    rows = select(BreakGlass.id).where(BreakGlass.case_id == case_id, BreakGlass.person_id == person_id, lasts_now())
    return session.scalar(rows.limit(1)) is not None


def shared_now(today: date | None = None) -> ColumnElement[bool]:
    """Of a share: today lies within its days, and it was not ended; `today` where it is a parameter."""
    today = clock.today() if today is None else today
    found: ColumnElement[bool] = (
        (GuestAccess.state == IN_FORCE) & (GuestAccess.first_day <= today) & (GuestAccess.last_day >= today)
    )
    return found


def is_guest(session: Session, case_id: str, person_id: int) -> bool:
    """Whether the case is shared with somebody today."""
    rows = select(GuestAccess.id).where(GuestAccess.case_id == case_id, GuestAccess.person_id == person_id)
    return session.scalar(rows.where(shared_now()).limit(1)) is not None
