"""Suggesting what was meant."""

from collections.abc import Iterable
from difflib import get_close_matches
from itertools import islice

LONGEST_COMPARED = 60
MOST_COMPARED = 200
MOST_NAMED = 30
FURTHEST = 4
"""Signs more or fewer that a slip of the pen can make."""


def one_of(name: str, names: Iterable[str], otherwise: str = "") -> str:
    """What would be right in place of a name: the nearest known one, or all that are known."""
    known = sorted(names)
    like = known if len(known) <= MOST_COMPARED else _of_about_this_length(name, known)
    near = get_close_matches(name[:LONGEST_COMPARED], like, 1, 0.6)
    if near:
        return f"did you mean '{near[0]}'?"
    more = ", …" if len(known) > MOST_NAMED else ""
    return otherwise or f"known are: {', '.join(known[:MOST_NAMED]) or 'none'}{more}"


def _of_about_this_length(name: str, known: list[str]) -> list[str]:
    """Of very many names those that begin alike, so that a wrong name costs no more time than among few."""
    alike = (each for each in known if each[:1] == name[:1] and abs(len(each) - len(name)) <= FURTHEST)
    return list(islice(alike, MOST_COMPARED))
