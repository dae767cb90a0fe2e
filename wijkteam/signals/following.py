"""What a resident who holds the code reads: what was done, by whom and when, what is next and by which day.

Nobody is signed in here, so that nothing is read through the wall: this room reads the one subject that the code names,
and tells of it what stands in the language file and nothing else.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy.orm import Session

from wijkteam.deadlines.queries import due_moments
from wijkteam.engine.definition import FieldType, Workflow
from wijkteam.engine.ladder import Ladder
from wijkteam.events.model import Event
from wijkteam.events.queries import changed, events_of, recorded
from wijkteam.people import queries as people
from wijkteam.signals.acting import RESIDENT, ActingResident
from wijkteam.signals.languages import Language
from wijkteam.signals.queries import OFFICER
from wijkteam.signals.service import MODELS
from wijkteam.signals.table import SignalTable
from wijkteam.storage.work import Work
from wijkteam.terms import clock

PROMISED = "promised"
APART, APART_NO_MORE = "\u2068", "\u2069"
"""Signs of Unicode around words that have a direction of their own (UAX 9)."""
ONLY_WHERE_MISSED = "taken_up"
"""What is said of a promise that was not kept: the work goes on."""


@dataclass(frozen=True)
class Done:
    """One thing that was done: what and by whom in one sentence, on which day, and what was said with it."""

    what: str
    on: str
    said: list[tuple[str, str]]


@dataclass(frozen=True)
class Asked:
    """One question of a step."""

    name: str
    title: str
    choices: list[tuple[str, str]]
    required: bool


@dataclass(frozen=True)
class ResidentStep:
    """Something that the resident can do now."""

    name: str
    title: str
    asks: list[Asked]


@dataclass(frozen=True)
class Followed:
    """Everything that the page of one signal or complaint shows."""

    kind: str
    subject_id: str
    version: int
    words: str
    given_on: str
    now: str
    """What is done now, by whom, by which day: never without these three."""
    late: str | None
    """What should have been done and was not."""
    done: list[Done]
    steps: list[ResidentStep]
    to_ombudsman: bool
    """Whether this is a complaint about conduct that has been handled or refused (Awb 9:12(2))."""


@dataclass(frozen=True)
class Telling:
    """In which language, with what the municipality decided about it."""

    language: Language
    table: SignalTable
    ladder: Ladder


def follow(work: Work, telling: Telling, kind: str, subject_id: str) -> Followed:
    """What the resident reads of one subject. Raises LookupError when it is not there."""
    with work.transaction() as session:
        subject: Any = session.get(MODELS[kind], subject_id, populate_existing=True)
        if subject is None:
            raise LookupError(subject_id)
        workflow = work.engine.workflow(kind, subject.workflow_version)
        events = events_of(session, kind, subject_id)
        page = _Page(work, session, telling, subject, workflow, events)
        now, late = page.now()
        return Followed(
            kind,
            subject_id,
            subject.version,
            subject.words,
            telling.language.day(clock.local(subject.opened_at).date()),
            now,
            late,
            list(page.done()),
            list(page.steps()),
            kind == "conduct_complaint" and subject.state in ("found", "told", "not_handled"),
        )


@dataclass(frozen=True)
class _Page:
    work: Work
    session: Session
    telling: Telling
    subject: Any
    workflow: Workflow
    events: list[Event]

    @property
    def words(self) -> Language:
        return self.telling.language

    def now(self) -> tuple[str, str | None]:
        """What is done now; and what is late, or None."""
        state, subject = self.workflow.states[self.subject.state], self.subject
        texts = self.words.now[self.workflow.workflow]
        if state.final:
            day = clock.local(subject.state_since).date()
            return self._say(texts[subject.state], self._who_ended(), day), None
        due = due_moments(self.session, [subject.id]).get(subject.id, subject.state_since)
        day, who, today = clock.local(due).date(), self._holder(state.holder), clock.today()
        late = self._missed(day, who)
        if subject.state == PROMISED and subject.promised_on is not None:
            if subject.promised_on >= today:
                said = texts[PROMISED].replace("{action}", self._apart(_sentence(subject.promised_action or "")))
                return self._say(said, self._apart(subject.promised_by or who), subject.promised_on), late
            return self._say(texts[ONLY_WHERE_MISSED], who, day), self._late(subject.promised_on, who)
        return self._say(texts[subject.state], who, day), late

    def _missed(self, due: date, who: str) -> str | None:
        """What the worker found too late, or did not come to look at yet."""
        if due < clock.today():
            return self._late(due, who)
        last = self.events[-1]
        if last.name == "remind":
            return self._late(clock.local(last.at - timedelta(seconds=1)).date(), who)
        return None

    def _late(self, day: date, who: str) -> str:
        return self._say(self.words.pages["late"], who, day)

    def _say(self, text: str, who: str, day: date) -> str:
        begun = text.replace(". {who}", f". {who[:1].upper()}{who[1:]}")
        return _sentence(begun.replace("{who}", who).replace("{day}", self.words.day(day)))

    def _apart(self, text: str) -> str:
        """What somebody here typed, kept apart where the words around it run from right to left."""
        return f"{APART}{text}{APART_NO_MORE}" if self.words.direction == "rtl" else text

    def _holder(self, role: str | None) -> str:
        """Who has the ball, as the municipality shows it."""
        subject = self.subject
        if role == "handler" and subject.handler_id is not None:
            return self._person(subject.handler_id, clock.today())
        if role == "rung_holder":
            return self.words.function(self.telling.ladder.rung(subject.rung or 1).function)
        codes = {"officer": OFFICER, "team_lead": "team_lead", RESIDENT: RESIDENT}
        return self.words.function(codes.get(role or "", "other"))

    def _who_ended(self) -> str:
        last = next((each for each in reversed(self.events) if each.actor_id is not None), None)
        if last is None or last.actor_id is None:
            return self._holder("team_lead" if self.workflow.workflow == "resident_signal" else "officer")
        return self._person(last.actor_id, clock.local(last.at).date())

    def _person(self, number: int, on: date) -> str:
        """The function that somebody held then, in this team before elsewhere; or the name, where names are shown."""
        if self.telling.table.shown == "name":
            return people.name(self.session, number)
        held = [
            each
            for each in people.held_by(self.session, number)
            if each.valid_from <= on and (each.valid_until is None or each.valid_until >= on)
        ]
        held.sort(key=lambda each: (each.team_id != self.subject.team_id, each.id))
        return self.words.function(held[0].function if held else "other")

    def done(self) -> Iterator[Done]:
        """What was done, the newest first. What the language file says nothing of is not told."""
        texts = self.words.done[self.workflow.workflow]
        for event in reversed(self.events):
            if event.name in texts:
                day = clock.local(event.at).date()
                what = self._say(texts[event.name], self._actor(event, day), day)
                yield Done(what, self.words.day(day), self._said(event))

    def _actor(self, event: Event, on: date) -> str:
        if event.actor_id is not None:
            return self._person(event.actor_id, on)
        rung = changed(event).get("rung")
        if event.name == "climb" and rung is not None:
            return self.words.function(self.telling.ladder.rung(int(rung)).function)
        return self.words.function(RESIDENT)

    def _said(self, event: Event) -> list[tuple[str, str]]:
        found = []
        for name, value in recorded(event).items():
            if name in self.words.fields:
                found.append((self.words.fields[name], self._value(name, value)))
        return found

    def _value(self, name: str, value: Any) -> str:
        field = self.workflow.fields.get(name)
        if field is not None and field.type in (FieldType.DATE, FieldType.FUTURE_DATE):
            return self.words.day(date.fromisoformat(str(value)))
        return self.words.choices.get(name, {}).get(str(value), str(value))

    def steps(self) -> Iterator[ResidentStep]:
        """What the resident can do now."""
        acting = self.work.acting_as(ActingResident(self.subject.id))
        titles = self.words.steps[self.workflow.workflow]
        for option in acting.options(self.subject):
            name = option.transition.name
            if option.open and name in titles:
                asks = [self._asked(each.field, each.required) for each in option.transition.questions]
                yield ResidentStep(name, titles[name], asks)

    def _asked(self, name: str, required: bool) -> Asked:
        choices = list(self.words.choices.get(name, {}).items())
        return Asked(name, self.words.fields.get(name, name), choices, required)


def _sentence(text: str) -> str:
    """With a capital, and an end where somebody wrote none."""
    plain_text = text.strip()
    ended = plain_text if plain_text.endswith((".", "!", "?", "؟", "…")) else f"{plain_text}."
    return ended[:1].upper() + ended[1:]
