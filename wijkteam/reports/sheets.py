"""The tables of a report as a workbook (XLSX, ODS), each with its definition; the first sheet says what they are about.

It writes whatever tables a report has. No text is ever a formula to a spreadsheet: it is stored as text, and what could
be taken for one gets a quote before it, so that it stays text when the sheet is saved as CSV.
"""

import io
import re
from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime
from typing import Any, Protocol

from odfdo import Cell as OdfCell
from odfdo import Document
from odfdo import Row as OdfRow
from odfdo import Table as OdfTable
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font

from wijkteam.reports.exports import WITHHELD, safe
from wijkteam.reports.figures import Cell, Table
from wijkteam.terms import clock

Value = str | int | float | None
Line = Sequence[Value]
LONGEST_NAME = 31
"""Signs that the name of a sheet may have, by Excel."""
NOT_IN_NAMES = re.compile(r"[\[\]:*?/\\']")
ABOUT = "Over dit verslag"
KEY = "Code"
HEADS = ("Regel", KEY)
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
ODS = "application/vnd.oasis.opendocument.spreadsheet"


class Reported(Protocol):
    """Any report: over what period, when it was made, and its tables."""

    @property
    def municipality(self) -> str:
        """Whose report it is."""

    @property
    def period_from(self) -> date:
        """The first day."""

    @property
    def period_until(self) -> date:
        """The last day."""

    @property
    def made_at(self) -> datetime:
        """When it was made."""

    @property
    def tables(self) -> tuple[Table, ...]:
        """Its figures."""

    @property
    def notes(self) -> tuple[str, ...]:
        """What holds for all of them."""


def sheets_of(report: Reported) -> Iterator[tuple[str, list[Line]]]:
    """Every sheet with its name and its lines: first what the report is about, then a table each."""
    yield ABOUT, _about(report)
    used = {ABOUT.casefold()}
    for table in report.tables:
        yield _name(table.definition.title, used), _lines(table)


def _about(report: Reported) -> list[Line]:
    return [
        ("Gemeente", safe(report.municipality)),
        ("Van", report.period_from.isoformat()),
        ("Tot en met", report.period_until.isoformat()),
        ("Gemaakt op", f"{clock.local(report.made_at):%Y-%m-%d %H:%M}"),
        *(("Let op", safe(note)) for note in report.notes),
        (WITHHELD, "Niet getoond, te weinig huishoudens."),
        ("", ""),
        ("Tabel", "Wat er is geteld"),
        *((safe(each.definition.title), safe(each.definition.meaning)) for each in report.tables),
    ]


def _lines(table: Table) -> list[Line]:
    return [
        (safe(table.definition.title),),
        (safe(table.definition.meaning),),
        (),
        (*HEADS, *(safe(title) for title in table.columns.values())),
        *(
            (safe(row.label), safe(row.key.strip()), *(_value(row.cells[name]) for name in table.columns))
            for row in table.rows
        ),
    ]


def _value(cell: Cell) -> Value:
    return WITHHELD if cell.withheld else cell.value


def _name(title: str, used: set[str]) -> str:
    """A name that a sheet may have, and that no other has."""
    short = NOT_IN_NAMES.sub(" ", title).strip()[:LONGEST_NAME] or "Tabel"
    name, number = short, 1
    while name.casefold() in used:
        number += 1
        name = f"{short[: LONGEST_NAME - len(str(number)) - 1]} {number}"
    used.add(name.casefold())
    return name


def as_xlsx(report: Reported) -> bytes:
    """The report as an Excel workbook."""
    book = Workbook(write_only=True)
    for name, lines in sheets_of(report):
        sheet = book.create_sheet(name)
        sheet.column_dimensions["A"].width = 44
        for letter in "BCDEFGH":
            sheet.column_dimensions[letter].width = 18
        if name != ABOUT:
            sheet.freeze_panes = "A5"
        for line in lines:
            sheet.append([_xlsx_cell(sheet, value, _is_head(line)) for value in line])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _is_head(line: Line) -> bool:
    return len(line) == 1 or tuple(line[:2]) in (HEADS, ("Tabel", "Wat er is geteld"))


def _xlsx_cell(sheet: Any, value: Value, head: bool) -> Any:
    cell = WriteOnlyCell(sheet, value=value)
    if isinstance(value, str):
        cell.data_type = "s"
    if head:
        cell.font = Font(bold=True)
    if value == WITHHELD:
        cell.alignment = Alignment(horizontal="right")
    return cell


def as_ods(report: Reported) -> bytes:
    """The report as an OpenDocument workbook."""
    document = Document("spreadsheet")
    document.body.clear()
    for name, lines in sheets_of(report):
        sheet = OdfTable(name)
        for line in lines:
            row = OdfRow()
            for value in line:
                row.append_cell(OdfCell(value, cell_type="string") if isinstance(value, str) else OdfCell(value))
            sheet.append_row(row)
        document.body.append(sheet)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


WORKBOOKS: dict[str, tuple[Callable[[Reported], bytes], str]] = {"xlsx": (as_xlsx, XLSX), "ods": (as_ods, ODS)}
"""How a report can be written as a workbook: by the ending of its file, with its media type."""
