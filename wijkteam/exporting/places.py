"""Where an export is written: a folder or one zip file, under another name until all of it is there."""

import hashlib
import shutil
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

ZIP = ".zip"


class WrongPlace(Exception):
    """An export cannot be written there."""


@dataclass(frozen=True)
class WrittenFile:
    """One file of an export."""

    name: str
    size: int
    digest: str


@dataclass
class Writing:
    """One file while it is written."""

    stream: IO[bytes]
    size: int = 0
    digest: "hashlib._Hash" = field(default_factory=hashlib.sha256)

    def write(self, content: bytes) -> None:
        """Add to the file."""
        self.stream.write(content)
        self.digest.update(content)
        self.size += len(content)


class Place:
    """A folder, or a zip file when its name ends so."""

    def __init__(self, path: Path, archive: zipfile.ZipFile | None) -> None:
        self.path = path
        self.archive = archive
        self.files: list[WrittenFile] = []

    @contextmanager
    def file(self, name: str) -> Iterator[Writing]:
        """Write one file; it is noted with its digest."""
        if self.archive is not None:
            stream: IO[bytes] = self.archive.open(name, "w", force_zip64=True)
        else:
            target = self.path / name
            target.parent.mkdir(parents=True, exist_ok=True)
            stream = target.open("wb")
        with stream:
            writing = Writing(stream)
            yield writing
        self.files.append(WrittenFile(name, writing.size, writing.digest.hexdigest()))

    def write(self, name: str, content: bytes) -> None:
        """Write one file whole."""
        with self.file(name) as writing:
            writing.write(content)


@contextmanager
def new_place(path: Path) -> Iterator[Place]:
    """A new place, readable for its owner only; nothing is left of it when something goes wrong. Raises WrongPlace."""
    if path.exists():
        raise WrongPlace(f"{path} is there already: nothing is written over")
    unfinished = path.with_name(f"{path.name}.unfinished")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        if path.suffix.lower() == ZIP:
            unfinished.touch(mode=0o600)
            with zipfile.ZipFile(unfinished, "w", zipfile.ZIP_DEFLATED) as archive:
                yield Place(unfinished, archive)
        else:
            shutil.rmtree(unfinished, ignore_errors=True)
            unfinished.mkdir(mode=0o700)
            yield Place(unfinished, None)
        unfinished.rename(path)
    except OSError as error:
        raise WrongPlace(f"{path} cannot be written: {error.strerror or error}") from error
    finally:
        if unfinished.is_dir():
            shutil.rmtree(unfinished, ignore_errors=True)
        else:
            unfinished.unlink(missing_ok=True)
