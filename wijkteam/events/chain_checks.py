"""One subject's chain of events: whether it is whole, and if not, what was done to which event."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from hashlib import sha256
from json.encoder import encode_basestring as quoted
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, String, type_coerce

from wijkteam.events.chain import digest
from wijkteam.events.findings import Break, Change
from wijkteam.events.model import Event

COLUMNS = (
    "subject_id",
    "id",
    "sequence",
    "name",
    "state_from",
    "state_to",
    "actor_id",
    "mandate_id",
    "at",
    "payload",
    "payload_digest",
    "previous_hash",
    "hash",
)
MOST_TRIED = 200
"""Of how many other places in the chain it is tried whether an event came from there."""


class ChainRow(NamedTuple):
    """What the database has of an event; `at` may be text as SQLite keeps it."""

    subject_id: str
    id: int
    sequence: int
    name: str
    state_from: str | None
    state_to: str
    actor_id: int | None
    mandate_id: int | None
    at: Any
    payload: str | None
    payload_digest: str
    previous_hash: str
    hash: str


def recorded_at() -> ColumnElement[Any]:
    """The moment of an event as the driver gives it: reading it as a moment and writing it again costs too much."""
    return type_coerce(Event.at, String)


def moment_text(at: Any) -> str:
    """A moment in UTC as the chain writes it, from a datetime or from the text that SQLite keeps."""
    if isinstance(at, str):
        if len(at) == 26 and at[10] == " " and at[19] == ".":
            return f"{at[:10]}T{at[11:19]}+00:00" if at[20:] == "000000" else f"{at[:10]}T{at[11:]}+00:00"
        return at
    moment: datetime = at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)
    return moment.isoformat()


def link_text(kind: str, row: ChainRow) -> str:
    """What the hash of an event covers: the canonical JSON of its Link, written straight away.

    `wijkteam.events.chain.Link` says what belongs in it; a test keeps the two alike.
    """
    state_from = "null" if row.state_from is None else quoted(row.state_from)
    return (
        f'{{"actor_id":{"null" if row.actor_id is None else row.actor_id},"at":"{moment_text(row.at)}",'
        f'"mandate_id":{"null" if row.mandate_id is None else row.mandate_id},"name":{quoted(row.name)},'
        f'"payload_digest":{quoted(row.payload_digest)},"previous_hash":{quoted(row.previous_hash)},'
        f'"sequence":{row.sequence},"state_from":{state_from},"state_to":{quoted(row.state_to)},'
        f'"subject_id":{quoted(row.subject_id)},"subject_kind":{quoted(kind)}}}'
    )


def own_hash(kind: str, row: ChainRow) -> str:
    """The hash that follows from what the row says."""
    return digest(link_text(kind, row))


def is_whole(kind: str, subject_id: str, events: Sequence[Sequence[Any]]) -> bool:
    """Whether these are all events of a subject from the first on, each following from the one before, unaltered.

    Done for every event there is, so it takes rows as they come (in the order of COLUMNS) and writes out `link_text`.
    """
    told_previous, last_id = "", 0
    tail = f',"subject_id":{quoted(subject_id)},"subject_kind":{quoted(kind)}}}'
    for expected, row in enumerate(events, 1):
        _, number, sequence, name, state_from, state_to, actor, mandate, at, payload, recorded, previous, told = row
        if sequence != expected or previous != told_previous or number <= last_id:
            return False
        if payload is not None and sha256(payload.encode("utf-8", "surrogatepass")).hexdigest() != recorded:
            return False
        link = (
            f'{{"actor_id":{"null" if actor is None else actor},"at":"{moment_text(at)}",'
            f'"mandate_id":{"null" if mandate is None else mandate},"name":{quoted(name)},'
            f'"payload_digest":{quoted(recorded)},"previous_hash":{quoted(previous)},"sequence":{sequence},'
            f'"state_from":{"null" if state_from is None else quoted(state_from)},"state_to":{quoted(state_to)}{tail}'
        )
        if sha256(link.encode("utf-8", "surrogatepass")).hexdigest() != told:
            return False
        told_previous, last_id = told, number
    return True


def explain(kind: str, subject_id: str, events: list[ChainRow]) -> Iterator[Break]:
    """What is wrong with a chain that is not whole: each event that was changed, removed, moved or put in."""
    by_sequence = {event.sequence: event for event in events}
    wrong = {event.sequence for event in events if own_hash(kind, event) != event.hash}
    missing = [each for each in range(1, max(by_sequence) + 1) if each not in by_sequence]
    for gone in missing:
        yield Break(kind, subject_id, gone, "was removed", Change.REMOVED)
    early = _written_after_later_ones(events)
    for event in events:
        if event.sequence < 1:
            yield _of(kind, event, "stands before the first event", Change.INSERTED)
        if event.sequence in wrong:
            stood = _stood(kind, event, [*sorted(wrong), *missing])
            if stood is not None:
                yield _of(kind, event, f"stands where it was not: it was event {stood}", Change.REORDERED)
            else:
                yield _of(kind, event, _altered(kind, event, by_sequence), Change.CHANGED)
        elif event.payload is not None and digest(event.payload) != event.payload_digest:
            yield _of(kind, event, "what was recorded has been altered", Change.CHANGED)
        before = by_sequence.get(event.sequence - 1)
        if _follows_not(event, before, wrong):
            yield _of(
                kind, event, "does not follow from the event before it: one of the two was altered", Change.CHANGED
            )
        if event.id in early:
            told = "was put in or moved: events that stand after it were written before it"
            yield _of(kind, event, told, Change.REORDERED)


def _written_after_later_ones(events: list[ChainRow]) -> set[int]:
    """Numbers of rows that stand before lower numbers: a subject's events are written one after another."""
    found: set[int] = set()
    lowest: int | None = None
    for event in reversed(events):
        if lowest is not None and event.id > lowest:
            found.add(event.id)
        lowest = event.id if lowest is None else min(lowest, event.id)
    return found


def _of(kind: str, event: ChainRow, wrong: str, change: Change) -> Break:
    return Break(kind, event.subject_id, event.sequence, wrong, change, event.id)


def _follows_not(event: ChainRow, before: ChainRow | None, wrong: set[int]) -> bool:
    """Whether an event that is right in itself stands on another one than the one before it."""
    if event.sequence in wrong:
        return False
    if before is None:
        return event.sequence == 1 and event.previous_hash != ""
    return event.previous_hash != before.hash and before.sequence not in wrong


def _stood(kind: str, event: ChainRow, places: list[int]) -> int | None:
    """The place where an event fits its hash; None when it fits nowhere."""
    tried = (each for each in places[:MOST_TRIED] if each != event.sequence)
    return next((each for each in tried if own_hash(kind, event._replace(sequence=each)) == event.hash), None)


def _altered(kind: str, event: ChainRow, by_sequence: dict[int, ChainRow]) -> str:
    """Which part of an event does not fit its hash."""
    after, before = by_sequence.get(event.sequence + 1), by_sequence.get(event.sequence - 1)
    if after is not None and after.previous_hash == own_hash(kind, event):
        return "its hash has been altered"
    previous = before.hash if before is not None else ""
    if own_hash(kind, event._replace(previous_hash=previous)) == event.hash:
        return "its link to the event before it has been altered"
    if event.payload is not None:
        recorded = digest(event.payload)
        if own_hash(kind, event._replace(payload_digest=recorded)) == event.hash:
            return "the digest of what was recorded has been altered"
    return "who, when, which step or its hash has been altered"
