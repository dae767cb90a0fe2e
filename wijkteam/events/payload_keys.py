"""The keys of payloads: making one for a record, finding them, keeping them at hand for a while, destroying them.

A key is kept at hand in this process for a few minutes at most, opened, in memory only. After it was destroyed by
another process this one can so open copies of its payloads for that long; it cannot write under it any more (see
`EventJournal`).
"""

from collections.abc import Collection, Iterable, Mapping
from threading import Lock
from typing import Any, NamedTuple, cast

from cachetools import TTLCache
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import (
    Connection,
    Engine,
    String,
    Table,
    bindparam,
    exists,
    literal_column,
    select,
    text,
    tuple_,
    update,
)
from sqlalchemy.orm import Session

from wijkteam.events.model import PayloadKey
from wijkteam.events.payloads import Why
from wijkteam.keys.ring import KeyRing, Purpose, WrongKeyRing
from wijkteam.keys.sealing import CannotOpen, Place, open_bytes, seal_bytes
from wijkteam.storage.among import among, list_named
from wijkteam.storage.lookups import FILTERED
from wijkteam.storage.sealed import SealedColumn
from wijkteam.storage.subject import new_id
from wijkteam.terms import clock

KEYS = "payload_keys"
BESIDE = "payload_keys_are_read_with"
MADE = "payload_keys_made"
"""What sessions know by these names: the keys of their house, and for a session that shows only what somebody may read
the session that sees everything. The table of keys is closed to the former: whoever gets round what a page asks has
sealed payloads at the most, and never a key."""
WITHIN = "household_case"
"""The kind of record whose key is also that of everything within it."""
KEY_BITS = 256
AT_HAND, SECONDS = 4_096, 300.0
AT_ONCE = 500

_KEY = cast(Table, PayloadKey.__table__)
_LIVING = select(_KEY.c.id, _KEY.c.wrapped).where(
    _KEY.c.subject_kind == bindparam("kind"), _KEY.c.subject_id == bindparam("number"), _KEY.c.destroyed_at.is_(None)
)
_NEW = (
    text(
        "INSERT INTO payload_key (id, subject_kind, subject_id, wrapped, made_at) "
        "VALUES (:id, :kind, :number, :wrapped, :made_at) ON CONFLICT DO NOTHING"
    )
    .bindparams(
        *(
            bindparam(name, type_=_KEY.c[column].type)
            for name, column in (("wrapped", "wrapped"), ("made_at", "made_at"))
        )
    )
    .execution_options(preserve_rowcount=True)
)
_BY_ID = select(_KEY.c.id, _KEY.c.wrapped).where(among(_KEY.c.id, list_named("ids", String)))
SEALED_COLUMNS = (SealedColumn(_KEY, "wrapped"),)
"""What re-encryption and retiring a key of the ring look at."""


class CannotSeal(Exception):
    """What is to be recorded would stand unsealed in a database that seals: nothing is recorded."""


class Record(NamedTuple):
    """Whose key it is: a case, or a subject that lives outside one."""

    kind: str
    number: str


class DataKey(NamedTuple):
    """A key ready to use."""

    id: str
    cipher: AESGCM


Found = AESGCM | Why


def record_of(subject: Any) -> Record:
    """The record whose key seals what is recorded about a subject: its case, or else the subject itself."""
    case_id = getattr(subject, "case_id", None)
    return Record(WITHIN, case_id) if case_id else Record(subject.workflow_name(), subject.id)


class PayloadKeys:
    """The keys of one database, under one key ring."""

    def __init__(self, ring: KeyRing) -> None:
        self.ring = ring
        self._lock = Lock()
        self._ciphers: TTLCache[str, AESGCM] = TTLCache(AT_HAND, SECONDS)
        self._writing: TTLCache[Record, DataKey] = TTLCache(AT_HAND, SECONDS)
        self._seals = False

    def to_write(self, session: Session, record: Record, first: bool = False) -> DataKey | None:
        """The key for what is recorded now, made in the caller's transaction if there is none yet.

        `first` says that nothing was recorded of this record before. None where payloads are written unsealed:
        without a key ring, in a database that never had one. Raises CannotSeal where it had.
        """
        key = _made(session).get(record)
        if key is None:
            with self._lock:
                key = self._writing.get(record)
        return key or self._find_or_make(session, record, first)

    def _find_or_make(self, session: Session, record: Record, first: bool) -> DataKey | None:
        try:
            self.ring.newest(Purpose.DATA)
        except WrongKeyRing as wrong:
            self._refuse_unsealed(session, wrong)
            return None
        connection = session.connection()
        found = None if first else _living(connection, record)
        if found is None:
            secret, new = AESGCM.generate_key(KEY_BITS), new_id()
            wrapped = seal_bytes(self.ring, place_of(new), secret)
            values = {"id": new, "kind": record.kind, "number": record.number, "wrapped": wrapped}
            if connection.execute(_NEW, {**values, "made_at": clock.now()}).rowcount == 1:
                key = _made(session)[record] = DataKey(new, AESGCM(secret))
                return key
            found = _living(connection, record)  # somebody else made one meanwhile
        opened = self._unwrap(*found) if found is not None else Why.LOST
        if found is None or isinstance(opened, Why):
            raise CannotSeal(f"the key of {record.kind} {record.number}: {opened}")
        key = DataKey(found[0], opened)
        with self._lock:
            self._writing[record] = key
        return key

    def _refuse_unsealed(self, session: Session, wrong: WrongKeyRing) -> None:
        """Only a database that never had a key goes on without a ring, and only where no file of one is there."""
        self._seals = self._seals or any_keys(session)
        if self._seals or (self.ring.path is not None and self.ring.path.exists()):
            raise CannotSeal(str(wrong)) from None

    def forget(self, records: Iterable[Record], ids: Iterable[str]) -> None:
        """Let go of what is at hand, because it was destroyed."""
        with self._lock:
            for record in records:
                self._writing.pop(record, None)
            for key_id in ids:
                self._ciphers.pop(key_id, None)

    def find(self, session: Session, ids: Collection[str]) -> Mapping[str, Found]:
        """The keys with these ids, each ready to open with, or why it is not."""
        found: dict[str, Found] = {}
        with self._lock:
            for each in ids:
                at_hand = self._ciphers.get(each)
                if at_hand is not None:
                    found[each] = at_hand
        asked = [each for each in ids if each not in found]
        for start in range(0, len(asked), AT_ONCE):
            for key_id, wrapped in _rows(session, asked[start : start + AT_ONCE]):
                found[key_id] = Why.DESTROYED if wrapped is None else self._unwrap(key_id, bytes(wrapped))
        with self._lock:
            for each in asked:
                opened = found.setdefault(each, Why.LOST)
                if not isinstance(opened, Why):
                    self._ciphers[each] = opened
        return found

    def _unwrap(self, key_id: str, wrapped: bytes) -> Found:
        try:
            return AESGCM(open_bytes(self.ring, place_of(key_id), wrapped))
        except (CannotOpen, WrongKeyRing):
            return Why.LOCKED


def any_keys(session: Session) -> bool:
    """Whether this database ever had a key: then nothing more is written unsealed."""
    return bool(session.scalar(select(exists().select_from(PayloadKey))))


def keys_of(session: Session) -> PayloadKeys:
    """The keys that a session knows; without a key ring for a session that is of no house."""
    found: PayloadKeys | None = session.info.get(KEYS)
    if found is None:
        found = session.info[KEYS] = PayloadKeys(KeyRing())
    return found


def place_of(key_id: str) -> Place:
    """Where a wrapped key is kept."""
    return Place("payload_key", "wrapped", key_id)


def is_there(key_id: Any) -> Any:
    """Whether a key can still be written under, as SQL."""
    return exists(literal_column("1")).where(_KEY.c.id == key_id, _KEY.c.wrapped.is_not(None))


def destroy_keys(session: Session, records: Collection[Record]) -> int:
    """Destroy the keys of these records in the caller's transaction; returns how many there were."""
    mine = tuple_(_KEY.c.subject_kind, _KEY.c.subject_id).in_([tuple(each) for each in records])
    destroyed = update(_KEY).where(mine, _KEY.c.destroyed_at.is_(None)).returning(_KEY.c.id)
    gone = session.connection().execute(destroyed.values(wrapped=None, destroyed_at=clock.now())).scalars().all()
    keys_of(session).forget(records, gone)
    for record in records:
        _made(session).pop(record, None)
    return len(gone)


def _made(session: Session) -> dict[Record, DataKey]:
    """The keys that this transaction made: nobody else sees them before it is committed."""
    transaction = session.get_transaction()
    kept = session.info.get(MADE)
    if kept is None or kept[0] is not transaction:
        kept = session.info[MADE] = (transaction, {})
    made: dict[Record, DataKey] = kept[1]
    return made


def _living(connection: Connection, record: Record) -> tuple[str, bytes] | None:
    row = connection.execute(_LIVING, {"kind": record.kind, "number": record.number}).first()
    return (row[0], bytes(row[1])) if row is not None else None


def _rows(session: Session, ids: Collection[str]) -> list[Any]:
    """Rows of keys, never asked with a session that shows only what somebody may read."""
    if not session.info.get(FILTERED):
        return list(session.connection().execute(_BY_ID, {"ids": list(ids)}))
    beside: Session | None = session.info.get(BESIDE)
    if beside is not None:
        return list(beside.connection().execute(_BY_ID, {"ids": list(ids)}))
    with cast(Engine, session.get_bind()).connect() as connection:
        return list(connection.execute(_BY_ID, {"ids": list(ids)}))
