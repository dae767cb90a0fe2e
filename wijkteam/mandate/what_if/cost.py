"""What an approver's time is worth: given figures with their date and source."""

from decimal import ROUND_HALF_UP, Decimal
from typing import Annotated

from pydantic import Field

from wijkteam.engine.definition import Name, Part
from wijkteam.mandate.register_file import Day


class ApprovalCost(Part):
    """How long one step of an approver takes, and what an hour costs: as given, by whom the source tells."""

    figures: Name
    source: str = Field(min_length=1, max_length=300)
    as_of: Day
    minutes_per_step: Annotated[Decimal, Field(ge=0, le=10_000, decimal_places=2)]
    euros_per_hour: Annotated[Decimal, Field(ge=0, le=10_000, decimal_places=2)]

    def minutes(self, steps: int) -> Decimal:
        """How many minutes so many steps take."""
        return self.minutes_per_step * steps

    def worth(self, steps: int) -> Decimal:
        """What so many steps cost, in euros and whole cents."""
        return (self.minutes(steps) * self.euros_per_hour / 60).quantize(Decimal("0.01"), ROUND_HALF_UP)
