"""Sealed columns as a whole: which keys they stand under, and bringing them under the newest while people work."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Table, and_, func, or_, select, update
from sqlalchemy.orm import Session

from wijkteam.engine.running import Stale
from wijkteam.keys.ring import KeyRing, Purpose
from wijkteam.keys.sealing import CannotOpen, Place, blind_index, header_of, open_sealed, seal
from wijkteam.storage.work import Work

BATCH = 50
HEADER = 9
INDEX_ID = 8


@dataclass(frozen=True)
class SealedColumn:
    """A column that holds sealed values, and the column of their blind index; rows go by `id`."""

    table: Table
    sealed: str
    index: str


@dataclass
class Resealed:
    """What a round of re-encryption did: how many rows were moved, and which cannot be opened."""

    moved: int = 0
    unopened: list[str] = field(default_factory=list)


def rows_by_key(session: Session, columns: tuple[SealedColumn, ...]) -> dict[str, int]:
    """How many rows stand under each key, by key id; of keys for data and for indexes alike."""
    found: dict[str, int] = {}
    for column in columns:
        sealed, index = column.table.c[column.sealed], column.table.c[column.index]
        for value, of in (
            (func.substr(sealed, 1, HEADER), sealed),
            (func.substr(index, 1, INDEX_ID), index),
        ):
            for key, count in session.execute(select(value, func.count()).where(of.is_not(None)).group_by(value)):
                name = bytes(key)[1:].decode("ascii", "replace") if not isinstance(key, str) else key
                found[name] = found.get(name, 0) + count
    return found


def reseal(
    work: Work, ring: KeyRing, columns: tuple[SealedColumn, ...], moved: Callable[[int], None] = lambda rows: None
) -> Resealed:
    """Bring every row under the newest keys, a few at a time, until none is left. Raises WrongKeyRing.

    Can be stopped at any moment and run again. A row is only replaced as long as it holds what was read, so a number
    that somebody changes or removes meanwhile stays as they left it.
    """
    done = Resealed()
    for column in columns:
        after = ""
        while True:
            try:
                with work.transaction() as session:
                    rows = _next_rows(session, ring, column, after)
                    count = sum(_move(session, ring, column, row, done) for row in rows)
            except Stale:
                continue
            if not rows:
                if not after:
                    break
                after = ""  # once more from the start: somebody may have written under an older key meanwhile
                if not _left(work.session, ring, column, done):
                    break
                continue
            after = rows[-1][0]
            done.moved += count
            moved(count)
    return done


def _older(ring: KeyRing, column: SealedColumn) -> Any:
    """What holds of a row that does not stand under the newest keys."""
    sealed, index = column.table.c[column.sealed], column.table.c[column.index]
    data, indexing = ring.newest(Purpose.DATA).id, ring.newest(Purpose.INDEX).id
    return and_(
        sealed.is_not(None),
        or_(func.substr(sealed, 1, HEADER) != header_of(data), func.substr(index, 1, INDEX_ID) != indexing),
    )


def _next_rows(session: Session, ring: KeyRing, column: SealedColumn, after: str) -> list[tuple[str, bytes]]:
    id_, sealed = column.table.c.id, column.table.c[column.sealed]
    rows = select(id_, sealed).where(_older(ring, column), id_ > after).order_by(id_).limit(BATCH)
    return [(row[0], bytes(row[1])) for row in session.execute(rows)]


def _left(session: Session, ring: KeyRing, column: SealedColumn, done: Resealed) -> bool:
    rows = select(column.table.c.id).where(_older(ring, column), column.table.c.id.not_in(done.unopened)).limit(1)
    return session.execute(rows).first() is not None


def _move(session: Session, ring: KeyRing, column: SealedColumn, row: tuple[str, bytes], done: Resealed) -> int:
    row_id, held = row
    place = Place(column.table.name, column.sealed, row_id)
    try:
        text = open_sealed(ring, place, held)
    except CannotOpen:
        if row_id not in done.unopened:
            done.unopened.append(row_id)
        return 0
    changed = session.execute(
        update(column.table)
        .where(column.table.c.id == row_id, column.table.c[column.sealed] == held)
        .values({column.sealed: seal(ring, place, text), column.index: blind_index(ring, text)})
    )
    return int(changed.rowcount)  # type: ignore[attr-defined]
