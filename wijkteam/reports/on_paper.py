"""The report on paper: one page of pictures, each with a sentence and its table, as an accessible PDF (PDF/UA-1)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from wijkteam.documents.pdf import make_pdf
from wijkteam.reports.exports import shown
from wijkteam.reports.figures import Cell, Table
from wijkteam.reports.sheets import Reported
from wijkteam.terms import clock
from wijkteam.terms.words import MONTHS

TEMPLATE = "report.typ"


@dataclass(frozen=True)
class Shown:
    """One part of the page: a picture (SVG, "" where there is none), a sentence on what is to be seen, its table."""

    title: str
    picture: str
    sentence: str
    table: Table


@dataclass(frozen=True)
class Said:
    """A sentence that its writer released, as it stands beside a barrier."""

    beside: str
    words: str
    who: str


def report_pdf(
    report: Reported, headline: Sequence[tuple[str, Cell]], parts: Sequence[Shown], quotes: Sequence[Said] = ()
) -> bytes:
    """The report with its headline figures, these parts, and below them every table that is in none of them.

    Quotes stand after the first part, which is what blocks our people. Raises WrongTemplate.
    """
    in_parts = {each.table.definition.code for each in parts}
    others = [
        Shown(each.definition.title, "", "", each) for each in report.tables if each.definition.code not in in_parts
    ]
    return make_pdf(
        TEMPLATE,
        {
            "municipality": report.municipality,
            "title": "Wat onze mensen tegenhoudt",
            "period": f"{_day(report.period_from)} tot en met {_day(report.period_until)}",
            "date": clock.local(report.made_at).date().isoformat(),
            "headline": [{"title": title, "figure": shown(cell)} for title, cell in headline],
            "parts": [_part(each) for each in (*parts, *others)],
            "quotes": [{"beside": each.beside, "words": each.words, "who": each.who} for each in quotes],
            "notes": list(report.notes),
        },
    )


def _part(part: Shown) -> dict[str, Any]:
    table = part.table
    return {
        "title": part.title,
        "picture": part.picture,
        "told": part.sentence,
        "sentence": part.sentence,
        "meaning": table.definition.meaning,
        "columns": list(table.columns.values()),
        "rows": [[row.label, *(shown(row.cells[name]) for name in table.columns)] for row in table.telling],
        "zeros": len(table.rows) - len(table.telling),
    }


def _day(day: date) -> str:
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"
