"""The stage of one scenario: its house, people, subjects and clock; what happens goes through the real services."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime

from wijkteam.assembly import House
from wijkteam.deadlines.queries import first_due
from wijkteam.deadlines.worker import do_due_work
from wijkteam.engine.definition import Workflow
from wijkteam.engine.fields import WrongFields
from wijkteam.engine.outcomes import Blocked, NoMandate, NotOpen, NotYours, Refused, Stale
from wijkteam.people import queries as people
from wijkteam.scenarios.format import Happening
from wijkteam.scenarios.opening import OPENERS, TAKERS
from wijkteam.scenarios.timing import moved_on
from wijkteam.scenarios.values import as_filled_in
from wijkteam.signals.acting import RESIDENT, ActingResident
from wijkteam.storage.subject import SubjectColumns, new_id
from wijkteam.storage.work import Work
from wijkteam.terms import clock

KINDS: Mapping[type[Exception], str] = {
    NotOpen: "not_open",
    NotYours: "not_yours",
    WrongFields: "wrong_fields",
    Blocked: "blocked",
    NoMandate: "no_mandate",
    Stale: "stale",
}


@dataclass(frozen=True)
class Said:
    """How something that was tried was refused, with every wording of the reason."""

    kind: str
    reasons: tuple[str, ...]
    stopped_by: str | None = None

    def __str__(self) -> str:
        """In one line, with the reason as people read it."""
        return f"refused as {self.kind}: {self.reasons[0]}"


def _said(error: Refused | WrongFields) -> Said:
    kind = KINDS[type(error)]
    if isinstance(error, Refused):
        return Said(kind, (error.reason.nl, error.reason.en), error.stopped_by)
    mistakes = error.mistakes.items()
    return Said(
        kind,
        ("; ".join(f"{name}: {each.nl}" for name, each in mistakes), str(error)),
    )


@dataclass(frozen=True)
class Named:
    """A subject that a scenario opened."""

    model: type[SubjectColumns]
    id: str


@dataclass
class Stage:
    """Where one scenario is played. People have their numbers by name, subjects are there once they are opened."""

    house: House
    main: Workflow
    """The workflow under test."""
    people: Mapping[str, int]
    start: datetime
    now: datetime
    subjects: dict[str, Named] = field(default_factory=dict)

    @contextmanager
    def work(self, name: str | None = None, about: str | None = None) -> Iterator[Work]:
        """A unit of work at this moment, as somebody in the cast, as the resident whose subject it is, or as the clock.

        `about` is the id of that subject; left out: of a new one.
        """
        work = self.house.work()
        try:
            with clock.standing_at(self.now):
                if name == RESIDENT and name not in self.people:
                    work.actor = ActingResident(about or new_id())
                elif name is not None:
                    work.actor = people.acting_person(work.session, self.people[name])
                yield work
        finally:
            work.session.close()

    def subject(self, of: str | None) -> Named:
        """The subject of that name, or else the first one of the workflow under test. Raises LookupError."""
        if of is not None:
            return self.subjects[of]
        for named in self.subjects.values():
            if named.model.workflow == self.main.workflow:
                return named
        raise LookupError(f"no {self.main.workflow} was opened")

    def let_happen(self, happening: Happening) -> Said | None:
        """Do it; returns how it was refused, None when it was done. Raises what breaks on the way."""
        try:
            if happening.open is not None:
                self._open(happening)
            elif happening.take is not None:
                self._take(happening)
            else:
                self._pass(moved_on(self.now, happening, self.start))
        except (Refused, WrongFields) as error:
            return _said(error)
        return None

    def _open(self, happening: Happening) -> None:
        kind = happening.open or ""
        opener = OPENERS[kind]
        with self.work(happening.by) as work:
            within = None
            if happening.in_ is not None:
                named = self.subjects[happening.in_]
                within = work.session.get(named.model, named.id)
            fields = work.engine.workflow(kind).fields
            given = {key: as_filled_in(fields.get(key), value, self.people) for key, value in happening.giving.items()}
            subject = opener.open(work, within, {**dict.fromkeys(opener.asks, ""), **given})
            self.subjects[happening.name] = Named(type(subject), subject.id)

    def _take(self, happening: Happening) -> None:
        named = self.subject(happening.of)
        name = happening.take or ""
        with self.work(happening.by, named.id) as work:
            subject = work.session.get(named.model, named.id)
            fields = work.engine.workflow(named.model.workflow, subject.workflow_version).fields if subject else {}
            given = {key: as_filled_in(fields.get(key), value, self.people) for key, value in happening.giving.items()}
            taker = TAKERS.get((named.model.workflow, name))
            if taker is not None:
                return taker(work, named.id, given)
            work.act_on(named.model, named.id, name, given)

    def _pass(self, until: datetime) -> None:
        """Let the clock run, and the worker do what falls due, each at its own moment."""
        while True:
            with self.work() as work:
                due = first_due(work.session, until)
            if due is None:
                break
            self.now = due
            with self.work() as work:
                do_due_work(work)
        self.now = until
