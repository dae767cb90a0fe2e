"""Published figures of areas through the API, whole: the report shows of them what stands beside what is asked."""

from typing import Annotated

from flask import abort
from pydantic import Field

from wijkteam.api_access.service import REPORT
from wijkteam.area_figures import queries
from wijkteam.web.acting import house, reading
from wijkteam.web.api.bodies_as_models import Sent, Told
from wijkteam.web.api.deeds import Deed
from wijkteam.web.language import said
from wijkteam.web.report import check_reader

Code = Annotated[str, Field(max_length=10)]
Year = Annotated[int, Field(ge=1, le=9999)]


class WhichFigures(Sent):
    """Of which year, left out: the newest; and of which area by its CBS code, left out: of all."""

    year: Year | None = None
    area: Code | None = None


class MeasureTold(Told):
    """What is measured, and in which unit."""

    name: str
    title: str
    unit: str


class AreaFigureTold(Told):
    """One published figure of one area in one year."""

    area: str
    year: int
    measure: str
    value: float


class AreaFigures(Told):
    """The figures, by area; what each measure is; and the years of which there are any, newest first."""

    source: str
    years: list[int]
    measures: list[MeasureTold]
    items: list[AreaFigureTold]


def _figures(given: WhichFigures) -> AreaFigures:
    mapping = house().area_figures or abort(404)
    years = queries.years(reading())
    year = given.year or max(years, default=None)
    found = queries.of_year(reading(), year, given.area) if year is not None else []
    named = {each.measure for each in found}
    return AreaFigures(
        source=mapping.source,
        years=years,
        measures=[
            MeasureTold(name=name, title=said(measure.title), unit=measure.unit)
            for name, measure in mapping.measures.items()
            if name in named
        ],
        items=[
            AreaFigureTold(area=each.code, year=each.year, measure=each.measure, value=each.value) for each in found
        ],
    )


DEEDS = (
    Deed(
        "area_figures",
        "GET",
        "/area-figures",
        "Published figures of our areas",
        _figures,
        WhichFigures,
        AreaFigures,
        REPORT,
        first=check_reader,
    ),
)
