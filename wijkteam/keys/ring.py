"""The key ring: secrets in a file apart from the database, one key a line, replaced as a whole."""

import base64
import binascii
import fcntl
import json
import os
import secrets
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from pathlib import Path

from wijkteam.terms import clock

ALPHABET = "23456789abcdefghjkmnpqrstvwxyz"
ID_LENGTH = 8
SECRET_BYTES = 32
OPEN_TO_OTHERS = 0o077
Stamp = tuple[int, int, int]
"""What tells that the file was replaced: its inode, its size, and when it was written (nanoseconds)."""


class WrongKeyRing(Exception):
    """The key ring cannot be used; the message says why, and never holds a secret."""


class Purpose(StrEnum):
    """What a key is for; a key is never used for anything else."""

    DATA = "data"
    """Sealing values (AES-256-GCM)."""
    INDEX = "index"
    """Blind indexes (HMAC-SHA-256), by which a sealed value is found."""


@dataclass(frozen=True)
class Key:
    """One key. The newest of its purpose writes; the others only read, until they are retired."""

    id: str
    purpose: Purpose
    created: datetime
    secret: bytes = field(repr=False)
    retired: datetime | None = None


class KeyRing:
    """The keys of one file, read anew whenever the file was replaced: so a running server follows a rotation."""

    def __init__(self, path: Path | None = None) -> None:
        """Without a path there is no key ring: everything that needs one says so."""
        self.path = path
        self._keys: tuple[Key, ...] = ()
        self._stamp: Stamp | None = None

    def all_keys(self) -> tuple[Key, ...]:
        """Every key, oldest first. Raises WrongKeyRing for a missing, unreadable, too open or wrong file."""
        path = self._there()
        try:
            stat = path.stat()
            stamp = (stat.st_ino, stat.st_size, stat.st_mtime_ns)
            if stat.st_mode & OPEN_TO_OTHERS:
                raise WrongKeyRing(f"key ring {path} can be read by others; do: chmod 600 {path}")
            if stamp != self._stamp:
                self._keys, self._stamp = _read(path), stamp
        except FileNotFoundError:
            raise WrongKeyRing(f"there is no key ring {path}; make one with: wijkteam keys new") from None
        except OSError as error:
            raise WrongKeyRing(f"key ring {path} cannot be read: {error.strerror}") from None
        return self._keys

    def newest(self, purpose: Purpose) -> Key:
        """The key that writes. Raises WrongKeyRing."""
        usable = self.usable(purpose)
        if not usable:
            raise WrongKeyRing(f"key ring {self.path} has no key for {purpose}; make one with: wijkteam keys new")
        return usable[-1]

    def usable(self, purpose: Purpose) -> list[Key]:
        """The keys of a purpose that are not retired, oldest first. Raises WrongKeyRing."""
        return [key for key in self.all_keys() if key.purpose is purpose and key.retired is None]

    def key(self, key_id: str, purpose: Purpose) -> Key:
        """The key of that id, when it may still be used for this. Raises WrongKeyRing."""
        found = next((key for key in self.all_keys() if key.id == key_id and key.purpose is purpose), None)
        if found is None:
            raise WrongKeyRing(f"key ring {self.path} has no key {key_id} for {purpose}")
        if found.retired is not None:
            raise WrongKeyRing(f"key {key_id} is retired")
        return found

    def begin(self) -> bool:
        """Make the file with a key for each purpose, unless there is one; returns whether it was made."""
        with self._held():
            if self._there().exists():
                return False
            self._write([_new_key(purpose) for purpose in Purpose])
            return True

    def add(self, purpose: Purpose) -> Key:
        """Add a key, which from now on writes. Raises WrongKeyRing."""
        with self._held():
            added = _new_key(purpose)
            self._write([*self.all_keys(), added])
            return added

    def mark(self, key_id: str, retired: datetime | None) -> None:
        """Mark a key as retired from then on, or (None) as usable again. Raises WrongKeyRing."""
        with self._held():
            if key_id not in {key.id for key in self.all_keys()}:
                raise WrongKeyRing(f"there is no key {key_id}; see: wijkteam keys list")
            self._write([replace(key, retired=retired) if key.id == key_id else key for key in self.all_keys()])

    def _there(self) -> Path:
        if self.path is None:
            raise WrongKeyRing("no key ring is set; name its file in WIJKTEAM_KEY_RING_FILE")
        return self.path

    @contextmanager
    def _held(self) -> Iterator[None]:
        """Keep every other process from replacing the file meanwhile, by a lock on its folder."""
        path = self._there()
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            folder = os.open(path.parent, os.O_RDONLY)
        except OSError as error:
            raise WrongKeyRing(f"the folder of key ring {path} cannot be used: {error.strerror}") from None
        try:
            fcntl.flock(folder, fcntl.LOCK_EX)
            yield
        finally:
            os.close(folder)

    def _write(self, keys: list[Key]) -> None:
        """Replace the file as a whole: whoever reads sees the old one or the new one, also after a power cut."""
        path = self._there()
        try:
            handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")  # made with mode 0600
            with os.fdopen(handle, "w", encoding="ascii") as file:
                file.writelines(_line(key) for key in keys)
                file.flush()
                os.fsync(file.fileno())
            Path(temporary).replace(path)
        except OSError as error:
            raise WrongKeyRing(f"key ring {path} cannot be written: {error.strerror}") from None
        self._stamp = None


def problem_with(ring: KeyRing) -> str | None:
    """What keeps a key ring from being used, in one line; None when nothing does."""
    try:
        for purpose in Purpose:
            ring.newest(purpose)
    except WrongKeyRing as wrong:
        return str(wrong)
    return None


def _new_key(purpose: Purpose) -> Key:
    name = "".join(secrets.choice(ALPHABET) for _ in range(ID_LENGTH))
    return Key(name, purpose, clock.now(), secrets.token_bytes(SECRET_BYTES))


def _line(key: Key) -> str:
    said = {
        "id": key.id,
        "purpose": key.purpose,
        "created": key.created.isoformat(),
        "secret": base64.b64encode(key.secret).decode("ascii"),
        "retired": key.retired.isoformat() if key.retired else None,
    }
    return json.dumps(said) + "\n"


def _read(path: Path) -> tuple[Key, ...]:
    try:
        lines = path.read_text(encoding="ascii").splitlines()
    except UnicodeDecodeError:
        raise WrongKeyRing(f"key ring {path} is not a key ring") from None
    keys: list[Key] = []
    for number, line in enumerate(lines, 1):
        try:
            keys.append(_key(json.loads(line)))
        except (ValueError, KeyError, TypeError, AttributeError, binascii.Error):
            # the line may hold a secret: only its number is told
            raise WrongKeyRing(f"key ring {path}: line {number} is not a key") from None
    if len({key.id for key in keys}) < len(keys):
        raise WrongKeyRing(f"key ring {path} holds two keys of one id")
    return tuple(keys)


def _key(said: dict[str, str]) -> Key:
    secret = base64.b64decode(said["secret"], validate=True)
    if len(secret) != SECRET_BYTES or len(said["id"]) != ID_LENGTH or not said["id"].isascii():
        raise ValueError("wrong length")
    retired = said.get("retired")
    created = datetime.fromisoformat(said["created"])
    return Key(
        said["id"], Purpose(said["purpose"]), created, secret, datetime.fromisoformat(retired) if retired else None
    )
