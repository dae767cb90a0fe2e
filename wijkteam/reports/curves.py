"""A picture of what ceilings do: waiting spared and refusals let through, from the lowest ceiling to the highest."""

from collections.abc import Callable, Sequence
from math import log10
from typing import Any

from wijkteam.mandate.verdict import euros
from wijkteam.mandate.what_if.curve import Curve, Point
from wijkteam.reports.pictures import BAR, INK, accessible, draw, layer

WIDTH, HEIGHT = 420, 260
LEFT, FOOT, HEAD = 46, 24, 26
MOST_POINTS = 120
GRID = "#d3dbe1"
PRICE = "#a3270f"
TICKS = tuple(amount * 10**power for power in range(8) for amount in (100, 250, 500))
"""Round amounts in cents to mark."""
FEWEST_TICKS_APART = 44


def ceiling_curve(curve: Curve, title: str) -> str:
    """Two lines over ceilings, on a scale in which twice as much is always as far. Fewer than two points give ""."""
    points = _thinned(curve.points)
    if len(points) < 2:
        return ""
    lowest, highest = log10(max(1, points[0].ceiling)), log10(max(2, points[-1].ceiling))

    def across(ceiling: float) -> float:
        return LEFT + (WIDTH - LEFT) * (log10(max(1, ceiling)) - lowest) / max(1e-9, highest - lowest)

    layers = [
        *_grid(across, points),
        _line(points, across, lambda each: float(curve.spares(each)), {"stroke": BAR}),
        _line(points, across, lambda each: float(curve.lets_through(each)), {"stroke": PRICE, "strokeDash": [5, 4]}),
        *_legend(),
    ]
    return accessible(draw(layers, [{}], WIDTH, HEAD + HEIGHT + FOOT), title, _spoken(curve, points), "curve")


def _thinned(points: Sequence[Point]) -> list[Point]:
    """So few that the picture stays small; the first and the last one stay."""
    step = max(1, len(points) // MOST_POINTS)
    return [*points[:-1:step], points[-1]] if points else []


def _down(share: float) -> float:
    return HEAD + HEIGHT * (1 - share)


def _line(
    points: Sequence[Point], across: Callable[[float], float], share: Callable[[Point], float], look: dict[str, Any]
) -> dict[str, Any]:
    values = [
        {"x": round(across(each.ceiling), 1), "y": round(_down(share(each)), 1), "order": number}
        for number, each in enumerate(points)
    ]
    drawn = layer({"type": "line", "strokeWidth": 2.5, "interpolate": "step-after", "fill": None, **look}, x="x", y="y")
    drawn["encoding"]["order"] = {"field": "order", "type": "quantitative"}
    return {"data": {"values": values}, **drawn}


def _grid(across: Callable[[float], float], points: Sequence[Point]) -> list[dict[str, Any]]:
    shares = [{"x": LEFT, "x2": WIDTH, "y": _down(part / 4), "told": f"{part * 25}%"} for part in range(5)]
    amounts: list[dict[str, Any]] = []
    for tick in TICKS:
        inside = points[0].ceiling <= tick <= points[-1].ceiling
        if inside and (not amounts or across(tick) - amounts[-1]["x"] >= FEWEST_TICKS_APART):
            place = round(across(tick), 1)
            amounts.append({"x": place, "y": _down(0), "y2": _down(1), "told": euros(tick).removesuffix(",00")})
    return [
        {"data": {"values": shares}, **layer({"type": "rule", "stroke": GRID}, x="x", x2="x2", y="y")},
        {"data": {"values": shares}, **_text("right", dx=-6)},
        {"data": {"values": amounts}, **layer({"type": "rule", "stroke": GRID}, x="x", y="y", y2="y2")},
        {"data": {"values": amounts}, **_text("center", dy=15)},
    ]


def _text(align: str, dx: float = 0, dy: float = 0) -> dict[str, Any]:
    return layer({"type": "text", "align": align, "fontSize": 13, "fill": INK}, "told", dx, dy, x="x", y="y")


def _legend() -> list[dict[str, Any]]:
    """What the lines are, above them: told by colour and by dashes."""
    found = []
    looks: list[tuple[str, dict[str, Any], float]] = [
        ("wachten dat wegvalt", {"stroke": BAR}, LEFT),
        ("weigeringen die doorgaan", {"stroke": PRICE, "strokeDash": [5, 4]}, LEFT + 178),
    ]
    for told, look, start in looks:
        values = [{"x": start, "x2": start + 24, "y": 8, "told": told}]
        rule = layer({"type": "rule", "strokeWidth": 2.5, **look}, x="x", x2="x2", y="y")
        text = layer({"type": "text", "fontSize": 13}, "told", 6, 0, x="x2", y="y")
        found.append({"data": {"values": values}, "layer": [rule, text]})
    return found


def _spoken(curve: Curve, points: Sequence[Point]) -> str:
    chosen = [points[len(points) * part // 4 - 1] for part in range(1, 5)]
    return "; ".join(
        f"{euros(each.ceiling)}: {float(curve.spares(each)):.0%} van het wachten, "
        f"{float(curve.lets_through(each)):.0%} van de weigeringen"
        for each in dict.fromkeys(chosen)
    )
