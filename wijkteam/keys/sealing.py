"""Sealing a value for the one place where it is kept, and finding it back without opening anything.

A sealed value is: version (1 byte) | id of the key (8 bytes) | nonce (12 bytes) | AES-256-GCM ciphertext with its tag.
Version, key and place are authenticated too: a value that was altered or moved to another row does not open.
"""

import hmac
import os
from dataclasses import dataclass
from hashlib import sha256

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from wijkteam.keys.ring import ID_LENGTH, KeyRing, Purpose, WrongKeyRing

VERSION = b"\x01"
HEADER_LENGTH = len(VERSION) + ID_LENGTH
NONCE_LENGTH = 12
"""96 bits, drawn anew for each sealing, as NIST SP 800-38D advises."""


class CannotOpen(Exception):
    """A sealed value was altered, stands in another place than it was sealed for, or has no usable key."""


@dataclass(frozen=True)
class Place:
    """Where a sealed value is kept: it opens nowhere else."""

    table: str
    column: str
    row_id: str

    def as_bytes(self) -> bytes:
        """Unmistakable: no part can hold the sign that parts them."""
        return "\x1f".join((self.table, self.column, self.row_id)).encode()


def seal(ring: KeyRing, place: Place, text: str) -> bytes:
    """Seal a text with the newest key. Raises WrongKeyRing."""
    return seal_bytes(ring, place, text.encode())


def seal_bytes(ring: KeyRing, place: Place, content: bytes) -> bytes:
    """Seal bytes, such as another key, with the newest key. Raises WrongKeyRing."""
    key = ring.newest(Purpose.DATA)
    header, nonce = VERSION + key.id.encode("ascii"), os.urandom(NONCE_LENGTH)
    return header + nonce + AESGCM(key.secret).encrypt(nonce, content, header + place.as_bytes())


def open_sealed(ring: KeyRing, place: Place, sealed: bytes) -> str:
    """The text that was sealed for this place. Raises CannotOpen, or WrongKeyRing when there is no ring at all."""
    return open_bytes(ring, place, sealed).decode()


def open_bytes(ring: KeyRing, place: Place, sealed: bytes) -> bytes:
    """The bytes that were sealed for this place. Raises CannotOpen, or WrongKeyRing when there is no ring at all."""
    header, rest = sealed[:HEADER_LENGTH], sealed[HEADER_LENGTH:]
    if header[:1] != VERSION or len(rest) <= NONCE_LENGTH:
        raise CannotOpen("not a sealed value")
    ring.all_keys()
    try:
        key = ring.key(header[1:].decode("ascii"), Purpose.DATA)
        return AESGCM(key.secret).decrypt(rest[:NONCE_LENGTH], rest[NONCE_LENGTH:], header + place.as_bytes())
    except (UnicodeDecodeError, WrongKeyRing):
        raise CannotOpen("sealed with a key that cannot be used") from None
    except InvalidTag:
        raise CannotOpen("altered, or sealed for another place") from None


def header_of(key_id: str) -> bytes:
    """What every value begins with that was sealed with this key."""
    return VERSION + key_id.encode("ascii")


def blind_index(ring: KeyRing, text: str) -> str:
    """What equal texts have in common under the newest index key, and that tells nothing else. Raises WrongKeyRing."""
    return _index(ring.newest(Purpose.INDEX).id, ring.newest(Purpose.INDEX).secret, text)


def blind_indexes(ring: KeyRing, text: str) -> list[str]:
    """The blind index under every usable key: while indexes are rewritten, a row may stand under either."""
    return [_index(key.id, key.secret, text) for key in ring.usable(Purpose.INDEX)]


def blind_index_under(secret: bytes, text: str) -> str:
    """What equal texts have in common under this key for indexes, in hexadecimal signs."""
    return hmac.new(secret, text.encode(), sha256).hexdigest()


def _index(key_id: str, secret: bytes, text: str) -> str:
    return f"{key_id}:{blind_index_under(secret, text)}"
