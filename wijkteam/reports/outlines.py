"""Shapes of areas, made flat and coarse enough for a picture on a page."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import pairwise
from math import cos, radians
from typing import Any

Point = tuple[float, float]
Ring = list[Point]
Polygon = list[Ring]
Segment = tuple[Point, Point]

COARSE = 2
"""Steps to one unit of the picture. Neighbours share corners, so rounding all alike leaves no gaps."""


@dataclass(frozen=True)
class Frame:
    """Where degrees fall in a picture: a plane true to scale at the middle latitude, north up."""

    west: float
    north: float
    stretch: float
    scale: float
    width: float
    height: float

    def place(self, longitude: float, latitude: float) -> Point:
        """The point of the picture, on its coarse grid."""
        x = (longitude - self.west) * self.stretch * self.scale
        y = (self.north - latitude) * self.scale
        return round(x * COARSE) / COARSE, round(y * COARSE) / COARSE


def frame_around(geometries: Iterable[Mapping[str, Any]], width: float) -> Frame:
    """The frame of that width into which all geometries (GeoJSON, WGS 84) just fit.

    Raises ValueError when there is nothing to frame.
    """
    points = [point for each in geometries for rings in _polygons(each) for ring in rings for point in ring]
    if not points:
        raise ValueError("there are no shapes to draw")
    west, east = min(each[0] for each in points), max(each[0] for each in points)
    south, north = min(each[1] for each in points), max(each[1] for each in points)
    stretch = cos(radians((south + north) / 2))
    scale = width / max((east - west) * stretch, 1e-9)
    return Frame(west, north, stretch, scale, width, (north - south) * scale)


def flat(geometry: Mapping[str, Any], frame: Frame) -> list[Polygon]:
    """The polygons of a geometry in the frame, without corners that fall together."""
    drawn = []
    for polygon in _polygons(geometry):
        rings = [_flat_ring(ring, frame) for ring in polygon]
        if rings and len(rings[0]) > 3:
            drawn.append([ring for ring in rings if len(ring) > 3])
    return drawn


def outline(polygons: Iterable[Polygon]) -> list[list[Point]]:
    """The lines round a group of polygons: the sides that only one of them has."""
    sides: Counter[Segment] = Counter()
    for polygon in polygons:
        for ring in polygon:
            for start, end in pairwise(ring):
                sides[min(start, end), max(start, end)] += 1
    return _joined([side for side, count in sides.items() if count == 1])


def _polygons(geometry: Mapping[str, Any]) -> list[list[list[Any]]]:
    if geometry["type"] == "MultiPolygon":
        return list(geometry["coordinates"])
    return [geometry["coordinates"]] if geometry["type"] == "Polygon" else []


def _flat_ring(ring: Iterable[Any], frame: Frame) -> Ring:
    drawn: Ring = []
    for longitude, latitude, *_ in ring:
        point = frame.place(longitude, latitude)
        if not drawn or point != drawn[-1]:
            drawn.append(point)
    return drawn


def _joined(sides: list[Segment]) -> list[list[Point]]:
    """Sides put end to end into lines that are as long as possible."""
    at: dict[Point, list[Segment]] = {}
    for side in sides:
        for end in side:
            at.setdefault(end, []).append(side)
    left = set(sides)
    lines = []
    for side in sides:
        if side not in left:
            continue
        left.discard(side)
        line = list(side)
        while following := next((each for each in at[line[-1]] if each in left), None):
            left.discard(following)
            line.append(following[1] if following[0] == line[-1] else following[0])
        lines.append(line)
    return lines
