"""Keeping figures of areas."""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import delete, insert

from wijkteam.area_figures.model import AreaFigure
from wijkteam.area_figures.reading import Found
from wijkteam.storage.work import Work

AT_ONCE = 5_000


@dataclass(frozen=True)
class Kept:
    """What was kept, or would be: figures, of how many areas; and how many were of other municipalities."""

    figures: int
    areas: int
    elsewhere: int


def keep_figures(
    work: Work, found: Iterable[Found], measures: Iterable[str], year: int, municipalities: Iterable[str], dry: bool
) -> Kept:
    """Put the figures of our municipalities in the place of those of the same measures and year, all or nothing.

    `municipalities` are codes such as GM0363; what is of others is passed over. `dry`: only count. Running it twice
    with one file gives the same.
    """
    ours = {each[2:] for each in municipalities}
    listed = list(found)
    mine = [each for each in listed if each.code[2:6] in ours]
    if not dry:
        with work.transaction() as session:
            session.execute(delete(AreaFigure).where(AreaFigure.year == year, AreaFigure.measure.in_(tuple(measures))))
            rows = [{"code": x.code, "year": year, "measure": x.measure, "value": x.value} for x in mine]
            for first in range(0, len(rows), AT_ONCE):
                session.execute(insert(AreaFigure), rows[first : first + AT_ONCE])
    return Kept(len(mine), len({each.code for each in mine}), len(listed) - len(mine))
