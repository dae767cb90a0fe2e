"""What can be asked about tracks."""

from collections.abc import Collection
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from wijkteam.cases.queries import own_open_ids
from wijkteam.storage.among import among
from wijkteam.storage.asking import written_once
from wijkteam.tracks.model import Track


def find_track(session: Session, track_id: str) -> Track | None:
    """The track with that id, as it stands in the database now."""
    return session.get(Track, track_id, populate_existing=True)


def tracks_of_case(session: Session, case_id: str) -> list[Track]:
    """All tracks of a case: first those that are open, each by when it began."""
    return list(session.scalars(*_of_case(case_id)))


@written_once
def _of_case(case_id: str) -> Select[Track]:
    return select(Track).where(Track.case_id == case_id).order_by(Track.ended_at.is_not(None), Track.opened_at)


def open_tracks_of(session: Session, worker_id: int, most: int | None = None) -> list[Track]:
    """The open tracks that a person works on, by the date of their next step; the first ones where told."""
    return list(session.scalars(rows_of_worker(worker_id).order_by(Track.next_step_on, Track.id).limit(most)))


def rows_of_worker(worker_id: int) -> Select[Any]:
    """The question for the open tracks that a person works on."""
    return select(Track).where(Track.worker_id == worker_id, Track.ended_at.is_(None))


def open_tracks_in(session: Session, case_ids: Collection[str]) -> list[Track]:
    """The open tracks of these cases, by the date of their next step."""
    rows = select(Track).where(among(Track.case_id, case_ids), Track.ended_at.is_(None))
    return list(session.scalars(rows.order_by(Track.next_step_on, Track.id)))


def done_by_others(session: Session, owner_id: int, most: int) -> list[str]:
    """Ids of the open tracks that others do in the open cases of an owner; soonest first."""
    return list(session.scalars(rows_done_by_others(owner_id).order_by(Track.next_step_on, Track.id).limit(most)))


def rows_done_by_others(owner_id: int) -> Select[Any]:
    """The question for the ids of the open tracks that others do in the open cases of an owner."""
    mine = Track.case_id.in_(own_open_ids(owner_id))
    return select(Track.id).where(mine, Track.ended_at.is_(None), Track.worker_id != owner_id)


def tracks(session: Session, track_ids: Collection[str]) -> list[Track]:
    """Tracks by id."""
    if not track_ids:
        return []
    return list(session.scalars(select(Track).where(among(Track.id, track_ids))))


def works_in(session: Session, case_id: str, person_id: int) -> bool:
    """Whether a person works on an open track of the case."""
    mine = (Track.case_id == case_id) & (Track.worker_id == person_id) & Track.ended_at.is_(None)
    return session.scalar(select(Track.id).where(mine).limit(1)) is not None


def workers_of(session: Session, case_id: str) -> list[int]:
    """Who works on an open track of the case."""
    rows = select(Track.worker_id).where(Track.case_id == case_id, Track.ended_at.is_(None)).distinct()
    return list(session.scalars(rows.order_by(Track.worker_id)))
