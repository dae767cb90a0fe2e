"""One line of the page of my work."""

from dataclasses import dataclass
from datetime import date, datetime

from wijkteam.terms import clock


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


def due_day(subject_id: str, moments: dict[str, datetime]) -> date | None:
    """On which day a subject's deadline falls here; None where it has none."""
    found = moments.get(subject_id)
    return clock.local(found).date() if found is not None else None
