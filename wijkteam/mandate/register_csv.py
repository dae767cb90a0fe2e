"""A register as CSV for a spreadsheet, so that it is read back exactly and no cell is taken for a formula."""

import csv
import io
import re
from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from wijkteam.engine.reading import Document, Place
from wijkteam.mandate.kept import KeptRow
from wijkteam.mandate.register_file import MONEY_FIELDS, MandateEntry
from wijkteam.terms import clock

COLUMNS = tuple(MandateEntry.model_fields)
HISTORY = ("revoked_at", "revoked_why")
FORMULA_SIGNS = frozenset("=+-@\t\r'")
"""What a spreadsheet takes for the start of a formula, and the quote that keeps it from doing so."""
LARGEST_CELL = 100_000
LARGEST_FILE = 5_000_000
"""Bytes: tens of thousands of rows."""
YES, NO = frozenset({"true", "ja", "yes", "waar", "1"}), frozenset({"false", "nee", "no", "onwaar", "0"})
PLAIN_AMOUNT = re.compile(r"\d{1,11}([.,]\d{1,2})?")
DUTCH_AMOUNT = re.compile(r"\d{1,3}(\.\d{3})+,\d{2}")
DUTCH_DAY = re.compile(r"(\d{1,2})[-/](\d{1,2})[-/](\d{4})")


def guarded(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula: with a quote before it where it could."""
    return f"'{cell}" if cell.lstrip()[:1] in FORMULA_SIGNS and cell.strip() else cell


def unguarded(cell: str) -> str:
    """The cell as it was before it was guarded."""
    rest = cell[1:]
    return rest if cell[:1] == "'" and rest.lstrip()[:1] in FORMULA_SIGNS and rest.strip() else cell


def as_csv(rows: Iterable[KeptRow], history: bool = False) -> str:
    """A register as CSV, a line per row. With history also rows that ended, with when and why they were revoked."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow([*COLUMNS, *(HISTORY if history else ())])
    for row in rows:
        cells = [_cell(getattr(row.entry, name)) for name in COLUMNS]
        if history:
            revoked = f"{clock.local(row.revoked_at):%Y-%m-%dT%H:%M}" if row.revoked_at else ""
            cells += [revoked, row.revoked_why or ""]
        writer.writerow([guarded(cell) for cell in cells])
    return "\ufeff" + out.getvalue()


def _cell(value: Any) -> str:
    match value:
        case None:
            return ""
        case bool():
            return "true" if value else "false"
        case Decimal():
            return f"{value:.2f}"
        case date():
            return value.isoformat()
        case list():
            return ", ".join(value)
        case _:
            return str(value)


def csv_document(path: Path) -> Document:
    """A register in CSV, with commas or semicolons between, as data with places; never raises for what is in it."""
    document = Document(str(path))
    text = _text_of(path, document)
    if text is not None:
        _read_rows(text, document)
    return document


def _text_of(path: Path, document: Document) -> str | None:
    wrong, right = "", "give a CSV file in UTF-8"
    try:
        with path.open("rb") as file:
            content = file.read(LARGEST_FILE + 1)
        if len(content) <= LARGEST_FILE:
            return content.decode("utf-8-sig")
        wrong = f"is larger than {LARGEST_FILE:,} bytes"
    except FileNotFoundError:
        wrong = "there is no such file"
    except UnicodeDecodeError:
        wrong, right = "is no UTF-8 text", "save it as CSV UTF-8"
    except (OSError, ValueError) as error:
        wrong = f"cannot be read ({error})"
    document.findings.append(document.finding("unreadable-file", (), wrong, right))
    return None


def _read_rows(text: str, document: Document) -> None:
    first = text.split("\n", 1)[0]
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=";" if first.count(";") > first.count(",") else ",")
    csv.field_size_limit(LARGEST_CELL)
    mandates: list[dict[str, Any]] = []
    document.data = {"register": "csv", "title": {"nl": "Register", "en": "Register"}, "mandates": mandates}
    try:
        header = [cell.strip() for cell in next(reader, [])]
        _check_header(header, document)
        line = reader.line_num + 1
        for cells in reader:
            if any(cell.strip() for cell in cells):
                _note_places(document, len(mandates), header, line)
                mandates.append(_read_row(header, cells, document, line))
            line = reader.line_num + 1
    except csv.Error as error:
        _wrong(document, reader.line_num, f"is no CSV: {error}", "save it as CSV UTF-8 again")
    if not mandates and not document.findings:
        _wrong(document, 1, "holds no rows", "put a row below the names of the columns")


def _check_header(header: list[str], document: Document) -> None:
    if any(name in HISTORY for name in header):
        right = "to change the register, export it without --history"
        _wrong(document, 1, "holds the history of a register", right)
    for name in header:
        if name and name not in COLUMNS and name not in HISTORY:
            _wrong(document, 1, f"'{name[:80]}' is not a column of a register", f"use {', '.join(COLUMNS)}")
        if name and header.count(name) > 1:
            _wrong(document, 1, f"the column '{name[:80]}' stands here twice", "keep one of the two")
    if "number" not in header:
        _wrong(document, 1, "there is no column 'number'", f"put names of columns on the first line: {COLUMNS[0]}, …")


def _note_places(document: Document, index: int, header: list[str], line: int) -> None:
    for path in (("mandates", index), *(("mandates", index, name) for name in header)):
        document.places[path] = Place(document.file, line)


def _read_row(header: list[str], cells: list[str], document: Document, line: int) -> dict[str, Any]:
    if len(cells) > len(header):
        _wrong(document, line, "has more cells than there are columns", "put quotes around text with a comma")
    found: dict[str, Any] = {}
    for name, cell in zip(header, cells, strict=False):
        text = unguarded(cell)
        if name and text.strip():
            found[name] = _value(name, text)
    return found


def _value(name: str, text: str) -> Any:
    """A cell as the value that it stands for; what cannot be read is left for the shape to refuse."""
    plain = text.strip()
    if name in MONEY_FIELDS:
        if DUTCH_AMOUNT.fullmatch(plain):
            return Decimal(plain.replace(".", "").replace(",", "."))
        return Decimal(plain.replace(",", ".")) if PLAIN_AMOUNT.fullmatch(plain) else text
    if name in ("may_pass_on", "civil_servant_only"):
        return plain.lower() in YES if plain.lower() in YES | NO else text
    if name == "colleagues_needed":
        return int(plain) if plain.isdecimal() and len(plain) < 4 else text
    if name == "reserved":
        return [code.strip() for code in plain.split(",") if code.strip()]
    if name in ("valid_from", "valid_until"):
        return _as_iso(plain)
    return text


def _as_iso(text: str) -> str:
    """Days as a Dutch spreadsheet writes them: 31-12-2026."""
    found = DUTCH_DAY.fullmatch(text)
    return f"{found[3]}-{int(found[2]):02d}-{int(found[1]):02d}" if found else text


def _wrong(document: Document, line: int, wrong: str, right: str) -> None:
    document.places[("line", line)] = Place(document.file, max(line, 1))
    document.findings.append(document.finding("wrong-value", ("line", line), wrong, right))
