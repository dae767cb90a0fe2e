"""Sealed columns as a whole: which keys they stand under, and bringing them under the newest while people work."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Table, and_, func, or_, select, update
from sqlalchemy.orm import Session

from wijkteam.engine.running import Stale
from wijkteam.keys.ring import KeyRing, Purpose
from wijkteam.keys.sealing import VERSION, CannotOpen, Place, blind_index, header_of, open_bytes, seal_bytes
from wijkteam.storage.work import Work

BATCH = 50
HEADER = 9
INDEX_ID = 8
NO_KEY = "no key of the ring"
"""Under what rows stand that were sealed before there was a key ring."""


@dataclass(frozen=True)
class SealedColumn:
    """A column that holds sealed values, and the column of their blind index where they are found by one."""

    table: Table
    sealed: str
    index: str | None = None
    row_id: str = "id"
    """The column by which rows go."""
    kept_as: str | None = None
    """The name in the place for which its values are sealed, where that is not the name of the column."""
    opened: Callable[[KeyRing, Place, bytes], bytes] = open_bytes
    """What opens a value, also one from before. Raises CannotOpen."""


@dataclass
class Resealed:
    """What a round of re-encryption did: how many values were moved, and which rows cannot be opened."""

    moved: int = 0
    unopened: list[str] = field(default_factory=list)


def rows_by_key(session: Session, columns: tuple[SealedColumn, ...]) -> dict[str, int]:
    """How many values stand under each key, by key id; of keys for data and for indexes alike."""
    found: dict[str, int] = {}
    for column in columns:
        sealed = column.table.c[column.sealed]
        asked = [(func.substr(sealed, 1, HEADER), sealed)]
        if column.index is not None:
            index = column.table.c[column.index]
            asked.append((func.substr(index, 1, INDEX_ID), index))
        for value, of in asked:
            for key, count in session.execute(select(value, func.count()).where(of.is_not(None)).group_by(value)):
                name = key if isinstance(key, str) else _key_id(bytes(key))
                found[name] = found.get(name, 0) + count
    return found


def _key_id(header: bytes) -> str:
    return header[1:].decode("ascii", "replace") if header.startswith(VERSION) else NO_KEY


def count_sealed(session: Session, columns: tuple[SealedColumn, ...]) -> int:
    """How many values are sealed."""
    counts = (select(func.count(each.table.c[each.sealed])) for each in columns)
    return sum(session.scalar(each) or 0 for each in counts)


def reseal(
    work: Work, ring: KeyRing, columns: tuple[SealedColumn, ...], moved: Callable[[int], None] = lambda rows: None
) -> Resealed:
    """Bring every row under the newest keys, a few at a time, until none is left. Raises WrongKeyRing.

    Can be stopped at any moment and run again. A row is only replaced as long as it holds what was read, so a value
    that somebody changes or removes meanwhile stays as they left it.
    """
    done = Resealed()
    for column in columns:
        unopened: list[Any] = []
        while True:
            count = _pass(work, ring, column, unopened, done, moved)
            if not count or not _left(work.session, ring, column, unopened):
                break  # else once more: somebody may have written under an older key meanwhile
        done.unopened += [f"{column.table.name} {each}" for each in unopened]
    return done


def _pass(
    work: Work, ring: KeyRing, column: SealedColumn, unopened: list[Any], done: Resealed, moved: Callable[[int], None]
) -> int:
    """Go once through all rows that do not stand under the newest keys; returns how many there were."""
    after, seen = None, 0
    while True:
        try:
            with work.transaction() as session:
                rows = _next_rows(session, ring, column, after)
                count = sum(_move(session, ring, column, row, unopened) for row in rows)
        except Stale:
            continue
        if not rows:
            return seen
        after, seen = rows[-1][0], seen + len(rows)
        done.moved += count
        moved(count)


def _older(ring: KeyRing, column: SealedColumn) -> Any:
    """What holds of a row that does not stand under the newest keys."""
    sealed = column.table.c[column.sealed]
    old = func.substr(sealed, 1, HEADER) != header_of(ring.newest(Purpose.DATA).id)
    if column.index is not None:
        index = column.table.c[column.index]
        old = or_(old, func.substr(index, 1, INDEX_ID) != ring.newest(Purpose.INDEX).id)
    return and_(sealed.is_not(None), old)


def _next_rows(session: Session, ring: KeyRing, column: SealedColumn, after: Any) -> list[tuple[Any, bytes]]:
    number, sealed = column.table.c[column.row_id], column.table.c[column.sealed]
    rows = select(number, sealed).where(_older(ring, column)).order_by(number).limit(BATCH)
    if after is not None:
        rows = rows.where(number > after)
    return [(row[0], bytes(row[1])) for row in session.execute(rows)]


def _left(session: Session, ring: KeyRing, column: SealedColumn, unopened: list[Any]) -> bool:
    number = column.table.c[column.row_id]
    return (
        session.execute(select(number).where(_older(ring, column), number.not_in(unopened)).limit(1)).first()
        is not None
    )


def _move(session: Session, ring: KeyRing, column: SealedColumn, row: tuple[Any, bytes], unopened: list[Any]) -> int:
    number, held = row
    place = Place(column.table.name, column.kept_as or column.sealed, str(number))
    try:
        content = column.opened(ring, place, held)
    except CannotOpen:
        if number not in unopened:
            unopened.append(number)
        return 0
    values: dict[str, Any] = {column.sealed: seal_bytes(ring, place, content)}
    if column.index is not None:
        values[column.index] = blind_index(ring, content.decode())
    mine = (column.table.c[column.row_id] == number) & (column.table.c[column.sealed] == held)
    changed = session.execute(update(column.table).where(mine).values(values))
    return int(changed.rowcount)  # type: ignore[attr-defined]
