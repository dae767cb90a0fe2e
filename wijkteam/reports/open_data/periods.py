"""Whole periods that do not overlap: the only ones over which open data count. Pure."""

import re
from dataclasses import dataclass
from datetime import date, timedelta

MONTHS_IN = {"month": 1, "quarter": 3, "year": 12}
"""How long periods can be, in months."""
CODE = re.compile(r"(?P<year>\d{4})(?:-(?:(?P<month>\d{2})|Q(?P<quarter>[1-4])))?")


@dataclass(frozen=True, order=True)
class Period:
    """A calendar month, quarter or year; `months` is its length."""

    first: date
    months: int

    @property
    def last(self) -> date:
        """Its last day."""
        beyond = self.first.month - 1 + self.months
        return date(self.first.year + beyond // 12, beyond % 12 + 1, 1) - timedelta(days=1)

    @property
    def code(self) -> str:
        """As it stands in files: 2026-03, 2026-Q1 or 2026."""
        if self.months == MONTHS_IN["month"]:
            return f"{self.first:%Y-%m}"
        return (
            f"{self.first:%Y}" if self.months == MONTHS_IN["year"] else f"{self.first:%Y}-Q{self.first.month // 3 + 1}"
        )


def period_of(day: date, each: str) -> Period:
    """The period of a length in which a day falls. Raises KeyError for a length that is not known."""
    months = MONTHS_IN[each]
    return Period(date(day.year, (day.month - 1) // months * months + 1, 1), months)


def length_of(code: str) -> str:
    """How long a period is, from its code. Raises ValueError."""
    found = CODE.fullmatch(code)
    if found is None:
        raise ValueError(f"'{code}' is no period such as 2026-03, 2026-Q1 or 2026")
    return "month" if found["month"] else "quarter" if found["quarter"] else "year"


def finished(first: date, today: date, each: str) -> list[Period]:
    """All whole periods from the first that begins on or after a day up to the last that is over."""
    found = []
    period = period_of(first, each)
    while period.last < today:
        if period.first >= first:
            found.append(period)
        period = period_of(period.last + timedelta(days=1), each)
    return found
