"""What may be destroyed on a day: every ended record that is still there, with what its day depends on."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from wijkteam.access.model import Reading
from wijkteam.cases.model import HouseholdCase
from wijkteam.cases.queries import CLOSED
from wijkteam.data_requests.model import DataRequest
from wijkteam.data_requests.queries import ENDED as ANSWERED
from wijkteam.data_requests.queries import households_asked_about
from wijkteam.engine.running import Engine
from wijkteam.events.model import Erasure, Event
from wijkteam.legal_terms.model import LegalTerm
from wijkteam.mandate.model import Decision, MandateRequest
from wijkteam.plans.model import Goal
from wijkteam.retention.model import LISTED, DestructionItem, DestructionList, RetentionHold
from wijkteam.retention.reckoning import Reckoned, Record, laws_of, reckon
from wijkteam.retention.table import Keeps, RetentionTable
from wijkteam.signals.model import ConductComplaint, ResidentSignal
from wijkteam.signals.queries import COMPLAINTS_ENDED, ENDED
from wijkteam.storage.subject import SubjectColumns
from wijkteam.terms import clock
from wijkteam.terms.duration import add_to, read_duration
from wijkteam.tracks.model import Track

CASE, SIGNAL, READING = HouseholdCase.workflow, ResidentSignal.workflow, "reading"
DATA_REQUEST = DataRequest.workflow
COMPLAINT = ConductComplaint.workflow
OPEN_LISTS = ("proposed", "signed")
LAPSED = "lapsed"


@dataclass(frozen=True)
class Candidate:
    """A record, and from which day on it may be destroyed."""

    kind: str
    subject_id: str
    reckoned: Reckoned


def kinds_within_a_case() -> dict[str, type[Any]]:
    """The kinds of subjects that live within a case, by name."""
    return {name: model for name, model in sorted(SubjectColumns.kinds.items()) if hasattr(model, "case_id")}


def kinds_of_a_household() -> dict[str, type[Any]]:
    """The kinds of subjects that belong to a household and to no case of it: residents, helpers, relations."""
    return {
        name: model
        for name, model in sorted(SubjectColumns.kinds.items())
        if hasattr(model, "household_id") and not hasattr(model, "case_id") and name != CASE
    }


def may_be_destroyed(session: Session, engine: Engine, table: RetentionTable, on: date) -> list[Candidate]:
    """Everything that may be destroyed on that day and stands on no list that is under way, oldest day first."""
    listed = _on_open_lists(session)
    found = [
        each
        for each in (
            *cases(session, engine, table, on),
            *signals(session, table, on),
            *data_requests(session, table, on),
            *readings(session, table, on),
        )
        if (each.kind, each.subject_id) not in listed
        and each.reckoned.destroy_from is not None
        and each.reckoned.destroy_from <= on
    ]
    return sorted(found, key=lambda each: (each.reckoned.destroy_from or on, each.kind, each.subject_id))


def cases(
    session: Session, engine: Engine, table: RetentionTable, on: date, case_id: str | None = None
) -> list[Candidate]:
    """The closed cases that are still there, or one of them, each with its day as it is reckoned on `on`."""
    seen = _Files(session, engine, case_id)
    return [
        Candidate(CASE, number, reckon(table, seen.record(table, number, closed), on)) for number, closed in seen.closed
    ]


class _Files:
    """What the days of closed cases depend on, read in one query for each table."""

    def __init__(self, session: Session, engine: Engine, case_id: str | None) -> None:
        self.session = session
        self.only = case_id
        gone = _erased(session, CASE)
        rows = select(HouseholdCase.id, HouseholdCase.closed_at).where(self._chosen())
        self.closed = [
            (number, _day(at)) for number, at in session.execute(rows.order_by(HouseholdCase.id)) if number not in gone
        ]
        self.last: dict[str, datetime] = {}
        self.busy: set[str] = set()
        self._read_asked_about()
        self._read_case_events()
        for kind, model in kinds_within_a_case().items():
            self._read_events_within(kind, model)
            self._read_open(engine, kind, model)
        self.powers = self._of_case(select(Decision.case_id, Decision.power))
        self.asked = self._of_case(select(MandateRequest.case_id, MandateRequest.power))
        self.domains = self._of_case(select(Track.case_id, Track.life_domain), select(Goal.case_id, Goal.life_domain))
        self.terms = self._of_case(select(LegalTerm.case_id, LegalTerm.matter))
        self.unlapsed = self._of_case(select(LegalTerm.case_id, LegalTerm.matter).where(LegalTerm.state != LAPSED))
        self.holds = _holds(session, CASE)

    def record(self, table: RetentionTable, number: str, closed: date) -> Record:
        """What the day of one case depends on."""
        last = _day(self.last.get(number)) if number in self.last else closed
        powers = self.powers[number] | self.asked[number]
        terms, domains = self.terms[number], self.domains[number]
        holds = self.holds[number]
        return Record(
            keeps=Keeps.CASE,
            created=last,
            changed=last,
            closed=closed,
            laws=laws_of(table, powers, terms, domains),
            withdrawn=bool(terms)
            and terms <= frozenset(table.applications)
            and not (powers or domains or self.unlapsed[number]),
            kept_until=tuple(each for each in holds if each is not None),
            held=number in self.busy or None in holds,
        )

    def _chosen(self) -> Any:
        chosen = HouseholdCase.state == CLOSED
        return chosen & (HouseholdCase.id == self.only) if self.only else chosen

    def _read_asked_about(self) -> None:
        """What somebody asked to see or to correct is not destroyed before they got their answer."""
        homes = households_asked_about(self.session)
        if homes:
            rows = select(HouseholdCase.id).where(self._chosen(), HouseholdCase.household_id.in_(homes))
            self.busy.update(self.session.scalars(rows))

    def _read_case_events(self) -> None:
        rows = select(Event.subject_id, func.max(Event.at)).where(Event.subject_kind == CASE)
        rows = rows.join(HouseholdCase, HouseholdCase.id == Event.subject_id).where(self._chosen())
        self._keep_last(rows.group_by(Event.subject_id))

    def _read_events_within(self, kind: str, model: type[Any]) -> None:
        rows = select(model.case_id, func.max(Event.at)).join(Event, Event.subject_id == model.id)
        rows = rows.join(HouseholdCase, HouseholdCase.id == model.case_id)
        self._keep_last(rows.where(Event.subject_kind == kind, self._chosen()).group_by(model.case_id))

    def _keep_last(self, rows: Select[*tuple[Any, ...]]) -> None:
        for number, at in self.session.execute(rows):
            moment = at.replace(tzinfo=UTC) if at.tzinfo is None else at
            self.last[number] = max(self.last.get(number, moment), moment)

    def _read_open(self, engine: Engine, kind: str, model: type[Any]) -> None:
        """A case within which somebody waits for something is not destroyed: for an objection above all.

        What only rests asks nothing of anybody, such as a letter that need not be sent.
        """
        rows = select(model.case_id, model.workflow_version, model.state).distinct()
        rows = rows.join(HouseholdCase, HouseholdCase.id == model.case_id).where(self._chosen())
        for number, version, state in self.session.execute(rows):
            stands = engine.workflow(kind, version).states[state]
            if not (stands.final or stands.resting):
                self.busy.add(number)

    def _of_case(self, *asked: Select[*tuple[Any, ...]]) -> dict[str, frozenset[str]]:
        found: dict[str, set[str]] = defaultdict(set)
        for rows in asked:
            for number, code in self.session.execute(rows.distinct()):
                if number is not None:
                    found[number].add(code)
        return defaultdict(frozenset, {number: frozenset(codes) for number, codes in found.items()})


def signals(session: Session, table: RetentionTable, on: date) -> list[Candidate]:
    """The signals of residents and complaints about conduct that have ended and are still there, each with its day."""
    return [
        *_by_themselves(session, table, on, Keeps.SIGNAL, ResidentSignal, ENDED),
        *_by_themselves(session, table, on, Keeps.SIGNAL, ConductComplaint, COMPLAINTS_ENDED),
    ]


def data_requests(session: Session, table: RetentionTable, on: date) -> list[Candidate]:
    """The requests about own data that have ended and are still there, each with its day.

    They have a term of their own beside the file that they are about: they show that it was answered.
    """
    return _by_themselves(session, table, on, Keeps.DATA_REQUEST, DataRequest, ANSWERED)


def _by_themselves(
    session: Session, table: RetentionTable, on: date, keeps: Keeps, model: type[Any], ends: tuple[str, ...]
) -> list[Candidate]:
    kind: str = model.workflow
    gone, holds = _erased(session, kind), _holds(session, kind)
    rows = select(model.id, model.opened_at, model.state_since).where(model.state.in_(ends))
    found = []
    for number, opened, since in session.execute(rows.order_by(model.id)):
        if number not in gone:
            kept = tuple(each for each in holds[number] if each is not None)
            record = Record(
                keeps,
                _day(opened),
                _day(since),
                _day(since),
                kept_until=kept,
                held=None in holds[number],
            )
            found.append(Candidate(kind, number, reckon(table, record, on)))
    return found


def readings(session: Session, table: RetentionTable, on: date) -> Iterator[Candidate]:
    """The lines of the reading log whose term is over, as one record: everything read up to and with a day.

    Its id is that day.
    """
    for rule in table.in_force(on, Keeps.READING):
        first = session.scalar(select(func.min(Reading.at)))
        last = _last_day_over(rule.within, on)
        if first is not None and _day(first) <= last:
            record = Record(Keeps.READING, last, last, last)
            yield Candidate(READING, last.isoformat(), reckon(table, record, on))


def _last_day_over(within: str, on: date) -> date:
    """The last day from which so long has passed on `on`."""
    duration = read_duration(within)
    day = on - timedelta(days=duration.days + duration.months * 30)
    while add_to(day, duration) >= on:
        day -= timedelta(days=1)
    while add_to(day + timedelta(days=1), duration) < on:
        day += timedelta(days=1)
    return day


def _day(at: datetime | None) -> date:
    moment = at or clock.now()
    return clock.local(moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment).date()


def _erased(session: Session, kind: str) -> frozenset[str]:
    rows = select(Erasure.subject_id).where(Erasure.subject_kind == kind, Erasure.sequence == 0)
    return frozenset(session.scalars(rows))


def _holds(session: Session, kind: str) -> dict[str, list[date | None]]:
    rows = select(RetentionHold.subject_id, RetentionHold.last_day)
    rows = rows.where(RetentionHold.subject_kind == kind, RetentionHold.lifted_at.is_(None))
    found: dict[str, list[date | None]] = defaultdict(list)
    for number, last in session.execute(rows):
        found[number].append(last)
    return found


def _on_open_lists(session: Session) -> frozenset[tuple[str, str]]:
    rows = select(DestructionItem.subject_kind, DestructionItem.subject_id)
    rows = rows.join(DestructionList, DestructionList.id == DestructionItem.list_id)
    rows = rows.where(DestructionList.state.in_(OPEN_LISTS), DestructionItem.state == LISTED)
    return frozenset((kind, number) for kind, number in session.execute(rows))
