"""Both logs, and the answer to who looked, as text for the terminal, as CSV and as JSON."""

import csv
import io
import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from wijkteam.logs.queries import FoundEvent, FoundReading
from wijkteam.logs.service import Looks
from wijkteam.terms import clock

FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r")
Row = Mapping[str, Any]
READING_COLUMNS = (
    "id",
    "at",
    "person",
    "function",
    "on_behalf_of",
    "case",
    "household",
    "ground",
    "ground_kind",
    "ground_id",
    "what",
    "how",
    "subject_kind",
    "subject_id",
    "session",
    "address",
    "account",
    "asked",
)
EVENT_COLUMNS = ("id", "at", "subject_kind", "subject_id", "sequence", "name", "state_to", "person")
LOOK_COLUMNS = ("at", "who", "function", "on_behalf_of", "why", "what")


def _utc(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat()


def reading_rows(found: Iterable[FoundReading]) -> list[Row]:
    """Readings as plain values; moments in UTC."""
    return [
        {
            "id": each.reading.id,
            "at": _utc(each.reading.at),
            "person": each.person,
            "function": each.reading.function,
            "on_behalf_of": each.on_behalf_of,
            "case": each.reading.case_id,
            "household": each.household,
            "ground": each.reading.ground,
            "ground_kind": each.reading.ground_kind,
            "ground_id": each.reading.ground_id,
            "what": each.reading.what,
            "how": each.reading.how,
            "subject_kind": each.reading.subject_kind,
            "subject_id": each.reading.subject_id,
            "session": each.reading.session_id,
            "address": each.reading.address,
            "account": each.reading.account,
            "asked": each.reading.asked,
        }
        for each in found
    ]


def event_rows(found: Iterable[FoundEvent]) -> list[Row]:
    """Events as plain values; moments in UTC. The clock is nobody."""
    return [{**each._asdict(), "at": _utc(each.at)} for each in found]


def look_rows(told: Looks) -> list[Row]:
    """Looks as plain values; moments on Dutch clocks, for residents."""
    return [{**vars(each), "at": f"{clock.local(each.at):%Y-%m-%d %H:%M}"} for each in told.looks]


def as_csv(columns: Sequence[str], rows: Iterable[Row]) -> str:
    """A line a row. Text that a spreadsheet could take for a formula gets a quote before it."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(columns)
    writer.writerows([_safe(row[name]) for name in columns] for row in rows)
    return out.getvalue()


def _safe(value: Any) -> Any:
    return f"'{value}" if isinstance(value, str) and value.startswith(FORMULA_SIGNS) else value


def as_json(rows: Sequence[Row]) -> str:
    """A list of objects."""
    return json.dumps(rows, ensure_ascii=False, indent=2)


def as_table(columns: Sequence[str], rows: Sequence[Row]) -> str:
    """Columns side by side; those in which nothing stands are left out."""
    told = [[_line(row[name]) for name in columns] for row in rows]
    shown = [place for place in range(len(columns)) if any(line[place] for line in told)]
    lines = [list(columns), *told]
    widths = {place: max(len(line[place]) for line in lines) for place in shown}
    return "\n".join("  ".join(line[place].ljust(widths[place]) for place in shown).rstrip() for line in lines)


def _line(value: Any) -> str:
    return "" if value is None else "".join(sign if sign.isprintable() else " " for sign in str(value))
