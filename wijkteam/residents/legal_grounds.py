"""The legal grounds on which a BSN may be recorded, as dated rows that a municipality can switch on and off."""

from datetime import date

from pydantic import Field, model_validator

from wijkteam.engine.definition import Name, Part, Text
from wijkteam.engine.ladder import CodeList
from wijkteam.legal_terms.table import Dated
from wijkteam.terms import clock

LIST = "bsn_grounds"


class BsnGround(Dated):
    """One ground: a law that makes a municipality use the number for a task."""

    code: Name
    title: Text
    purpose: Text
    """What it is used for."""


class BsnGrounds(Part):
    """All grounds; of each code at most one row holds on any day."""

    bsn_grounds: list[BsnGround] = Field(min_length=1)

    @model_validator(mode="after")
    def _one_at_a_time(self) -> "BsnGrounds":
        for number, row in enumerate(self.bsn_grounds):
            for other in self.bsn_grounds[number + 1 :]:
                if row.code == other.code and (row.holds_on(other.valid_from) or other.holds_on(row.valid_from)):
                    raise ValueError(f"two rows of {row.code} hold on one day; end the first with valid_until")
        return self

    def in_force(self, on: date | None = None) -> list[BsnGround]:
        """The grounds that hold on a day, today when left out."""
        day = on or clock.today()
        return [row for row in self.bsn_grounds if row.holds_on(day)]

    def ground(self, code: str, on: date | None = None) -> BsnGround | None:
        """The ground of that code that holds on a day; None when none does."""
        return next((row for row in self.in_force(on) if row.code == code), None)

    def as_list(self) -> CodeList:
        """Every ground that was ever known, as a list of titles."""
        return CodeList(
            list=LIST,
            title=Text(nl="Grondslagen voor het BSN", en="Legal grounds for the BSN"),
            items={row.code: row.title for row in self.bsn_grounds},
        )
