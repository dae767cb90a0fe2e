"""Sealing what stands in the database and nobody may read there: AES-256-GCM, keyed from the app's own secret.

A stolen copy of the database holds no usable secret without the key file, which stands outside it.
"""

import base64
import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

VERSION = "1"
NONCE = 12
"""Bytes; drawn anew for every sealing, as NIST SP 800-38D 8.2.2 has it."""


class Unsealable(Exception):
    """This was not sealed with this key for this owner, or was changed since."""


class Box:
    """Seals and unseals with one key; what is sealed for one owner cannot be put in another's row."""

    def __init__(self, secret: str) -> None:
        key = HKDF(hashes.SHA256(), 32, salt=None, info=b"wijkteam second factors 1").derive(secret.encode())
        self._cipher = AESGCM(key)

    def seal(self, plain: str, owner: str) -> str:
        """The text as it may stand in the database; `owner` says whose it is, such as "totp:12"."""
        nonce = os.urandom(NONCE)
        sealed = nonce + self._cipher.encrypt(nonce, plain.encode(), owner.encode())
        return f"{VERSION}.{base64.urlsafe_b64encode(sealed).decode()}"

    def unseal(self, sealed: str, owner: str) -> str:
        """The text that was sealed for this owner. Raises Unsealable."""
        version, _, text = sealed.partition(".")
        try:
            if version != VERSION:
                raise ValueError(version)
            raw = base64.urlsafe_b64decode(text)
            return self._cipher.decrypt(raw[:NONCE], raw[NONCE:], owner.encode()).decode()
        except (ValueError, InvalidTag) as error:
            raise Unsealable("this cannot be unsealed with this key") from error
