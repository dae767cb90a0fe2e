"""What can be asked of both logs. Never what was recorded: kinds, people, moments and numbers only."""

from collections.abc import Collection
from dataclasses import dataclass, fields
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, and_, func, literal, or_, select, tuple_
from sqlalchemy.orm import Session, aliased

from wijkteam.access.model import Reading
from wijkteam.cases.model import HouseholdCase
from wijkteam.events.model import Event
from wijkteam.people.model import Person
from wijkteam.storage.subject import SubjectColumns
from wijkteam.terms import clock

PAGE = 50
ABSENT = aliased(Person)


@dataclass(frozen=True)
class Asked:
    """What is searched for; empty means: whatever. Days are Dutch ones, the last one included."""

    person: str = ""
    """A part of a name or of an e-mail address."""
    case_id: str = ""
    household: int | None = None
    first: date | None = None
    last: date | None = None
    ground: str = ""
    what: str = ""
    unusual: str = ""
    kind: str = ""
    """Of events: the kind of subject."""

    def in_words(self) -> str:
        """For the log: by what was searched."""
        told = ((each.name, getattr(self, each.name)) for each in fields(self))
        return "; ".join(f"{name}={value}" for name, value in told if value not in ("", None)) or "alles"


class Place(NamedTuple):
    """Where a page of the log begins: after this row, newest first."""

    at: datetime
    number: int

    def __str__(self) -> str:
        return f"{self.at.astimezone(UTC).isoformat()}_{self.number}"

    @staticmethod
    def read(text: str) -> "Place | None":
        """The place that a link says; None when it says none."""
        at, _, number = text.rpartition("_")
        try:
            found = datetime.fromisoformat(at)
            good = found.tzinfo is not None and number.isdecimal() and len(number) < 19
            return Place(found.astimezone(UTC), int(number)) if good else None
        except (ValueError, OverflowError):
            return None


@dataclass(frozen=True)
class FoundReading:
    """One reading with the names that belong to it."""

    reading: Reading
    person: str
    on_behalf_of: str
    household: int | None

    @property
    def place(self) -> Place:
        """Where it stands in the log."""
        return Place(self.reading.at, self.reading.id)


class FoundEvent(NamedTuple):
    """One event without what was recorded; `at` in UTC."""

    id: int
    at: datetime
    subject_kind: str
    subject_id: str
    sequence: int
    name: str
    state_to: str
    person: str | None

    @property
    def place(self) -> Place:
        """Where it stands in the log."""
        return Place(self.at, self.id)


def between(column: Any, asked: Asked) -> list[ColumnElement[bool]]:
    """The period, from the first moment of the first day up to the last moment of the last."""
    found = []
    if asked.first is not None:
        found.append(column >= _midnight(asked.first))
    if asked.last is not None and asked.last < date.max:
        found.append(column < _midnight(asked.last + timedelta(days=1)))
    return found


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), clock.NETHERLANDS)


def _people(text: str) -> Select[Any]:
    return select(Person.id).where(
        Person.name.icontains(text, autoescape=True) | Person.email.icontains(text, autoescape=True)
    )


def _cases_of(household: int) -> Select[Any]:
    return select(HouseholdCase.id).where(HouseholdCase.household_id == household)


def readings(
    session: Session,
    asked: Asked,
    after: Place | None = None,
    most: int | None = PAGE,
    ids: Collection[int] | None = None,
) -> list[FoundReading]:
    """Readings, newest first; with `ids` only among those."""
    rows = (
        select(Reading, Person.name, ABSENT.name, HouseholdCase.household_id)
        .outerjoin(Person, Person.id == Reading.person_id)
        .outerjoin(ABSENT, ABSENT.id == Reading.on_behalf_of)
        .outerjoin(HouseholdCase, HouseholdCase.id == Reading.case_id)
        .where(*between(Reading.at, asked))
    )
    if asked.person:
        rows = rows.where(Reading.person_id.in_(_people(asked.person)) | (Reading.account == asked.person))
    if asked.case_id:
        rows = rows.where(Reading.case_id == asked.case_id)
    if asked.household is not None:
        rows = rows.where(Reading.case_id.in_(_cases_of(asked.household)))
    if asked.ground:
        rows = rows.where(Reading.ground == asked.ground)
    if asked.what:
        rows = rows.where(Reading.what.icontains(asked.what, autoescape=True))
    if ids is not None:
        rows = rows.where(Reading.id.in_(ids))
    if after is not None:
        rows = rows.where(tuple_(Reading.at, Reading.id) < tuple_(*_bound(after, Reading)))
    rows = rows.order_by(Reading.at.desc(), Reading.id.desc()).limit(most)
    return [
        FoundReading(reading, person or f"account {reading.account or 'onbekend'}", absent or "", household)
        for reading, person, absent, household in session.execute(rows)
    ]


def _bound(after: Place, model: Any) -> tuple[Any, Any]:
    return literal(after.at, model.at.type), literal(after.number, model.id.type)


def _subjects_of(case_ids: Select[Any]) -> ColumnElement[bool]:
    """Events of cases and of everything that hangs under them."""
    found = [and_(Event.subject_kind == HouseholdCase.workflow, Event.subject_id.in_(case_ids))]
    for kind, model in sorted(SubjectColumns.kinds.items()):
        if hasattr(model, "case_id"):
            under = select(model.id).where(model.case_id.in_(case_ids))
            found.append(and_(Event.subject_kind == kind, Event.subject_id.in_(under)))
    return or_(*found)


def events(session: Session, asked: Asked, after: Place | None = None, most: int | None = PAGE) -> list[FoundEvent]:
    """Events, newest first: which step of which subject, who and when."""
    rows = (
        select(
            Event.id,
            Event.at,
            Event.subject_kind,
            Event.subject_id,
            Event.sequence,
            Event.name,
            Event.state_to,
            Person.name.label("person"),
        )
        .outerjoin(Person, Person.id == Event.actor_id)
        .where(*between(Event.at, asked))
    )
    if asked.person:
        rows = rows.where(Event.actor_id.in_(_people(asked.person)))
    if asked.case_id:
        rows = rows.where(_subjects_of(select(HouseholdCase.id).where(HouseholdCase.id == asked.case_id)))
    if asked.household is not None:
        rows = rows.where(_subjects_of(_cases_of(asked.household)))
    if asked.kind:
        rows = rows.where(Event.subject_kind == asked.kind)
    if asked.what:
        rows = rows.where(Event.name == asked.what)
    if after is not None:
        rows = rows.where(tuple_(Event.at, Event.id) < tuple_(*_bound(after, Event)))
    rows = rows.order_by(Event.at.desc(), Event.id.desc()).limit(most)
    return [FoundEvent(*row) for row in session.execute(rows)]


def grounds_used(session: Session) -> list[str]:
    """The grounds that the log knows, by code."""
    return list(session.scalars(select(Reading.ground).distinct().order_by(Reading.ground)))


def cases_of(session: Session, household: int) -> list[str]:
    """The ids of a household's cases, oldest first."""
    rows = select(HouseholdCase.id).where(HouseholdCase.household_id == household)
    return list(session.scalars(rows.order_by(HouseholdCase.opened_at, HouseholdCase.id)))


def household_of(session: Session, case_id: str) -> int | None:
    """The number of the household of a case."""
    return session.scalar(select(HouseholdCase.household_id).where(HouseholdCase.id == case_id))


def count_readings(session: Session) -> int:
    """How many readings the log holds."""
    return session.scalar(select(func.count(Reading.id))) or 0
