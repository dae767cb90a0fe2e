"""Filling a database with the fictional municipality."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

from wijkteam.assembly import House
from wijkteam.cases import queries as cases
from wijkteam.cases.geojson import read_areas
from wijkteam.cases.made_up_areas import made_up_areas
from wijkteam.cases.service import keep_areas
from wijkteam.demo.area_figures import show_figures
from wijkteam.demo.data_requests import tell_requests
from wijkteam.demo.family import show_family
from wijkteam.demo.finding import show_finding
from wijkteam.demo.grounds import show_grounds
from wijkteam.demo.seed import seed_past
from wijkteam.demo.town import found_town
from wijkteam.events.verification import count_events
from wijkteam.storage.work import Work

REAL_AREAS = Path("..") / "shared" / "data" / "amsterdam_buurten" / "buurten.geojson.gz"
Progress = Callable[[str, int], AbstractContextManager[Callable[[int], None]]]


def fill_demo(house: House, work: Work, areas: Path | None, count: int, progress: Progress) -> str:
    """Areas, people, register and a past; a database that was filled before is left as it is.

    Returns a line on which areas it stands. Raises UnreadableAreas.
    """
    line = "kept the municipality that was there"
    if cases.count_buurten(work.session) == 0:
        chosen = areas or (REAL_AREAS if REAL_AREAS.is_file() else None)
        found = made_up_areas(1) if chosen is None else read_areas(chosen)
        keep_areas(work, found, {each.wijk_code: f"Wijk {each.wijk_code[6:]}" for each in found})
        if chosen is None:
            show_figures(work, found)
        line = f"{len(found)} buurten " + (
            "made up, as no real ones are at hand" if chosen is None else f"from {chosen}"
        )
    found_town(house, work)
    if count and count_events(work.session) == 0:
        _tell(house, work, count, 1, progress)
        show_grounds(house, work)
        tell_requests(work)
        show_family(house, work)
        show_finding(house, work)
    return line


def seed_town(house: House, work: Work, count: int, seed: int, progress: Progress) -> None:
    """A past of so many cases; areas and people are made up where there are none."""
    if cases.count_buurten(work.session) == 0:
        found = made_up_areas(seed)
        keep_areas(work, found, {each.wijk_code: f"Wijk {each.wijk_code[6:]}" for each in found})
    found_town(house, work)
    _tell(house, work, count, seed, progress)


def _tell(house: House, work: Work, count: int, seed: int, progress: Progress) -> None:
    with progress("telling", count) as advance:
        seed_past(house, work, count, seed, lambda _number: advance(1))
