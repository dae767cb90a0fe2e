"""The boxes of a picture: measured first, so that they can be given a place, and painted there afterwards."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from wijkteam.engine.drawing.canvas import (
    INK,
    PAPER,
    RULE,
    SIGNS,
    SOFT_INK,
    Canvas,
)
from wijkteam.engine.drawing.lettering import broken, text_width
from wijkteam.engine.drawing.looks import FLAGGED, PLAIN, QUIET, Style, style_of
from wijkteam.engine.drawing.marks import Look
from wijkteam.engine.drawing.outline import Outline, Stand, Step, Way
from wijkteam.engine.drawing.words import say

STATE_WIDTH, LABEL_WIDTH, CARD_WIDTH = 212, 180, 212
TITLE, PLAIN_SIZE, SMALL = 15.0, 12.5, 11.5
SIGN_ROOM = 16.0
BOLD = 1.08
"""How much wider bold letters are."""
BADGE = 9.0


@dataclass(frozen=True)
class Row:
    """One line of text in a box, with the small signs before it."""

    text: str
    size: float = PLAIN_SIZE
    bold: bool = False
    ink: str = INK
    signs: tuple[str, ...] = ()
    struck: bool = False
    room: float = 0
    """Room left free before the text, so that it lines up with a row above that has signs."""

    @property
    def height(self) -> float:
        """How much room it takes from top to bottom."""
        return round(self.size * 1.42)

    @property
    def width(self) -> float:
        """How much room it takes from side to side."""
        return self.room + len(self.signs) * SIGN_ROOM + text_width(self.text, self.size) * (BOLD if self.bold else 1)


@dataclass(frozen=True)
class Block:
    """A box of a picture with its rows."""

    rows: tuple[Row, ...]
    width: int
    height: int
    style: Style
    told: str


def rows_of(
    text: str,
    width: float,
    size: float = PLAIN_SIZE,
    *,
    bold: bool = False,
    ink: str = INK,
    signs: Sequence[str] = (),
    struck: bool = False,
    most: int = 3,
) -> list[Row]:
    """A text as rows that fit the width; signs stand before the first."""
    room = len(signs) * SIGN_ROOM
    first, *others = broken(text, size, (width - room) / (BOLD if bold else 1), most)
    rows = [Row(first, size, bold, ink, tuple(signs), struck)]
    return rows + [Row(line, size, bold, ink, (), struck, room) for line in others]


def step_rows(step: Step, width: float, quiet: bool, *signs: str, soft: str = SOFT_INK) -> list[Row]:
    """A step with its signs, and what its mark tells."""
    style = style_of(step.mark, quiet)
    shown = [style.sign] if style.sign else []
    shown += [*signs, *(["clock"] if step.by_itself else []), *(["seal"] if step.decision else [])]
    rows = rows_of(step.title, width, bold=style.bold, ink=style.ink, signs=shown, struck=style.struck)
    room = len(shown) * SIGN_ROOM
    for note in step.mark.notes if step.mark else ():
        rows += [replace(row, room=room) for row in rows_of(note, width - room, SMALL, ink=soft, most=2)]
    return rows


def height_of(rows: Sequence[Row]) -> float:
    """How high rows are together."""
    return sum(row.height for row in rows)


def state_block(outline: Outline, stand: Stand) -> Block:
    """A state: title, who holds the ball and for how long, steps that stay, and what its mark tells."""
    language, quiet = outline.language, outline.marks.quiet
    style = style_of(stand.mark, quiet)
    inside = STATE_WIDTH - 28
    rows = rows_of(stand.title, inside, TITLE, bold=True, ink=style.ink, struck=style.struck)
    kinds = [kind for kind in ("final", "side", "resting") if getattr(stand, kind)]
    told = [words for words in (say(language, "with", stand.holder) if stand.holder else "", stand.term) if words]
    together = " · ".join(told)
    for words in [together] if told and text_width(together, SMALL) <= inside else told:
        rows += rows_of(words, inside, SMALL, ink=style.soft)
    for kind in kinds:
        rows += rows_of(say(language, kind), inside, SMALL, ink=style.soft)
    for note in stand.mark.notes if stand.mark else ():
        rows += rows_of(note, inside, SMALL, bold=True, ink=INK)
    for step in stand.stays:
        rows += step_rows(step, inside, quiet, "stay", soft=style.soft)
    height = 20 + height_of(rows) + (2 * BADGE + 8 if numbers_in(outline, stand) else 0)
    return Block(tuple(rows), STATE_WIDTH, round(height), style, stand.help)


def numbers_in(outline: Outline, stand: Stand) -> list[Way]:
    """The numbered ways that a state refers to."""
    return [way for way in outline.ways_from(stand.name) if way.number is not None]


def label_block(outline: Outline, way: Way) -> Block:
    """The steps of a way, halfway along it; with its number and where it comes from when many states refer to it."""
    quiet, language = outline.marks.quiet, outline.language
    wide = (CARD_WIDTH if way.number is not None else LABEL_WIDTH) - 20
    first = ["back"] if way.target is None else []
    rows: list[Row] = []
    for step in way.steps:
        rows += step_rows(step, wide - (26 if way.number is not None else 0), quiet, *first)
    if way.number is not None:
        named = [_signed(outline, way, source) for source in way.sources]
        rows += rows_of(say(language, "from", ", ".join(named)), wide, SMALL, ink=SOFT_INK, most=6)
    marked = [step.mark for step in way.steps if step.mark is not None]
    style = style_of(marked[0] if marked else None, quiet)
    widest = max(row.width for row in rows) + (26 if way.number is not None else 0)
    told = "\n".join(f"{step.title}: {say(language, 'by', step.by)}" for step in way.steps)
    return Block(
        tuple(rows),
        round(min(max(widest, 60), wide)) + 20,
        round(height_of(rows)) + (16 if way.number is not None else 8),
        style,
        told,
    )


def _signed(outline: Outline, way: Way, source: str) -> str:
    """The title of a state that refers to a way, with a sign when it came to do so or no longer does."""
    mark = outline.marks.of_step(way.steps[0].name, [source])
    sign = {Look.ADDED: "+\u00a0", Look.REMOVED: "−\u00a0"}.get(mark.look, "") if mark is not None else ""
    return sign + outline.state(source).title


def paint_rows(canvas: Canvas, rows: Sequence[Row], x: float, y: float, middle: bool = False) -> float:
    """Write rows from a height on, from the left or around the middle; returns the height below them."""
    for row in rows:
        line = y + row.height * 0.72
        y += row.height
        start = x - row.width / 2 if middle else x
        for sign in row.signs:
            SIGNS[sign](canvas, start + 6, line - row.size * 0.36, row.ink)
            start += SIGN_ROOM
        extra = {"font_weight": "600"} if row.bold else {}
        if row.struck:
            extra["text_decoration"] = "line-through"
        canvas.text(start + row.room, line, row.text, row.size, fill=row.ink, **extra)
    return y


def paint_badge(canvas: Canvas, x: float, y: float, number: int, style: Style, with_sign: bool = True) -> None:
    """The number of a way, in a disc; a style that stands out gives it a ring, and its sign."""
    strong = style.thick > PLAIN.thick
    fill = style.line if strong else SOFT_INK
    if strong and with_sign:
        canvas.dot(x, y, BADGE + 2.6, stroke=fill, stroke_width="1.6", fill=PAPER)
    canvas.dot(x, y, BADGE, fill=fill)
    if strong and with_sign and style.sign:
        SIGNS[style.sign](canvas, x + 8, y - 9, fill)
    canvas.text(x, y + 4, str(number), SMALL, fill=PAPER, font_weight="600", text_anchor="middle")


def paint_state(canvas: Canvas, outline: Outline, stand: Stand, block: Block) -> None:
    """A state at the place of the canvas, its upper left corner."""
    style, width, height = block.style, block.width, block.height
    dashes = {"stroke_dasharray": style.dashes} if style.dashes else {}
    border = {"fill": style.fill, "stroke": style.line, "stroke_width": f"{style.thick:g}", **dashes}
    canvas.box(0, 0, width, height, rx="8", **border)
    if stand.final:
        canvas.box(4, 4, width - 8, height - 8, rx="5", fill="none", stroke=style.line, stroke_width="1")
    if stand.side:
        canvas.box(0, 8, 6, height - 16, fill=style.line)
    y = paint_rows(canvas, block.rows, 14, 10)
    x = 14.0
    numbered = numbers_in(outline, stand)
    if numbered:
        also = say(outline.language, "also")
        canvas.text(x, y + BADGE + 8, also, SMALL, fill=style.soft)
        x += text_width(also, SMALL) + BADGE + 4
    for way in numbered:
        mark = outline.marks.of_step(way.steps[0].name, [stand.name])
        paint_badge(canvas, x, y + BADGE + 4, way.number or 0, style_of(mark, outline.marks.quiet))
        x += 2 * BADGE + 8
    if stand.mark is not None and stand.mark.look in FLAGGED:
        _paint_flag(canvas, say(outline.language, stand.mark.look.value), style, width)


def _paint_flag(canvas: Canvas, words: str, style: Style, width: float) -> None:
    sign = 14.0 if style.sign else 0.0
    wide = text_width(words, SMALL) * BOLD + 17 + sign
    left = width - wide - 10
    canvas.box(left, -10, wide, 19, rx="4", fill=style.line)
    if style.sign:
        SIGNS[style.sign](canvas, left + 10, -0.5, style.line)
    canvas.text(left + 7 + sign, 3.5, words, SMALL, fill=PAPER, font_weight="600")


def paint_label(canvas: Canvas, outline: Outline, way: Way, block: Block) -> None:
    """The steps of a way at the place of the canvas, its upper left corner."""
    style = block.style
    if way.number is None:
        plain = style in (PLAIN, QUIET)
        round_ = "10" if way.target is not None else str(round(min(block.height / 2, 14)))
        line = RULE if way.target is None else ("none" if plain else style.line)
        fill = "#f2f5f7" if plain else style.fill
        canvas.box(0, 0, block.width, block.height, rx=round_, fill=fill, stroke=line, stroke_width="1")
        paint_rows(canvas, block.rows, block.width / 2, 4, middle=True)
        return
    fill = "#f2f5f7" if style in (PLAIN, QUIET) else style.fill
    canvas.box(0, 0, block.width, block.height, rx="4", fill=fill, stroke=style.line, stroke_width="1.2")
    paint_badge(canvas, 16, 15, way.number, style, with_sign=False)
    titles = [row for row in block.rows if row.size == PLAIN_SIZE]
    paint_rows(canvas, titles, 32, 6)
    paint_rows(canvas, [row for row in block.rows if row.size != PLAIN_SIZE], 10, 8 + height_of(titles))
