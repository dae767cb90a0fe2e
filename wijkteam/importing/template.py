"""The template to fill in, and the manual of it: both said by the one description of columns."""

import io
from collections.abc import Iterable, Mapping
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font

from wijkteam.importing.columns import EXPLANATION, KINDS
from wijkteam.importing.shapes import FORMS, Kind
from wijkteam.terms.words import Language

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
HEADER = {
    "nl": ("blad", "kolom", "wat", "vorm", "verplicht", "voorbeeld"),
    "en": ("sheet", "column", "what", "form", "required", "example"),
}


def template(language: Language = "nl", only: Kind | None = None) -> bytes:
    """A workbook with an empty sheet for each kind, or one of them, and a sheet that explains the columns."""
    kinds = [only] if only is not None else list(KINDS.values())
    return workbook({kind.key: () for kind in kinds}, language)


def workbook(rows: Mapping[str, Iterable[Mapping[str, Any]]], language: Language = "nl") -> bytes:
    """A workbook with these rows, as it can be brought in."""
    book = Workbook(write_only=True)
    for key, each in rows.items():
        kind = KINDS[key]
        sheet = book.create_sheet(kind.sheet)
        for number, column in enumerate(kind.columns):
            sheet.column_dimensions[chr(ord("A") + number)].width = max(14, len(column.name) + 4)
        sheet.freeze_panes = "A2"
        sheet.append([_bold(sheet, f"{c.name} *" if c.needed else c.name) for c in kind.columns])
        for row in each:
            sheet.append([_cell(sheet, row.get(column.key)) for column in kind.columns])
    explained = book.create_sheet(EXPLANATION)
    explained.append([_bold(explained, each) for each in HEADER[language]])
    for key in rows:
        for line in _lines(KINDS[key], language):
            explained.append([_cell(explained, each) for each in line])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _bold(sheet: Any, text: str) -> Any:
    cell = WriteOnlyCell(sheet, value=text)
    cell.font = Font(bold=True)
    return cell


def _cell(sheet: Any, value: Any) -> Any:
    """Text and nothing else: what begins as a formula is none."""
    if value is None or value == "":
        return None
    cell = WriteOnlyCell(sheet, value=str(value))
    cell.data_type = "s"
    return cell


def _lines(kind: Kind, language: Language) -> list[tuple[str, ...]]:
    yes = "yes" if language == "en" else "ja"
    return [
        (
            kind.sheet,
            each.name,
            each.what.en if language == "en" else each.what.nl,
            FORMS[each.form].en if language == "en" else FORMS[each.form].nl,
            yes if each.needed else "",
            each.example,
        )
        for each in kind.columns
    ]


def manual_tables() -> str:
    """The part of docs/import.md that says which columns there are, as Markdown."""
    parts = []
    for kind in KINDS.values():
        parts.append(f"### {kind.sheet} (`wijkteam import {kind.key}`)\n\n{kind.what.en}\n")
        parts.append("| column | also called | required | what | form | example |\n|---|---|---|---|---|---|")
        for each in kind.columns:
            needed = "yes" if each.needed else ""
            example = f"`{each.example}`" if each.example else ""
            said = FORMS[each.form].en
            parts.append(f"| {each.name} | `{each.key}` | {needed} | {each.what.en} | {said} | {example} |")
        parts.append("")
    return "\n".join(parts).strip() + "\n"
