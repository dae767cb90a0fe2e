"""Reading figures of areas from CSV as CBS writes it: blanks behind codes, commas, a point for what is missing."""

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from wijkteam.area_figures.mapping import AreaFiguresMapping

CODE = re.compile(r"GM[0-9]{4}|WK[0-9]{4}[0-9A-Z]{2}|BU[0-9]{4}[0-9A-Z]{4}")
NUMBER = re.compile(r"-?\d{1,12}(?:[.,]\d{1,6})?")
LARGEST_FILE = 200_000_000
SNIFFED = 4_096


class UnreadableFigures(Exception):
    """The file as a whole cannot be used; the message is one line."""


@dataclass(frozen=True)
class Found:
    """One figure in the file."""

    code: str
    measure: str
    value: float


@dataclass(frozen=True)
class Mistake:
    """What is wrong in one line of the file; the first line, with the columns, is line 1."""

    line: int
    why: str

    def __str__(self) -> str:
        return f"line {self.line}: {self.why}"


@dataclass(frozen=True)
class ReadFigures:
    """Everything that a file holds; `missing` counts figures that CBS does not give."""

    found: tuple[Found, ...]
    mistakes: tuple[Mistake, ...]
    measures: tuple[str, ...]
    missing: int


def read_figures(path: Path, mapping: AreaFiguresMapping) -> ReadFigures:
    """Every figure of a file, with what is wrong line by line. Raises UnreadableFigures."""
    lines = csv.reader(io.StringIO(_text(path)), delimiter=_delimiter(path))
    try:
        return _read(path, lines, mapping)
    except csv.Error as error:
        raise UnreadableFigures(f"{path}: line {lines.line_num} is no CSV ({error})") from error


def _read(path: Path, lines: Iterator[list[str]], mapping: AreaFiguresMapping) -> ReadFigures:
    head = [each.strip().casefold() for each in next(lines, [])]
    place = _place(head, mapping.code)
    columns = {name: _place(head, each.columns) for name, each in mapping.measures.items()}
    there = {name: column for name, column in columns.items() if column is not None}
    if place is None:
        raise UnreadableFigures(f"{path}: has no column with codes of areas; it would be called {_or(mapping.code)}")
    if not there:
        raise UnreadableFigures(f"{path}: has none of the columns that {mapping.figures} knows")
    found: list[Found] = []
    mistakes: list[Mistake] = []
    seen: dict[str, int] = {}
    missing = 0
    for number, line in enumerate(lines, 2):
        if not any(cell.strip() for cell in line):
            continue
        code = line[place].strip() if place < len(line) else ""
        wrong = _wrong(code, len(line), len(head), seen)
        if wrong:
            mistakes.append(Mistake(number, wrong))
            continue
        seen[code] = number
        for name, column in there.items():
            text = line[column].strip()
            if text in mapping.missing:
                missing += 1
            elif NUMBER.fullmatch(text) is None:
                mistakes.append(Mistake(number, f"'{text[:40]}' under {head[column]} is no number"))
            else:
                found.append(Found(code, name, float(text.replace(",", "."))))
    return ReadFigures(tuple(found), tuple(mistakes), tuple(there), missing)


def _wrong(code: str, cells: int, columns: int, seen: dict[str, int]) -> str:
    if cells != columns:
        return f"has {cells} cells where there are {columns} columns"
    if CODE.fullmatch(code) is None:
        return f"'{code[:20]}' is no code of CBS, such as GM0363, WK036301 or BU03630101"
    return f"{code} stands on line {seen[code]} already" if code in seen else ""


def _place(head: list[str], names: list[str]) -> int | None:
    return next((head.index(name.casefold()) for name in names if name.casefold() in head), None)


def _or(names: list[str]) -> str:
    return " or ".join(names)


def _text(path: Path) -> str:
    try:
        if path.stat().st_size > LARGEST_FILE:
            raise UnreadableFigures(f"{path}: is larger than {LARGEST_FILE // 1_000_000} MB")
        raw = path.read_bytes()
    except OSError as error:
        raise UnreadableFigures(f"{path}: cannot be read ({error.strerror})") from error
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        return raw.decode("cp1252", "replace")


def _delimiter(path: Path) -> str:
    """The sign between cells: that of semicolon, tab and comma which the first line holds most of."""
    first = _text(path)[:SNIFFED].partition("\n")[0]
    return max((";", "\t", ","), key=first.count)
