"""A workflow as a picture (SVG): states as boxes, steps as lines with their titles, from top to bottom."""

from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256

from wijkteam.engine.drawing.blocks import (
    PLAIN_SIZE,
    Block,
    height_of,
    label_block,
    paint_label,
    paint_rows,
    paint_state,
    rows_of,
    state_block,
)
from wijkteam.engine.drawing.canvas import INK, Canvas, finished, new_drawing
from wijkteam.engine.drawing.keys import paint_key
from wijkteam.engine.drawing.looks import style_of
from wijkteam.engine.drawing.outline import Outline, Way
from wijkteam.engine.drawing.placing import Box, Line, placed
from wijkteam.engine.drawing.routes import Arrangement, arranged, paint_line
from wijkteam.engine.drawing.words import say

MARGIN = 24
OPENING = 0


@dataclass(frozen=True)
class _Pieces:
    """The boxes of a picture, and which lines go between which of them."""

    blocks: dict[int, Block]
    states: dict[str, int]
    labels: dict[int, Way]
    lines: tuple[Line, ...]


def as_svg(outline: Outline) -> str:
    """The whole picture as text; the same outline gives the same text."""
    pieces = _pieces(outline)
    boxes = tuple(Box(each, block.width, block.height) for each, block in pieces.blocks.items())
    arrangement = arranged(placed(boxes, pieces.lines), OPENING)
    description = say(
        outline.language, "described", outline.title, outline.version, len(outline.states), len(outline.steps)
    )
    key = "drawing-" + sha256(repr(outline).encode()).hexdigest()[:8]
    root, canvas = new_drawing(f"{outline.title}, {outline.version}", description, key)
    inner = canvas.group(MARGIN, MARGIN)
    for line, way, ends_at_lower in _lines(pieces):
        paint_line(inner, arrangement, line, _line_style(outline, pieces, line, way), ends_at_lower)
    _paint_opening(inner, outline, pieces, arrangement)
    for each, way in pieces.labels.items():
        spot = arrangement.spots[each]
        part = inner.group(spot.x - spot.width / 2, spot.y, pieces.blocks[each].told)
        paint_label(part, outline, way, pieces.blocks[each])
    for name, each in pieces.states.items():
        spot = arrangement.spots[each]
        part = inner.group(spot.x - spot.width / 2, spot.y, pieces.blocks[each].told, data_state=name)
        paint_state(part, outline, outline.state(name), pieces.blocks[each])
    width = max(arrangement.width, 420)
    bottom = paint_key(inner, outline, arrangement.height + 28, width)
    return finished(root, width + 2 * MARGIN, bottom + 2 * MARGIN)


def _pieces(outline: Outline) -> _Pieces:
    rows = rows_of(outline.opening.title, 180, PLAIN_SIZE, bold=True)
    wide = round(max(row.width for row in rows)) + 8
    blocks = {OPENING: Block(tuple(rows), wide, round(height_of(rows)) + 20, style_of(None, False), "")}
    states = {stand.name: number for number, stand in enumerate(outline.states, 1)}
    blocks |= {states[stand.name]: state_block(outline, stand) for stand in outline.states}
    labels = dict(enumerate(outline.ways, len(blocks)))
    blocks |= {each: label_block(outline, way) for each, way in labels.items()}
    lines = [Line(OPENING, states[outline.start], road=True)]
    for each, way in labels.items():
        sources = [] if way.number is not None else [states[source] for source in way.sources]
        targets = [states[way.target]] if way.target is not None else []
        upper, lower = (targets, sources) if way.back else (sources, targets)
        road = _on_main_road(outline, way)
        lines += [Line(one, each, road) for one in upper] + [Line(each, one, road) for one in lower]
    return _Pieces(blocks, states, labels, tuple(lines))


def _on_main_road(outline: Outline, way: Way) -> bool:
    passed = [*way.sources, *([way.target] if way.target is not None else [])]
    aside = any(outline.state(name).side for name in passed)
    return not (way.back or way.by_itself or way.target is None or way.number is not None or aside)


def _lines(pieces: _Pieces) -> Iterator[tuple[Line, Way | None, bool | None]]:
    """Each line with its way, and where it has a tip: at its lower end (True), its upper one, or nowhere (None)."""
    for line in pieces.lines:
        if line.upper == OPENING:
            yield line, None, True
            continue
        into_label = line.lower in pieces.labels
        way = pieces.labels[line.lower if into_label else line.upper]
        arrives = into_label if way.back else not into_label
        if way.target is None and into_label:
            yield line, way, True
        else:
            yield line, way, (not way.back) if arrives else None


def _line_style(outline: Outline, pieces: _Pieces, line: Line, way: Way | None) -> tuple[str, float, str]:
    """Colour, thickness and dashes of a line of a way: of the whole way, or of what leaves one of its states."""
    marks = [step.mark for step in way.steps if step.mark is not None] if way else []
    if way is not None and len(way.sources) > 1:
        ends = [name for name, number in pieces.states.items() if number in (line.upper, line.lower)]
        leaving = [name for name in ends if name in way.sources]
        if leaving:
            found = [outline.marks.of_step(step.name, leaving) for step in way.steps]
            marks = [mark for mark in found if mark is not None]
    style = style_of(marks[0] if marks else None, outline.marks.quiet)
    dashes = style.dashes or ("6 4" if way is not None and way.by_itself else "")
    return style.line, style.thick, dashes


def _paint_opening(canvas: Canvas, outline: Outline, pieces: _Pieces, arrangement: Arrangement) -> None:
    spot, block = arrangement.spots[OPENING], pieces.blocks[OPENING]
    paint_rows(canvas, block.rows, spot.x, spot.y - 4, middle=True)
    canvas.dot(spot.x, spot.bottom - 8, 7, fill=INK)
