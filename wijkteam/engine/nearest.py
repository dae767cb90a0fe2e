"""Suggesting what was meant."""

from collections.abc import Iterable
from difflib import get_close_matches

LONGEST_COMPARED = 60
MOST_NAMED = 30


def one_of(name: str, names: Iterable[str], otherwise: str = "") -> str:
    """What would be right in place of a name: the nearest known one, or all that are known."""
    known = sorted(names)
    near = get_close_matches(name[:LONGEST_COMPARED], known, 1, 0.6)
    if near:
        return f"did you mean '{near[0]}'?"
    more = ", …" if len(known) > MOST_NAMED else ""
    return otherwise or f"known are: {', '.join(known[:MOST_NAMED]) or 'none'}{more}"
