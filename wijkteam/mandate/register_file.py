"""A mandate register in a file: the same rows as in the database, for people to read and write."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field

from wijkteam.engine.definition import Name, Part, Text
from wijkteam.mandate.service import NewMandate


def _as_written(value: object) -> object:
    return date.fromisoformat(value) if isinstance(value, str) else value


Day = Annotated[date, BeforeValidator(_as_written)]
Euros = Annotated[Decimal, Field(gt=0, le=Decimal(10**10), decimal_places=2)]


class MandateEntry(Part):
    """One mandate; amounts in euros, left out means no limit of that sort."""

    number: str = Field(min_length=1, max_length=40)
    kind: Literal["mandaat", "volmacht", "machtiging"] = "mandaat"
    power: Name
    legal_ground: str = Field(min_length=1, max_length=200)
    body: str = Field(default="college van burgemeester en wethouders", min_length=1, max_length=60)
    function: Name
    per_decision: Euros | None = None
    per_household: Euros | None = None
    """For all decisions of one calendar year about one household together."""
    colleagues_needed: int = Field(default=0, ge=0, le=20)
    quorum_within: str | None = None
    second_pair_above: Euros | None = None
    reserved: list[Name] = []
    may_pass_on: bool = False
    pass_on_to: Name | None = None
    civil_servant_only: bool = False
    conditions: str | None = None
    publication: str | None = None
    valid_from: Day | None = None
    valid_until: Day | None = None

    def as_new(self) -> NewMandate:
        """The entry as a row to put in the register."""
        return NewMandate(
            number=self.number,
            power=self.power,
            function=self.function,
            kind=self.kind,
            legal_ground=self.legal_ground,
            body=self.body,
            ceiling_per_decision=_cents(self.per_decision),
            ceiling_per_household=_cents(self.per_household),
            colleagues_needed=self.colleagues_needed,
            quorum_within=self.quorum_within,
            second_pair_above=_cents(self.second_pair_above),
            reserved=",".join(self.reserved),
            may_pass_on=self.may_pass_on,
            pass_on_to=self.pass_on_to,
            civil_servant_only=self.civil_servant_only,
            conditions=self.conditions,
            publication=self.publication,
            valid_from=self.valid_from,
            valid_until=self.valid_until,
        )


def _cents(euros: Decimal | None) -> int | None:
    return None if euros is None else int(euros * 100)


class RegisterFile(Part):
    """A whole register."""

    name: Name = Field(alias="register")
    title: Text
    mandates: list[MandateEntry] = Field(min_length=1)

    def functions_with(self) -> Mapping[str, frozenset[str]]:
        """For each power, the functions that hold a mandate for it."""
        found: dict[str, set[str]] = {}
        for each in self.mandates:
            found.setdefault(each.power, set()).add(each.function)
        return {power: frozenset(functions) for power, functions in found.items()}
