"""The shape of what a file may hold: kinds of rows, their columns, and how a cell is read."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from wijkteam.engine.definition import Text


class Form(StrEnum):
    """How a cell is read."""

    LINE = "line"
    TEXT = "text"
    EMAIL = "email"
    DAY = "day"
    COMING_DAY = "coming_day"
    YES_NO = "yes_no"
    BSN = "bsn"
    CODES = "codes"


FORMS: Mapping[Form, Text] = {
    Form.LINE: Text(nl="één regel, hooguit 300 tekens", en="one line, at most 300 characters"),
    Form.TEXT: Text(nl="tekst", en="text"),
    Form.EMAIL: Text(nl="e-mailadres", en="e-mail address"),
    Form.DAY: Text(nl="dag: 31-12-2026 of 2026-12-31", en="day: 31-12-2026 or 2026-12-31"),
    Form.COMING_DAY: Text(nl="dag; een dag die voorbij is wordt vandaag", en="day; one that has passed becomes today"),
    Form.YES_NO: Text(nl="ja of nee", en="ja (yes) or nee (no)"),
    Form.BSN: Text(nl="burgerservicenummer", en="citizen service number"),
    Form.CODES: Text(nl="codes met spaties ertussen", en="codes with spaces between"),
}


@dataclass(frozen=True)
class Column:
    """One column: how it is called in a file, what stands in it, and an example."""

    key: str
    name: str
    what: Text
    example: str
    form: Form = Form.LINE
    needed: bool = False
    private: bool = False
    """Whether it tells something of a resident: then its value stands in no message."""


@dataclass(frozen=True)
class Kind:
    """One kind of rows: a sheet of a workbook, or a file of its own."""

    key: str
    sheet: str
    what: Text
    columns: tuple[Column, ...]
    by_key: Mapping[str, Column] = field(init=False, repr=False, hash=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "by_key", {each.key: each for each in self.columns})
