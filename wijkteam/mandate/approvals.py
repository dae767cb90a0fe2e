"""Running a log of real approvals through the engine as mandate requests."""

import hashlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from itertools import islice

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from wijkteam.engine.fields import WrongFields
from wijkteam.engine.running import NoMandate, NotOpen, NotYours, Refused
from wijkteam.mandate import queries, service
from wijkteam.mandate.approvals_mapping import ASK, SAVE, ApprovalsMapping
from wijkteam.mandate.model import LogDeviation, MandateRequest
from wijkteam.mandate.service import NewMandate
from wijkteam.mandate.xes import LogEvent, LogTrace
from wijkteam.people import queries as people_queries
from wijkteam.people import service as people
from wijkteam.people.acting import ActingPerson, Holding
from wijkteam.people.service import NewPerson
from wijkteam.storage.subject import ALPHABET, ID_LENGTH
from wijkteam.storage.work import Work
from wijkteam.terms import clock

TRACES_PER_TRANSACTION = 200
NEVER_BEGAN = "not begun"


@dataclass
class Imported:
    """What one run of an import did."""

    added: int = 0
    known: int = 0
    events: int = 0


@dataclass(frozen=True)
class Cause:
    """A cause of steps that were not allowed: how often, in how many requests, with examples."""

    activity: str
    state: str
    cause: str
    steps: int
    requests: int
    examples: tuple[str, ...]


def import_approvals(
    work: Work, mapping: ApprovalsMapping, traces: Iterable[LogTrace], progress: Callable[[int], None]
) -> Imported:
    """Run every trace through the engine, with the log's own times, roles and amounts.

    What the workflow does not allow is not forced but kept as a deviation. Traces that came in before are
    passed over, and every transaction holds whole traces only, so that an import can be broken off and run
    again. Terms are not run: the log tells when somebody really answered. Raises what the reader raises.
    """
    organisation = _Organisation(work, mapping)
    done = Imported()
    waiting = iter(traces)
    while batch := list(islice(waiting, TRACES_PER_TRANSACTION)):
        with work.transaction() as session:
            ids = {request_id(mapping.mapping, trace.number): trace for trace in batch}
            known = _known(session, mapping.mapping, ids)
            for identity, trace in ids.items():
                if identity in known:
                    done.known += 1
                    continue
                done.events += organisation.run(trace, identity)
                done.added += 1
        work.session.expunge_all()
        progress(len(batch))
    return done


def request_id(source: str, number: str) -> str:
    """The id of an imported request: always the same for the same log and number."""
    value = int.from_bytes(hashlib.sha256(f"{source}/{number}".encode()).digest(), "big")
    signs = []
    for _ in range(ID_LENGTH):
        value, rest = divmod(value, len(ALPHABET))
        signs.append(ALPHABET[rest])
    return "".join(signs)


def _known(session: Session, source: str, ids: dict[str, LogTrace]) -> set[str]:
    found = set(session.scalars(select(MandateRequest.id).where(MandateRequest.id.in_(ids))))
    numbers = {trace.number: identity for identity, trace in ids.items()}
    never = session.scalars(
        select(LogDeviation.source_number).where(
            LogDeviation.source == source,
            LogDeviation.state == NEVER_BEGAN,
            LogDeviation.source_number.in_(numbers),
        )
    )
    return found | {numbers[number] for number in never}


def deviations(session: Session, source: str, examples: int = 3) -> list[Cause]:
    """Why steps of an imported log were not allowed, most frequent cause first."""
    rows = session.execute(
        select(
            LogDeviation.activity,
            LogDeviation.state,
            LogDeviation.cause,
            func.count(),
            func.count(LogDeviation.source_number.distinct()),
        )
        .where(LogDeviation.source == source)
        .group_by(LogDeviation.activity, LogDeviation.state, LogDeviation.cause)
        .order_by(func.count().desc(), LogDeviation.activity, LogDeviation.state)
    ).all()
    return [
        Cause(
            activity,
            state,
            cause,
            steps,
            requests,
            _examples(session, source, activity, state, cause, examples),
        )
        for activity, state, cause, steps, requests in rows
    ]


def _examples(session: Session, source: str, activity: str, state: str, cause: str, limit: int) -> tuple[str, ...]:
    return tuple(
        session.scalars(
            select(LogDeviation.source_number)
            .where(
                LogDeviation.source == source,
                LogDeviation.activity == activity,
                LogDeviation.state == state,
                LogDeviation.cause == cause,
            )
            .distinct()
            .order_by(LogDeviation.source_number)
            .limit(limit)
        )
    )


def count_deviating(session: Session, source: str) -> tuple[int, int]:
    """How many requests of a log came in, and how many of its traces hold a step that was not allowed."""
    requests = session.scalar(select(func.count()).where(MandateRequest.source == source)) or 0
    deviating = session.scalar(
        select(func.count(LogDeviation.source_number.distinct())).where(LogDeviation.source == source)
    )
    return requests, deviating or 0


class _Organisation:
    """The people, functions and mandates of the log's organisation; none of these people can sign in."""

    def __init__(self, work: Work, mapping: ApprovalsMapping) -> None:
        self.work = work
        self.mapping = mapping
        with work.transaction() as session:
            service.add_power(work, mapping.power.code, mapping.power.title.nl, mapping.power.title.en)
            team = people.add_team(work, mapping.title.nl)
            self.team_id = team.id
            first = min([mandate.valid_from for mandate in mapping.mandates], default=date(2000, 1, 1))
            self.actors = {}
            for role, mapped in mapping.roles.items():
                people.add_function(work, mapped.function, mapped.title.nl, mapped.title.en)
                session.flush()
                email = f"{mapped.function}@{mapping.mapping.replace('_', '-')}.example"
                person = people_queries.person_by_email(session, email)
                if person is None:
                    person = people.add_person(work, NewPerson(mapped.title.nl, email, active=False))
                    people.give_function(work, person, mapped.function, team, first)
                holding = Holding(mapped.function, team.id)
                self.actors[role] = ActingPerson(person.id, person.name, False, (holding,))
            known = {row.number for row in queries.register(session)}
            for row in mapping.mandates:
                if row.number not in known:
                    service.add_mandate(work, self._mandate(row.number, row.role, row.valid_from))

    def _mandate(self, number: str, role: str, valid_from: date) -> NewMandate:
        return NewMandate(
            number=number,
            power=self.mapping.power.code,
            function=self.mapping.roles[role].function,
            legal_ground=self.mapping.source,
            body="organisatie van het log",
            team_id=self.team_id,
            valid_from=valid_from,
        )

    def run(self, trace: LogTrace, identity: str) -> int:
        """One trace: opens its request, then step by step; returns how many steps were taken."""
        request: MandateRequest | None = None
        taken = 0
        for number, event in enumerate(trace.events, 1):
            with clock.standing_at(event.at):
                if request is None:
                    request = self._begin(trace, identity, number, event)
                    taken += request is not None
                else:
                    taken += self._step(trace, request, number, event)
        return taken

    def _begin(self, trace: LogTrace, identity: str, number: int, event: LogEvent) -> MandateRequest | None:
        transition = self.mapping.activities.get(event.activity)
        if transition not in (SAVE, ASK) or event.role not in self.actors:
            self._deviates(trace, number, event, NEVER_BEGAN, "a request cannot begin with this")
            return None
        requester = self.actors[event.role]
        request = MandateRequest(
            former_requesters="",
            id=identity,
            team_id=self.team_id,
            requester_id=requester.person_id,
            power=self.mapping.power.code,
            amount=event.amount,
            reason=trace.number,
            agreed_by="",
            reserved="",
            source=self.mapping.mapping,
            source_number=trace.number,
        )
        acting = self.work.acting_as(requester)
        acting.open(request, {})
        self.work.session.add(request)
        if transition == ASK:
            acting.fire(request, ASK)
        return request

    def _step(self, trace: LogTrace, request: MandateRequest, number: int, event: LogEvent) -> bool:
        transition = self.mapping.activities.get(event.activity)
        cause = None
        if transition is None:
            cause = "the mapping does not know this activity"
        elif event.role not in self.actors:
            cause = f"the mapping does not know the role {event.role}"
        else:
            try:
                acting = self.work.acting_as(self.actors[event.role])
                acting.fire(request, transition, dict(self.mapping.answers.get(transition, {})))
            except (Refused, WrongFields) as refused:
                cause = _cause(refused)
        if cause is not None:
            self._deviates(trace, number, event, request.state, cause)
        return cause is None

    def _deviates(self, trace: LogTrace, number: int, event: LogEvent, state: str, cause: str) -> None:
        self.work.session.add(
            LogDeviation(
                source=self.mapping.mapping,
                source_number=trace.number,
                step=number,
                activity=event.activity,
                state=state,
                cause=cause,
            )
        )


def _cause(refused: Refused | WrongFields) -> str:
    if isinstance(refused, NotOpen):
        return "the state does not know this step"
    if isinstance(refused, NotYours):
        return "the role may not take this step, or took it before"
    if isinstance(refused, NoMandate):
        return "no mandate in force covers this decision"
    return f"blocked: {refused}"[:200]
