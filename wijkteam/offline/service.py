"""What can be done for working without a connection: switching it on and off, giving the key, and doing things once."""

import base64
import hashlib
import hmac
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, insert
from sqlalchemy.dialects.postgresql import insert as insert_on_postgresql
from sqlalchemy.dialects.sqlite import insert as insert_on_sqlite

from wijkteam.cases.model import HouseholdCase
from wijkteam.offline.model import OfflineKey, SentOnce
from wijkteam.offline.queries import key_id_of, keys_on, sent_before
from wijkteam.offline.sealed import place_of
from wijkteam.signing_in.sealing import Box, Unsealable
from wijkteam.storage.work import Work
from wijkteam.terms import clock

KEY_BYTES = 32
UNUSED_FOR = timedelta(days=90)
"""After so long without use a key is thrown away; what a device still held under it can never be read again."""
REMEMBERED_FOR = UNUSED_FOR + timedelta(days=10)
"""How long it is known what was sent: longer than any device that could send it again still has its key."""
LONG_AGO = timedelta(minutes=10)
"""What was written longer ago than this says so itself."""


class AlreadySent(Exception):
    """This came in before; nothing was done now. It says what came of it then."""

    def __init__(self, outcome: "Outcome") -> None:
        super().__init__("this came in before")
        self.outcome = outcome


class OtherContents(Exception):
    """The same number was used for something else."""


@dataclass(frozen=True)
class GivenKey:
    """A key as the browser gets it: 32 bytes in base64, with the number that stands beside what it encrypts."""

    id: str
    key: str


@dataclass(frozen=True)
class Sending:
    """One thing that a device sends: the number that it drew, a digest of the contents, and when it was written."""

    id: str
    digest: str
    written_at: datetime | None = None

    def was_long_ago(self) -> bool:
        """Whether it was written well before it is sent, so that the record has to say when."""
        now = clock.now()
        return self.written_at is not None and now - UNUSED_FOR < self.written_at < now - LONG_AGO


@dataclass(frozen=True)
class Outcome:
    """What came of a sending: the case it was about or opened, and the version of it that it made."""

    case_id: str | None
    version: int | None


def digest_of(mark: str) -> str:
    """How the mark of a device stands in the database."""
    return hashlib.sha256(mark.encode("utf-8", "replace")).hexdigest()


def contents_digest(secret: bytes, case_id: str | None, fields: Mapping[str, str]) -> str:
    """A digest of what is sent, whatever the order of the fields, under a secret that is kept apart from the database.

    Without it whoever has a copy of the table could try what was sent: of a number such as a BSN there are few.
    """
    told = repr((case_id, sorted(fields.items())))
    return hmac.new(secret, told.encode("utf-8", "replace"), hashlib.sha256).hexdigest()


def switch_on(work: Work, box: Box, device_digest: str) -> str:
    """Let the acting person take cases along on this device; returns the number of the key."""
    with work.transaction() as session:
        known = key_id_of(session, work.actor.person_id, device_digest)
        return known or _new_key(work, box, device_digest)


def _new_key(work: Work, box: Box, device_digest: str) -> str:
    made, now = secrets.token_urlsafe(16), clock.now()
    raw = base64.b64encode(secrets.token_bytes(KEY_BYTES)).decode()
    values = {
        "id": made,
        "person_id": work.actor.person_id,
        "device_digest": device_digest,
        "sealed": box.seal(raw, place_of(made)),
        "made_at": now,
        "used_at": now,
    }
    _insert_unless_there(work, OfflineKey, values)
    return key_id_of(work.session, work.actor.person_id, device_digest) or made


def switch_off(work: Work, device_digest: str) -> bool:
    """Throw the acting person's key of this device away; returns whether others still take cases along on it."""
    with work.transaction() as session:
        mine = (OfflineKey.person_id == work.actor.person_id) & (OfflineKey.device_digest == device_digest)
        session.execute(delete(OfflineKey).where(mine))
        return keys_on(session, device_digest) > 0


def switch_off_everywhere(work: Work) -> int:
    """Throw all of the acting person's keys away, as when a device is lost; returns how many devices that were."""
    with work.transaction() as session:
        mine = delete(OfflineKey).where(OfflineKey.person_id == work.actor.person_id)
        return len(session.execute(mine.returning(OfflineKey.id)).all())


def give_key(work: Work, box: Box, device_digest: str) -> GivenKey | None:
    """The acting person's key on this device; None where they did not switch it on.

    A key that can no longer be unsealed (the app has another secret) makes place for a new one.
    """
    with work.transaction() as session:
        known = key_id_of(session, work.actor.person_id, device_digest)
        row = session.get(OfflineKey, known) if known is not None else None
        if row is None:
            return None
        try:
            raw = box.unseal(row.sealed, place_of(row.id))
        except Unsealable:
            session.delete(row)
            session.flush()
            row = session.get_one(OfflineKey, _new_key(work, box, device_digest))
            raw = box.unseal(row.sealed, place_of(row.id))
        row.used_at = clock.now()
        return GivenKey(row.id, raw)


def do_once(work: Work, sending: Sending, deed: Callable[[], Any]) -> Outcome:
    """Do something that a device sent, and write down in the same transaction that it was done.

    `deed` returns what it changed or made. Raises AlreadySent when it was done before, also by somebody who sends the
    same at this very moment; OtherContents when its number is taken; and whatever the deed raises, with nothing done.
    """
    with work.transaction() as session:
        claim = {
            "person_id": work.actor.person_id,
            "sending": sending.id,
            "digest": sending.digest,
            "written_at": sending.written_at,
            "sent_at": clock.now(),
        }
        if not _insert_unless_there(work, SentOnce, claim):
            known = sent_before(session, work.actor.person_id, sending.id)
            assert known is not None
            if known.digest != sending.digest:
                raise OtherContents
            raise AlreadySent(Outcome(known.case_id, known.version))
        changed = deed()
        session.flush()
        outcome = _outcome(changed)
        row = session.get_one(SentOnce, (work.actor.person_id, sending.id))
        row.case_id, row.version = outcome.case_id, outcome.version
        return outcome


def came_in_before(work: Work, sending: Sending) -> bool:
    """Whether the acting person sent this before. Raises OtherContents when its number is taken."""
    known = sent_before(work.session, work.actor.person_id, sending.id)
    if known is not None and known.digest != sending.digest:
        raise OtherContents
    return known is not None


def _outcome(changed: Any) -> Outcome:
    if isinstance(changed, HouseholdCase):
        return Outcome(changed.id, changed.version)
    return Outcome(getattr(changed, "case_id", None), None)


def _insert_unless_there(work: Work, model: type[OfflineKey] | type[SentOnce], values: dict[str, Any]) -> bool:
    """Add a row; False when there is one. Who adds the same at the same moment is waited for."""
    dialects: dict[str, Any] = {"postgresql": insert_on_postgresql, "sqlite": insert_on_sqlite}
    adding = dialects.get(work.session.get_bind().dialect.name, insert)(model).values(**values)
    added = work.session.execute(adding.on_conflict_do_nothing().returning(model.person_id)).all()
    return bool(added)


def forget_unused(work: Work) -> int:
    """Throw away keys that no device used for long, and what is known of sendings after that; returns how many."""
    now = clock.now()
    with work.transaction() as session:
        keys = delete(OfflineKey).where(OfflineKey.used_at < now - UNUSED_FOR).returning(OfflineKey.id)
        sent = delete(SentOnce).where(SentOnce.sent_at < now - REMEMBERED_FOR).returning(SentOnce.sending)
        return len(session.execute(keys).all()) + len(session.execute(sent).all())
