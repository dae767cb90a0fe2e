"""The key that signs seals (Ed25519): made once, kept in a file of its own; its public half can be shown to anybody."""

import hashlib
import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
    load_pem_public_key,
)

SIGNED = b"wijkteam head of a log\n"
"""What stands before a head when it is signed, so that no signature over anything else can pass for one."""


class WrongKey(Exception):
    """A key file cannot be used as it stands."""


@dataclass(frozen=True)
class PublicKey:
    """The half of a key by which signatures are checked."""

    key: Ed25519PublicKey

    @property
    def pem(self) -> str:
        """As text, to keep in a file."""
        return self.key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode("ascii")

    @property
    def key_id(self) -> str:
        """A short name that follows from the key: the first 16 hexadecimal digits of its SHA-256."""
        return hashlib.sha256(self.key.public_bytes(Encoding.Raw, PublicFormat.Raw)).hexdigest()[:16]

    def signed(self, head: str, signature: str) -> bool:
        """Whether this key signed that head."""
        try:
            self.key.verify(bytes.fromhex(signature), SIGNED + bytes.fromhex(head))
        except (InvalidSignature, ValueError):
            return False
        return True


@dataclass(frozen=True)
class SealKey:
    """The whole key, by which seals are signed."""

    key: Ed25519PrivateKey

    @property
    def public(self) -> PublicKey:
        """The half that may be known."""
        return PublicKey(self.key.public_key())

    def sign(self, head: str) -> str:
        """The signature over a head, both in hexadecimal."""
        return self.key.sign(SIGNED + bytes.fromhex(head)).hex()


def seal_key(path: Path) -> SealKey:
    """The key in this file, made when there is none yet; only its owner can read it. Raises WrongKey."""
    try:
        if not path.is_file():
            _make(path)
        found = load_pem_private_key(path.read_bytes(), None)
    except (OSError, ValueError, TypeError) as error:
        raise WrongKey(f"the key of the seals in {path} cannot be read or made: {error}") from error
    if not isinstance(found, Ed25519PrivateKey):
        raise WrongKey(f"the key of the seals in {path} is no Ed25519 key")
    return SealKey(found)


def _make(path: Path) -> None:
    """All of it under another name first: whoever looks meanwhile finds no half a key, and the first one made stays."""
    path.parent.mkdir(parents=True, exist_ok=True)
    made = Ed25519PrivateKey.generate().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    unfinished = path.with_name(f"{path.name}.{os.getpid()}")
    handle = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(made)
            os.fsync(file.fileno())
        os.link(unfinished, path)
    except FileExistsError:
        pass
    finally:
        unfinished.unlink()


def public_key(text: str) -> PublicKey:
    """A public key from its text. Raises WrongKey."""
    try:
        found = load_pem_public_key(text.encode("utf-8"))
    except ValueError as error:
        raise WrongKey(f"this is no public key: {error}") from error
    if not isinstance(found, Ed25519PublicKey):
        raise WrongKey("this is no Ed25519 key")
    return PublicKey(found)


def known_keys(path: Path, others: Iterable[PublicKey] = ()) -> dict[str, PublicKey]:
    """Keys to check signatures with, by name: those that were given, or else the system's own if there is one.

    Raises WrongKey.
    """
    found = {each.key_id: each for each in others}
    if not found and path.is_file():
        own = seal_key(path).public
        found[own.key_id] = own
    return found
