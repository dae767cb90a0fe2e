"""The report as text for the terminal, as JSON and as CSV."""

import csv
import io
import json
from typing import Any

from wijkteam.reports.figures import Cell, EscalationReport, Table

WITHHELD = "·"
FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r", "\n")


def as_json(report: EscalationReport) -> str:
    """All figures with their definitions; a withheld figure is null and says so."""
    document = {
        "municipality": report.municipality,
        "from": report.period_from.isoformat(),
        "until": report.period_until.isoformat(),
        "made_at": report.made_at.isoformat(),
        "headline": {name: _cell(cell) for name, cell in report.headline.items()},
        "tables": [_table(table) for table in report.tables],
        "notes": list(report.notes),
    }
    return json.dumps(document, ensure_ascii=False, indent=2)


def _cell(cell: Cell) -> dict[str, Any]:
    return {"value": cell.value, "withheld": cell.withheld}


def _table(table: Table) -> dict[str, Any]:
    return {
        "code": table.definition.code,
        "title": table.definition.title,
        "meaning": table.definition.meaning,
        "columns": table.columns,
        "rows": [
            {"key": row.key.strip(), "label": row.label, "part_of": row.part_of}
            | {name: _cell(cell) for name, cell in row.cells.items()}
            for row in table.rows
        ],
    }


def as_csv(report: EscalationReport) -> str:
    """One tidy list: a line per figure, with what was counted. Text that could be a formula gets a quote before it."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(["table", "key", "label", "column", "value", "withheld", "column_title", "definition"])
    for table in report.tables:
        for row in table.rows:
            for name, cell in row.cells.items():
                value = "" if cell.value is None else cell.value
                line = [
                    table.definition.code,
                    safe(row.key.strip()),
                    safe(row.label),
                    name,
                    value,
                    int(cell.withheld),
                    safe(table.columns[name]),
                    safe(table.definition.meaning),
                ]
                writer.writerow(line)
    return out.getvalue()


def safe(text: str) -> str:
    """Text that a spreadsheet does not take for a formula."""
    return f"'{text}" if text.startswith(FORMULA_SIGNS) else text


def as_text(report: EscalationReport) -> str:
    """Plain tables for the terminal."""
    lines = [
        f"Opschalingen in {report.municipality}, {report.period_from} tot en met {report.period_until}",
        "",
    ]
    for table in report.tables:
        lines += [table.definition.title, table.definition.meaning]
        width = max([len(row.label) for row in table.rows] + [12])
        names = list(table.columns)
        lines.append(" " * width + "".join(f"{_short(table.columns[name]):>14}" for name in names))
        for row in table.rows:
            lines.append(f"{row.label:<{width}}" + "".join(f"{shown(row.cells[name]):>14}" for name in names))
        lines.append("")
    return "\n".join([*lines, *report.notes, f"{WITHHELD} = niet getoond, te weinig huishoudens"])


def _short(title: str) -> str:
    return title.split(" (")[0][:13]


def shown(cell: Cell) -> str:
    """A figure as people read it: a dot when withheld, a dash when there is nothing to tell."""
    if cell.withheld:
        return WITHHELD
    if cell.value is None:
        return "–"
    return f"{cell.value:,}".replace(",", "_").replace(".", ",").replace("_", ".")
