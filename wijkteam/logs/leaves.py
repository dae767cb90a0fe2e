"""What of each row of a log goes into its seal: its number and its digest."""

import struct
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from wijkteam.access.model import Reading
from wijkteam.events.chain import canonical, digest, plain
from wijkteam.events.model import Event
from wijkteam.logs.merkle import leaf_hash, root

EVENT, READING = "event", "reading"
SIZE = 40
"""Bytes of a leaf: 8 of the row's number, 32 of its digest."""
SEALED = (
    "id",
    "person_id",
    "case_id",
    "ground",
    "what",
    "at",
    "function",
    "on_behalf_of",
    "ground_kind",
    "ground_id",
    "subject_kind",
    "subject_id",
    "how",
    "session_id",
    "address",
    "account",
    "asked",
)
"""The columns of a reading that its digest covers. A column that is added later has to stay out of it, or come in with
a digest of another form: what was sealed before would not fit any more."""
FETCHED = 5_000


def reading_digest(values: tuple[Any, ...]) -> str:
    """The digest of a reading: SHA-256 over all of its sealed columns as canonical JSON."""
    return digest(canonical({name: plain(value) for name, value in zip(SEALED, values, strict=True)}))


@dataclass(frozen=True)
class Log:
    """One of the two logs: its table, what is read of each row, and how the digest of a row follows from that."""

    name: str
    model: type[Any]
    columns: tuple[str, ...]
    digest_of: Callable[[Any], str]
    """From a row of those columns, after its number."""

    def _rows(self) -> Select[Any]:
        columns = self.model.__table__.c
        return select(*(columns[name] for name in ("id", *self.columns))).order_by(columns.id)

    def leaves(
        self, session: Session, after_id: int, last_id: int, most: int | None = None
    ) -> Iterator[tuple[int, bytes]]:
        """Numbers and digests of the rows in that range (not more than `most`), by number.

        A digest in the database that is none (because it was changed) gives that of its text, which fits nothing.
        """
        session.flush()
        rows = session.connection().execute(
            self._rows().where(self.model.id > after_id, self.model.id <= last_id).limit(most),
            execution_options={"yield_per": FETCHED},
        )
        digest_of = self.digest_of
        for row in rows:
            told = digest_of(row)
            try:
                found = bytes.fromhex(told)
            except ValueError:
                found = b""
            yield row[0], found if len(found) == 32 else bytes.fromhex(digest(told))


LOGS = {
    EVENT: Log(EVENT, Event, ("hash",), lambda row: str(row[1])),
    READING: Log(READING, Reading, SEALED, lambda row: reading_digest(row[1:])),
}


def pack(number: int, row_digest: bytes) -> bytes:
    """One leaf as it is kept."""
    return struct.pack(">q", number) + row_digest


def unpack(leaves: bytes) -> list[tuple[int, bytes]]:
    """Kept leaves as numbers and digests."""
    return [
        (struct.unpack_from(">q", leaves, place)[0], leaves[place + 8 : place + SIZE])
        for place in range(0, len(leaves) - SIZE + 1, SIZE)
    ]


def hashes(leaves: bytes) -> list[bytes]:
    """The leaf hashes of kept leaves. A leaf covers the row's number: a row in another place is another leaf."""
    return [leaf_hash(leaves[place : place + SIZE]) for place in range(0, len(leaves), SIZE)]


def root_of(leaves: bytes) -> str:
    """The root over kept leaves, in hexadecimal."""
    return root(hashes(leaves)).hex()
