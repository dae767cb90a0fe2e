"""Reading past requests from the event log: a few narrow queries, whatever the number of requests."""

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, time, timedelta
from itertools import groupby

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from wijkteam.events.contents import ToldEvent, stream
from wijkteam.events.model import Event
from wijkteam.mandate.model import Decision, LogDeviation, MandateRequest
from wijkteam.mandate.what_if.folding import LIES, PastStep, rounds
from wijkteam.mandate.what_if.past import Asker, HeldFor, History, PastDecision, PastRequest
from wijkteam.people.acting import Holding
from wijkteam.people.ever_held import ever_held, functions_ever_held
from wijkteam.terms import clock

KIND = MandateRequest.workflow
Progress = Callable[[int], None]


def sources(session: Session) -> list[str]:
    """The imported logs that there are requests of, by name."""
    found = select(MandateRequest.source).where(MandateRequest.source.is_not(None)).distinct()
    return sorted(each for each in session.scalars(found) if each is not None)


def asked_between(session: Session, source: str | None) -> tuple[date, date] | None:
    """The Dutch calendar days of the first and last request of a source; None where there is none."""
    first, last = session.execute(
        select(func.min(MandateRequest.opened_at), func.max(MandateRequest.opened_at)).where(_of(source))
    ).one()
    return (clock.local(first).date(), clock.local(last).date()) if first is not None else None


def count_requests(session: Session, source: str | None) -> int:
    """How many requests there are of a source."""
    return session.scalar(select(func.count()).select_from(MandateRequest).where(_of(source))) or 0


def read_history(
    session: Session, source: str | None, first: date, last: date, progress: Progress = lambda done: None
) -> History:
    """What was first asked from `first` up to and including `last` (Dutch calendar days), and what came of it since.

    `source` is an imported log, or None for the municipality's own requests.
    """
    start, end = _midnight(first), _midnight(last + timedelta(days=1))
    rows = {
        row.id: row
        for row in session.execute(
            select(
                MandateRequest.id,
                MandateRequest.source_number,
                MandateRequest.power,
                MandateRequest.amount,
                MandateRequest.requester_id,
                MandateRequest.team_id,
                MandateRequest.household_id,
                MandateRequest.opened_at,
            ).where(_of(source), MandateRequest.opened_at < end)
        )
    }
    askers = _askers(session)
    requests, never = [], []
    for identity, steps in _steps(session, source, end):
        progress(1)
        row = rows[identity]
        asked = rounds(steps, row.requester_id, row.amount)
        if asked and start <= asked[0].asked_at < end:
            asker = askers.get(row.requester_id) or Asker(row.requester_id, False, ())
            number = row.source_number
            requests.append(PastRequest(identity, number, row.power, asker, row.team_id, row.household_id, asked))
        elif not asked and row.opened_at >= start:
            never.append(row.source_number or identity)
    return History(
        source,
        first,
        last,
        _seen_until(session, source),
        tuple(sorted(requests, key=lambda each: (each.asked_at, each.id))),
        tuple(sorted(never)),
        tuple(_decisions(session)) if source is None else (),
        _deviating(session, source),
        tuple(functions_ever_held(session).items()),
    )


def _of(source: str | None) -> ColumnElement[bool]:
    return MandateRequest.source.is_(None) if source is None else MandateRequest.source == source


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), tzinfo=clock.NETHERLANDS).astimezone(UTC)


def _steps(session: Session, source: str | None, end: datetime) -> Iterator[tuple[str, list[PastStep]]]:
    """The steps of each request; payloads only where a step moved it to a state that means something."""
    moves = Event.state_from.is_(None) | (Event.state_from != Event.state_to)
    asked = select(MandateRequest.id).where(_of(source), MandateRequest.opened_at < end)
    which = (moves | Event.actor_id.is_not(None)) & Event.subject_id.in_(asked)
    found = stream(session, KIND, which, telling=moves & Event.state_to.in_(list(LIES)))
    for identity, events in groupby(found, key=lambda event: event.subject_id):
        yield identity, [_step(event) for event in events]


def _step(event: ToldEvent) -> PastStep:
    changes = event.contents.changes
    return PastStep(
        event.name, event.state_to, event.actor_id, event.at, changes.get("amount"), changes.get("decided_amount")
    )


def _askers(session: Session) -> dict[int, Asker]:
    held: dict[int, list[HeldFor]] = {}
    servants: dict[int, bool] = {}
    for row in ever_held(session):
        servants[row.person_id] = row.civil_servant
        holding = Holding(row.function, row.team_id)
        held.setdefault(row.person_id, []).append(HeldFor(holding, row.valid_from, row.valid_until))
    return {person: Asker(person, servants[person], tuple(each)) for person, each in held.items()}


def _seen_until(session: Session, source: str | None) -> datetime:
    if source is None:
        return clock.now()
    by_people = Event.actor_id.is_not(None)  # the clock may still remind of what the log left undone
    last = session.scalar(
        select(func.max(Event.at))
        .join(MandateRequest, MandateRequest.id == Event.subject_id)
        .where(Event.subject_kind == KIND, _of(source), by_people)
    )
    return last or clock.now()


def _decisions(session: Session) -> Iterator[PastDecision]:
    found = session.execute(
        select(Decision.power, Decision.decided_at, Decision.amount, Decision.household_id, Decision.request_id).where(
            Decision.household_id.is_not(None)
        )
    )
    for power, at, amount, household, request in found:
        yield PastDecision(power, at, amount, household, request)


def _deviating(session: Session, source: str | None) -> frozenset[str]:
    if source is None:
        return frozenset()
    found = select(LogDeviation.source_number).where(LogDeviation.source == source).distinct()
    return frozenset(session.scalars(found))
