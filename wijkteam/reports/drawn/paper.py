"""What all these pictures share: their colours, their axes, and what goes with each of them.

Text and lines take the colour of the page (`currentColor`), so that they are read on light and on dark; what is filled
has a colour of middle brightness that stands out on both. Nothing is told by colour alone.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from wijkteam.reports.figures import Cell, Definition, Row, Table
from wijkteam.reports.pictures import accessible, draw, layer
from wijkteam.terms.words import Language, Words

TEXT = "currentColor"
DATA = "#2171b5"
ALERT = "#c2410c"
QUIET = "#7d8590"
WIDTH, HEIGHT = 420, 230
LEFT, HEAD, FOOT = 46, 12, 26
FONT = 13
FEW = Words("te weinig om te tonen", "too few to show")


@dataclass(frozen=True)
class Drawn:
    """A picture as SVG, "" where there is nothing to draw; the same as a table; and what is to be seen in it."""

    svg: str
    table: Table
    seen: Words


@dataclass(frozen=True)
class Mark:
    """A place along an axis with what stands there."""

    at: float
    told: str


def said(words: Words, language: Language) -> str:
    """The words in that language."""
    return words.en if language == "en" else words.nl


def number(value: float, language: Language = "nl") -> str:
    """A number as it is read: thousands apart, a decimal comma in Dutch."""
    plain = f"{value:,.1f}".removesuffix(".0") if isinstance(value, float) else f"{value:,}"
    return plain if language == "en" else plain.replace(",", "_").replace(".", ",").replace("_", ".")


def euros(cents: int, language: Language = "nl") -> str:
    """An amount in whole euros, with its sign before the euro sign."""
    return f"{'− ' if cents <= -50 else ''}€ {number(abs(round(cents / 100)), language)}"


def down(share: float) -> float:
    """How far down a part of the height lies: 0 at the foot, 1 at the top."""
    return HEAD + HEIGHT * (1 - share)


def ticks(highest: float, count: int = 4) -> list[int]:
    """Round numbers from 0 up to what holds the highest, about so many."""
    step = next(
        factor * 10**power for power in range(12) for factor in (1, 2, 5) if factor * 10**power * count >= highest
    )
    return [step * each for each in range(int(-(-highest // step)) + 1)] if highest > 0 else [0, 1]


def axes(across: Sequence[Mark], upward: Sequence[Mark]) -> list[dict[str, Any]]:
    """Lines and words of a picture's axes; those upward with a line over the whole width."""
    rows = [{"x": LEFT, "x2": WIDTH, "y": mark.at, "told": mark.told} for mark in upward]
    feet = [{"x": mark.at, "y": down(0), "told": mark.told} for mark in across]
    line = layer({"type": "rule", "stroke": QUIET, "strokeOpacity": 0.45}, x="x", x2="x2", y="y")
    return [
        {"data": {"values": rows}, **line},
        {"data": {"values": rows}, **text("right", dx=-6)},
        {"data": {"values": feet}, **text("center", dy=15)},
    ]


def text(align: str = "left", dx: float = 0, dy: float = 0, **look: Any) -> dict[str, Any]:
    """Words at places, in the colour of the page."""
    return layer({"type": "text", "align": align, "fontSize": FONT, "fill": TEXT, **look}, "told", dx, dy, x="x", y="y")


def line(values: list[dict[str, Any]], **look: Any) -> dict[str, Any]:
    """One line through places in their order."""
    drawn = layer({"type": "line", "strokeWidth": 2.5, "fill": None, "stroke": DATA, **look}, x="x", y="y")
    drawn["encoding"]["order"] = {"field": "order", "type": "quantitative"}
    ordered = [{**value, "order": place} for place, value in enumerate(values)]
    return {"data": {"values": ordered}, **drawn}


def picture(
    layers: list[dict[str, Any]], title: Words, seen: Words, kind: str, language: Language, **size: float
) -> str:
    """The layers as one picture, with its title and what is to be seen for who cannot see it."""
    height = size.get("height", HEAD + HEIGHT + FOOT)
    svg = draw(layers, [{}], size.get("width", WIDTH), height)
    return accessible(svg, said(title, language), said(seen, language), kind)


def table(
    code: str, title: Words, meaning: Words, columns: Mapping[str, Words], rows: Sequence[Row], language: Language
) -> Table:
    """The table that goes with a picture, with its definition."""
    definition = Definition(code, said(title, language), said(meaning, language))
    return Table(definition, {name: said(column, language) for name, column in columns.items()}, tuple(rows))


def cell(value: float | int | None, withheld: bool = False) -> Cell:
    """A figure of a table, rounded to one decimal."""
    if withheld or value is None:
        return Cell(None, withheld)
    return Cell(round(value, 1) if isinstance(value, float) else value)
