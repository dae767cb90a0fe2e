"""Proving the event log: every chain whole, and every subject equal to the fold of its events."""

import json
from collections.abc import Callable, Iterator
from itertools import groupby
from operator import itemgetter
from typing import Any

from sqlalchemy import Row, func, select
from sqlalchemy.orm import Session

from wijkteam.events.chain import plain
from wijkteam.events.chain_checks import COLUMNS, ChainRow, explain, is_whole, recorded_at
from wijkteam.events.contents import Opened
from wijkteam.events.findings import Break, Change
from wijkteam.events.model import Erasure, Event, PayloadKey
from wijkteam.events.payloads import CannotOpenPayload, Place, Why, key_of
from wijkteam.events.queries import erasures
from wijkteam.storage.subject import SubjectColumns

BATCH = 2_000
TOLD_EVERY = 1_000
"""After how many events progress is told."""

PAYLOAD, SEQUENCE = COLUMNS.index("payload"), COLUMNS.index("sequence")
_parsed = json.JSONDecoder().raw_decode
"""Canonical JSON has no white space to skip."""
TOLD = {
    Why.DESTROYED: "the key of what was recorded was destroyed, and what was recorded is still there",
    Why.LOST: "the key of what was recorded is lost: nobody erased it on purpose",
    Why.LOCKED: "the key of what was recorded does not open with this key ring",
    Why.ALTERED: "what was recorded does not open: it was altered, or sealed for another event",
}
SORT = {
    Why.DESTROYED: Change.KEY,
    Why.LOST: Change.KEY,
    Why.LOCKED: Change.KEY,
    Why.ALTERED: Change.CHANGED,
}

__all__ = ["Break", "Change", "count_erased", "count_events", "verify"]


def _fold(payloads: list[str | None]) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for payload in payloads:
        if payload is not None:
            values.update(_parsed(payload, 0)[0]["changes"])
    return values


def count_events(session: Session) -> int:
    """How many events the log holds."""
    return session.scalar(select(func.count(Event.id))) or 0


def count_erased(session: Session) -> int:
    """Of how many events what was recorded was erased: their chain stands, their subject cannot be folded."""
    return session.scalar(select(func.count(Event.id)).where(Event.payload.is_(None))) or 0


def verify(session: Session, progress: Callable[[int], None] = lambda done: None, opening: bool = True) -> list[Break]:
    """Every break in every chain, and every subject whose row differs from the fold of its events.

    Chains are proved without any key. For the fold what was recorded is opened; with `opening` false it is not, and
    then subjects are not compared with what is sealed: for who proves a log and may not read it.
    """
    breaks: list[Break] = []
    done = 0
    for kind, model in sorted(SubjectColumns.kinds.items()):
        rows, erased = _rows(session, model), erasures(session, kind)
        for subject_id, events, opened in _opened_chains(session, kind):
            if not is_whole(kind, subject_id, events):
                breaks += explain(kind, subject_id, [ChainRow._make(each) for each in events])
            breaks += _check_erased(kind, subject_id, events, erased.get(subject_id, frozenset()))
            payloads, closed = _texts(kind, events, opened, opening)
            breaks += closed
            row = next(rows, None)
            while row is not None and row.id < subject_id:
                breaks.append(_without_events(kind, row.id))
                row = next(rows, None)
            if row is None or row.id != subject_id:
                breaks.append(Break(kind, subject_id, None, "has events but is no longer there", Change.REMOVED))
                rows = _rows(session, model, after=subject_id)
            else:
                breaks += _check_row(kind, row, events, payloads)
            done += len(events)
            if done >= TOLD_EVERY:
                progress(done)
                done = 0
        breaks += [_without_events(kind, row.id) for row in rows]
    progress(done)
    return [*breaks, *_of_no_kind(session), *_keys_left(session)]


def _texts(kind: str, events: list[Row[Any]], opened: Opened, opening: bool) -> tuple[list[str | None], list[Break]]:
    """What each event recorded as plain text, None for what is not read; and what is there and does not open.

    A key that was destroyed or is gone is told here; that the payload itself was erased is told elsewhere.
    """
    texts: list[str | None] = []
    breaks = []
    for event in events:
        payload: str | None = event[PAYLOAD]
        text, why = None, None
        if payload is not None and opening:
            try:
                text = opened.text(Place(kind, event[0], event[SEQUENCE]), payload)
            except CannotOpenPayload as closed:
                why = closed.why
        elif payload is not None:
            text, why = payload if key_of(payload) is None else None, opened.key_trouble(payload)
        if why is not None:
            breaks.append(Break(kind, event[0], event[SEQUENCE], TOLD[why], SORT[why]))
        texts.append(text)
    return texts, breaks


def _without_events(kind: str, subject_id: str) -> Break:
    return Break(kind, subject_id, None, "has no events", Change.REMOVED)


def _of_no_kind(session: Session) -> Iterator[Break]:
    """Events of subjects that there are not."""
    strange = select(Event.id, Event.subject_kind, Event.subject_id, Event.sequence)
    strange = strange.where(Event.subject_kind.not_in(SubjectColumns.kinds)).order_by(Event.id)
    for number, kind, subject_id, sequence in session.execute(strange):
        yield Break(kind, subject_id, sequence, "is of a kind that there is not", Change.INSERTED, number)


def _keys_left(session: Session) -> Iterator[Break]:
    """Keys of records that were destroyed: with one, a copy from before could still be read."""
    destroyed = (Erasure.subject_kind == PayloadKey.subject_kind) & (Erasure.subject_id == PayloadKey.subject_id)
    left = select(PayloadKey.subject_kind, PayloadKey.subject_id).join(Erasure, destroyed & (Erasure.sequence == 0))
    for kind, subject_id in session.execute(left.where(PayloadKey.wrapped.is_not(None)).order_by(PayloadKey.id)):
        yield Break(kind, subject_id, None, "what was recorded was destroyed, and its key is still there", Change.KEY)


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


def _opened_chains(session: Session, kind: str) -> Iterator[tuple[str, list[Row[Any]], Opened]]:
    """The chains, some at a time with the keys of all that they recorded."""
    chains = _chains(session, kind)
    while True:
        some, count = [], 0
        for chain in chains:
            some.append(chain)
            count += len(chain[1])
            if count >= BATCH:
                break
        if not some:
            return
        opened = Opened(session, [event[PAYLOAD] for _, events in some for event in events])
        for subject_id, events in some:
            yield subject_id, events, opened


def _chains(session: Session, kind: str) -> Iterator[tuple[str, list[Row[Any]]]]:
    """Columns instead of objects, with moments as the database has them: this is done for every event there is."""
    session.flush()
    columns: Any = Event.__table__.c
    rows = session.connection().execute(
        select(*(recorded_at() if name == "at" else columns[name] for name in COLUMNS))
        .where(columns.subject_kind == kind)
        .order_by(columns.subject_id, columns.sequence),
        execution_options={"yield_per": BATCH},
    )
    for subject_id, events in groupby(rows, key=itemgetter(0)):
        yield subject_id, list(events)


def _check_erased(kind: str, subject_id: str, events: list[Row[Any]], erased: frozenset[int]) -> Iterator[Break]:
    """A payload is only gone where an erasure says so, and where one says so none is left."""
    if not erased and all(event[PAYLOAD] is not None for event in events):
        return
    for event in events:
        meant = bool(erased & {0, event.sequence})
        if event.payload is None and not meant:
            yield Break(
                kind, subject_id, event.sequence, "what was recorded is gone without a destruction", Change.REMOVED
            )
        if event.payload is not None and meant:
            yield Break(
                kind,
                subject_id,
                event.sequence,
                "what was recorded is there again after it was destroyed",
                Change.INSERTED,
            )


def _check_row(kind: str, row: Any, events: list[Row[Any]], payloads: list[str | None]) -> Iterator[Break]:
    last = events[-1]
    stands = "does not stand on its last event"
    if last.sequence < row.version:
        gone = f"{last.sequence + 1}" + (f" to {row.version}" if row.version > last.sequence + 1 else "")
        yield Break(kind, row.id, None, f"{stands}: event {gone} was removed, or its version changed", Change.REMOVED)
    elif last.sequence > row.version:
        wrong = f"{stands}: event {last.sequence} was put in, or its version changed"
        yield Break(kind, row.id, None, wrong, Change.INSERTED)
    elif row.event_hash != last.hash:
        yield Break(kind, row.id, None, f"{stands}: that has another hash", Change.CHANGED)
    if None in payloads:
        return
    try:
        folded = _fold(payloads)
    except (ValueError, KeyError, TypeError, AttributeError):
        return  # it is told already that what was recorded was altered
    for name, value in row.tracked().items():
        if folded.get(name) != plain(value) and (name in folded or value != _begins_with(row, name)):
            yield Break(kind, row.id, None, f"{name} differs from what its events say", Change.ROW)


def _begins_with(row: Any, name: str) -> Any:
    """What a column holds that no event ever named: one that came later stands at its default in older rows."""
    column = row.__table__.columns.get(name)
    default = column.default if column is not None else None
    return default.arg if default is not None and default.is_scalar else None
