"""What figures say of an area, to stand beside what people say of it."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from wijkteam.area_figures.model import AreaFigure


@dataclass(frozen=True)
class Beside:
    """One figure of an area, of the newest year that has it, with the same of the areas that it lies in.

    `around` holds the wijk (for a buurt) and the municipality, by code; what is not known is left out. To be told as
    what it is: a figure of all who live there, which says nothing of one household.
    """

    measure: str
    year: int
    value: float
    around: dict[str, float]


def above(code: str) -> tuple[str, ...]:
    """The areas that an area lies in, smallest first, by how CBS builds codes: BU03630101, WK036301, GM0363."""
    if code.startswith("BU"):
        return f"WK{code[2:8]}", f"GM{code[2:6]}"
    return (f"GM{code[2:6]}",) if code.startswith("WK") else ()


def beside(session: Session, code: str, until: int | None = None) -> list[Beside]:
    """Every figure that there is of an area, by measure; `until`: none of a later year."""
    codes = (code, *above(code))
    rows = select(AreaFigure).where(AreaFigure.code.in_(codes))
    if until is not None:
        rows = rows.where(AreaFigure.year <= until)
    values = {(each.measure, each.year, each.code): each.value for each in session.scalars(rows)}
    newest: dict[str, int] = {}
    for measure, year, of in values:
        if of == code:
            newest[measure] = max(year, newest.get(measure, year))
    return [
        Beside(
            measure,
            year,
            values[measure, year, code],
            {each: values[measure, year, each] for each in codes[1:] if (measure, year, each) in values},
        )
        for measure, year in sorted(newest.items())
    ]


def years(session: Session) -> list[int]:
    """The years of which there are figures, newest first."""
    return list(session.scalars(select(AreaFigure.year).distinct().order_by(AreaFigure.year.desc())))


def of_year(session: Session, year: int, code: str | None = None) -> list[AreaFigure]:
    """Every figure of one year, of one area where that is asked: by area."""
    rows = select(AreaFigure).where(AreaFigure.year == year).order_by(AreaFigure.code, AreaFigure.measure)
    if code is not None:
        rows = rows.where(AreaFigure.code == code)
    return list(session.scalars(rows))
