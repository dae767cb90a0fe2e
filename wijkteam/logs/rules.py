"""How the log of readings is told and searched: as given, by whom the source tells."""

from typing import Annotated, Literal

from pydantic import Field

from wijkteam.engine.definition import Part
from wijkteam.mandate.register_file import Day

FILE = "reading_log.yaml"


class ReadingRules(Part):
    """What a municipality chose on telling and on what is unusual."""

    log: Literal["reading"]
    names: Literal["person", "function"]
    """What residents are told: who by name and function, or by function only."""
    source: str = Field(min_length=1, max_length=300)
    as_of: Day
    many_households: Annotated[int, Field(ge=1, le=10_000)]
    """More than this, read by one person within an hour, are unusual."""
