"""The hash chain over a subject's events: pure arithmetic, the same everywhere."""

import hashlib
import json
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

canonical = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode
"""The one way in which a value is written as JSON, so that its digest is always the same."""


def plain(value: Any) -> Any:
    """A tracked value as JSON knows it: moments in UTC and dates in ISO 8601."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, date):
        return value.isoformat()
    return value


def digest(text: str) -> str:
    """SHA-256 of a text, in hexadecimal."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


@dataclass(frozen=True)
class Link:
    """Everything of an event that its hash covers."""

    subject_kind: str
    subject_id: str
    sequence: int
    name: str
    state_from: str | None
    state_to: str
    actor_id: int | None
    mandate_id: int | None
    at: datetime
    payload_digest: str
    previous_hash: str

    def hash(self) -> str:
        """SHA-256 over all parts of this link, the hash of the link before it among them."""
        parts = {name: plain(value) for name, value in vars(self).items()}
        return digest(canonical(parts))
