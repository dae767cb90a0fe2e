"""Erasing what events recorded: the chain stays whole, for it covers the digest of a payload and not the payload."""

from collections.abc import Collection

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from wijkteam.events.model import Erasure, Event
from wijkteam.terms import clock


def erase_payloads(session: Session, subject_kind: str, subject_ids: Collection[str]) -> None:
    """Erase what was filled in and what changed at every event of these subjects so far, in the caller's transaction.

    Each is written down as erased on purpose: a payload that is gone otherwise is a break in the log.
    """
    of = Event.subject_kind == subject_kind, Event.subject_id.in_(subject_ids), Event.payload.is_not(None)
    there = session.execute(select(Event.subject_id, Event.sequence).where(*of)).all()
    if not there:
        return
    now = clock.now()
    rows = [{"subject_kind": subject_kind, "subject_id": each, "sequence": nth, "at": now} for each, nth in there]
    session.execute(insert(Erasure), rows)
    session.execute(update(Event).where(*of).values(payload=None))
