"""The folder of a backup: each file is written once, with its digest, and sealed where there is a passphrase."""

import errno
import hashlib
import hmac
import os
import secrets
import struct
from collections.abc import Generator, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from wijkteam.backup.manifest import Sealing, StoredFile

PIECE = 1 << 20
"""Bytes that are sealed, written and read at once."""
TAG, PREFIX = 16, 7
SHORTEST_PASSPHRASE = 12
NO_ROOM = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}


class WrongBackup(Exception):
    """A backup cannot be made, read or put back; the message says why, and holds no secret."""


@contextmanager
def telling(what: str) -> Iterator[None]:
    """Say in one line what a disk refused. Raises WrongBackup."""
    try:
        yield
    except OSError as error:
        why = "there is no room left" if error.errno in NO_ROOM else str(error.strerror or error).lower()
        raise WrongBackup(f"{what}: {why}") from None


@dataclass(frozen=True)
class Lock:
    """What seals the files of one backup: a key that follows from a passphrase, and a salt of this backup alone."""

    key: bytes
    names: bytes
    sealing: Sealing

    @staticmethod
    def new(passphrase: str) -> "Lock":
        """A lock with a fresh salt. Raises WrongBackup for a passphrase that is too short to protect anything."""
        if len(passphrase) < SHORTEST_PASSPHRASE:
            raise WrongBackup(f"the passphrase is too short: use {SHORTEST_PASSPHRASE} signs or more")
        return Lock.of(passphrase, Sealing(salt=secrets.token_hex(16)))

    @staticmethod
    def of(passphrase: str, sealing: Sealing) -> "Lock":
        """The lock of an existing backup; a wrong passphrase shows when a file is opened."""
        # scrypt with OWASP's cost: 128 MB and a good part of a second for each guess
        kdf = Scrypt(bytes.fromhex(sealing.salt), 64, n=sealing.n, r=sealing.r, p=sealing.p)
        derived = kdf.derive(passphrase.encode("utf-8"))
        return Lock(derived[:32], derived[32:], sealing)

    def seal(self, name: str, pieces: Iterable[bytes]) -> Iterator[bytes]:
        """Pieces as AES-256-GCM, numbered, the last one marked: none can be left out, moved or put in another file."""
        cipher, prefix = AESGCM(self.key), secrets.token_bytes(PREFIX)
        yield prefix
        held = b""
        number = 0
        for each in pieces:
            held += each
            while len(held) > PIECE:
                yield cipher.encrypt(_nonce(prefix, number, False), held[:PIECE], name.encode())
                held, number = held[PIECE:], number + 1
        yield cipher.encrypt(_nonce(prefix, number, True), held, name.encode())

    def open(self, name: str, pieces: Iterable[bytes]) -> Iterator[bytes]:
        """What was sealed. Raises WrongBackup for another passphrase and for every change, however small."""
        cipher, held, number = AESGCM(self.key), b"", 0
        prefix: bytes | None = None
        try:
            for each in pieces:
                held += each
                if prefix is None and len(held) >= PREFIX:
                    prefix, held = held[:PREFIX], held[PREFIX:]
                while prefix is not None and len(held) > PIECE + TAG:
                    yield cipher.decrypt(_nonce(prefix, number, False), held[: PIECE + TAG], name.encode())
                    held, number = held[PIECE + TAG :], number + 1
            yield cipher.decrypt(_nonce(prefix or b"", number, True), held, name.encode())
        except (InvalidTag, ValueError):
            raise WrongBackup(f"{name} cannot be opened: the passphrase is another one, or it was changed") from None

    def name_of(self, digest: str) -> str:
        """The name of a document under which nobody without the passphrase can tell whether they know its content."""
        return hmac.new(self.names, digest.encode(), hashlib.sha256).hexdigest()

    def sign(self, text: str) -> str:
        """What shows that a manifest is of whoever knew the passphrase."""
        return hmac.new(self.names, b"manifest\n" + text.encode(), hashlib.sha256).hexdigest()


@contextmanager
def _ended(pieces: Iterable[bytes]) -> Iterator[None]:
    """Let whatever brings the pieces stop at once when they cannot be written: a database waits for its reader."""
    try:
        yield
    finally:
        if isinstance(pieces, Generator):
            pieces.close()


def _nonce(prefix: bytes, number: int, last: bool) -> bytes:
    return prefix + struct.pack(">IB", number, last)


class Store:
    """Files under one folder, written with what proves them and read back as pieces."""

    def __init__(self, folder: Path, lock: Lock | None) -> None:
        """Everything is sealed with the lock; without one it stands as it is, for its owner alone."""
        self.folder, self.lock = folder, lock
        self.files: dict[str, StoredFile] = {}

    def write(self, name: str, pieces: Iterable[bytes]) -> None:
        """Write a file for its owner only, through to the disk. Raises WrongBackup when the disk refuses."""
        path = self.folder / name
        sealed = self.lock.seal(name, pieces) if self.lock else pieces
        digest, size = hashlib.sha256(), 0
        with telling(f"the backup cannot be written to {self.folder}"), _ended(pieces):
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
                for each in sealed:
                    file.write(each)
                    digest.update(each)
                    size += len(each)
                file.flush()
                os.fsync(file.fileno())
        self.files[name] = StoredFile(name=name, size=size, sha256=digest.hexdigest())

    def read(self, name: str) -> Iterator[bytes]:
        """What was written under a name. Raises WrongBackup."""
        return self.lock.open(name, self.raw(name)) if self.lock else self.raw(name)

    def raw(self, name: str) -> Iterator[bytes]:
        """The bytes as they stand. Raises WrongBackup."""
        with telling(f"{self.folder / name} cannot be read"), (self.folder / name).open("rb") as file:
            while piece := file.read(PIECE):
                yield piece

    def problem_with(self, expected: StoredFile) -> str | None:
        """How a file differs from what the manifest says; None when it does not."""
        if not (self.folder / expected.name).is_file():
            return f"{expected.name} is missing"
        digest = hashlib.sha256()
        for piece in self.raw(expected.name):
            digest.update(piece)
        return None if digest.hexdigest() == expected.sha256 else f"{expected.name} was changed or is damaged"
