"""Reading what events recorded: the one way to a payload, wherever it is shown, counted, handed over or proved."""

from collections.abc import Collection, Iterator
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import ColumnElement, case, func, null, select, true
from sqlalchemy.orm import Session, object_session

from wijkteam.events.model import Event
from wijkteam.events.payload_keys import Found, keys_of
from wijkteam.events.payloads import (
    NOTHING,
    SEALED,
    CannotOpenPayload,
    Contents,
    Place,
    Why,
    key_of,
    open_payload,
    read_payload,
)

BATCH = 1_000
OPENED = "opened_contents"
"""Under which name an event in memory keeps what was opened of it; no column."""


class ToldEvent(NamedTuple):
    """One event as a bulk reader needs it; `contents` is empty where it was erased, or was not asked for."""

    subject_id: str
    name: str
    state_to: str
    actor_id: int | None
    at: datetime
    contents: Contents


def contents_of(event: Event) -> Contents:
    """What an event recorded; nothing when that was erased. Raises CannotOpenPayload.

    Opened when it was read, or else now with the session that it was read with.
    """
    if event.payload is None:
        return NOTHING
    if OPENED not in vars(event):
        open_all(object_session(event), [event])
    found: Contents | Why = vars(event)[OPENED]
    if isinstance(found, Why):
        raise CannotOpenPayload(found)
    return found


def open_all(session: Session | None, events: Collection[Event]) -> None:
    """Open what these events recorded while their session is there: a page shows them when it has let go of them."""
    opened = Opened(session, [event.payload for event in events])
    for event in events:
        said: Contents | Why = NOTHING
        if event.payload is not None:
            place = Place(event.subject_kind, event.subject_id, event.sequence)
            try:
                said = read_payload(opened.text(place, event.payload))
            except CannotOpenPayload as closed:
                said = closed.why
        vars(event)[OPENED] = said


def let_go_of(event: Event) -> None:
    """Forget what was opened of an event."""
    vars(event).pop(OPENED, None)


def is_erased(event: Event) -> bool:
    """Whether what the event recorded was erased."""
    return event.payload is None


def stream(
    session: Session, kind: str, which: ColumnElement[bool] | None = None, telling: ColumnElement[bool] | None = None
) -> Iterator[ToldEvent]:
    """Events of a kind, subject by subject, oldest first, in one narrow query that streams.

    `which` narrows the events; contents are read only where `telling` holds. Raises CannotOpenPayload.
    """
    payload = null() if telling is None else case((telling, Event.payload), else_=null())
    # columns of the table, not of the class: rows that take no part in the session come quicker
    event = Event.__table__.c
    rows = session.execute(
        select(event.subject_id, event.sequence, payload, event.name, event.state_to, event.actor_id, event.at)
        .where(event.subject_kind == kind, true() if which is None else which)
        .order_by(event.subject_id, event.sequence)
        .execution_options(yield_per=BATCH)
    )
    for part in rows.partitions():
        opened = Opened(session, [row[2] for row in part])
        for subject_id, sequence, text, name, state_to, actor_id, at in part:
            said = NOTHING
            if text is not None:
                plain = opened.text(Place(kind, subject_id, sequence), text) if text.startswith(SEALED) else text
                said = read_payload(plain)
            yield ToldEvent(subject_id, name, state_to, actor_id, at, said)


class Opened:
    """The payloads of some events with all their keys, looked up in one go."""

    def __init__(self, session: Session | None, payloads: Collection[str | None]) -> None:
        ids = {each for each in map(key_of, payloads) if each is not None}
        self.keys: dict[str, Found] = dict(keys_of(session).find(session, ids)) if ids and session is not None else {}

    def text(self, place: Place, payload: str) -> str:
        """The plain JSON of a payload. Raises CannotOpenPayload."""
        key_id = key_of(payload)
        if key_id is None:
            return payload
        found = self.keys.get(key_id, Why.LOST)
        if isinstance(found, Why):
            raise CannotOpenPayload(found)
        return open_payload(found, place, payload)

    def key_trouble(self, payload: str | None) -> Why | None:
        """Whether the key of a payload was destroyed or is lost: what is known without any secret."""
        key_id = key_of(payload)
        found = self.keys.get(key_id, Why.LOST) if key_id is not None else None
        return found if found in (Why.DESTROYED, Why.LOST) else None


def count_unsealed(session: Session) -> int:
    """How many events recorded something that stands there unsealed."""
    unsealed = Event.payload.is_not(None) & ~Event.payload.startswith(SEALED)
    return session.scalar(select(func.count()).select_from(Event).where(unsealed)) or 0
