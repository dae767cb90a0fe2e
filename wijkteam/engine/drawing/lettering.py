"""How wide text will be, and breaking it into lines, without knowing the reader's font."""

import re
from functools import lru_cache

NARROW, WIDE = frozenset("iljtfrI.,:;'|()[]! "), frozenset("mwMWQ@%&—…")
NO_BREAK = "\u00a0"
A_NUMBER_AND = re.compile(r"(\d) (?=\w)")
"""A number stays on one line with the word after it."""
LETTER, THIN, THICK, CAPITAL = 0.58, 0.36, 0.9, 0.7


@lru_cache(20_000)
def text_width(text: str, size: float) -> float:
    """About how many units wide a text is at a font size, on the safe side for common fonts."""
    return size * sum(
        THIN if sign in NARROW else THICK if sign in WIDE else CAPITAL if sign.isupper() else LETTER for sign in text
    )


def broken(text: str, size: float, width: float, most: int = 3) -> list[str]:
    """The text in lines that fit the width, at most so many; what does not fit ends in an ellipsis."""
    lines: list[str] = []
    for word in A_NUMBER_AND.sub(rf"\1{NO_BREAK}", text).split(" "):
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and text_width(longer, size) <= width:
            lines[-1] = longer
        else:
            lines.append(word)
    shown = lines[:most]
    if len(lines) > most:
        shown[-1] += " …"
    return [_clipped(line, size, width) for line in shown] or [""]


def _clipped(line: str, size: float, width: float) -> str:
    if text_width(line, size) <= width:
        return line
    while line and text_width(f"{line}…", size) > width:
        line = line[:-1].rstrip(" …")
    return f"{line}…"
