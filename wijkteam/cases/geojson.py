"""Reading buurten and their shapes from GeoJSON."""

import gzip
import json
import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

CBS_BUURT = re.compile(r"BU[0-9]{4}[0-9A-Z]{4}")
MISTAKES_SHOWN = 10


class UnreadableAreas(Exception):
    """The file holds no usable buurten; the message names the first mistakes."""


@dataclass(frozen=True)
class BuurtShape:
    """A buurt with its shape (GeoJSON geometry, WGS 84) and the middle of its bounds."""

    code: str
    name: str
    wijk_code: str
    municipality_code: str
    geometry: dict[str, Any]
    longitude: float
    latitude: float


def read_areas(path: Path) -> list[BuurtShape]:
    """All buurten of a GeoJSON file (also .gz), by code. Raises UnreadableAreas with every mistake found."""
    features = _features(path)
    found: dict[str, BuurtShape] = {}
    mistakes: list[str] = []
    for number, feature in enumerate(features, 1):
        try:
            shape = _shape(feature)
        except ValueError as error:
            mistakes.append(f"feature {number}: {error}")
            continue
        if shape.code in found:
            mistakes.append(f"feature {number}: {shape.code} is there twice")
        found[shape.code] = shape
    if mistakes:
        more = f" (and {len(mistakes) - MISTAKES_SHOWN} more)" if len(mistakes) > MISTAKES_SHOWN else ""
        raise UnreadableAreas(f"{path}: " + "; ".join(mistakes[:MISTAKES_SHOWN]) + more)
    if not found:
        raise UnreadableAreas(f"{path}: holds no buurten")
    return [found[code] for code in sorted(found)]


def _features(path: Path) -> list[Any]:
    try:
        raw = path.read_bytes()
        text = gzip.decompress(raw) if path.suffix == ".gz" else raw
        document = json.loads(text)
    except FileNotFoundError:
        raise UnreadableAreas(f"{path}: there is no such file") from None
    except (OSError, EOFError, zlib.error, ValueError, RecursionError) as error:
        raise UnreadableAreas(f"{path}: is no readable GeoJSON ({error})") from error
    if not isinstance(document, dict) or not isinstance(document.get("features"), list):
        raise UnreadableAreas(f"{path}: is no GeoJSON FeatureCollection")
    return list(document["features"])


def _shape(feature: Any) -> BuurtShape:
    properties = feature.get("properties") if isinstance(feature, dict) else None
    if not isinstance(properties, dict):
        raise ValueError("has no properties")
    code = str(properties.get("cbsCode") or properties.get("buurtcode") or "")
    name = str(properties.get("naam") or properties.get("buurtnaam") or "").strip()
    if not CBS_BUURT.fullmatch(code):
        raise ValueError(f"'{code}' is no CBS code of a buurt (BU and eight signs)")
    if not name:
        raise ValueError(f"{code} has no name")
    geometry = _geometry(code, feature.get("geometry"))
    points = list(_points(geometry["coordinates"]))
    longitudes, latitudes = [point[0] for point in points], [point[1] for point in points]
    return BuurtShape(
        code=code,
        name=name,
        wijk_code=f"WK{code[2:8]}",
        municipality_code=f"GM{code[2:6]}",
        geometry=geometry,
        longitude=round((min(longitudes) + max(longitudes)) / 2, 6),
        latitude=round((min(latitudes) + max(latitudes)) / 2, 6),
    )


def _geometry(code: str, geometry: Any) -> dict[str, Any]:
    kind = geometry.get("type") if isinstance(geometry, dict) else None
    if kind not in ("Polygon", "MultiPolygon"):
        raise ValueError(f"{code} has no Polygon or MultiPolygon")
    polygons = [geometry.get("coordinates")] if kind == "Polygon" else geometry.get("coordinates")
    try:
        return {
            "type": "MultiPolygon",
            "coordinates": [[_ring(ring, nr) for nr, ring in enumerate(each)] for each in polygons],
        }
    except (TypeError, IndexError, KeyError, ValueError) as error:
        raise ValueError(f"{code} has a shape that cannot be read ({error})") from error


def _ring(ring: Any, number: int) -> list[list[float]]:
    points = [[round(float(point[0]), 5), round(float(point[1]), 5)] for point in ring]
    if len(points) < 4 or points[0] != points[-1]:
        raise ValueError("a ring is not closed")
    if not all(-180 <= x <= 180 and -90 <= y <= 90 for x, y in points):
        raise ValueError("coordinates are not in degrees (WGS 84)")
    turn = sum((b[0] - a[0]) * (b[1] + a[1]) for a, b in zip(points, points[1:], strict=False))
    clockwise_wanted = number == 0
    return points if (turn > 0) == clockwise_wanted else points[::-1]


def _points(nested: Any) -> Iterator[list[float]]:
    if nested and isinstance(nested[0], float):
        yield nested
        return
    for each in nested:
        yield from _points(each)
