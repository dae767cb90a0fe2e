"""One row of the mandate register as rules need it, and how it reads in words. Pure."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from babel.numbers import format_currency

from wijkteam.terms.words import Language

SIGNING = "ondertekening"
"""The kind of mandate by which somebody signs what the body itself decided (Awb 10:11)."""


@dataclass(frozen=True, kw_only=True)
class RegisterRow:
    """One mandate; amounts in cents, None is no limit. Its fields are those of the stored `Mandate`."""

    id: int
    number: str
    power: str
    function: str
    valid_from: date
    kind: str = "mandaat"
    legal_ground: str = ""
    body: str = "college van burgemeester en wethouders"
    given_under: int | None = None
    may_pass_on: bool = False
    pass_on_to: str | None = None
    ceiling_per_decision: int | None = None
    ceiling_per_household: int | None = None
    ceiling_per_year: int | None = None
    longest_duration: str | None = None
    second_pair_above: int | None = None
    colleagues_needed: int = 0
    quorum_within: str | None = None
    reserved: str = ""
    civil_servant_only: bool = False
    team_id: int | None = None
    wijk_code: str | None = None
    case_id: str | None = None
    person_id: int | None = None
    valid_until: date | None = None
    revoked_at: datetime | None = None

    def in_force(self, day: date) -> bool:
        """Whether the day lies in the period of the row, both ends included; revocation is not looked at."""
        return self.valid_from <= day and (self.valid_until is None or day <= self.valid_until)

    def stands_at(self, moment: datetime, day: date) -> bool:
        """Whether the row itself holds at a moment (on that Dutch day): revoked only from then on (Awb 10:8)."""
        return self.in_force(day) and (self.revoked_at is None or moment < self.revoked_at)

    def reserved_codes(self) -> frozenset[str]:
        """Codes of what the giver keeps to itself."""
        return frozenset(filter(None, (code.strip() for code in self.reserved.split(","))))

    def text(self) -> str:
        """The row in one line, to be kept with each decision taken under it."""
        parts = (self.number, self.kind, self.power, self.legal_ground, self.body, self.function, *self._limits())
        return " · ".join(part for part in parts if part)

    def _limits(self) -> list[str]:
        ceilings = (
            (self.ceiling_per_decision, "per besluit {}"),
            (self.ceiling_per_household, "per huishouden per jaar {}"),
            (self.ceiling_per_year, "per team per jaar {}"),
        )
        written = ", ".join(words.format(euros(limit)) for limit, words in ceilings if limit is not None)
        others = (
            (self.longest_duration, "ten hoogste {}"),
            (self.colleagues_needed or None, "met instemming van {} collega('s)"),
            (self.quorum_within if self.colleagues_needed else None, "binnen {}"),
            (", ".join(sorted(self.reserved_codes())) or None, "voorbehouden: {}"),
            (self.wijk_code, "alleen in {}"),
            (self.case_id, "alleen voor casus {}"),
        )
        conditions = [words.format(value) for value, words in others if value is not None]
        if self.second_pair_above is not None:
            conditions.append(f"tweede paar ogen boven {euros(self.second_pair_above)}")
        if self.civil_servant_only:
            conditions.append("alleen ambtenaren")
        return [written or "zonder plafond", *conditions]


def euros(cents: int, tongue: Language = "nl") -> str:
    """An amount in cents as people write it: € 1.250,00 in Dutch, €1,250.00 in English."""
    pattern = "¤ #,##0.00" if tongue == "nl" else None
    return format_currency(Decimal(cents) / 100, "EUR", pattern, locale=tongue)


def chain_text(chain: tuple[RegisterRow, ...]) -> str:
    """A row with those above it, from the row itself up to what the body gave: as it is kept with a decision."""
    own, *above = chain
    given = "".join(f" · gegeven onder {row.number} ({row.function})" for row in above)
    return own.text() + given
