"""The table of retention as a municipality keeps it: dated rows with law and source."""

from collections.abc import Iterator
from datetime import date
from enum import StrEnum
from itertools import groupby

from pydantic import Field, StrictBool, model_validator

from wijkteam.engine.definition import Name, Names, Part, Text
from wijkteam.engine.findings import KeyPath
from wijkteam.legal_terms.table import Dated
from wijkteam.terms.duration import WrongTerm, read_duration

FILE = "retention.yaml"
FOLDER = "access"


class Keeps(StrEnum):
    """Which records a row is about."""

    CASE = "case"
    SIGNAL = "signal"
    READING = "reading"
    DATA_REQUEST = "data_request"


class CountedFrom(StrEnum):
    """What a term of retention counts from."""

    CREATION = "creation"
    """The day on which the youngest datum came in or was made."""
    LAST_CHANGE = "last_change"
    CLOSING = "closing"


class KeepingRule(Dated):
    """One row: which records are kept how long, and from which day that counts."""

    code: Name
    title: Text
    keeps: Keeps
    law_of: Name | None = None
    """The law that a file has to fall under; left out: every record of this kind."""
    instead: StrictBool = False
    """Whether it stands in the place of the other rows of its law, for an application withdrawn before a decision."""
    within: str
    from_: CountedFrom = Field(alias="from")

    @model_validator(mode="after")
    def _can_be_counted(self) -> "KeepingRule":
        try:
            duration = read_duration(self.within)
        except WrongTerm as error:
            raise ValueError(str(error)) from error
        if duration.in_hours:
            raise ValueError("retention is counted in days, weeks, months or years")
        if self.instead and self.law_of is None:
            raise ValueError("instead belongs to a row with law_of")
        if self.law_of is not None and self.keeps is not Keeps.CASE:
            raise ValueError("law_of belongs to rows that keep a case")
        return self


class RetentionTable(Part):
    """All rows, and what brings a file under which law."""

    default_law: Name
    drawn_up_by: Names = Field(min_length=1)
    """Functions that draw up a list of what is to be destroyed."""
    signed_by: Names = Field(min_length=1)
    """Functions that sign it; never the person who drew it up."""
    laws: dict[Name, Text] = Field(min_length=1)
    laws_of_powers: dict[Name, Name] = {}
    laws_of_matters: dict[Name, Name] = {}
    laws_of_domains: dict[Name, Name] = {}
    applications: Names = []
    """Legal terms of an application; a file that was nothing but one of them has a row of its own when withdrawn."""
    reasons: dict[Name, Text] = Field(min_length=1)
    rules: list[KeepingRule] = Field(min_length=1)

    @model_validator(mode="after")
    def _hangs_together(self) -> "RetentionTable":
        named = {self.default_law, *self.laws_of_powers.values(), *self.laws_of_matters.values()}
        named |= {*self.laws_of_domains.values(), *(row.law_of for row in self.rules if row.law_of)}
        unknown = sorted(named - self.laws.keys())
        if unknown:
            raise ValueError(f"there is no law '{unknown[0]}' among laws")
        last = {law for law in self.laws if self._is_endless(law)}
        missing = sorted(self.laws.keys() - last)
        if missing:
            raise ValueError(f"no row without valid_until says how long a file of '{missing[0]}' is kept")
        self._check_apart()
        return self

    def _is_endless(self, law: str) -> bool:
        mine = [row for row in self.rules if row.law_of == law and not row.instead]
        return any(row.valid_until is None for row in mine)

    def _check_apart(self) -> None:
        def about(row: KeepingRule) -> tuple[str, str, bool]:
            return (row.keeps.value, row.law_of or "", row.instead)

        for what, rows in groupby(sorted(self.rules, key=lambda row: (about(row), row.valid_from)), about):
            before: KeepingRule | None = None
            for row in rows:
                if before is not None and (before.valid_until is None or before.valid_until >= row.valid_from):
                    about_what = " ".join(str(each) for each in what[:2] if each)
                    raise ValueError(f"two rows about {about_what} hold on {row.valid_from}; end the first before it")
                before = row

    def in_force(self, on: date, keeps: Keeps) -> list[KeepingRule]:
        """The rows about one kind of record that hold on a day."""
        return [row for row in self.rules if row.keeps is keeps and row.holds_on(on)]

    def rule(self, code: str) -> KeepingRule | None:
        """The newest row of that code."""
        return next((row for row in reversed(self.rules) if row.code == code), None)


def unknown_names(
    table: RetentionTable,
    powers: frozenset[str],
    matters: frozenset[str],
    domains: frozenset[str],
    functions: frozenset[str],
) -> Iterator[tuple[KeyPath, str]]:
    """Names in the table that the other lists do not have: where they stand, and what is wrong."""
    for key, known, what in (
        ("laws_of_powers", powers, "power"),
        ("laws_of_matters", matters, "legal term"),
        ("laws_of_domains", domains, "life domain"),
    ):
        yield from (((key, name), f"there is no {what} '{name}'") for name in getattr(table, key) if name not in known)
    yield from (
        (("applications", number), f"there is no legal term '{name}'")
        for number, name in enumerate(table.applications)
        if name not in matters
    )
    for key in ("drawn_up_by", "signed_by"):
        yield from (
            ((key, number), f"there is no function '{name}'")
            for number, name in enumerate(getattr(table, key))
            if name not in functions
        )
