"""What marks look like. Never by colour alone: each look also has a word, a sign or a line of its own.

Letters stand out from what they are on by at least 4.5 to 1 (WCAG 2.2, 1.4.3), lines by at least 3 to 1 (1.4.11).
"""

from collections.abc import Mapping
from dataclasses import dataclass

from wijkteam.engine.drawing.canvas import INK, PAPER, RULE, SOFT_INK
from wijkteam.engine.drawing.marks import Look, Mark

ACCENT = "#0b5a7d"
FADED = "#7b8794"


@dataclass(frozen=True)
class Style:
    """How something is drawn: what it is filled with, its border or line, and the small sign before its text."""

    fill: str = PAPER
    line: str = ACCENT
    thick: float = 1.5
    ink: str = INK
    soft: str = SOFT_INK
    """For smaller letters beside the title."""
    sign: str = ""
    bold: bool = False
    struck: bool = False
    dashes: str = ""


PLAIN = Style()
QUIET = Style(line=FADED, ink=SOFT_INK, thick=1.2)
STYLES: Mapping[Look, Style] = {
    Look.HERE: Style(fill="#fff1c2", line=INK, thick=3.5, bold=True),
    Look.NEXT: Style(fill="#fff9e6", line="#8a5a00", thick=2.6, sign="next", bold=True),
    Look.BEEN: Style(fill="#e3eef3", line=ACCENT, thick=2),
    Look.TAKEN: Style(fill="#e3eef3", line=ACCENT, thick=2.4),
    Look.ADDED: Style(fill="#e4f3e6", line="#1d6b2f", thick=3, sign="plus", bold=True),
    Look.REMOVED: Style(fill="#fbe9e5", line="#a3270f", thick=2, sign="minus", struck=True, dashes="1 5"),
    Look.CHANGED: Style(fill="#fdf0d2", line="#6b4700", thick=3, sign="wave", bold=True),
    Look.WARM_0: Style(fill=PAPER, line=RULE),
    Look.WARM_1: Style(fill="#fdf1d6", line=RULE),
    Look.WARM_2: Style(soft=INK, fill="#fbdcac", line=RULE),
    Look.WARM_3: Style(soft=INK, fill="#f6bb83", line=RULE),
    Look.WARM_4: Style(soft=INK, fill="#ee9a68", line=RULE),
}
FLAGGED = (Look.HERE, Look.BEEN, Look.NEXT, Look.ADDED, Look.REMOVED, Look.CHANGED)
"""The looks that are written out on a flag at the top of a state."""


def style_of(mark: Mark | None, quiet: bool) -> Style:
    """How something with this mark, or without one, is drawn."""
    if mark is None:
        return QUIET if quiet else PLAIN
    return STYLES[mark.look]
