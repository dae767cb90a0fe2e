"""Which columns of a file are which figures: the mapping file."""

from typing import Literal

from pydantic import Field

from wijkteam.engine.definition import Name, Part, Text

SHIPPED = "cbs_wijken_en_buurten"
"""The mapping of which figures stand in the report."""
Unit = Literal["count", "percent", "euros", "thousand_euros", "per_thousand", "ratio"]


class Measure(Part):
    """A figure: how it is called, in which unit it stands, and under which columns it is found."""

    title: Text
    unit: Unit
    columns: list[str] = Field(min_length=1)
    """Names that the column has had over the years; the first one that a file has is read."""


class AreaFiguresMapping(Part):
    """How a file of figures is read."""

    figures: Name
    title: Text
    source: str
    code: list[str] = Field(min_length=1)
    """Names that the column with the CBS code has had."""
    missing: list[str] = ["", "."]
    """What stands where a figure is not known or is kept secret."""
    measures: dict[Name, Measure] = Field(min_length=1)
    beside: list[Name] = []
    """Which of them stand in the report, in this order; left out, all of them."""
