"""Sealing: once a day, or when asked, everything that was written since the last seal."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, func, select, text
from sqlalchemy.orm import Session

from wijkteam.events.chain import canonical, digest, plain
from wijkteam.logs.keys import SealKey
from wijkteam.logs.leaves import LOGS, Log, pack, root_of
from wijkteam.logs.model import LogSeal
from wijkteam.storage.work import Work
from wijkteam.terms import clock

MOST_ROWS = 50_000
"""In one seal; what is more comes in a next one of the same day."""
WAITS = "5s"
"""How long the sealer waits for those who are writing: longer, and they would wait for the sealer."""
IN_THE_HEAD = (
    "log",
    "number",
    "day",
    "after_id",
    "last_id",
    "rows",
    "total",
    "root",
    "previous_head",
    "key_id",
    "sealed_at",
)


@dataclass(frozen=True)
class Sealed:
    """What one round of sealing made."""

    seals: int = 0
    rows: int = 0


def head_of(seal: LogSeal) -> str:
    """The head of a seal: SHA-256 over what it says and the head before it, as canonical JSON."""
    return digest(canonical({name: plain(getattr(seal, name)) for name in IN_THE_HEAD}))


def last_seal(session: Session, log: str) -> LogSeal | None:
    """The newest seal of a log."""
    return session.scalars(select(LogSeal).where(LogSeal.log == log).order_by(LogSeal.number.desc()).limit(1)).first()


def seal_finished_day(work: Work, key: Callable[[], SealKey]) -> Sealed:
    """Seal both logs up to now when that was not done today yet: so every day ends with a seal, also an empty one.

    The first moments of a new day may end up in the seal of the day before; nothing falls between two seals.
    """
    now = clock.local(clock.now())
    midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
    return _seal(work, key, now.date() - timedelta(days=1), LogSeal.sealed_at >= midnight)


def seal_now(work: Work, key: Callable[[], SealKey]) -> Sealed:
    """Seal everything that both logs hold now. Raises Stale when somebody else keeps writing, or seals."""
    return _seal(work, key, clock.today(), None)


def _seal(work: Work, key: Callable[[], SealKey], day: date, done: ColumnElement[bool] | None) -> Sealed:
    seals = rows = 0
    for log in LOGS.values():
        if _is_done(work.session, log, done):
            continue
        until = _written_until(work, log)
        more, first = True, True
        while more:
            with work.transaction() as session:
                _alone(session)
                if first and _is_done(session, log, done):
                    break
                made, more = _next_seal(session, log, until, day, key())
                if made.rows or done is not None:
                    session.add(made)
                    seals, rows = seals + 1, rows + made.rows
                first = False
    return Sealed(seals, rows)


def _is_done(session: Session, log: Log, done: ColumnElement[bool] | None) -> bool:
    if done is None:
        return False
    return session.scalar(select(LogSeal.id).where(LogSeal.log == log.name, done).limit(1)) is not None


def _written_until(work: Work, log: Log) -> int:
    """The number of a row up to which all are written: nobody has a lower one in hand that is not there yet.

    On PostgreSQL numbers are given out before a transaction ends, so those who are writing are waited for. On SQLite
    there is one writer at a time.
    """
    with work.transaction() as session:
        if session.get_bind().dialect.name == "postgresql":
            session.execute(text(f"SET LOCAL lock_timeout = '{WAITS}'"))
            session.execute(text(f"LOCK TABLE {log.model.__tablename__} IN SHARE MODE"))
        return session.scalar(select(func.max(log.model.id))) or 0


def _alone(session: Session) -> None:
    """Keep other sealers out until this transaction ends; readers are not in the way."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text(f"SET LOCAL lock_timeout = '{WAITS}'"))
        session.execute(text("LOCK TABLE log_seal IN EXCLUSIVE MODE"))


def _next_seal(session: Session, log: Log, until: int, day: date, key: SealKey) -> tuple[LogSeal, bool]:
    """The seal after the last one, not added yet, and whether there is more to seal after it."""
    before = last_seal(session, log.name)
    after_id = before.last_id if before else 0
    found = list(log.leaves(session, after_id, until, MOST_ROWS + 1))
    more, found = len(found) > MOST_ROWS, found[:MOST_ROWS]
    leaves = b"".join(pack(*each) for each in found)
    seal = LogSeal(
        log=log.name,
        number=before.number + 1 if before else 1,
        day=day,
        after_id=after_id,
        last_id=found[-1][0] if more else max(until, after_id),
        rows=len(found),
        total=(before.total if before else 0) + len(found),
        leaves=leaves,
        root=root_of(leaves),
        previous_head=before.head if before else "",
        key_id=key.public.key_id,
        sealed_at=clock.now(),
    )
    seal.head = head_of(seal)
    seal.signature = key.sign(seal.head)
    return seal, more


def seal_parts(seal: LogSeal) -> dict[str, Any]:
    """What a head says of its seal, as JSON knows it."""
    return {name: plain(getattr(seal, name)) for name in IN_THE_HEAD}
