"""One line of the page of my work."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class Item:
    """One thing that asks this person something, that they asked, or that is about to run late."""

    kind: str
    title: str
    about: str
    link: str
    due: date | None
    also: tuple[tuple[str, str], ...] = ()
    """What can be done at once, without opening it first: where, and what that is called."""
