"""Subjects that are found in a way of their own: what privacy officers judge without reading the case it is about."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import abort

from wijkteam.access.model import BreakGlass
from wijkteam.cases import queries as cases
from wijkteam.cases.model import HouseholdCase
from wijkteam.events.model import Event
from wijkteam.retention.model import Correction
from wijkteam.web.acting import reading
from wijkteam.web.corrections import find_correction, log_correction
from wijkteam.web.glass import readable_glass
from wijkteam.web.household import works_here


@dataclass(frozen=True)
class Way:
    """How a subject is found for a person, how their reading it is written down, and what happened to it."""

    find: Callable[[str], tuple[Any, HouseholdCase | None]]
    """The subject, and its case for who reads that too; 404 when it is not there for this person."""
    log: Callable[[Any], None]
    events: Callable[[Any], list[Event]]
    """Oldest first."""


def _glass(glass_id: str) -> tuple[BreakGlass, HouseholdCase | None]:
    shown = readable_glass(glass_id)
    return shown.glass, shown.case if shown.reads else None


def _correction(correction_id: str) -> tuple[Correction, HouseholdCase | None]:
    shown = find_correction(correction_id)
    return shown.correction, shown.within.case


WAYS = {
    BreakGlass.workflow: Way(_glass, lambda _row: None, lambda row: list(reversed(readable_glass(row.id).events))),
    Correction.workflow: Way(
        _correction,
        lambda row: log_correction(find_correction(row.id)),
        lambda row: list(reversed(find_correction(row.id).events)),
    ),
}
"""By kind; every other kind is read through the wall and nothing else."""


def case_at_home(household_id: int) -> HouseholdCase:
    """The newest case of a household on which the signed-in person works; without one the household is not there."""
    for case in cases.cases_of_household(reading(), household_id):
        if works_here(case):
            return case
    abort(404)
