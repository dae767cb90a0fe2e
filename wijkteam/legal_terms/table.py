"""The table of legal terms as a municipality keeps it: dated rows with law and source, and what lateness costs."""

from collections.abc import Iterable, Iterator
from datetime import date
from itertools import groupby
from typing import Literal

from pydantic import Field, StrictBool, StrictInt, model_validator

from wijkteam.engine.definition import Name, Part, Text
from wijkteam.engine.ladder import CodeList
from wijkteam.terms import clock as the_clock
from wijkteam.terms.duration import WrongTerm
from wijkteam.terms.statutory import DayRule
from wijkteam.terms.term import Clock, Term

LIST = "legal_matters"
REASONS = "suspension_reasons"


class Dated(Part):
    """A fact that holds from a day on, with the law that says so and where that was read."""

    law: str = Field(min_length=1)
    source: str | None = Field(default=None, min_length=1)
    """Where it was read."""
    verified: StrictBool
    """Whether it was read there; else it is from memory and has to be checked."""
    doubt: Text | None = None
    """What of it is not certain."""
    valid_from: date
    valid_until: date | None = None

    @model_validator(mode="after")
    def _lasts(self) -> "Dated":
        if self.verified and (self.source is None or self.doubt is not None):
            raise ValueError("what is verified has a source and no doubt")
        if self.valid_until is not None and self.valid_until < self.valid_from:
            raise ValueError("valid_until lies before valid_from")
        return self

    def holds_on(self, day: date) -> bool:
        """Whether it is in force on that day."""
        return self.valid_from <= day and (self.valid_until is None or day <= self.valid_until)


class ExtensionRule(Part):
    """By how much a term may be extended, and how often; who waits for it is told before it ends."""

    law: str = Field(min_length=1)
    times: StrictInt = Field(default=1, ge=1, le=10)
    by: str | None = None
    """ISO 8601; left out: the law names no length, so the municipality names the new last day."""

    @model_validator(mode="after")
    def _can_be_counted(self) -> "ExtensionRule":
        if self.by is not None:
            Term(self.by, Clock.STATUTORY)
        return self


class LegalMatter(Dated):
    """One row: what has to be done, within which time, from which day."""

    code: Name
    title: Text
    begins: Text
    """From which day it counts, in words."""
    within: str | None = None
    clock: Clock = Clock.STATUTORY
    days: DayRule = DayRule.NONE
    whose: Literal["municipality", "resident"] = "municipality"
    """Who has to act in time. A resident's term is a right: it runs out, and nobody is late."""
    suspension: list[Name] = []
    suspension_law: str | None = None
    extension: ExtensionRule | None = None
    penalty: StrictBool = False
    """Whether each day in default can cost a penalty (Awb 4:17)."""
    when_passed: Text | None = None
    """What follows when it has passed."""
    note: Text | None = None
    kept_by: Name | None = None
    """The workflow that keeps this term itself: it is not started by hand in a case. Left out: it is."""

    @model_validator(mode="after")
    def _can_be_counted(self) -> "LegalMatter":
        if self.within is None:
            if self.suspension or self.extension:
                raise ValueError("a row without within cannot be suspended or extended")
            return self
        try:
            Term(self.within, self.clock)
        except WrongTerm as error:
            raise ValueError(str(error)) from error
        if self.clock is Clock.STATUTORY and "days" not in self.model_fields_set:
            raise ValueError("say what moves its end: days: act, eu or none")
        if self.clock is not Clock.STATUTORY and (self.days is not DayRule.NONE or self.extension):
            raise ValueError("days and extension belong to terms on the statutory clock")
        if self.clock is Clock.ELAPSED and self.suspension:
            raise ValueError("a term in plain time cannot be suspended")
        return self


class PenaltyStep(Part):
    """So many days at the same amount."""

    days: StrictInt = Field(ge=1, le=366)
    euros: StrictInt = Field(ge=0, le=10_000)


class Penalty(Dated):
    """What each day in default costs (Awb 4:17(2))."""

    steps: list[PenaltyStep] = Field(min_length=1)

    def cents(self, days: int) -> int:
        """What so many days cost together, in euro cents; days after the last step cost nothing more."""
        total = 0
        for step in self.steps:
            counted = min(max(days, 0), step.days)
            total += counted * step.euros * 100
            days -= counted
        return total

    @property
    def most_days(self) -> int:
        """After how many days it grows no further."""
        return sum(step.days for step in self.steps)


class LegalTable(Part):
    """All rows; of each matter at most one holds on any day."""

    warn_working_days: StrictInt = Field(default=5, ge=0, le=60)
    """How many working days before its end the owner of a case is warned of a term."""
    legal_terms: list[LegalMatter] = Field(min_length=1)
    penalties: list[Penalty] = []

    @model_validator(mode="after")
    def _one_at_a_time(self) -> "LegalTable":
        for code, rows in groupby(sorted(self.legal_terms, key=lambda row: row.code), lambda row: row.code):
            _check_apart(code, rows)
        _check_apart("penalties", self.penalties)
        return self

    def matter(self, code: str, on: date) -> LegalMatter | None:
        """The row of a matter that holds on a day; None when none does."""
        return next((row for row in self.legal_terms if row.code == code and row.holds_on(on)), None)

    def in_force(self, on: date) -> list[LegalMatter]:
        """Every row that holds on a day, in the order of the table."""
        return [row for row in self.legal_terms if row.holds_on(on)]

    def penalty(self, on: date) -> Penalty | None:
        """What a day in default costs by the rules of that day."""
        return next((row for row in self.penalties if row.holds_on(on)), None)

    def startable(self) -> list[LegalMatter]:
        """The rows with a length that hold today, but for those that a workflow of its own keeps."""
        rows = self.in_force(the_clock.today())
        return [row for row in rows if row.within is not None and row.kept_by is None]

    def as_list(self) -> CodeList:
        """The matters that have a length, as a list to choose from; of each the newest title."""
        rows = sorted((row for row in self.legal_terms if row.within), key=lambda row: row.valid_from)
        titles = {row.code: row.title for row in rows}
        order = dict.fromkeys(row.code for row in self.legal_terms if row.code in titles)
        return CodeList(
            list=LIST,
            title=Text(nl="Wettelijke termijnen", en="Legal terms"),
            items={code: titles[code] for code in order},
        )


def _check_apart(what: str, rows: Iterable[Dated]) -> None:
    ordered = sorted(rows, key=lambda row: row.valid_from)
    for before, after in zip(ordered, ordered[1:], strict=False):
        if before.valid_until is None or before.valid_until >= after.valid_from:
            raise ValueError(
                f"two rows of {what} hold on {after.valid_from}; end the first with valid_until on the day before"
            )


def unknown_reasons(table: LegalTable, reasons: CodeList) -> Iterator[tuple[int, str]]:
    """Reasons for suspension that a row names and the list does not have: number of the row, and the reason."""
    for number, row in enumerate(table.legal_terms):
        yield from ((number, reason) for reason in row.suspension if reason not in reasons.items)
