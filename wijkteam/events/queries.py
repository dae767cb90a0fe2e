"""What can be asked of the event log."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import Select, func, select, update
from sqlalchemy.orm import Session

from wijkteam.events.contents import contents_of, open_all
from wijkteam.events.model import Erasure, Event, Notice
from wijkteam.storage.among import among
from wijkteam.storage.asking import of_kinds, written_once
from wijkteam.terms import clock


def events_of(session: Session, subject_kind: str, subject_id: str) -> list[Event]:
    """A subject's events, oldest first."""
    found = list(session.scalars(*_of_subject(subject_id, kind=subject_kind)))
    open_all(session, found)
    return found


@written_once
def _of_subject(subject_id: str, *, kind: str) -> Select[Event]:
    mine = Event.subject_kind == kind, Event.subject_id == subject_id
    return of_kinds(select(Event).where(*mine).order_by(Event.sequence), {kind})


def states_of(session: Session, subject_kind: str, subject_id: str) -> list[tuple[str, datetime]]:
    """The states that a subject came into, oldest first; of what was filled in nothing is opened."""
    mine = Event.subject_kind == subject_kind, Event.subject_id == subject_id
    rows = session.execute(select(Event.state_to, Event.at).where(*mine).order_by(Event.sequence))
    return [(state, at) for state, at in rows]


def story_of(
    session: Session, subject_ids: Collection[str], kinds: Collection[str], without: Collection[tuple[str, str]]
) -> list[Event]:
    """The events of many subjects together, newest first; without some steps, by kind and name.

    Ids of subjects are unique over all kinds; `kinds` are those to tell of.
    """
    found = list(session.scalars(*_story(list(subject_ids), list(kinds), without=tuple(without))))
    open_all(session, found)
    return found


@written_once
def _story(subject_ids: Any, kinds: Any, *, without: tuple[tuple[str, str], ...]) -> Select[Event]:
    rows = select(Event).where(among(Event.subject_id, subject_ids), among(Event.subject_kind, kinds))
    for kind, name in without:
        rows = rows.where((Event.subject_kind != kind) | (Event.name != name))
    return rows.order_by(Event.at.desc(), Event.id.desc())


def all_events(session: Session) -> list[Event]:
    """Every event of every subject, in the order in which they were written."""
    found = list(session.scalars(select(Event).order_by(Event.id)))
    open_all(session, found)
    return found


def recorded(event: Event) -> dict[str, Any]:
    """The asked fields as they were filled in; empty when the payload was erased. Raises CannotOpenPayload."""
    return contents_of(event).fields


def changed(event: Event) -> dict[str, Any]:
    """The tracked values that the event changed; empty when the payload was erased. Raises CannotOpenPayload."""
    return contents_of(event).changes


def erasures(session: Session, subject_kind: str) -> dict[str, frozenset[int]]:
    """Of which subjects of a kind payloads were erased on purpose: the numbers of those events, 0 for all of them."""
    rows = select(Erasure.subject_id, Erasure.sequence).where(Erasure.subject_kind == subject_kind)
    found: dict[str, frozenset[int]] = {}
    for subject_id, sequence in session.execute(rows):
        found[subject_id] = found.get(subject_id, frozenset()) | {sequence}
    return found


def unread_notices(session: Session, person_id: int, limit: int = 50) -> list[Notice]:
    """What a person was told and has not put away yet, newest first."""
    return list(session.scalars(*_unread(person_id, limit)))


@written_once
def _unread(person_id: int, limit: int) -> Select[Notice]:
    rows = select(Notice).where(Notice.person_id == person_id, Notice.read_at.is_(None))
    return rows.order_by(Notice.sent_at.desc(), Notice.id.desc()).limit(limit)


def last_notice(session: Session) -> int:
    """The number of the last notice that was sent; 0 when none was."""
    return session.scalar(select(func.max(Notice.id))) or 0


def notices_after(session: Session, number: int, subject_kind: str, subject_id: str) -> list[Notice]:
    """What people were told about a subject after the notice of that number, oldest first."""
    about = Notice.subject_kind == subject_kind, Notice.subject_id == subject_id
    return list(session.scalars(select(Notice).where(Notice.id > number, *about).order_by(Notice.id)))


def was_told(session: Session, person_id: int, subject_kind: str, subject_id: str) -> bool:
    """Whether a person ever got a notice about a subject."""
    about = Notice.subject_kind == subject_kind, Notice.subject_id == subject_id
    return session.scalar(select(Notice.id).where(Notice.person_id == person_id, *about).limit(1)) is not None


def put_away_notices(session: Session, person_id: int) -> None:
    """Mark everything a person was told as read."""
    session.execute(
        update(Notice).where(Notice.person_id == person_id, Notice.read_at.is_(None)).values(read_at=clock.now())
    )


def put_away_older(session: Session, moment: datetime) -> None:
    """Mark what everybody was told before a moment as read when it was sent; for told histories."""
    unread = Notice.read_at.is_(None) & (Notice.sent_at < moment)
    session.execute(update(Notice).where(unread).values(read_at=Notice.sent_at))
