"""Reading a file: CSV or XLSX to rows of text, with which columns it lacks. Nothing of what stands in it is judged."""

import csv
import hashlib
import io
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from openpyxl import load_workbook

from wijkteam.engine.definition import Text
from wijkteam.importing.columns import KINDS, WORKBOOK, kind_called
from wijkteam.importing.findings import Finding, WrongFile
from wijkteam.importing.shapes import Column, Kind
from wijkteam.mandate.register_csv import unguarded

LARGEST_FILE = 10_000_000
LARGEST_UNPACKED = 200_000_000
"""Bytes that a workbook may become when it is unpacked."""
MOST_ROWS = 100_000
LARGEST_CELL = 30_000
DELIMITERS = ";,\t"
ZIP = b"PK\x03\x04"


@dataclass(frozen=True)
class Row:
    """One row: its number in the file, and what stands in each column, without the empty ones."""

    number: int
    cells: dict[str, str]


@dataclass
class ReadFile:
    """A file as it was read: rows of each kind, in the order in which they come in, and what was found."""

    digest: str
    what: str
    rows: dict[str, list[Row]] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)

    @property
    def count(self) -> int:
        """How many rows there are."""
        return sum(len(each) for each in self.rows.values())


def read_file(content: bytes, what: str) -> ReadFile:
    """Read a file that holds one kind of rows, or a workbook with a sheet for each. Raises WrongFile."""
    if len(content) > LARGEST_FILE:
        most = LARGEST_FILE // 1_000_000
        raise WrongFile(f"Dit bestand is te groot. Hooguit {most} MB.", f"This file is too large: at most {most} MB.")
    found = ReadFile(hashlib.sha256(content).hexdigest(), what)
    is_workbook = content[:4] == ZIP
    if what == WORKBOOK and not is_workbook:
        raise WrongFile("Dit is geen Excel-bestand (xlsx).", "This is no Excel file (xlsx).")
    if is_workbook:
        _read_sheets(content, found)
    else:
        _keep(found, KINDS[what], _csv_rows(content, found))
    if not found.rows:
        raise WrongFile(
            "Er staat geen blad in met een naam die we kennen.", "It has no sheet with a name that is known."
        )
    if not found.count and not found.findings:
        raise WrongFile("Er staan geen rijen in dit bestand.", "There are no rows in this file.")
    return found


def _csv_rows(content: bytes, found: ReadFile) -> Iterator[tuple[int, list[str]]]:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        try:
            text = content.decode("cp1252")
        except UnicodeDecodeError:
            raise WrongFile("Sla het bestand op als CSV UTF-8.", "Save the file as CSV UTF-8.") from None
        said = Text(
            nl="Dit bestand is geen UTF-8. Het is gelezen als Windows-1252: kijk namen met accenten na.",
            en="This file is no UTF-8. It was read as Windows-1252: look at names with accents.",
        )
        found.findings.append(Finding("", None, None, "", said, is_mistake=False))
    if "\x00" in text:
        raise WrongFile("Dit is geen tekstbestand.", "This is no text file.")
    first = text.split("\n", 1)[0]
    delimiter = max(DELIMITERS, key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    line = 1
    try:
        for cells in reader:
            yield line, [unguarded(each) for each in cells]
            line = reader.line_num + 1
    except csv.Error:
        raise WrongFile(
            f"Regel {line} is geen CSV. Sla het bestand opnieuw op.", f"Line {line} is no CSV; save the file again."
        ) from None


def _read_sheets(content: bytes, found: ReadFile) -> None:
    _check_package(content)
    try:
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=True)
        only = KINDS.get(found.what)
        sheets = {kind.key: name for name in book.sheetnames if (kind := kind_called(name)) is not None}
        if only is not None and only.key not in sheets and book.sheetnames:
            sheets = {only.key: book.sheetnames[0]}
        for kind in KINDS.values():
            if kind.key in sheets and (only is None or only is kind):
                rows = book[sheets[kind.key]].iter_rows(values_only=True)
                _keep(found, kind, ((at, [_as_text(each) for each in row]) for at, row in enumerate(rows, 1)))
        book.close()
    except WrongFile:
        raise
    except Exception:  # the library raises whatever a broken package makes it stumble over
        raise WrongFile("Dit Excel-bestand kan niet gelezen worden.", "This Excel file cannot be read.") from None


def _check_package(content: bytes) -> None:
    """Whether a workbook is no trap: not too large when unpacked, and without entities of its own."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            if sum(each.file_size for each in package.infolist()) > LARGEST_UNPACKED:
                raise WrongFile("Dit Excel-bestand is te groot.", "This Excel file is too large.")
            for each in package.infolist():
                with package.open(each) as part:
                    if b"<!DOCTYPE" in part.read(2_000).upper():
                        raise WrongFile("Dit Excel-bestand wordt niet vertrouwd.", "This Excel file is not trusted.")
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError, EOFError):
        raise WrongFile("Dit Excel-bestand kan niet gelezen worden.", "This Excel file cannot be read.") from None


def _as_text(value: Any) -> str:
    """A cell of a workbook as somebody would type it."""
    match value:
        case None:
            return ""
        case bool():
            return "ja" if value else "nee"
        case datetime():
            return value.date().isoformat()
        case date():
            return value.isoformat()
        case float() if value.is_integer():
            return str(int(value))
        case _:
            return str(value)


def _keep(found: ReadFile, kind: Kind, rows: Iterable[tuple[int, list[str]]]) -> None:
    lines = iter(rows)
    _number, header = next(lines, (1, []))
    columns = _columns(found, kind, header)
    kept = found.rows.setdefault(kind.key, [])
    for number, cells in lines:
        named = {
            column.key: text.strip()
            for column, text in zip(columns, cells, strict=False)
            if column is not None and text and text.strip()
        }
        if not named:
            continue
        for key, text in named.items():
            if len(text) > LARGEST_CELL or not _is_text(text):
                said = Text(nl="Dit is geen tekst, of te lang.", en="This is no text, or too long.")
                found.findings.append(Finding(kind.sheet, number, kind.by_key[key].name, "", said))
        kept.append(Row(number, named))
        if found.count > MOST_ROWS:
            raise WrongFile(f"Hooguit {MOST_ROWS} rijen tegelijk.", f"At most {MOST_ROWS} rows at once.")


def _is_text(text: str) -> bool:
    """Without signs that no keyboard has and no database keeps."""
    return not any((ord(sign) < 32 and sign not in "\t\n\r") or 0xD800 <= ord(sign) <= 0xDFFF for sign in text)


def _columns(found: ReadFile, kind: Kind, header: list[str]) -> list[Column | None]:
    """The columns by place; a file of another shape is told which it lacks, all at once."""
    by_name = {name: each for each in kind.columns for name in (each.name, each.key)}
    columns = [by_name.get(" ".join(name.lower().split()).strip("*: ")) for name in header]
    for name, column in zip(header, columns, strict=True):
        if column is None and name.strip():
            said = Text(
                nl="Deze kolom kennen we niet. Er wordt niets uit gelezen.",
                en="This column is unknown; nothing is read from it.",
            )
            found.findings.append(Finding(kind.sheet, None, name.strip()[:40], "", said, is_mistake=False))
        if column is not None and columns.count(column) > 1:
            said = Text(nl="Deze kolom staat er twee keer.", en="This column stands here twice.")
            found.findings.append(Finding(kind.sheet, None, column.name, "", said))
    lacking = [each.name for each in kind.columns if each.needed and each not in columns]
    if lacking:
        said = Text(
            nl=f"Deze kolommen ontbreken: {', '.join(lacking)}.", en=f"Columns are missing: {', '.join(lacking)}."
        )
        found.findings.append(Finding(kind.sheet, None, None, "", said))
    return columns
