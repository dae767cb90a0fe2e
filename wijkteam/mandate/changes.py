"""What a change of the register does, row by row: planned here, checked and carried out elsewhere. Pure.

A row in force is never altered. It is ended or revoked, and another takes its place under the same number.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time
from typing import Literal

from pydantic import TypeAdapter, model_validator

from wijkteam.engine.definition import Part
from wijkteam.mandate.kept import LAST_DAY, ONE_DAY, REPLACED, KeptRegister, KeptRow
from wijkteam.mandate.register_file import Day, MandateEntry, Number, Words
from wijkteam.terms import clock


class RowChange(Part):
    """One row that is added, replaced or revoked."""

    what: Literal["add", "replace", "revoke"]
    number: Number
    entry: MandateEntry | None = None
    """The row to put in the register; left out when one is revoked."""
    row: int | None = None
    """The row that this was drawn up against; left out when one is added."""
    on: Day | None = None
    """From which day on it is revoked; left out: at once."""
    why: Words = None
    """Why it is revoked."""

    @model_validator(mode="after")
    def _whole(self) -> "RowChange":
        if (self.what == "revoke") == (self.entry is not None):
            raise ValueError("a row is added, replaced or revoked")
        return self


PROPOSED = TypeAdapter(list[RowChange])


def as_text(changes: Sequence[RowChange]) -> str:
    """Changes as they are kept with a proposal."""
    return PROPOSED.dump_json(list(changes), exclude_defaults=True).decode()


def from_text(text: str) -> list[RowChange]:
    """Changes as they were kept."""
    return PROPOSED.validate_json(text)


@dataclass(frozen=True)
class PlannedRow:
    """A row that will be put in the register."""

    entry: MandateEntry
    change: RowChange | None
    """What asks for it; None for a row that goes along because the one above it is replaced."""
    instead_of: KeptRow | None = None

    @property
    def first_day(self) -> date:
        """From which day on it holds."""
        return self.entry.valid_from or date.min

    @property
    def last_day(self) -> date:
        """The last day on which it holds."""
        return self.entry.valid_until or LAST_DAY


@dataclass
class Plan:
    """Everything that a change does to the register, worked out at one moment."""

    at: datetime
    ended: dict[int, date] = field(default_factory=dict)
    """Last day by row."""
    revoked: dict[int, tuple[datetime, str]] = field(default_factory=dict)
    """Moment and reason by row."""
    added: list[PlannedRow] = field(default_factory=list)
    not_found: list[RowChange] = field(default_factory=list)
    """Changes of a row that is not there, or no longer the one that they were drawn up against."""
    out_of_step: list[tuple[RowChange, str]] = field(default_factory=list)
    """Changes on another day than that of the row above, and that row's number."""

    @property
    def today(self) -> date:
        """The day on which it takes effect."""
        return clock.local(self.at).date()

    def row_after(self, row: KeptRow) -> KeptRow:
        """A row that is there now, as it will be."""
        if row.id in self.ended:
            row = replace(row, entry=row.entry.model_copy(update={"valid_until": self.ended[row.id]}))
        if row.id in self.revoked:
            moment, why = self.revoked[row.id]
            row = replace(row, revoked_at=moment, revoked_why=why)
        return row


def start_of(day: date) -> datetime:
    """The first moment of a Dutch calendar day, in UTC."""
    return datetime.combine(day, time(), tzinfo=clock.NETHERLANDS).astimezone(UTC)


def plan(changes: Iterable[RowChange], register: KeptRegister, at: datetime) -> Plan:
    """What these changes do to the register when they take effect at this moment."""
    planned = Plan(at)
    asked = {change.number: change for change in changes}
    for change in asked.values():
        if change.what == "add" and change.entry is not None:
            planned.added.append(PlannedRow(_dated(change.entry, planned.today), change))
        elif change.what == "replace" and change.entry is not None:
            _replace(planned, register, change, change.entry, asked)
        else:
            _revoke(planned, register, change)
    return planned


def day_of(change: RowChange, today: date) -> date:
    """The day on which a change takes effect."""
    return (change.entry.valid_from if change.entry else change.on) or today


def _dated(entry: MandateEntry, day: date) -> MandateEntry:
    return entry if entry.valid_from else entry.model_copy(update={"valid_from": day})


def _replace(
    planned: Plan, register: KeptRegister, change: RowChange, entry: MandateEntry, asked: dict[str, RowChange]
) -> None:
    new = _dated(entry, planned.today)
    row = _target(register, change, new.valid_from or planned.today)
    if row is None:
        planned.not_found.append(change)
        return
    planned.added.append(PlannedRow(new, change, row))
    _end(planned, row, new.valid_from or planned.today)
    _carry_along(planned, register, row, new, asked)


def _target(register: KeptRegister, change: RowChange, day: date) -> KeptRow | None:
    """The row that holds on the day, or the next one; None when it is no longer the one that was looked at."""
    there = [row for row in register.numbered(change.number) if row.last_day >= max(day, row.first_day)]
    row = there[0] if there else None
    return row if row is not None and change.row in (None, row.id) else None


def _end(planned: Plan, row: KeptRow, day: date) -> None:
    """Let a row give way to another one from this day on; on this very day, from this moment on."""
    if row.first_day >= day or day == planned.today:
        planned.revoked[row.id] = (planned.at, REPLACED)
    else:
        planned.ended[row.id] = day - ONE_DAY


def _carry_along(
    planned: Plan, register: KeptRegister, above: KeptRow, new: MandateEntry, asked: dict[str, RowChange]
) -> None:
    """Rows under a replaced one hang under its replacement from then on, as they are."""
    first, last = new.valid_from or planned.today, new.valid_until
    for row in register.below(above):
        if row.last_day < max(first, row.first_day):
            continue
        change = asked.get(row.number)
        if change is not None:
            day = day_of(change, planned.today)
            if day > first or (day < first and change.what == "replace"):
                planned.out_of_step.append((change, above.number))
            continue
        begins, until = max(first, row.first_day), min(row.last_day, last or LAST_DAY)
        period = {"valid_from": begins, "valid_until": None if until == LAST_DAY else until}
        entry = row.entry.model_copy(update={**period, "given_under": new.number})
        if begins <= until:
            planned.added.append(PlannedRow(entry, None, row))
        _end(planned, row, begins)
        _carry_along(planned, register, row, entry, asked)


def _revoke(planned: Plan, register: KeptRegister, change: RowChange) -> None:
    """Revoke the row, and those under its number that were still to come, from a day on (Awb 10:8)."""
    day = change.on or planned.today
    moment = planned.at if day <= planned.today else start_of(day)
    there = [row for row in register.numbered(change.number) if row.last_day >= max(day, row.first_day)]
    if not there or change.row not in (None, *(row.id for row in there)):
        planned.not_found.append(change)
    for row in there:
        planned.revoked[row.id] = (moment, change.why or "")
