"""A mandate register in a file: the same rows as in the database, for people to read and write."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import fields
from datetime import date
from decimal import Decimal
from typing import Annotated, Any, Literal, get_args

from pydantic import AfterValidator, BeforeValidator, Field, model_validator

from wijkteam.engine.definition import Name, Part, Text
from wijkteam.engine.reading import NO_YAML, PLAIN_SIGNS, UNSEEN
from wijkteam.mandate.service import NewMandate
from wijkteam.terms.term import WrongTerm, read_duration

NUMBER = re.compile(r"[0-9A-Za-z](?:[0-9A-Za-z ._-]{0,38}[0-9A-Za-z._-])?")
"""A number can stand in an address of a page as it is. A slash is kept for mandates for one case."""
COLLEGE = "college van burgemeester en wethouders"
Kind = Literal["mandaat", "volmacht", "machtiging", "ondertekening"]
KINDS: tuple[str, ...] = get_args(Kind)


def _as_written(value: object) -> object:
    return date.fromisoformat(value) if isinstance(value, str) else value


def _words(value: object) -> object:
    """Text without space around it; empty is nothing."""
    if isinstance(value, str):
        return value.replace("\r\n", "\n").strip() or None
    return value


def _seen(text: str) -> str:
    """Text of which every sign is seen and can stand in every kind of file. Raises ValueError."""
    for sign in text:
        hidden = unicodedata.category(sign) in ("Cc", "Cs") and sign not in PLAIN_SIGNS
        if hidden or UNSEEN.match(sign) or NO_YAML.match(sign):
            raise ValueError(f"it holds the sign {sign!a}, which nobody sees")
    return text


def _a_number(text: str) -> str:
    if NUMBER.fullmatch(text) is None:
        raise ValueError("use at most 40 letters, digits, dots, dashes and underscores, such as M-03.1")
    return text


def _a_duration(text: str) -> str:
    try:
        read_duration(text)
    except WrongTerm as error:
        raise ValueError(str(error)) from error
    return text


Day = Annotated[date, BeforeValidator(_as_written)]
Euros = Annotated[Decimal, Field(gt=0, le=Decimal(10**10), decimal_places=2)]
Number = Annotated[str, BeforeValidator(_words), AfterValidator(_a_number)]
Duration = Annotated[str, BeforeValidator(_words), AfterValidator(_a_duration)]
Line = Annotated[str, BeforeValidator(_words), AfterValidator(_seen), Field(min_length=1, max_length=200)]
LongText = Annotated[str, AfterValidator(_seen), Field(max_length=4000)]
Words = Annotated[LongText | None, BeforeValidator(_words)]
"""A longer text, or none."""


def _in_order(codes: list[str]) -> list[str]:
    return sorted(set(codes))


class MandateEntry(Part):
    """One mandate; amounts in euros, left out means no limit of that sort."""

    number: Number
    kind: Kind = "mandaat"
    """mandaat, volmacht, machtiging (Awb 10:1 and 10:12) or ondertekening (Awb 10:11)."""
    power: Name
    legal_ground: Line
    body: Annotated[Line, Field(max_length=60)] = COLLEGE
    """In whose name the decision is taken (Awb 10:10)."""
    function: Name
    given_under: Number | None = None
    """Number of the row whose holder gave this sub-mandate (Awb 10:9); left out where the body itself gave it."""
    may_pass_on: bool = False
    """Whether the holder may give sub-mandate (Awb 10:9)."""
    pass_on_to: Name | None = None
    """The only function that sub-mandate may be given to; left out: any."""
    per_decision: Euros | None = None
    per_household: Euros | None = None
    """For all decisions of one calendar year about one household together."""
    per_year: Euros | None = None
    """For all decisions of one calendar year under this row by one team together."""
    longest_duration: Duration | None = None
    """How long what is decided may run, such as P6M."""
    second_pair_above: Euros | None = None
    """Above this amount a second pair of eyes is needed."""
    colleagues_needed: int = Field(default=0, ge=0, le=20)
    """How many colleagues have to agree before the decision, whatever the amount."""
    quorum_within: Duration | None = None
    """Within how long those colleagues have to agree, such as PT24H."""
    reserved: Annotated[list[Name], AfterValidator(_in_order), Field(max_length=20)] = []
    """What the giver keeps to itself, by codes of the list reserved_cases."""
    civil_servant_only: bool = False
    team: Annotated[Line, Field(max_length=120)] | None = None
    """The only team for which it holds, by name."""
    wijk: Annotated[Line, Field(max_length=8)] | None = None
    """The only wijk for which it holds, by code."""
    conditions: Words = None
    inform_duty: Words = None
    """Whom the holder informs, and when (Awb 10:6)."""
    publication: Annotated[Line, Field(max_length=200)] | None = None
    """Where it was published (Awb 3:42)."""
    valid_from: Day | None = None
    """Left out: from the day on which it takes effect."""
    valid_until: Day | None = None
    """The last day; left out: until it is ended."""

    @model_validator(mode="after")
    def _hangs_together(self) -> "MandateEntry":
        if self.valid_from and self.valid_until and self.valid_until < self.valid_from:
            raise ValueError("valid_until lies before valid_from")
        if self.pass_on_to is not None and not self.may_pass_on:
            raise ValueError("pass_on_to says to whom it may be passed on, so may_pass_on must be true")
        if self.quorum_within is not None and not self.colleagues_needed:
            raise ValueError("quorum_within is about colleagues who agree, so colleagues_needed must be above 0")
        if self.given_under == self.number:
            raise ValueError("a row cannot be given under itself")
        return self

    def columns(self) -> dict[str, Any]:
        """The entry as values of the table, but for the row above and the team, which are named in it."""
        same = self.model_dump(exclude=set(RENAMED) | {"given_under", "team", "reserved"})
        renamed = {column: getattr(self, name) for name, column in RENAMED.items()}
        cents = {name: None if (euros := renamed[name]) is None else int(euros * 100) for name in AMOUNTS}
        return {**same, **renamed, **cents, "reserved": ",".join(self.reserved)}

    def as_new(self) -> NewMandate:
        """The entry as a row to put in the register."""
        known = {each.name for each in fields(NewMandate)}
        return NewMandate(**{name: value for name, value in self.columns().items() if name in known})


RENAMED: Mapping[str, str] = {
    "per_decision": "ceiling_per_decision",
    "per_household": "ceiling_per_household",
    "per_year": "ceiling_per_year",
    "second_pair_above": "second_pair_above",
    "wijk": "wijk_code",
}
"""Fields that the table calls otherwise, or keeps in cents."""
AMOUNTS = ("ceiling_per_decision", "ceiling_per_household", "ceiling_per_year", "second_pair_above")
MONEY_FIELDS = ("per_decision", "per_household", "per_year", "second_pair_above")


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
