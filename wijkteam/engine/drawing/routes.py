"""Lines between boxes that have their places, and setting groups of boxes side by side."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from wijkteam.engine.drawing.canvas import PAPER, Canvas, number
from wijkteam.engine.drawing.placing import Bend, Line, Placed, Spot

BESIDE, BELOW = 44, 40
PORTS = 0.62
"""The part of a box's side over which the lines that meet it are spread."""
TIP = 9.0
LOWEST = 700.0
"""Height up to which groups are stacked in any case."""


@dataclass(frozen=True)
class Arrangement:
    """All boxes and lines at their places in one drawing."""

    spots: Mapping[int, Spot]
    bends: Mapping[Line, tuple[Bend, ...]]
    ports: Mapping[tuple[Line, int], float]
    """Where a line meets a box, from the left of the drawing."""
    width: float
    height: float


def arranged(groups: Sequence[Placed], first: int) -> Arrangement:
    """Groups of boxes side by side: the one with the first box at the left, others stacked beside it."""
    ordered = sorted(groups, key=lambda group: first not in group.spots)
    spots: dict[int, Spot] = {}
    bends: dict[Line, tuple[Bend, ...]] = {}
    x = y = widest = 0.0
    tallest = ordered[0].height
    most = max(tallest, LOWEST)
    for group in ordered:
        begins_column = y and (y + group.height > most or (x == 0 and y))
        if begins_column:
            x, y, widest = x + widest + BESIDE, 0.0, 0.0
        for each, spot in group.spots.items():
            spots[each] = Spot(spot.x + x, spot.y + y, spot.width, spot.height)
        for line, passed in group.bends.items():
            bends[line] = tuple(Bend(bend.x + x, bend.top + y, bend.bottom + y) for bend in passed)
        widest, y = max(widest, group.width), y + group.height + BELOW
        tallest = max(tallest, y - BELOW)
    return Arrangement(spots, bends, _ports(spots, bends), x + widest, tallest)


def _ports(spots: Mapping[int, Spot], bends: Mapping[Line, tuple[Bend, ...]]) -> Mapping[tuple[Line, int], float]:
    meeting: dict[tuple[int, bool], list[tuple[float, Line]]] = {}
    for line, passed in bends.items():
        towards_lower = passed[0].x if passed else spots[line.lower].x
        towards_upper = passed[-1].x if passed else spots[line.upper].x
        meeting.setdefault((line.upper, False), []).append((towards_lower, line))
        meeting.setdefault((line.lower, True), []).append((towards_upper, line))
    ports = {}
    for (each, _), lines in meeting.items():
        spot = spots[each]
        for place, (_, line) in enumerate(sorted(lines, key=lambda pair: (pair[0], pair[1].upper, pair[1].lower))):
            share = (place + 1) / (len(lines) + 1) - 0.5
            ports[line, each] = spot.x + share * spot.width * PORTS
    return ports


def paint_line(
    canvas: Canvas, arrangement: Arrangement, line: Line, style: tuple[str, float, str], ends_at_lower: bool | None
) -> None:
    """A line, straight down through layers and bending between them, with a tip at its end."""
    colour, thick, dashes = style
    top = (arrangement.ports[line, line.upper], arrangement.spots[line.upper].bottom)
    foot = (arrangement.ports[line, line.lower], arrangement.spots[line.lower].y)
    if ends_at_lower is True:
        foot = (foot[0], foot[1] - TIP)
    elif ends_at_lower is False:
        top = (top[0], top[1] + TIP)
    points = [top, *((bend.x, height) for bend in arrangement.bends[line] for height in (bend.top, bend.bottom)), foot]
    way = f"M{number(top[0])} {number(top[1])}"
    for (x1, y1), (x2, y2) in pairwise(points):
        if abs(x1 - x2) < 0.6:
            way += f"L{number(x2)} {number(y2)}"
        else:
            half = (y1 + y2) / 2
            way += f"C{number(x1)} {number(half)} {number(x2)} {number(half)} {number(x2)} {number(y2)}"
    extra = {"stroke_dasharray": dashes} if dashes else {}
    canvas.path(way, stroke=PAPER, stroke_width=f"{thick + 4:g}")
    canvas.path(way, stroke=colour, stroke_width=f"{thick:g}", **extra)
    if ends_at_lower is not None:
        x, y = foot if ends_at_lower else top
        tip = y + TIP if ends_at_lower else y - TIP
        back = y - 1 if ends_at_lower else y + 1
        half = 3.6 + thick / 2
        canvas.path(
            f"M{number(x - half)} {number(back)}L{number(x)} {number(tip)}L{number(x + half)} {number(back)}Z",
            fill=colour,
        )
