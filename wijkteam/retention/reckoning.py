"""On which day a record may be destroyed: pure arithmetic over the table of retention."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta

from wijkteam.retention.table import CountedFrom, KeepingRule, Keeps, RetentionTable
from wijkteam.terms.duration import add_to, read_duration


@dataclass(frozen=True)
class Record:
    """What the day depends on. `closed` is None while it is open."""

    keeps: Keeps
    created: date
    """When its youngest datum came in or was made."""
    changed: date
    closed: date | None
    laws: frozenset[str] = frozenset()
    withdrawn: bool = False
    """Whether it was nothing but an application, withdrawn before a decision."""
    kept_until: tuple[date, ...] = ()
    """The last days of extensions that somebody gave with a reason."""
    held: bool = False
    """Whether it may not be destroyed now, whatever its age: an objection is open, or a person holds it."""


@dataclass(frozen=True)
class Reckoned:
    """From which day on a record may be destroyed, and by which row; None for no day while it is open or held."""

    destroy_from: date | None
    rule: KeepingRule | None


def first_day(rule: KeepingRule, record: Record) -> date | None:
    """The first day on which a row lets a record go: the day after its last day; None while that is not known.

    The day from which it counts does not count itself. Where a month lacks that day, its last day takes the place:
    fifteen years from 29 February end on 28 February.
    """
    starts = {
        CountedFrom.CREATION: record.created,
        CountedFrom.LAST_CHANGE: record.changed,
        CountedFrom.CLOSING: record.closed,
    }
    start = starts[rule.from_]
    return add_to(start, read_duration(rule.within)) + timedelta(days=1) if start is not None else None


def applying(table: RetentionTable, record: Record, on: date) -> list[KeepingRule]:
    """The rows that hold for a record on a day."""
    rows = [row for row in table.in_force(on, record.keeps) if row.law_of is None or row.law_of in record.laws]
    instead = {row.law_of for row in rows if row.instead} if record.withdrawn else set()
    return [row for row in rows if row.instead == (row.law_of in instead)]


def reckon(table: RetentionTable, record: Record, on: date) -> Reckoned:
    """The longest of the rows that hold for it on that day, and of its extensions.

    No row, no day: what no law speaks of is not destroyed by itself. An open file is kept, for it is worked with.
    """
    if record.held or (record.closed is None and record.keeps is not Keeps.READING):
        return Reckoned(None, None)
    found = [(day, row) for row in applying(table, record, on) if (day := first_day(row, record)) is not None]
    if not found:
        return Reckoned(None, None)
    day, rule = max(found, key=lambda each: each[0])
    extended = [last + timedelta(days=1) for last in record.kept_until]
    return Reckoned(max([day, *extended]), rule)


def may_be_destroyed(table: RetentionTable, record: Record, on: date) -> bool:
    """Whether the record may be destroyed on that day."""
    day = reckon(table, record, on).destroy_from
    return day is not None and day <= on


def laws_of(
    table: RetentionTable, powers: Collection[str], matters: Collection[str], domains: Collection[str]
) -> frozenset[str]:
    """The laws that a file falls under: the default one, and those that what is in it brings."""
    brought = [
        *(table.laws_of_powers.get(each) for each in powers),
        *(table.laws_of_matters.get(each) for each in matters),
        *(table.laws_of_domains.get(each) for each in domains),
    ]
    return frozenset({table.default_law, *(law for law in brought if law is not None)})
