"""How a payload is written down: as plain canonical JSON, or sealed for its own place in its own chain. Pure.

A sealed payload is the text `sealed:1:` | id of its key | `:` | base64 of nonce (12 bytes) and AES-256-GCM ciphertext.
What is sealed with it and cannot be changed: which event of which subject it is of, and under which key. The chain
covers the digest of this text as it stands, sealed or plain, so that proving a chain needs no key.
"""

import json
import os
import secrets
from base64 import b64encode
from binascii import Error as WrongBase64
from binascii import a2b_base64
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, NamedTuple

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from wijkteam.events.chain import canonical, plain
from wijkteam.storage.subject import ID_LENGTH

SEALED = "sealed:1:"
"""How a sealed payload begins; a plain one begins with a brace."""
_ID = len(SEALED)
_TEXT = _ID + ID_LENGTH + 1
"""Where in a sealed payload the id of its key stands, and where what is sealed begins."""
SALT_BYTES = 16
NONCE_BYTES = 12
"""Drawn anew for each payload, as NIST SP 800-38D advises; a key seals far fewer than the 2^32 it allows."""


class Why(StrEnum):
    """Why a sealed payload does not open."""

    DESTROYED = "its key was destroyed"
    LOST = "its key is not there"
    LOCKED = "its key does not open with this key ring"
    ALTERED = "it was altered, or sealed for another place"


class CannotOpenPayload(Exception):
    """What an event recorded is there, but cannot be read now; the message says why, and never what."""

    def __init__(self, why: Why) -> None:
        super().__init__(f"what was recorded cannot be read: {why}")
        self.why = why


class Place(NamedTuple):
    """Which event a payload is of: it opens at no other."""

    subject_kind: str
    subject_id: str
    sequence: int


@dataclass(frozen=True)
class Contents:
    """What an event recorded: the asked fields as they were filled in, and the tracked values that it changed."""

    fields: dict[str, Any] = field(default_factory=dict)
    changes: dict[str, Any] = field(default_factory=dict)


NOTHING = Contents()
"""Of an event whose payload was erased."""


def write_payload(fields: Mapping[str, Any], changes: Mapping[str, Any]) -> str:
    """What was filled in and what changed, as canonical JSON."""
    return canonical(_content(fields, changes))


def write_unsealed_payload(fields: Mapping[str, Any], changes: Mapping[str, Any]) -> str:
    """The same for a payload that stands unsealed, with a salt.

    The digest stays when the payload is erased: without something random in it, a short text could be found back by
    trying which one has that digest. What is sealed has its random nonce.
    """
    return canonical({**_content(fields, changes), "salt": secrets.token_hex(SALT_BYTES)})


def _content(fields: Mapping[str, Any], changes: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "fields": {name: plain(value) for name, value in fields.items()},
        "changes": {name: plain(value) for name, value in changes.items()},
    }


def read_payload(text: str) -> Contents:
    """What a payload in plain JSON says. Raises ValueError, KeyError or TypeError for what is none."""
    said = json.loads(text)
    return Contents(said["fields"], said["changes"])


def seal_payload(cipher: AESGCM, key_id: str, place: Place, text: str) -> str:
    """Seal a payload for one event under the key of its record."""
    nonce = os.urandom(NONCE_BYTES)
    sealed = cipher.encrypt(nonce, text.encode("utf-8", "surrogatepass"), _bound(key_id, place))
    return f"{SEALED}{key_id}:{b64encode(nonce + sealed).decode('ascii')}"


def key_of(payload: str | None) -> str | None:
    """The id of the key under which a payload is sealed; None for a plain or an erased one."""
    return payload[_ID : _TEXT - 1] if payload is not None and payload.startswith(SEALED) else None


def open_payload(cipher: AESGCM, place: Place, payload: str) -> str:
    """The plain JSON of a sealed payload. Raises CannotOpenPayload when it was altered or is of another event."""
    try:
        raw = a2b_base64(payload[_TEXT:])
        key_id = payload[_ID : _TEXT - 1]
        return cipher.decrypt(raw[:NONCE_BYTES], raw[NONCE_BYTES:], _bound(key_id, place)).decode(
            "utf-8", "surrogatepass"
        )
    except (InvalidTag, WrongBase64, ValueError):
        raise CannotOpenPayload(Why.ALTERED) from None


def _bound(key_id: str, place: Place) -> bytes:
    """What is authenticated beside the payload. Unmistakable: no part can hold the sign that parts them."""
    return f"{SEALED}\x1f{key_id}\x1f{place[0]}\x1f{place[1]}\x1f{place[2]}".encode()
