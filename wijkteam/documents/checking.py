"""Looking at a file that somebody sends before it is kept: its name, kind and size. Nothing is ever unpacked."""

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass

import filetype

from wijkteam.engine.fields import WrongFields

LARGEST = 10_000_000
"""In bytes."""
LONGEST_NAME = 100
DECLARED_ANYHOW = frozenset({"", "application/octet-stream"})
"""What browsers say when they do not know the type."""
END_OF_PDF = 2_048
"""Within how many last bytes a PDF says that it ends."""
FIELD = "file"


@dataclass(frozen=True)
class Kind:
    """A kind of file that may be kept, and how its content shows that it is one."""

    media_type: str
    is_one: Callable[[bytes], bool]


def _guessed(content: bytes) -> str:
    found = filetype.guess(content)
    return "" if found is None else str(found.mime)


def _is_pdf(content: bytes) -> bool:
    """Begins and ends as a PDF, with nothing before it and no archive behind it."""
    return content.startswith(b"%PDF-") and b"%%EOF" in content[-END_OF_PDF:] and b"PK\x05\x06" not in content[-65_600:]


def _is_png(content: bytes) -> bool:
    return _guessed(content) == "image/png" and content.endswith(b"IEND\xaeB`\x82")


def _is_jpeg(content: bytes) -> bool:
    return _guessed(content) == "image/jpeg" and content.rstrip(b"\x00").endswith(b"\xff\xd9")


def _is_text(content: bytes) -> bool:
    """Readable text, with no sign that other programs would take for something else."""
    if b"\x00" in content or _guessed(content):
        return False
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return not any(unicodedata.category(sign) == "Cc" and sign not in "\t\n\r\f" for sign in text)


def _is_docx(content: bytes) -> bool:
    named = all(part in content for part in (b"[Content_Types].xml", b"word/document.xml"))
    return content.startswith(b"PK\x03\x04") and named and b"vbaProject.bin" not in content


def _is_odt(content: bytes) -> bool:
    return _guessed(content) == "application/vnd.oasis.opendocument.text" and b"Basic/" not in content


KINDS = {
    "pdf": Kind("application/pdf", _is_pdf),
    "png": Kind("image/png", _is_png),
    "jpg": Kind("image/jpeg", _is_jpeg),
    "jpeg": Kind("image/jpeg", _is_jpeg),
    "txt": Kind("text/plain", _is_text),
    "docx": Kind("application/vnd.openxmlformats-officedocument.wordprocessingml.document", _is_docx),
    "odt": Kind("application/vnd.oasis.opendocument.text", _is_odt),
}
"""By the end of the file's name."""
IN_WORDS = "PDF, PNG, JPEG, Word (docx), OpenDocument (odt) of platte tekst (txt)"


@dataclass(frozen=True)
class CheckedFile:
    """A file that may be kept, under a name that is safe to show and to save."""

    name: str
    media_type: str
    content: bytes


def checked_file(name: str, declared: str, content: bytes, largest: int = LARGEST) -> CheckedFile:
    """The file when its name, the type that was told and its content agree on a kind that may be kept.

    `largest` is the most bytes that it may have.

    Raises WrongFields with one clear line, under `file`.
    """
    if not content:
        raise WrongFields.of(FIELD, "Dit bestand is leeg.", "This file is empty.")
    if len(content) > largest:
        most = largest // 1_000_000
        raise WrongFields.of(FIELD, f"Dit bestand is groter dan {most} MB.", f"This file is larger than {most} MB.")
    cleaned = clean_name(name)
    kind = KINDS.get(cleaned.rpartition(".")[2].lower()) if "." in cleaned else None
    if kind is None:
        raise WrongFields.of(FIELD, f"Dit kan alleen met {IN_WORDS}.", "This kind of file cannot be attached.")
    told = declared.partition(";")[0].strip().lower()
    if told not in DECLARED_ANYHOW | {kind.media_type} or not kind.is_one(content):
        raise WrongFields.of(
            FIELD, "De inhoud past niet bij de naam van het bestand.", "The content does not fit the name of the file."
        )
    return CheckedFile(cleaned, kind.media_type, content)


def clean_name(name: str) -> str:
    """The last part of a name without folders, signs that cannot be seen, or signs that file systems give a meaning."""
    last = unicodedata.normalize("NFC", name).replace("\\", "/").rpartition("/")[2]
    seen = "".join(sign for sign in last if unicodedata.category(sign)[0] not in "CZ" or sign == " ")
    plain = re.sub(r"\s+", " ", re.sub(r'[<>:"|?*%;]', "_", seen)).strip(" .")
    stem, dot, end = plain.rpartition(".")
    if not dot:
        return plain[:LONGEST_NAME]
    return f"{stem.strip(' .')[: LONGEST_NAME - len(end) - 1] or 'bestand'}.{end}"[:LONGEST_NAME]
