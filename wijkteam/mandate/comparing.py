"""What differs: between a row and its replacement, and between a register and a file. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from wijkteam.mandate.changes import RowChange
from wijkteam.mandate.in_words import FIELDS, value_in_words
from wijkteam.mandate.kept import KeptRegister, KeptRow
from wijkteam.mandate.register_file import MandateEntry
from wijkteam.mandate.register_queries import Titles

NOT_IN_FILE = "Staat niet in het ingelezen register."
OF_THE_PERIOD = frozenset({"valid_from", "valid_until"})


@dataclass(frozen=True)
class Difference:
    """One field that differs: what it is called, how it was and how it becomes, in words."""

    field: str
    title: str
    before: str
    after: str


def differences(before: MandateEntry | None, after: MandateEntry | None, titles: Titles) -> list[Difference]:
    """What differs between two rows, in the order in which rows are shown; None is no row."""
    found = []
    for name, title in FIELDS.items():
        old, new = (getattr(each, name) if each is not None else None for each in (before, after))
        if old != new and not (_says_nothing(old) and _says_nothing(new)):
            told = (value_in_words(name, each, titles) or "–" for each in (old, new))
            found.append(Difference(name, titles.said(title), *told))
    return found


def _says_nothing(value: object) -> bool:
    return value in (None, False, 0, "") or value == []


def changes_towards(register: KeptRegister, entries: Iterable[MandateEntry], today: date) -> list[RowChange]:
    """What has to change so that the register of today becomes what these entries say.

    A row that begins later than today is only compared with an entry of its number. For a row that holds already, a
    first day that has passed is no wish: nothing changes with hindsight, and a file that was kept can be used again.
    """
    wanted = {entry.number: entry for entry in entries}
    found: list[RowChange] = []
    for number, entry in wanted.items():
        row = _now_or_next(register, number, today)
        if row is None:
            found.append(RowChange(what="add", number=number, entry=entry))
            continue
        holds = row.first_day <= today and (entry.valid_from is None or entry.valid_from < today)
        new = entry.model_copy(update={"valid_from": None}) if holds else entry
        if not same(row.entry, new):
            found.append(RowChange(what="replace", number=number, entry=new, row=row.id))
    for row in register.rows:
        if row.holds_on(today) and row.number not in wanted:
            found.append(RowChange(what="revoke", number=row.number, row=row.id, why=NOT_IN_FILE))
    return found


def _now_or_next(register: KeptRegister, number: str, today: date) -> KeptRow | None:
    there = [row for row in register.numbered(number) if row.last_day >= max(today, row.first_day)]
    return there[0] if there else None


def same(row: MandateEntry, entry: MandateEntry) -> bool:
    """Whether an entry says the same as a row; one without a first day says nothing about it."""
    return all(
        getattr(row, name) == getattr(entry, name) or (name == "valid_from" and entry.valid_from is None)
        for name in FIELDS
    )
