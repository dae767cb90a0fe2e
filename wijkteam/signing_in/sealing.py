"""Sealing secrets that must work without a key ring too: of apps, and of devices that take cases along.

A stolen copy of the database holds no usable secret without the file of keys, which stands outside it. Where no key
ring is set (a trial on somebody's own machine) the key that signs sessions does that work; what stands under it is
opened too where there is a ring by now, until `wijkteam keys re-encrypt` has brought it under the ring.
"""

import base64
import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from wijkteam.keys.ring import KeyRing, WrongKeyRing
from wijkteam.keys.sealing import CannotOpen, Place, open_sealed, seal

WITHOUT_RING = b"1."
"""How a value begins that stands under the key of sessions."""
NONCE = 12
"""Bytes; drawn anew for every sealing, as NIST SP 800-38D 8.2.2 has it."""
TABLE, SECRET = "totp_secret", "secret"


class Unsealable(Exception):
    """This was not sealed with a key that is here for this place, or was changed since."""


class Box:
    """Seals and unseals secrets; what is sealed for one place cannot be put in another row."""

    def __init__(self, ring: KeyRing, secret: str) -> None:
        """`secret` is the key that signs sessions."""
        self._ring = ring
        key = HKDF(hashes.SHA256(), 32, salt=None, info=b"wijkteam second factors 1").derive(secret.encode())
        self._cipher = AESGCM(key)

    def seal(self, plain: str, place: Place) -> bytes:
        """A secret as it may stand in this place of the database."""
        try:
            return seal(self._ring, place, plain)
        except WrongKeyRing:
            nonce = os.urandom(NONCE)
            sealed = nonce + self._cipher.encrypt(nonce, plain.encode(), _bound(place))
            return WITHOUT_RING + base64.urlsafe_b64encode(sealed)

    def unseal(self, sealed: bytes, place: Place) -> str:
        """The secret that was sealed for this place. Raises Unsealable."""
        try:
            if not sealed.startswith(WITHOUT_RING):
                return open_sealed(self._ring, place, sealed)
            raw = base64.urlsafe_b64decode(sealed[len(WITHOUT_RING) :])
            return self._cipher.decrypt(raw[:NONCE], raw[NONCE:], _bound(place)).decode()
        except (ValueError, InvalidTag, CannotOpen, WrongKeyRing) as error:
            raise Unsealable("this cannot be unsealed with a key that is here") from error


def place_of(person_id: int) -> Place:
    """Where the secrets of a person are kept: the one in use and the one that waits alike."""
    return Place(TABLE, SECRET, str(person_id))


def _bound(place: Place) -> bytes:
    """Secrets of apps have stood without a ring under this name since before other secrets did."""
    return f"totp:{place.row_id}".encode() if place.table == TABLE else place.as_bytes()
