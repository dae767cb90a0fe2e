"""Erasing what events recorded: the chain stays whole, for it covers the digest of a payload and not the payload."""

from collections.abc import Collection

from sqlalchemy import update
from sqlalchemy.orm import Session

from wijkteam.events.model import Event


def erase_payloads(session: Session, subject_kind: str, subject_ids: Collection[str]) -> None:
    """Erase what was filled in and what changed at every event of these subjects, in the caller's transaction."""
    of = Event.subject_kind == subject_kind, Event.subject_id.in_(subject_ids)
    session.execute(update(Event).where(*of).values(payload=None))
