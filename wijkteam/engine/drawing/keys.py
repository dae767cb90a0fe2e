"""Below a picture: steps that are possible in many states, and a key to its signs, in words."""

from collections.abc import Callable, Iterator

from wijkteam.engine.drawing.blocks import PLAIN_SIZE, SMALL, paint_badge, paint_rows, rows_of, step_rows
from wijkteam.engine.drawing.canvas import (
    INK,
    SIGNS,
    SOFT_INK,
    Canvas,
)
from wijkteam.engine.drawing.lettering import text_width
from wijkteam.engine.drawing.looks import ACCENT, FLAGGED, PLAIN, STYLES
from wijkteam.engine.drawing.marks import WARMTH, Look
from wijkteam.engine.drawing.outline import Outline
from wijkteam.engine.drawing.words import say

Paint = Callable[[Canvas, float, float], None]
SAMPLE = 26.0


def paint_key(canvas: Canvas, outline: Outline, y: float, width: float) -> float:
    """Both parts from a height on; returns the height below them."""
    if outline.shared:
        y = _paint_shared(canvas, outline, y, width) + 22
    title = rows_of(say(outline.language, "legend"), width, PLAIN_SIZE, bold=True)
    y = paint_rows(canvas, title, 0, y) + 20
    x = 0.0
    for paint, words in _samples(outline):
        wide = SAMPLE + text_width(words, SMALL) + 22
        if x and x + wide > width:
            x, y = 0.0, y + 23
        paint(canvas, x + 8, y)
        canvas.text(x + SAMPLE, y + 4, words, SMALL, fill=SOFT_INK)
        x += wide
    return y + 6


def _paint_shared(canvas: Canvas, outline: Outline, y: float, width: float) -> float:
    title = say(outline.language, "everywhere")
    y = paint_rows(canvas, rows_of(title, width, PLAIN_SIZE, bold=True), 0, y) + 4
    for shared in outline.shared:
        rows = step_rows(shared.step, width, outline.marks.quiet, "stay")
        rows += rows_of(shared.where, width - 20, SMALL, ink=SOFT_INK, most=4)
        y = paint_rows(canvas, rows, 0, y) + 4
    return y


def _samples(outline: Outline) -> Iterator[tuple[Paint, str]]:
    language = outline.language
    steps = outline.steps.values()
    yield lambda canvas, x, y: canvas.dot(x, y, 6, fill=INK), say(language, "legend_begin")
    if any(state.final for state in outline.states):
        yield _double, say(language, "legend_final")
    if any(state.side for state in outline.states):
        yield _bar, say(language, "legend_side")
    if any(way.target is None for way in outline.ways):
        yield lambda canvas, x, y: SIGNS["back"](canvas, x, y, INK), say(language, "legend_back")
    if outline.shared or any(state.stays for state in outline.states):
        yield lambda canvas, x, y: SIGNS["stay"](canvas, x, y, INK), say(language, "legend_stays")
    if any(step.by_itself for step in steps):
        yield _clock, say(language, "legend_itself")
    if any(step.decision for step in steps):
        yield lambda canvas, x, y: SIGNS["seal"](canvas, x, y, INK), say(language, "legend_mandate")
    if any(way.number is not None for way in outline.ways):
        yield lambda canvas, x, y: paint_badge(canvas, x, y, 1, PLAIN), say(language, "legend_shared")
    if any(look in WARMTH for look in outline.marks.looks):
        yield _scale, say(language, "legend_warmth")
    for look in outline.marks.looks:
        if look in (*FLAGGED, Look.TAKEN):
            yield _swatch(look), say(language, look.value)


def _double(canvas: Canvas, x: float, y: float) -> None:
    canvas.box(x - 8, y - 7, 18, 14, rx="3", fill="none", stroke=ACCENT, stroke_width="1.4")
    canvas.box(x - 5, y - 4, 12, 8, rx="2", fill="none", stroke=ACCENT, stroke_width="1")


def _bar(canvas: Canvas, x: float, y: float) -> None:
    canvas.box(x - 8, y - 7, 18, 14, rx="3", fill="none", stroke=ACCENT, stroke_width="1.4")
    canvas.box(x - 8, y - 5, 5, 10, fill=ACCENT)


def _clock(canvas: Canvas, x: float, y: float) -> None:
    canvas.path(f"M{x - 8:g} {y + 6:g}H{x + 10:g}", stroke=ACCENT, stroke_width="1.5", stroke_dasharray="6 4")
    SIGNS["clock"](canvas, x, y - 3, INK)


def _scale(canvas: Canvas, x: float, y: float) -> None:
    for step, look in enumerate(WARMTH):
        canvas.box(
            x - 10 + 5 * step, y - 7, 5, 14, fill=STYLES[look].fill, stroke=STYLES[look].line, stroke_width="0.6"
        )


def _swatch(look: Look) -> Paint:
    style = STYLES[look]

    def paint(canvas: Canvas, x: float, y: float) -> None:
        dashes = {"stroke_dasharray": style.dashes} if style.dashes else {}
        thick = f"{style.thick:g}"
        canvas.box(x - 8, y - 7, 18, 14, rx="3", fill=style.fill, stroke=style.line, stroke_width=thick, **dashes)
        if style.sign:
            SIGNS[style.sign](canvas, x + 1, y, style.line)

    return paint
