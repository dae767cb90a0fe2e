"""Proving the seals: each follows from the one before, is signed, and covers what stands in the log now, row by row."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session, undefer

from wijkteam.events.model import Event
from wijkteam.events.verification import Break, Change
from wijkteam.logs.heads import KeptHead
from wijkteam.logs.keys import PublicKey
from wijkteam.logs.leaves import EVENT, LOGS, READING, Log, hashes, pack, root_of, unpack
from wijkteam.logs.merkle import path
from wijkteam.logs.model import LogSeal, ReadingErasure
from wijkteam.logs.sealing import head_of, seal_parts


@dataclass(frozen=True)
class Trust:
    """What is known from outside the database: keys by name, and heads that were kept elsewhere."""

    keys: Mapping[str, PublicKey]
    heads: tuple[KeptHead, ...] = ()
    erasures: Collection[int] = ()
    """The rows of reading_erasure that a signed list stands behind: only what those name may be gone."""


def _break(log: str, number: int | None, wrong: str, change: Change) -> Break:
    return Break(f"seal of {log}s", str(number or ""), None, wrong, change)


def verify_seals(session: Session, trust: Trust, progress: Callable[[int], None] = lambda done: None) -> list[Break]:
    """Everything in both logs, and in their seals, that does not agree with what was sealed or kept elsewhere."""
    breaks: list[Break] = []
    for log in LOGS.values():
        breaks += _verify(session, log, trust, progress)
    return breaks


def sealed_rows(session: Session) -> int:
    """How many rows of both logs are in seals."""
    return session.scalar(select(func.sum(LogSeal.rows))) or 0


def _seals(session: Session, log: str) -> Iterator[LogSeal]:
    """One by one, with their leaves; those are not kept in memory."""
    numbers = session.scalars(select(LogSeal.id).where(LogSeal.log == log).order_by(LogSeal.number)).all()
    for number in numbers:
        seal = session.get(LogSeal, number, options=[undefer(LogSeal.leaves)], populate_existing=True)
        if seal is not None:
            yield seal
            session.expunge(seal)


def _verify(session: Session, log: Log, trust: Trust, progress: Callable[[int], None]) -> Iterator[Break]:
    kept = {each.number: each for each in trust.heads if each.log == log.name}
    expected, head, last_id, total = 1, "", 0, 0
    sealed_before: datetime | None = None
    for seal in _seals(session, log.name):
        missing = range(expected, seal.number)
        yield from (_break(log.name, each, "was removed", Change.REMOVED) for each in missing)
        yield from _check_seal(seal, trust)
        if not missing:
            if seal.previous_head != head:
                yield _break(log.name, seal.number, "does not follow from the seal before it", Change.SEAL)
            if seal.after_id != last_id or seal.total != total + seal.rows:
                yield _break(log.name, seal.number, "does not begin where the seal before it ended", Change.SEAL)
        yield from _check_kept(seal, kept.pop(seal.number, None), trust)
        yield from _check_rows(session, log, seal, _destroyed(session, seal, sealed_before, trust))
        expected, head, last_id, total = seal.number + 1, seal.head, seal.last_id, seal.total
        sealed_before = seal.sealed_at
        progress(seal.rows)
    for each in kept.values():
        wrong = f"was removed: its head was kept elsewhere, with {each.total} rows up to number {each.last_id}"
        yield _break(log.name, each.number, wrong, Change.REMOVED)


def _check_seal(seal: LogSeal, trust: Trust) -> Iterator[Break]:
    if root_of(seal.leaves) != seal.root or len(unpack(seal.leaves)) != seal.rows:
        yield _break(seal.log, seal.number, "does not match its own root", Change.SEAL)
    if head_of(seal) != seal.head:
        yield _break(seal.log, seal.number, "does not match its own head", Change.SEAL)
    key = trust.keys.get(seal.key_id)
    if key is None:
        wrong = f"is signed with a key that is not known here ({seal.key_id}); give it with --public-key"
        yield _break(seal.log, seal.number, wrong, Change.SIGNATURE)
    elif not key.signed(seal.head, seal.signature):
        yield _break(seal.log, seal.number, "has a wrong signature", Change.SIGNATURE)


def _check_kept(seal: LogSeal, kept: KeptHead | None, trust: Trust) -> Iterator[Break]:
    if kept is None:
        return
    key = trust.keys.get(kept.key_id)
    if key is None or not key.signed(kept.head, kept.signature):
        yield _break(seal.log, seal.number, "the head that was kept elsewhere has a wrong signature", Change.SIGNATURE)
    if KeptHead.of(seal) != kept:
        wrong = f"is not the one of {kept.day} whose head was kept elsewhere: the log up to it was rewritten"
        yield _break(seal.log, seal.number, wrong, Change.SEAL)


def _destroyed(session: Session, seal: LogSeal, sealed_before: datetime | None, trust: Trust) -> frozenset[bytes]:
    """The leaves of what was destroyed of this seal on a signed list.

    What came into a seal after the one before it was sealed, is younger than that: it cannot have been over its term.
    """
    if seal.log != READING or not trust.erasures:
        return frozenset()
    rows = select(ReadingErasure).where(
        ReadingErasure.id.in_(trust.erasures),
        ReadingErasure.first_id <= seal.last_id,
        ReadingErasure.last_id > seal.after_id,
    )
    found = [
        each.leaves
        for each in session.scalars(rows.options(undefer(ReadingErasure.leaves)))
        if sealed_before is None or sealed_before < each.before
    ]
    return frozenset(pack(*leaf) for leaves in found for leaf in unpack(leaves))


def _check_rows(session: Session, log: Log, seal: LogSeal, destroyed: frozenset[bytes]) -> Iterator[Break]:
    """Each row that the seal does not know, or knows otherwise, by its number."""
    there = list(log.leaves(session, seal.after_id, seal.last_id))
    if b"".join(pack(*each) for each in there) == seal.leaves:
        return
    sealed, present = dict(unpack(seal.leaves)), dict(there)
    places = {row: number for number, row in sealed.items()}
    for number in sorted({*sealed, *present}):
        was, now = sealed.get(number), present.get(number)
        if was == now or (was is not None and now is None and pack(number, was) in destroyed):
            continue
        stood = places.get(now) if now is not None else None
        if now is None:
            change, wrong = Change.REMOVED, "was removed"
        elif stood is not None:
            change, wrong = Change.REORDERED, f"stands where it was not: it was number {stood}"
        elif was is None:
            change, wrong = Change.INSERTED, "was put in after the day was sealed"
        else:
            change, wrong = Change.CHANGED, "was changed after the day was sealed"
        yield Break(*_place(session, log.name, number), f"{wrong} (seal {seal.number}, {seal.day})", change, number)


def _place(session: Session, log: str, number: int) -> tuple[str, str, int | None]:
    """Of which subject and which of its events; a row that is gone has only its number."""
    if log == EVENT:
        asked = select(Event.subject_kind, Event.subject_id, Event.sequence).where(Event.id == number)
        found = session.execute(asked).first()
        if found is not None:
            return found.subject_kind, found.subject_id, found.sequence
    return log, str(number), None


class NotSealed(Exception):
    """A row is in no seal yet."""


def prove(session: Session, log: str, number: int, keys: Iterable[PublicKey]) -> dict[str, Any]:
    """The proof that a row is in a sealed log, as JSON: the leaf, its path to the root, and the signed head.

    Whoever has the public key can check it without the database: SHA-256 over 0x00 and the leaf; with each hash of
    the path over 0x01, left and right; what comes out is the root that the head covers. Raises LookupError, NotSealed.
    """
    row = next(LOGS[log].leaves(session, number - 1, number), None)
    if row is None:
        raise LookupError(number)
    holds = LogSeal.log == log, LogSeal.after_id < number, LogSeal.last_id >= number
    seal = session.scalars(select(LogSeal).where(*holds).options(undefer(LogSeal.leaves))).first()
    if seal is None:
        raise NotSealed(f"{log} {number} is not sealed yet; 'wijkteam audit seal' does it now")
    numbers = [each for each, _digest in unpack(seal.leaves)]
    if number not in numbers:
        raise LookupError(number)
    index = numbers.index(number)
    return {
        "leaf": pack(*row).hex(),
        "index": index,
        "count": seal.rows,
        "path": [each.hex() for each in path(hashes(seal.leaves), index)],
        "seal": seal_parts(seal),
        **{name: value for name, value in asdict(KeptHead.of(seal)).items() if name in ("head", "signature")},
        "public_key": next((each.pem for each in keys if each.key_id == seal.key_id), None),
    }
