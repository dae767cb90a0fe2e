"""Erasing what events recorded: the chain stays whole, for it covers the digest of a payload and not the payload.

The one way in which a payload goes. It is emptied here, and where all of a record goes its key is destroyed too: that
also makes unreadable every copy that was made before, such as a backup, unless the copy holds the key as well. Both are
done, for each covers what the other cannot: payloads from before there were keys, and copies that are out of reach.
A single struck event shares its key with the rest of its record, so copies of it go when their own term is over.
"""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any, cast

from sqlalchemy import CursorResult, insert, select, update
from sqlalchemy.orm import Session

from wijkteam.events.contents import let_go_of
from wijkteam.events.model import Erasure, Event
from wijkteam.events.payload_keys import Record, destroy_keys
from wijkteam.terms import clock


def erase_records(session: Session, chosen: Mapping[str, Collection[str]], list_id: str | None, at: datetime) -> int:
    """Erase all that was recorded about these subjects (ids by kind), for good; returns how many payloads went.

    In the caller's transaction, which has the rows of the subjects in hand, so that no step comes in between.
    """
    gone = 0
    for kind, ids in chosen.items():
        gone += _empty(session, (Event.subject_kind == kind) & Event.subject_id.in_(ids))
        session.add_all(
            [Erasure(subject_kind=kind, subject_id=each, sequence=0, at=at, list_id=list_id) for each in ids]
        )
    destroy_keys(session, [Record(kind, each) for kind, ids in chosen.items() for each in ids])
    session.flush()
    return gone


def erase_so_far(session: Session, kind: str, ids: Collection[str]) -> None:
    """Erase what was filled in and what changed at every event of these subjects so far, in the caller's transaction.

    Each is written down as erased on purpose. What is recorded afterwards stands under a new key.
    """
    of = (Event.subject_kind == kind) & Event.subject_id.in_(ids)
    _erase_each(session, of)
    destroy_keys(session, [Record(kind, each) for each in ids])


def erase_event(session: Session, event: Event) -> None:
    """Erase what one event recorded, in the caller's transaction."""
    _erase_each(session, Event.id == event.id)
    session.expire(event)
    let_go_of(event)


def _erase_each(session: Session, which: Any) -> None:
    of = select(Event.subject_kind, Event.subject_id, Event.sequence).where(which, Event.payload.is_not(None))
    now = clock.now()
    rows = [{**row._mapping, "at": now} for row in session.execute(of)]
    if rows:
        session.execute(insert(Erasure), rows)
        _empty(session, which)


def _empty(session: Session, which: Any) -> int:
    """Without looking for the rows among what the session has in hand: that is read anew afterwards."""
    emptied = update(Event).where(which, Event.payload.is_not(None)).values(payload=None)
    gone = session.execute(emptied, execution_options={"synchronize_session": False})
    return cast(CursorResult[Any], gone).rowcount
