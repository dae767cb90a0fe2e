"""Giving every box its place and every line its way, in layers from top to bottom.

Which layer a box stands in and the order within a layer come from fast_sugiyama, which knows points only. How far
to the side a box stands is then chosen so that lines are as straight as can be while no boxes overlap, as the dot
program does it: a linear programme over the distances, solved as a flow (Gansner and others, A Technique for Drawing
Directed Graphs, 1993, section 4.2).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

import networkx
from fast_sugiyama import from_edges

GAP_X, GAP_Y = 26, 36
STRAIGHTEN = {0: 1, 1: 2, 2: 8}
"""How much it matters that a line is straight, by how many of its two ends are bends and not boxes."""
ROAD = 12
"""How much more that matters on the main road."""


@dataclass(frozen=True)
class Box:
    """Something that takes room: its number, width and height."""

    number: int
    width: int
    height: int


@dataclass(frozen=True)
class Line:
    """A line between two boxes, from the upper one to the lower one."""

    upper: int
    lower: int
    road: bool = False
    """Whether it is part of the main road."""


@dataclass(frozen=True)
class Spot:
    """Where a box stands: the middle of its upper side, and its size."""

    x: float
    y: float
    width: int
    height: int

    @property
    def bottom(self) -> float:
        """The height of its lower side."""
        return self.y + self.height


@dataclass(frozen=True)
class Bend:
    """Where a line passes a layer: straight down from `top` to `bottom`."""

    x: float
    top: float
    bottom: float


@dataclass(frozen=True)
class Placed:
    """Boxes that hang together, with their lines, in a rectangle of their own that begins at 0, 0."""

    spots: Mapping[int, Spot]
    bends: Mapping[Line, tuple[Bend, ...]]
    width: float
    height: float


@lru_cache(maxsize=512)
def placed(boxes: tuple[Box, ...], lines: tuple[Line, ...]) -> tuple[Placed, ...]:
    """Each set of boxes that hang together by lines, in the order of their first box. No lines may go round."""
    joined: networkx.Graph[int] = networkx.Graph()
    joined.add_nodes_from(box.number for box in boxes)
    joined.add_edges_from((line.upper, line.lower) for line in lines)
    sizes = {box.number: box for box in boxes}
    groups = sorted(sorted(group) for group in networkx.connected_components(joined))
    return tuple(_group([sizes[each] for each in group], lines) for group in groups)


def _group(boxes: list[Box], lines: tuple[Line, ...]) -> Placed:
    """Boxes that all hang together."""
    sizes = {box.number: box for box in boxes}
    own = [line for line in lines if line.upper in sizes]
    if not own:
        (alone,) = boxes
        return Placed(
            {alone.number: Spot(alone.width / 2, 0, alone.width, alone.height)}, {}, alone.width, alone.height
        )
    place = {number: at for at, number in enumerate(sizes)}
    edges = [(place[line.upper], place[line.lower]) for line in own]
    ((positions, _width, _height, solved),) = from_edges(
        edges, dummy_vertices=True, ranking_type="minimize", vertex_spacing=100
    )
    points = {_point(each, boxes): (float(x), float(y)) for each, (x, y) in positions}
    below: dict[int, list[int]] = {}
    for upper, lower in solved or ():
        below.setdefault(_point(upper, boxes), []).append(_point(lower, boxes))
    road = frozenset((line.upper, line.lower) for line in own if line.road)
    return _Component(sizes, points, below, road).placed()


def _point(each: int | str, boxes: list[Box]) -> int:
    """The number of a box, or one below zero for a bend: the library counts bends on from the last box."""
    at = int(each)
    return boxes[at].number if at < len(boxes) else -at


class _Component:
    """Boxes that hang together. A point that is no box is a bend: a line passing a layer."""

    def __init__(
        self,
        sizes: Mapping[int, Box],
        points: Mapping[int, tuple[float, float]],
        below: Mapping[int, list[int]],
        road: frozenset[tuple[int, int]],
    ) -> None:
        self.sizes, self.below, self.road = sizes, below, road
        layers: dict[float, list[int]] = {}
        for point in sorted(points, key=lambda each: points[each]):
            layers.setdefault(-points[point][1], []).append(point)
        self.layers = [layers[height] for height in sorted(layers)]

    def placed(self) -> Placed:
        across = self._across()
        tops, y = [], 0.0
        for layer in self.layers:
            tops.append((y, y + max((self._height(point) for point in layer), default=0)))
            y = tops[-1][1] + GAP_Y
        spots: dict[int, Spot] = {}
        passed: dict[int, Bend] = {}
        for layer, (top, bottom) in zip(self.layers, tops, strict=True):
            for point in layer:
                box = self.sizes.get(point)
                if box is None:
                    passed[point] = Bend(across[point], top, bottom)
                else:
                    middle = top + (bottom - top - box.height) / 2
                    spots[point] = Spot(across[point], middle, box.width, box.height)
        width = max(spot.x + spot.width / 2 for spot in spots.values())
        width = max([width, *(bend.x for bend in passed.values())])
        return Placed(spots, self._bends(passed), width, y - GAP_Y)

    def _width(self, point: int) -> int:
        return self.sizes[point].width if point in self.sizes else 2

    def _height(self, point: int) -> int:
        return self.sizes[point].height if point in self.sizes else 0

    def _bends(self, passed: Mapping[int, Bend]) -> Mapping[Line, tuple[Bend, ...]]:
        found: dict[Line, tuple[Bend, ...]] = {}
        for upper in sorted(self.below):
            if upper in self.sizes:
                for point in sorted(self.below[upper]):
                    bends = []
                    while point not in self.sizes:
                        bends.append(passed[point])
                        (point,) = self.below[point]
                    found[Line(upper, point, (upper, point) in self.road)] = tuple(bends)
        return found

    def _across(self) -> Mapping[int, float]:
        """The middle of each point: halfway between the leftmost and the rightmost best places."""
        left = self._best(self.layers)
        right = self._best([layer[::-1] for layer in self.layers])
        middles = {point: (left[point] - right[point]) / 2 for point in left}
        edge = min(middles[point] - self._width(point) / 2 for point in middles)
        return {point: middle - edge for point, middle in middles.items()}

    def _best(self, layers: Sequence[Sequence[int]]) -> Mapping[int, float]:
        """The places, as far to the left as can be, at which the lines lean least.

        The dual of that programme is a flow of least cost: a pair of neighbours is an arc that earns their
        distance, a line is an arc either way that carries as much as the line matters. Places are then the
        lengths of the shortest paths over what can still flow.
        """
        flow: networkx.DiGraph[int] = networkx.DiGraph()
        for layer in layers:
            flow.add_nodes_from(layer)
            for one, other in pairwise(layer):
                apart = (self._width(one) + self._width(other)) // 2 + GAP_X
                flow.add_edge(one, other, weight=-apart)
        for upper in sorted(self.below):
            for lower in sorted(self.below[upper]):
                matters = STRAIGHTEN[(upper not in self.sizes) + (lower not in self.sizes)]
                matters *= ROAD if (upper, lower) in self.road else 1
                flow.add_edge(upper, lower, weight=0, capacity=matters)
                flow.add_edge(lower, upper, weight=0, capacity=matters)
        carried = networkx.network_simplex(flow)[1]
        left_over: networkx.DiGraph[object] = networkx.DiGraph()
        for one, other, arc in flow.edges(data=True):
            if carried[one][other] < arc.get("capacity", float("inf")):
                _shorten(left_over, one, other, arc["weight"])
            if carried[one][other] > 0:
                _shorten(left_over, other, one, -arc["weight"])
        left_over.add_edges_from((("start", point) for point in flow), weight=0)
        away = networkx.single_source_bellman_ford_path_length(left_over, "start")
        return {point: -away[point] for point in flow}


def _shorten(graph: "networkx.DiGraph[object]", one: object, other: object, length: int) -> None:
    if not graph.has_edge(one, other) or graph[one][other]["weight"] > length:
        graph.add_edge(one, other, weight=length)
