"""Reading the log from the database, in one unchanging view of it, without ever holding more than a page of it."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import Executable, Integer, Select, String, cast, func, literal, null, select, union_all
from sqlalchemy.orm import Session

from wijkteam.escalation.model import Escalation, StructuralEscalation
from wijkteam.events.model import Event
from wijkteam.people.ever_held import ever_held
from wijkteam.reports.event_log.kinds import BEHIND, CASE, HOUSEHOLD, KINDS, LINKS, Kind
from wijkteam.reports.event_log.pseudonyms import Pseudonyms
from wijkteam.terms import clock

BATCH = 2_000


class LoggedEvent(NamedTuple):
    """One event as it goes out: all names are pseudonyms, `at` in UTC; `trace` is its case, or else its subject."""

    trace: str
    trace_kind: str
    kind: str
    subject: str
    case: str | None
    household: str | None
    """Of what happened to a case itself: whose case it is."""
    name: str
    at: datetime
    state_from: str | None
    state_to: str
    resource: str
    role: str
    under_mandate: bool


class LoggedObject(NamedTuple):
    """One thing as it goes out: its codes, and its relations as (pseudonym, in what way)."""

    kind: str
    name: str
    attributes: dict[str, str]
    related: list[tuple[str, str]]


@dataclass(frozen=True)
class Roles:
    """Which functions people held on a day, by code."""

    held: dict[int, list[tuple[str, date, date | None]]]

    @classmethod
    def read(cls, session: Session) -> "Roles":
        """All there ever were."""
        found: dict[int, list[tuple[str, date, date | None]]] = defaultdict(list)
        for each in ever_held(session):
            found[each.person_id].append((each.function, each.valid_from, each.valid_until))
        return cls(dict(found))

    def on(self, person_id: int | None, at: datetime) -> str:
        """Functions that somebody held at a moment, with commas between; empty for the clock."""
        if person_id is None or person_id not in self.held:
            return ""
        day = clock.local(at).date()
        found = {code for code, first, last in self.held[person_id] if first <= day and (last is None or day <= last)}
        return ", ".join(sorted(found))


@dataclass
class EventLog:
    """The whole log as one view of the database, under pseudonyms of this export."""

    session: Session
    pseudonyms: Pseudonyms = field(default_factory=Pseudonyms)

    def __post_init__(self) -> None:
        """Hold on to one view: what happens meanwhile is in no part of the file, or events would name nothing."""
        if self.session.in_transaction():
            self.session.commit()
        if self.session.get_bind().dialect.name == "postgresql":
            self.session.connection(execution_options={"isolation_level": "REPEATABLE READ"})
        self._roles = Roles.read(self.session)

    def count(self) -> int:
        """How many events it holds."""
        rows = union_all(*(_events_of(kind) for kind in KINDS.values())).subquery()
        return self.session.scalar(select(func.count()).select_from(rows)) or 0

    def event_types(self) -> list[tuple[str, str]]:
        """Which steps occur at all, by kind and name."""
        rows = select(Event.subject_kind, Event.name).where(Event.subject_kind.in_(KINDS)).distinct()
        return sorted((kind, name) for kind, name in self.session.execute(rows))

    def events(self, by_trace: bool = False) -> Iterator[LoggedEvent]:
        """Every event, oldest first; `by_trace`: those of one case, or of one subject outside cases, together."""
        found = union_all(*(_events_of(kind) for kind in KINDS.values()))
        order = ("trace", "at", "id") if by_trace else ("at", "id")
        for row in self._stream(found.order_by(*order)):
            yield self._told(row)

    def objects(self) -> Iterator[LoggedObject]:
        """Every thing that the log tells of, kind by kind; households first."""
        for (household,) in self._stream(_households()):
            yield LoggedObject(HOUSEHOLD, self.pseudonyms.of(HOUSEHOLD, household), {}, [])
        for kind in KINDS.values():
            columns = [*kind.attributes.values(), *(each.column for each in kind.related)]
            model: Any = kind.model
            rows = select(model.id, *columns).where(kind.goes_out()).order_by(model.id)
            for subject_id, *values in self._stream(rows):
                yield self._object(kind, subject_id, values)

    def links(self) -> Iterator[tuple[str, str, str]]:
        """Relations that stand apart: of which thing, to which, in what way."""
        structural, escalation = KINDS[StructuralEscalation.workflow], KINDS[Escalation.workflow]
        rows = (
            select(LINKS.structural_id, LINKS.escalation_id)
            .join(StructuralEscalation, StructuralEscalation.id == LINKS.structural_id)
            .join(Escalation, Escalation.id == LINKS.escalation_id)
            .where(structural.goes_out(), escalation.goes_out())
            .order_by(LINKS.structural_id, LINKS.escalation_id)
        )
        for one, other in self._stream(rows):
            yield self.pseudonyms.of(structural.name, one), self.pseudonyms.of(escalation.name, other), BEHIND

    def _object(self, kind: Kind, subject_id: str, values: list[Any]) -> LoggedObject:
        told = dict(zip(kind.attributes, values, strict=False))
        leads = zip(kind.related, values[len(kind.attributes) :], strict=True)
        return LoggedObject(
            kind.name,
            self.pseudonyms.of(kind.name, subject_id),
            {name: str(value) for name, value in told.items() if value is not None},
            [(self.pseudonyms.of(each.kind, key), each.qualifier) for each, key in leads if key is not None],
        )

    def _told(self, row: Any) -> LoggedEvent:
        subject = self.pseudonyms.of(row.kind, row.subject_id)
        case = self.pseudonyms.of(CASE, row.case_id) if row.case_id else None
        return LoggedEvent(
            case or subject,
            CASE if case else row.kind,
            row.kind,
            subject,
            case,
            self.pseudonyms.of(HOUSEHOLD, row.household_id) if row.household_id is not None else None,
            row.name,
            row.at,
            row.state_from,
            row.state_to,
            self.pseudonyms.of_person(row.actor_id),
            self._roles.on(row.actor_id, row.at),
            row.mandate_id is not None,
        )

    def _stream(self, rows: Executable) -> Iterator[Any]:
        return iter(self.session.execute(rows.execution_options(yield_per=BATCH)))


def _events_of(kind: Kind) -> Select[Any]:
    model: Any = kind.model
    case_id = model.id if kind.name == CASE else kind.case_id
    case_column = cast(null(), String(12)) if case_id is None else case_id
    return (
        select(
            literal(kind.name).label("kind"),
            Event.subject_id,
            case_column.label("case_id"),
            (model.household_id if kind.name == CASE else cast(null(), Integer)).label("household_id"),
            func.coalesce(case_column, Event.subject_id).label("trace"),
            Event.id.label("id"),
            Event.name.label("name"),
            Event.at.label("at"),
            Event.state_from.label("state_from"),
            Event.state_to.label("state_to"),
            Event.actor_id.label("actor_id"),
            Event.mandate_id.label("mandate_id"),
        )
        .join(model, model.id == Event.subject_id)
        .where(Event.subject_kind == kind.name, kind.goes_out())
    )


def _households() -> Select[Any]:
    case = KINDS[CASE]
    model: Any = case.model
    return select(model.household_id).where(case.goes_out()).distinct().order_by(model.household_id)
