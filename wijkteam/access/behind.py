"""What stands behind a structural escalation, in figures: told so that no household can be seen in them."""

from collections.abc import Iterable
from dataclasses import dataclass
from statistics import median

from sqlalchemy.orm import Session

from wijkteam.access.grounds import Grounds
from wijkteam.cases import queries as cases
from wijkteam.cases.model import HouseholdCase
from wijkteam.escalation.model import Escalation
from wijkteam.escalation.structural import PATTERN_OVER
from wijkteam.escalation.structural_queries import escalations_behind, escalations_with
from wijkteam.people.acting import ActingPerson
from wijkteam.terms import clock

FEWEST = 5
"""Fewer households than this are not told of in numbers to who may not read all of them."""


@dataclass(frozen=True)
class FiguresBehind:
    """How many households in how many wijken, and how long they wait or waited; None is: fewer than five."""

    households: int | None
    wijken: int | None
    median_days: int | None
    longest_days: int | None


@dataclass(frozen=True)
class Pattern:
    """The escalations with one barrier in the last year: those a person may read, and how many more households."""

    readable: list[Escalation]
    others: int | None
    """Households that are not among those; None is: fewer than five."""


def told_count(count: int) -> int | None:
    """A number of households for who may not read them: None for fewer than five."""
    return count if count >= FEWEST else None


def figures_behind(session: Session, grounds: Grounds, person: ActingPerson, structural_id: str) -> FiguresBehind:
    """The figures of what stands behind it; exact for who may read all of it, withheld below five households."""
    behind = escalations_behind(session, structural_id)
    found = cases.cases(session, {each.case_id for each in behind})
    homes = {case.household_id for case in found.values()}
    reads_all = all(grounds.full_ground(session, person, case) is not None for case in found.values())
    if len(homes) < FEWEST and not reads_all:
        return FiguresBehind(None, None, None, None)
    days = [((each.ended_at or clock.now()) - each.opened_at).days for each in behind]
    return FiguresBehind(
        len(homes), _wijken(session, found.values()), round(median(days)) if days else 0, max(days, default=0)
    )


def _wijken(session: Session, found: Iterable[HouseholdCase]) -> int:
    homes = cases.households(session, {case.household_id for case in found})
    codes = {home.buurt_code for home in homes.values() if home.buurt_code is not None}
    return len({buurt.wijk_code for code in codes if (buurt := cases.buurt(session, code)) is not None})


def pattern(session: Session, grounds: Grounds, person: ActingPerson, barrier: str) -> Pattern:
    """What can stand behind a structural escalation about this barrier, for this person to choose from."""
    alike = escalations_with(session, barrier, clock.now() - PATTERN_OVER)
    found = cases.cases(session, {each.case_id for each in alike})
    mine = {number for number, case in found.items() if grounds.full_ground(session, person, case) is not None}
    homes = {found[number].household_id for number in mine}
    others = {case.household_id for case in found.values()} - homes
    return Pattern([each for each in alike if each.case_id in mine], told_count(len(others)))
