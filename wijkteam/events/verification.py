"""Proving the event log: every chain whole, and every subject equal to the fold of its events."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from wijkteam.events.chain import Link, digest, plain
from wijkteam.events.model import Event
from wijkteam.events.queries import erasures
from wijkteam.storage.subject import SubjectColumns

BATCH = 2_000


@dataclass(frozen=True)
class Break:
    """Something in the log or in a subject that does not agree with the rest."""

    subject_kind: str
    subject_id: str
    sequence: int | None
    wrong: str

    def __str__(self) -> str:
        """One line: where, and what is wrong."""
        place = f"{self.subject_kind} {self.subject_id}"
        return f"{place} event {self.sequence}: {self.wrong}" if self.sequence else f"{place}: {self.wrong}"


def fold(events: list[Event]) -> dict[str, Any]:
    """The tracked values after these events, as JSON knows them. Erased payloads leave gaps."""
    values: dict[str, Any] = {}
    for event in events:
        if event.payload is not None:
            values.update(json.loads(event.payload)["changes"])
    return values


def count_events(session: Session) -> int:
    """How many events the log holds."""
    return session.scalar(select(func.count(Event.id))) or 0


def verify(session: Session, progress: Callable[[int], None] = lambda done: None) -> list[Break]:
    """Every break in every chain, and every subject whose row differs from the fold of its events."""
    breaks: list[Break] = []
    for kind, model in sorted(SubjectColumns.kinds.items()):
        rows, erased = _rows(session, model), erasures(session, kind)
        for subject_id, events in _chains(session, kind):
            breaks += _check_chain(kind, subject_id, events)
            breaks += _check_erased(kind, subject_id, events, erased.get(subject_id, frozenset()))
            row = next(rows, None)
            while row is not None and row.id < subject_id:
                breaks.append(Break(kind, row.id, None, "has no events"))
                row = next(rows, None)
            if row is None or row.id != subject_id:
                breaks.append(Break(kind, subject_id, None, "has events but is no longer there"))
                rows = _rows(session, model, after=subject_id)
            else:
                breaks += _check_row(kind, row, events)
            progress(len(events))
        breaks += [Break(kind, row.id, None, "has no events") for row in rows]
    return breaks


def _rows(session: Session, model: type[Any], after: str = "") -> Iterator[Any]:
    last = after
    while True:
        found = session.scalars(
            select(model)
            .where(model.id > last)
            .order_by(model.id)
            .limit(BATCH)
            .execution_options(populate_existing=True)
        ).all()
        if not found:
            return
        yield from found
        last = found[-1].id
        for row in found:
            session.expunge(row)


def _chains(session: Session, kind: str) -> Iterator[tuple[str, list[Event]]]:
    rows = session.scalars(
        select(Event)
        .where(Event.subject_kind == kind)
        .order_by(Event.subject_id, Event.sequence)
        .execution_options(yield_per=BATCH, populate_existing=True)
    )
    for subject_id, events in groupby(rows, key=lambda event: event.subject_id):
        yield subject_id, list(events)


def _check_chain(kind: str, subject_id: str, events: list[Event]) -> Iterator[Break]:
    previous = ""
    for expected, event in enumerate(events, 1):
        if event.sequence != expected:
            yield Break(kind, subject_id, event.sequence, f"event {expected} is missing before it")
            return
        if event.payload is not None and digest(event.payload) != event.payload_digest:
            yield Break(kind, subject_id, event.sequence, "what was recorded has been altered")
        if event.previous_hash != previous:
            yield Break(kind, subject_id, event.sequence, "does not follow from the event before it")
        if _link(event).hash() != event.hash:
            yield Break(kind, subject_id, event.sequence, "does not match its own hash")
        previous = event.hash


def _check_erased(kind: str, subject_id: str, events: list[Event], erased: frozenset[int]) -> Iterator[Break]:
    """A payload is only gone where an erasure says so, and where one says so none is left."""
    for event in events:
        meant = bool(erased & {0, event.sequence})
        if event.payload is None and not meant:
            yield Break(kind, subject_id, event.sequence, "what was recorded is gone without a destruction")
        if event.payload is not None and meant:
            yield Break(kind, subject_id, event.sequence, "what was recorded is there again after it was destroyed")


def _link(event: Event) -> Link:
    return Link(**{name: getattr(event, name) for name in Link.__dataclass_fields__})


def _check_row(kind: str, row: Any, events: list[Event]) -> Iterator[Break]:
    last = events[-1]
    if row.version != last.sequence or row.event_hash != last.hash:
        yield Break(kind, row.id, None, "does not stand on its last event")
    if any(event.payload is None for event in events):
        return
    folded = fold(events)
    for name, value in row.tracked().items():
        if folded.get(name) != plain(value):
            yield Break(kind, row.id, None, f"{name} differs from what its events say")
