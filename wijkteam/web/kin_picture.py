"""A picture of a household: its people, how they belong together, and who of outside belongs to them.

Drawn here and not by a library for graphs: a family is read by generations, each a row, and few people are in it.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from markupsafe import Markup, escape

from wijkteam.web.language import _, later

WIDE, HIGH, GAP, ROOM = 132, 50, 26, 74
EDGE = 16
LABEL = later("Het huishouden als tekening. Hetzelfde staat in de lijst.")
LONGEST = 17
UP = {"parent": 1, "guardian": 1, "grandparent": 2, "child": -1, "grandchild": -2}
"""How many rows the first of a relation stands above the other."""


@dataclass(frozen=True)
class Figure:
    """Somebody in the picture."""

    id: str
    name: str
    about: str
    at_home: bool
    """Whether they live in the household now."""


@dataclass(frozen=True)
class Tie:
    """What one is of the other, in words, and whether that is still so."""

    one: str
    other: str
    kind: str
    words: str
    current: bool


def draw(figures: list[Figure], ties: list[Tie]) -> Markup:
    """The picture as SVG, without styles of its own but for what stands in attributes; every text is escaped."""
    rows = _rows(figures, ties)
    spots = _spots(figures, rows)
    across = max(x for x, _ in spots.values()) + WIDE + 2 * EDGE
    down = max(y for _, y in spots.values()) + HIGH + 2 * EDGE
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" class="kin" role="img" width="{across}" height="{down}" '
        f'viewBox="0 0 {across} {down}" aria-label="{escape(_(LABEL))}">',
        _home(figures, spots),
        *(_line(tie, spots) for tie in ties if tie.one in spots and tie.other in spots),
        *(_person(each, *spots[each.id]) for each in figures),
        "</svg>",
    ]
    # every text in it was escaped when it was drawn
    return Markup("".join(parts))  # noqa: S704 # nosec B704


def _rows(figures: Iterable[Figure], ties: Iterable[Tie]) -> dict[str, int]:
    """In which row each stands, 0 at the top: a parent above a child, partners beside each other."""
    neighbours: dict[str, list[tuple[str, int]]] = {each.id: [] for each in figures}
    for tie in ties:
        if tie.one in neighbours and tie.other in neighbours:
            step = UP.get(tie.kind, 0)
            neighbours[tie.one].append((tie.other, step))
            neighbours[tie.other].append((tie.one, -step))
    rows: dict[str, int] = {}
    for start in sorted(neighbours, key=lambda each: -len(neighbours[each])):
        if start in rows:
            continue
        rows[start] = 0
        waiting = [start]
        while waiting:
            here = waiting.pop(0)
            for there, step in neighbours[here]:
                if there not in rows:
                    rows[there] = rows[here] + step
                    waiting.append(there)
    known = sorted(set(rows.values()))
    return {each: known.index(row) for each, row in rows.items()}


def _spots(figures: list[Figure], rows: Mapping[str, int]) -> dict[str, tuple[int, int]]:
    """Where each stands: whoever lives there to the left, all others to the right of them."""
    spots: dict[str, tuple[int, int]] = {}
    inside = _fill(spots, [each for each in figures if each.at_home], rows, 0)
    _fill(spots, [each for each in figures if not each.at_home], rows, inside)
    return spots


def _fill(spots: dict[str, tuple[int, int]], figures: list[Figure], rows: Mapping[str, int], first: int) -> int:
    taken: dict[int, int] = {}
    for each in figures:
        row = rows[each.id]
        column = first + taken.get(row, 0)
        taken[row] = taken.get(row, 0) + 1
        apart = GAP if first else 0
        spots[each.id] = (EDGE * 2 + apart + column * (WIDE + GAP), EDGE * 2 + row * (HIGH + ROOM))
    return first + max(taken.values(), default=0)


def _home(figures: Iterable[Figure], spots: Mapping[str, tuple[int, int]]) -> str:
    inside = [spots[each.id] for each in figures if each.at_home]
    if not inside:
        return ""
    left, top = min(x for x, _ in inside) - EDGE, min(y for _, y in inside) - EDGE
    right, bottom = max(x for x, _ in inside) + WIDE + EDGE, max(y for _, y in inside) + HIGH + EDGE
    return (
        f'<rect x="{left}" y="{top}" width="{right - left}" height="{bottom - top}" rx="14" '
        'fill="#f2f5f7" stroke="#9fb0bd" stroke-dasharray="2 5"/>'
    )


def _line(tie: Tie, spots: Mapping[str, tuple[int, int]]) -> str:
    (x1, y1), (x2, y2) = sorted((spots[tie.one], spots[tie.other]), key=lambda spot: (spot[1], spot[0]))
    dashes = "" if tie.current else ' stroke-dasharray="5 5"'
    if y1 == y2:
        beside = x2 - x1 <= WIDE + 2 * GAP
        path, label = _beside(x1, x2, y1) if beside else _over(x1, x2, y1)
    else:
        top, bottom = (x1 + WIDE // 2, y1 + HIGH), (x2 + WIDE // 2, y2)
        path = f"M{top[0]} {top[1]} C{top[0]} {top[1] + 34} {bottom[0]} {bottom[1] - 34} {bottom[0]} {bottom[1]}"
        label = ((top[0] + bottom[0]) // 2, (top[1] + bottom[1]) // 2 + 4)
    drawn = f'<path d="{path}" fill="none" stroke="#5d6b7a" stroke-width="2"{dashes}/>'
    if tie.kind in ("parent", "child") and tie.current:
        return drawn
    text = (
        f'<text x="{label[0]}" y="{label[1]}" text-anchor="middle" font-size="13" fill="#43536a" stroke="#fff" '
        f'stroke-width="4" paint-order="stroke">{escape(tie.words)}</text>'
    )
    return drawn + text


def _beside(x1: int, x2: int, y: int) -> tuple[str, tuple[int, int]]:
    middle = y + HIGH // 2
    return f"M{x1 + WIDE} {middle} L{x2} {middle}", ((x1 + WIDE + x2) // 2, y + HIGH + 13)


def _over(x1: int, x2: int, y: int) -> tuple[str, tuple[int, int]]:
    one, other = x1 + WIDE // 2, x2 + WIDE // 2
    below = y + HIGH
    return f"M{one} {below} C{one} {below + 30} {other} {below + 30} {other} {below}", (
        (one + other) // 2,
        below + 26,
    )


def _person(figure: Figure, x: int, y: int) -> str:
    fill, line = ("#fff", "#0b5a7d") if figure.at_home else ("#fff", "#9fb0bd")
    dashes = "" if figure.at_home else ' stroke-dasharray="4 3"'
    middle = x + WIDE // 2
    about = f"{escape(_short(figure.about))}" if figure.about else ""
    name_y = y + (21 if about else 30)
    return (
        f"<g><title>{escape(figure.name)}{escape(', ' + figure.about if figure.about else '')}</title>"
        f'<rect x="{x}" y="{y}" width="{WIDE}" height="{HIGH}" rx="10" fill="{fill}" stroke="{line}" '
        f'stroke-width="2"{dashes}/>'
        f'<text x="{middle}" y="{name_y}" text-anchor="middle" font-size="14" font-weight="600" fill="#16243a">'
        f"{escape(_short(figure.name))}</text>"
        f'<text x="{middle}" y="{y + 39}" text-anchor="middle" font-size="12" fill="#43536a">{about}</text></g>'
    )


def _short(text: str) -> str:
    return text if len(text) <= LONGEST else text[: LONGEST - 1].rstrip() + "…"
