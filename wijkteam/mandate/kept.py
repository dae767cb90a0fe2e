"""The register as people keep it: its rows with their history, what stands above and below each. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from functools import cached_property

from wijkteam.mandate.register_file import MandateEntry
from wijkteam.terms import clock

REPLACED = "Vervangen"
"""Why a row was revoked on the day on which its replacement began."""
LAST_DAY = date.max
ONE_DAY = timedelta(days=1)


class RowState(StrEnum):
    """How a row stands at a moment."""

    IN_FORCE = "in_force"
    TO_COME = "to_come"
    ENDED = "ended"
    REVOKED = "revoked"
    REPLACED = "replaced"
    NOTHING_ABOVE = "nothing_above"
    """The row above it no longer holds, and so this one does not either (Awb 10:8, 10:9)."""


@dataclass(frozen=True)
class KeptRow:
    """One general row as it stands in the register. Mandates for one case are no part of what is published."""

    id: int
    entry: MandateEntry
    under_id: int | None = None
    revoked_at: datetime | None = None
    revoked_why: str | None = None

    @property
    def number(self) -> str:
        """Its number."""
        return self.entry.number

    @property
    def first_day(self) -> date:
        """From which day on it holds."""
        return self.entry.valid_from or date.min

    @property
    def last_day(self) -> date:
        """The last whole day on which it holds, the end of time when there is none; before the first day: never."""
        planned = self.entry.valid_until or LAST_DAY
        if self.revoked_at is None:
            return planned
        return min(planned, clock.local(self.revoked_at).date() - ONE_DAY)

    def holds_on(self, day: date) -> bool:
        """Whether it holds all through this day, whatever stands above it."""
        return self.first_day <= day <= self.last_day

    def holds_at(self, moment: datetime) -> bool:
        """Whether it holds at this moment, whatever stands above it."""
        day = clock.local(moment).date()
        in_period = self.first_day <= day <= (self.entry.valid_until or LAST_DAY)
        return in_period and (self.revoked_at is None or moment < self.revoked_at)


class KeptRegister:
    """All general rows, also those that ended and those to come."""

    def __init__(self, rows: Iterable[KeptRow]) -> None:
        self.rows = sorted(rows, key=lambda row: (sort_key(row.number), row.first_day, row.id))

    @cached_property
    def by_id(self) -> dict[int, KeptRow]:
        """Each row by its id."""
        return {row.id: row for row in self.rows}

    @cached_property
    def _by_number(self) -> dict[str, list[KeptRow]]:
        found: dict[str, list[KeptRow]] = {}
        for row in self.rows:
            found.setdefault(row.number, []).append(row)
        return found

    @cached_property
    def _below(self) -> dict[int, list[KeptRow]]:
        found: dict[int, list[KeptRow]] = {}
        for row in self.rows:
            if row.under_id is not None:
                found.setdefault(row.under_id, []).append(row)
        return found

    def numbered(self, number: str) -> list[KeptRow]:
        """Every row that has or had this number, oldest first."""
        return self._by_number.get(number, [])

    def on(self, number: str, day: date) -> KeptRow | None:
        """The row with this number that holds on this day."""
        return next((row for row in self.numbered(number) if row.holds_on(day)), None)

    def below(self, row: KeptRow) -> list[KeptRow]:
        """The rows that were given under this one."""
        return self._below.get(row.id, [])

    def chain(self, row: KeptRow) -> list[KeptRow]:
        """The row, the one above it, and so on up to the one that the body itself gave."""
        found = [row]
        while (above := self.by_id.get(found[-1].under_id or 0)) is not None and above not in found:
            found.append(above)
        return found

    def standing(self, row: KeptRow, moment: datetime) -> RowState:
        """How the row stands at a moment, with all that stands above it."""
        if row.revoked_at is not None and row.revoked_at <= moment:
            return RowState.REPLACED if row.revoked_why == REPLACED else RowState.REVOKED
        day = clock.local(moment).date()
        if day > (row.entry.valid_until or LAST_DAY):
            followed = any(each.first_day == row.last_day + ONE_DAY for each in self.numbered(row.number))
            return RowState.REPLACED if followed else RowState.ENDED
        if day < row.first_day or moment < self._took_over_at(row, moment):
            return RowState.TO_COME
        if all(each.holds_at(moment) for each in self.chain(row)[1:]):
            return RowState.IN_FORCE
        return RowState.NOTHING_ABOVE

    def _took_over_at(self, row: KeptRow, otherwise: datetime) -> datetime:
        """When a row took the place of another in the course of its first day; `otherwise` when it did not."""
        moments = (each.revoked_at for each in self.numbered(row.number) if each.id != row.id)
        return max((at for at in moments if at and clock.local(at).date() == row.first_day), default=otherwise)

    def in_force(self, moment: datetime) -> list[KeptRow]:
        """The rows that hold at a moment, by number."""
        return [row for row in self.rows if self.standing(row, moment) is RowState.IN_FORCE]


def sort_key(number: str) -> list[tuple[int, int | str]]:
    """Numbers as people order them: M-2 before M-10."""
    parts: list[str] = []
    for sign in number:
        if parts and parts[-1][-1].isdigit() == sign.isdigit():
            parts[-1] += sign
        else:
            parts.append(sign)
    return [(0, int(part)) if part.isdigit() else (1, part.lower()) for part in parts]
