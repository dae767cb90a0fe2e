"""Pictures of figures: drawn on the server as SVG, readable without colour."""

import html
import json
import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from typing import Any, Protocol

import vl_convert

from wijkteam.reports.figures import Cell, Table
from wijkteam.reports.outlines import Polygon, flat, frame_around, outline

SCHEMA = "https://vega.github.io/schema/vega-lite/v6.json"
INK = "currentColor"
"""Of the page, so that it is read on light and on dark."""
BAR = "#2171b5"
SHADES = ("#c6dbef", "#6baed6", "#2171b5", "#08306b")
"""Light to dark in one hue, so that the order also shows in print and to the colour-blind."""
NOTHING = "#ffffff"
EDGE = "#c2410c"
EDGED = "edge"
"""Stands in the legend for a thick edge."""
HATCHED = "#e0e1e2"
"""Stands for withheld; becomes lines on white, which no shade looks like."""
BARS_WIDTH, BAR_STEP = 400, 46
SIGN_WIDTH = 11
"""Room that one sign of a figure takes, in any sans-serif font of this size."""
MAP_WIDTH, LEGEND_STEP, LEGEND_COLUMN = 480, 26, 240
TOO_FEW = "te weinig om te tonen"
STYLE: dict[str, Any] = {
    "font": "sans-serif",
    "background": "transparent",
    "padding": 2,
    "view": {"stroke": None},
    "axis": {"disable": True},
    "text": {"fontSize": 15, "fill": INK, "align": "left", "baseline": "middle"},
}


class Shape(Protocol):
    """An area to draw: CBS code, name and GeoJSON geometry."""

    @property
    def code(self) -> str:
        """CBS code, BU and eight signs."""

    @property
    def name(self) -> str:
        """Its name."""

    @property
    def geometry(self) -> dict[str, Any]:
        """Its shape: GeoJSON in WGS 84."""


def bars(table: Table, title: str, column: str = "opened", unit: str = "", few: str = TOO_FEW) -> str:
    """A bar to each line of a table, in the table's order, with its label above it and its figure behind it.

    Lines with nothing to tell are left out; a withheld one has no bar but says `few`. An empty table gives "".
    """
    values = [
        {"place": number, "label": row.label, "count": cell.value or 0, "told": _told(cell, unit, few)}
        for number, (row, cell) in enumerate(
            (row, row.cells[column]) for row in table.rows if row.cells[column].withheld or row.cells[column].value
        )
    ]
    if not values:
        return ""
    most = max(float(each["count"]) for each in values) or 1
    longest = max([len(str(each["told"])) for each in values if each["count"]], default=0)
    room = BARS_WIDTH - 6 - SIGN_WIDTH * longest
    drawn = [
        {**each, "y": each["place"] * BAR_STEP, "x": 0, "x2": room * float(each["count"]) / most} for each in values
    ]
    layers = [
        layer({"type": "text", "limit": BARS_WIDTH}, text="label", x="x", y="y", dy=11),
        layer({"type": "rect", "fill": BAR, "yOffset": 22, "y2Offset": 40}, x="x", x2="x2", y="y", y2="y"),
        layer({"type": "text", "fontWeight": "bold"}, text="told", x="x2", y="y", dx=6, dy=31),
    ]
    height = len(values) * BAR_STEP
    spoken = "; ".join(f"{each['label']}: {each['told']}" for each in values)
    return accessible(draw(layers, drawn, BARS_WIDTH, height), title, spoken, "bars")


def waiting_bars(table: Table, title: str) -> str:
    """How long half of the questions wait at most, per line of a table, in days."""
    return bars(table, title, "waiting", "dagen")


@dataclass(frozen=True)
class MapWords:
    """What a map says in its legend."""

    none: str = "geen"
    few: str = TOO_FEW
    up_to: str = "tot en met"
    look: str = "vraagt aandacht"


def area_map(
    shapes: Iterable[Shape],
    counts: Mapping[str, Cell],
    title: str,
    flagged: Collection[str] = (),
    words: MapWords = MapWords(),
    told: str = "",
) -> str:
    """Buurten shaded by how often was escalated, with lines round the wijken, those in `flagged` with a thick edge.

    White where nothing was counted, hatched where too few households are behind a count to show it. No shapes
    give "". `told` is its story for who cannot see it; left out, where it is most.
    """
    areas = list(shapes)
    if not areas:
        return ""
    frame = frame_around((each.geometry for each in areas), MAP_WIDTH)
    classes = _classes(cell.value for cell in counts.values() if cell.value)
    drawn = [(each, flat(each.geometry, frame)) for each in areas]
    features = [_feature(polygons, _shade(counts.get(each.code), classes)) for each, polygons in drawn]
    layers = [
        _areas(features, {"stroke": "#8a8f94", "strokeWidth": 0.4}),
        _areas([_wijk_lines(drawn)], {"filled": False, "stroke": INK, "strokeWidth": 0.9}),
        *_edges([polygons for each, polygons in drawn if each.code in flagged]),
        *_legend(classes, frame.height + 22, words, bool(flagged)),
    ]
    height = frame.height + 14 + LEGEND_STEP * (1 + _legend_rows(classes, bool(flagged)))
    svg = draw(layers, [{}], MAP_WIDTH, height).replace(f'fill="{HATCHED}"', 'fill="url(#hatch)"')
    return accessible(svg, title, told or _most(areas, counts), "map")


def _told(cell: Cell, unit: str, few: str) -> str:
    if cell.withheld:
        return few
    return f"{cell.value} {unit}".replace(".", ",").strip()


def layer(mark: dict[str, Any], text: str = "", dx: float = 0, dy: float = 0, **fields: str) -> dict[str, Any]:
    """Marks at places that are computed already, so without scales."""
    encoding: dict[str, Any] = {
        channel: {"field": name} if channel in ("x2", "y2") else {"field": name, "type": "quantitative", "scale": None}
        for channel, name in fields.items()
    }
    if text:
        encoding["text"] = {"field": text}
        mark = {**mark, "dx": dx, "dy": dy}
    return {"mark": mark, "encoding": encoding}


def _areas(features: list[dict[str, Any]], mark: dict[str, Any]) -> dict[str, Any]:
    return {
        "data": {"values": features},
        "projection": {"type": "identity", "scale": 1, "translate": [0, 0]},
        "mark": {"type": "geoshape", "strokeJoin": "round", **mark},
        "encoding": {"fill": {"field": "shade", "type": "nominal", "scale": None}} if mark.get("filled", True) else {},
    }


def _feature(polygons: list[Polygon], shade: str) -> dict[str, Any]:
    return {
        "type": "Feature",
        "geometry": {"type": "MultiPolygon", "coordinates": polygons},
        "shade": shade,
    }


def _wijk_lines(drawn: Iterable[tuple[Shape, list[Polygon]]]) -> dict[str, Any]:
    """One shape of all lines round wijken; a wijk's code is its buurt's without the last two signs (CBS)."""
    wijken: dict[str, list[Polygon]] = {}
    for shape, polygons in drawn:
        wijken.setdefault(str(shape.code)[:-2], []).extend(polygons)
    lines = [line for polygons in wijken.values() for line in outline(polygons)]
    return {"type": "Feature", "geometry": {"type": "MultiLineString", "coordinates": lines}}


def _classes(values: Iterable[float]) -> list[tuple[int, int]]:
    """At most four classes of about as many areas each: their lowest and highest value."""
    ordered = sorted(int(value) for value in values)
    starts = sorted({ordered[len(ordered) * number // len(SHADES)] for number in range(len(SHADES)) if ordered})
    ends = [start - 1 for start in starts[1:]] + ordered[-1:]
    return list(zip(starts, ends, strict=True))


def _shade(cell: Cell | None, classes: Sequence[tuple[int, int]]) -> str:
    if cell is not None and cell.withheld:
        return HATCHED
    value = 0 if cell is None or cell.value is None else cell.value
    found = [number for number, (lowest, _) in enumerate(classes) if value >= lowest]
    return _shades(len(classes))[found[-1]] if found else NOTHING


def _shades(count: int) -> Sequence[str]:
    """So many shades, as far apart as can be."""
    return SHADES if count == len(SHADES) else [SHADES[-1], SHADES[1], SHADES[0]][:count][::-1]


def _edges(flagged: list[list[Polygon]]) -> list[dict[str, Any]]:
    if not flagged:
        return []
    lines = [line for polygons in flagged for line in outline(polygons)]
    shape = {"type": "Feature", "geometry": {"type": "MultiLineString", "coordinates": lines}}
    return [_areas([shape], {"filled": False, "stroke": EDGE, "strokeWidth": 3})]


def _legend(classes: Sequence[tuple[int, int]], top: float, words: MapWords, with_edges: bool) -> list[dict[str, Any]]:
    """What the shades mean, in words, in columns under the map."""
    named = [(NOTHING, words.none), (HATCHED, words.few)]
    for shade, (lowest, highest) in zip(_shades(len(classes)), classes, strict=True):
        named.append((shade, str(lowest) if lowest == highest else f"{lowest} {words.up_to} {highest}"))
    if with_edges:
        named.insert(0, (EDGED, words.look))
    rows = _legend_rows(classes, with_edges)
    entries = [
        {
            "shade": NOTHING if shade == EDGED else shade,
            "line": EDGE if shade == EDGED else "#555555",
            "told": told,
            "x": number // rows * LEGEND_COLUMN,
            "x2": number // rows * LEGEND_COLUMN + 24,
            "y": top + number % rows * LEGEND_STEP,
        }
        for number, (shade, told) in enumerate(_in_columns(named))
    ]
    box = layer({"type": "rect", "strokeWidth": 1, "y2Offset": 17}, x="x", x2="x2", y="y", y2="y")
    box["encoding"]["stroke"] = {"field": "line", "type": "nominal", "scale": None}
    box["encoding"]["fill"] = {"field": "shade", "type": "nominal", "scale": None}
    text = layer({"type": "text"}, text="told", x="x2", y="y", dx=8, dy=9)
    return [{"data": {"values": entries}, "layer": [box, text]}]


def _legend_rows(classes: Sequence[tuple[int, int]], with_edges: bool) -> int:
    """How many lines the legend takes, in two columns."""
    return -(-(len(classes) + 2 + with_edges) // 2)


def _in_columns(named: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """Shown counts first, lowest at the top, then what has no count and the thick edge."""
    counts = [each for each in named if each[0] in SHADES]
    return [*counts, *(each for each in named if each[0] not in SHADES)]


def _most(areas: Iterable[Shape], counts: Mapping[str, Cell]) -> str:
    names = {each.code: each.name for each in areas}
    told = [(int(cell.value), names[code]) for code, cell in counts.items() if cell.value and code in names]
    if not told:
        return "Nergens genoeg om te tonen."
    highest = sorted(told, key=lambda each: (-each[0], each[1]))[:5]
    withheld = sum(counts[code].withheld for code in counts if code in names)
    return (
        "Meest opgeschaald: "
        + "; ".join(f"{name} {count}" for count, name in highest)
        + f". Buurten met {TOO_FEW}: {withheld}."
    )


def draw(layers: list[dict[str, Any]], values: list[dict[str, Any]], width: float, height: float) -> str:
    """Layers over these values as SVG, in the looks of all pictures."""
    specification = {
        "$schema": SCHEMA,
        "width": width,
        "height": height,
        "data": {"values": values},
        "layer": layers,
        "config": STYLE,
    }
    return _drawn_once(json.dumps(specification))


def warm_up() -> None:
    """Start the drawing engine: that takes a second, for which the first picture of a process would have to wait."""
    draw([layer({"type": "text"}, "told", x="x", y="y")], [{"x": 0, "y": 0, "told": ""}], 1, 1)


@lru_cache(maxsize=24)
def _drawn_once(specification: str) -> str:
    """The same picture is drawn once while it is asked for: most of a report is what it was before the last step."""
    return str(vl_convert.vegalite_to_svg(specification, allowed_base_urls=[]))


HATCH = (
    '<defs><pattern id="hatch" width="5" height="5" patternUnits="userSpaceOnUse"'
    ' patternTransform="rotate(45)"><rect width="5" height="5" fill="#fff"/>'
    '<path d="M0,0V5" stroke="#666" stroke-width="2"/></pattern></defs>'
)
_HEAD = re.compile(r'<svg[^>]*?viewBox="([^"]+)"[^>]*>')
_ROLES = re.compile(
    r' (?:role="graphics-[^"]*"|aria-[a-z]+="[^"]*"|class="[^"]*"|pointer-events="none"'
    r'|transform="translate\(0,0\)")'
)
_ID = re.compile(r'(?<= id=")[^"]+|(?<=url\(#)[^)]+')
_HIDDEN = re.compile(r'<path(?: [a-z-]+="[^"]*")*? display="none"/>')
_VALUE = re.compile(r'"[^"]*"')
_FRACTION = re.compile(r"(\d+\.\d{2})\d+")


def _shorter(svg: str) -> str:
    """Places to two decimals; amounts that stand in the picture as text stay as they are."""
    return _VALUE.sub(lambda value: _FRACTION.sub(r"\1", value.group()), svg)


def accessible(svg: str, title: str, told: str, kind: str) -> str:
    """The picture scaled to its place, with its title, and its story for who cannot see it.

    Ids carry a mark of the contents, so that pictures on one page do not share any.
    """
    head = _HEAD.search(svg)
    if head is None:
        raise ValueError("the drawing has no size")
    body = _shorter(_HIDDEN.sub("", _ROLES.sub("", svg[head.end() :])))
    mark = sha256(f"{title}{told}{_ID.sub('', body)}".encode()).hexdigest()[:10]
    if "url(#hatch)" in body:
        body = HATCH + body
    ids: dict[str, str] = {}
    body = _ID.sub(lambda found: ids.setdefault(found.group(), f"part{len(ids)}-{mark}"), body)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{head.group(1)}" width="100%"'
        f' preserveAspectRatio="{"xMidYMid" if kind == "map" else "xMinYMin"}"'
        f' role="img" class="picture picture-{kind}" aria-labelledby="title-{mark} told-{mark}">'
        f'<title id="title-{mark}">{html.escape(title)}</title>'
        f'<desc id="told-{mark}">{html.escape(told)}</desc>{body}'
    )
