"""What stands in an export of everything, said from the description itself: for the export and for docs/export.md."""

from wijkteam.exporting.records import columns_out, described, tables_out
from wijkteam.exporting.tables import ADDED_COLUMNS, LEFT_OUT, LEFT_OUT_COLUMNS

INTRODUCTION = """# Everything that wijkteam keeps

- `manifest.json`: when and by whom this was made, how many rows each table has, what was left out and why, and the
  size and SHA-256 of every file.
- `tables/NAME.jsonl`: every row of a table, one JSON object a line, UTF-8. Moments are in UTC (ISO 8601), decimal
  numbers are strings, bytes are base64.
- `schemas/NAME.json`: the JSON Schema of those rows; `x-refers-to` names the column that a value refers to.
- `documents/ID`: the content of a document; its row says its name, its media type and its SHA-256.
- `import.xlsx`: people, teams, functions, households, open cases and residents as a workbook that
  `wijkteam import workbook` brings in (docs/import.md). Protected cases and residents who moved out are not in it.

The log of events is the table `event`. Each row names the hash of the one before it of the same subject; `payload` is
what the hash covers, sealed, and `contents` is the same opened. Numbers (BSN) stand in `resident.bsn` only when they
were asked for, with the consent of the privacy officer.
"""


def readme() -> str:
    """The whole description, as Markdown."""
    return f"{INTRODUCTION}\n{tables_in_words()}"


def tables_in_words() -> str:
    """Every table that goes out with its columns, and what does not go out with the reason."""
    lines = ["## Tables", "", "| table | what | columns |", "|---|---|---|"]
    for table in tables_out():
        added = [column for name, column in ADDED_COLUMNS if name == table.name]
        columns = ", ".join([*(each.name for each in columns_out(table)), *added])
        lines.append(f"| `{table.name}` | {described(table)} | {columns} |")
    lines += ["", "Besides the columns of the database:", ""]
    lines += [f"- `{table}.{column}`: {what}" for (table, column), what in ADDED_COLUMNS.items()]
    lines += ["", "## Left out", "", "| table or column | why |", "|---|---|"]
    lines += [f"| `{name}` | {why} |" for name, why in sorted(LEFT_OUT.items())]
    lines += [f"| `{table}.{column}` | {why} |" for (table, column), why in sorted(LEFT_OUT_COLUMNS.items())]
    return "\n".join(lines) + "\n"
