"""Pictures of figures: drawn on the server as SVG, readable without colour."""

import html
import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any, Protocol

import vl_convert

from wijkteam.reports.figures import Cell, Table

INK = "#1d3557"
ACCENT = "#0b6e99"
PALE = "#b7d3df"
GREY = "#d9d9d9"
STYLE = {
    "font": "sans-serif",
    "background": "transparent",
    "view": {"stroke": None},
    "axis": {
        "labelFontSize": 14,
        "labelColor": "#222",
        "labelLimit": 330,
        "domain": False,
        "ticks": False,
        "grid": False,
        "title": None,
    },
    "legend": {"labelFontSize": 13, "titleFontSize": 13},
}


class Shape(Protocol):
    """An area to draw: code, name and GeoJSON geometry."""

    code: Any
    name: Any
    geometry: Any


def bars(table: Table, title: str) -> str:
    """Answered and waiting questions per line of a table, as stacked bars with their number."""
    values = []
    for row in table.rows:
        if row.cells["opened"].withheld or not row.cells["opened"].value:
            continue
        values.append({"label": row.label, "count": row.cells["opened"].value, "part": "gevraagd"})
    if not values:
        return ""
    labels = [each["label"] for each in values]
    specification = {
        "$schema": "https://vega.github.io/schema/vega-lite/v5.json",
        "width": 260,
        "height": {"step": 30},
        "data": {"values": values},
        "config": STYLE,
        "encoding": {
            "y": {"field": "label", "type": "nominal", "sort": labels},
            "x": {"field": "count", "type": "quantitative", "axis": None},
        },
        "layer": [
            {"mark": {"type": "bar", "color": ACCENT, "height": 18}},
            {
                "mark": {"type": "text", "align": "left", "dx": 5, "fontSize": 14, "color": "#222"},
                "encoding": {"text": {"field": "count", "type": "quantitative"}},
            },
        ],
    }
    told = "; ".join(f"{each['label']}: {each['count']}" for each in values)
    return _accessible(_draw(specification), title, told)


def area_map(shapes: Iterable[Shape], counts: Mapping[str, Cell], title: str) -> str:
    """Buurten coloured by how often was escalated; grey where nothing, or too little to tell."""
    features = [_feature(shape, counts.get(shape.code)) for shape in shapes]
    if not features:
        return ""
    fill = [
        {"test": "datum.properties.withheld", "value": GREY},
        {"test": "datum.properties.count == 0", "value": "#f4f6f7"},
    ]
    specification = {
        "$schema": "https://vega.github.io/schema/vega-lite/v5.json",
        "width": 620,
        "height": 460,
        "data": {"values": features},
        "projection": {"type": "mercator"},
        "config": STYLE,
        "mark": {"type": "geoshape", "stroke": "#8a97a3", "strokeWidth": 0.5},
        "encoding": {
            "color": {
                "condition": fill,
                "field": "properties.count",
                "type": "quantitative",
                "scale": {"range": [PALE, INK], "domainMin": 1},
                "legend": {"title": "gevraagd", "orient": "bottom", "format": "d", "tickMinStep": 1},
            }
        },
    }
    most = sorted(
        (each for each in features if each["properties"]["count"]),
        key=lambda each: -each["properties"]["count"],
    )
    told = "Meest opgeschaald: " + "; ".join(
        f"{each['properties']['name']} {each['properties']['count']}" for each in most[:5]
    )
    return _accessible(_draw(specification), title, told if most else "Nergens genoeg om te tonen.")


def _feature(shape: Shape, cell: Cell | None) -> dict[str, Any]:
    withheld = cell is not None and cell.withheld
    count = 0 if cell is None or cell.value is None else cell.value
    properties = {"name": shape.name, "count": count, "withheld": withheld}
    return {"type": "Feature", "geometry": shape.geometry, "properties": properties}


def _draw(specification: dict[str, Any]) -> str:
    return str(vl_convert.vegalite_to_svg(specification))


@lru_cache(maxsize=1)
def _size() -> re.Pattern[str]:
    return re.compile(r'<svg[^>]*?viewBox="([^"]+)"[^>]*>')


def _accessible(svg: str, title: str, told: str) -> str:
    """The picture scaled to its place, with its title and its story for who cannot see it."""
    found = _size().search(svg)
    box = found.group(1) if found else "0 0 600 400"
    body = svg[found.end() :] if found else svg
    body = re.sub(r"(\d+\.\d{2})\d+", r"\1", body)
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{box}" role="img" class="picture">'
        f"<title>{html.escape(title)}</title><desc>{html.escape(told)}</desc>"
    )
    return head + body
