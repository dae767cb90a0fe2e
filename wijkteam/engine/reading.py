"""Reading YAML safely: plain data with the place of everything in it, within bounds of size and depth.

Values are read as YAML 1.2 does (only true and false are booleans), so that `No` and `Ja` stay text.
"""

import os
import re
import stat
import unicodedata
from dataclasses import dataclass, field
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from wijkteam.engine.findings import KeyPath, Severity, severity_of

LARGEST_FILE = 1_000_000
"""Bytes: dozens of times the largest definition in use."""
LARGEST_REMEMBERED = 100_000
"""Bytes: every file in use, and nothing that would fill the memory."""
DEEPEST = 24
MOST_VALUES = 50_000
LONGEST_SHOWN = 80
LONGEST_TOLD = 400
"""Characters of a finding: enough for any sentence of ours, whatever name is quoted in it."""
LONGEST_PATH = 24
MOST_FINDINGS = 200
"""In one definition; whoever has mended these sees the next ones."""
LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
WHOLE_NUMBER = re.compile(r"[-+]?[0-9]{1,18}")
DECIMAL_NUMBER = re.compile(r"[-+]?[0-9]{1,18}\.[0-9]{1,18}")
TEXT_TAG = "tag:yaml.org,2002:str"
UNSEEN = re.compile(r"[\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]")
"""Signs without a width, and those that turn the direction of text around: they make a text read as another one."""
PLAIN_SIGNS = frozenset("\n\t")
NO_YAML = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
"""Signs that cannot stand in YAML at all."""


@dataclass(frozen=True, order=True)
class Place:
    """A line in a file."""

    file: str
    line: int


@dataclass(frozen=True, order=True)
class Finding:
    """Something found in a definition: where, which kind, what is wrong, and what would be right."""

    file: str
    line: int
    kind: str
    wrong: str
    right: str
    shown_by: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Let it be told in one line, on any screen, whatever stood in the file."""
        for name in ("file", "wrong", "right"):
            object.__setattr__(self, name, printable(getattr(self, name)))
        shown = self.shown_by
        if len(shown) > LONGEST_PATH:
            shown = (*shown[: LONGEST_PATH // 2], "…", *shown[-LONGEST_PATH // 2 :])
        object.__setattr__(self, "shown_by", tuple(printable(each) for each in shown))

    @property
    def severity(self) -> Severity:
        """Whether it is a mistake or a warning."""
        return severity_of(self.kind)

    def __str__(self) -> str:
        """All of it in one line."""
        shown = f" (seen by: {' '.join(self.shown_by)})" if self.shown_by else ""
        return f"{self.file}:{self.line}: {self.wrong}; {self.right}{shown} [{self.kind}]"


def printable(text: str) -> str:
    """A text of which every sign can be seen, others written as escapes, and no longer than anyone reads."""
    short = text if len(text) <= LONGEST_TOLD else f"{text[:LONGEST_TOLD]}…"
    if short.isprintable():
        return short
    return "".join(sign if sign.isprintable() else ascii(sign)[1:-1] for sign in short)


@dataclass
class Document:
    """A YAML file as plain data, with the place of every key path."""

    file: str
    data: Any = None
    places: dict[KeyPath, Place] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)

    def place(self, path: KeyPath) -> Place:
        """The place of a key path, or of the nearest one around it."""
        while path and path not in self.places:
            path = path[:-1]
        return self.places.get(path, Place(self.file, 1))

    def finding(self, kind: str, path: KeyPath, wrong: str, right: str, shown_by: tuple[str, ...] = ()) -> Finding:
        """A finding at a key path."""
        place = self.place(path)
        return Finding(place.file, place.line, kind, wrong, right, shown_by)


class _Stop(Exception):
    """Reading goes no further; the finding says why."""

    def __init__(self, kind: str, line: int, wrong: str, right: str) -> None:
        super().__init__(wrong)
        self.kind, self.line, self.wrong, self.right = kind, line, wrong, right


def read_document(path: Path) -> Document:
    """A file as data with places. What cannot be read is among its findings; never raises.

    Content that was read before is not parsed again; the document is the caller's own, to add to and to change.
    """
    try:
        content = _content_of(path)
    except _Stop as stop:
        return Document(str(path), None, {}, [Finding(str(path), stop.line, stop.kind, stop.wrong, stop.right)])
    parsed = _parsed_before if len(content) <= LARGEST_REMEMBERED else _parsed
    found = parsed(str(path), content)
    return Document(found.file, _own(found.data), dict(found.places), list(found.findings))


def _parsed(file: str, content: bytes) -> Document:
    document = Document(file)
    try:
        _Reader(document).read(_text_of(content))
    except _Stop as stop:
        document.data = None
        document.findings.append(Finding(document.file, stop.line, stop.kind, stop.wrong, stop.right))
    except yaml.MarkedYAMLError as error:
        document.data = None
        mark = error.problem_mark or error.context_mark
        wrong = f"is no YAML: {error.problem or error.context}"
        right = "mind indentation, and put quotes around text with : ? , or #"
        document.findings.append(Finding(document.file, mark.line + 1 if mark else 1, "broken-yaml", wrong, right))
    except yaml.YAMLError as error:
        document.data = None
        wrong = f"is no YAML: {str(error).splitlines()[0]}"
        document.findings.append(Finding(document.file, 1, "broken-yaml", wrong, "give plain UTF-8 text"))
    return document


_parsed_before = lru_cache(maxsize=200)(_parsed)


def _own(data: Any) -> Any:
    """The same mappings, lists and plain values, shared with nobody."""
    if isinstance(data, dict):
        return {key: _own(value) for key, value in data.items()}
    return [_own(value) for value in data] if isinstance(data, list) else data


def _content_of(path: Path) -> bytes:
    try:
        return _bytes_of(path)
    except FileNotFoundError:
        raise _Stop("unreadable-file", 1, "there is no such file", "give the path of a YAML file") from None
    except (OSError, ValueError) as error:
        raise _Stop("unreadable-file", 1, f"cannot be read ({error})", "give a YAML file in UTF-8") from error


def _text_of(content: bytes) -> str:
    if len(content) > LARGEST_FILE:
        raise _Stop("too-large", 1, f"is larger than {LARGEST_FILE:,} bytes", "give a definition, not a data file")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise _Stop("unreadable-file", line, "is no UTF-8 text", "save it as UTF-8") from error
    found = NO_YAML.search(text)
    if found is not None:
        wrong = f"is no YAML: it holds the sign {found.group()!a}"
        raise _Stop("broken-yaml", text.count("\n", 0, found.start()) + 1, wrong, "give plain text")
    return text


def _bytes_of(path: Path) -> bytes:
    """At most one byte more than a file may have; never waits for a pipe. Raises OSError and ValueError."""
    number = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
    with os.fdopen(number, "rb") as file:
        if not stat.S_ISREG(os.fstat(number).st_mode):
            raise _Stop("unreadable-file", 1, "is no file", "give the path of a YAML file")
        return file.read(LARGEST_FILE + 1)


@dataclass
class _Open:
    """A mapping or list that is being read."""

    path: KeyPath
    value: dict[str, Any] | list[Any]
    key: str | None = None


class _Reader:
    """Builds data from the parser's events, one by one, so that depth and number stay bounded."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.open: list[_Open] = []
        self.count = 0
        self.documents = 0
        self.here = Place(document.file, 1)

    def read(self, text: str) -> None:
        """Read all of it into the document."""
        for event in yaml.parse(text, Loader=LOADER):
            line = event.start_mark.line + 1 if event.start_mark else 1
            if getattr(event, "anchor", None) is not None:
                raise _Stop("alias", line, "anchors and aliases (&name, *name) are not read", "write it out in full")
            match event:
                case yaml.ScalarEvent():
                    self._scalar(event, line)
                case yaml.MappingStartEvent():
                    self._begin({}, event, line)
                case yaml.SequenceStartEvent():
                    self._begin([], event, line)
                case yaml.MappingEndEvent() | yaml.SequenceEndEvent():
                    self.open.pop()
                case yaml.DocumentStartEvent():
                    self.documents += 1
                    if self.documents > 1:
                        raise _Stop("strange-value", line, "a second document begins here", "give each its own file")

    def _begin(self, value: dict[str, Any] | list[Any], event: Any, line: int) -> None:
        if event.tag is not None and not event.implicit:
            self._strange_tag(event.tag, line)
        if self._is_key():
            raise _Stop("strange-value", line, "a key must be a plain name", "write name: value")
        path = self._put(value, line)
        self.open.append(_Open(path, value))
        if len(self.open) > DEEPEST:
            raise _Stop("too-large", line, f"is nested more than {DEEPEST} deep", "no definition needs that")

    def _scalar(self, event: Any, line: int) -> None:
        if event.tag is not None and not any(event.implicit) and event.tag != TEXT_TAG:
            self._strange_tag(event.tag, line)
        if not event.value.isprintable():
            self._check_signs(event.value, line)
        if self._is_key():
            return self._key(str(event.value), line)
        self._put(_plain_value(event.value) if event.implicit[0] else event.value, line)

    def _is_key(self) -> bool:
        return bool(self.open) and isinstance(self.open[-1].value, dict) and self.open[-1].key is None

    def _key(self, key: str, line: int) -> None:
        around = self.open[-1]
        if key in around.value:
            wrong = f"'{key[:LONGEST_SHOWN]}' stands here for the second time"
            self._finding("duplicate-key", line, wrong, "keep one of the two")
        around.key = key
        self.document.places[(*around.path, key)] = self._place(line)

    def _put(self, value: Any, line: int) -> KeyPath:
        self.count += 1
        if self.count > MOST_VALUES:
            raise _Stop("too-large", line, f"holds more than {MOST_VALUES:,} values", "no definition needs that")
        if not self.open:
            self.document.data = value
            self.document.places[()] = self._place(line)
            return ()
        around = self.open[-1]
        if isinstance(around.value, list):
            path: KeyPath = (*around.path, len(around.value))
            around.value.append(value)
        else:
            key, around.key = around.key or "", None
            path = (*around.path, key)
            around.value[key] = value
        if path not in self.document.places:
            self.document.places[path] = self._place(line)
        return path

    def _place(self, line: int) -> Place:
        if line != self.here.line:
            self.here = Place(self.document.file, line)
        return self.here

    def _strange_tag(self, tag: str, line: int) -> None:
        self._finding("strange-value", line, f"the tag {tag[:LONGEST_SHOWN]} is not read", "write plain text")

    def _check_signs(self, text: str, line: int) -> None:
        for sign in dict.fromkeys(text):
            controls = unicodedata.category(sign) in ("Cc", "Cs") and sign not in PLAIN_SIGNS
            if controls or UNSEEN.match(sign):
                wrong = f"holds the sign {sign!a}, which nobody sees"
                return self._finding("strange-value", line, wrong, "take it out, or write the text anew")

    def _finding(self, kind: str, line: int, wrong: str, right: str) -> None:
        if len(self.document.findings) >= MOST_FINDINGS:
            raise _Stop("too-large", line, f"holds more than {MOST_FINDINGS} mistakes", "mend these first")
        self.document.findings.append(Finding(self.document.file, line, kind, wrong, right))


def _plain_value(text: str) -> Any:
    if text in ("", "~", "null", "Null", "NULL"):
        return None
    if text in ("true", "True", "TRUE", "false", "False", "FALSE"):
        return text.lower() == "true"
    if WHOLE_NUMBER.fullmatch(text):
        return int(text)
    if DECIMAL_NUMBER.fullmatch(text):
        return Decimal(text)
    return text
