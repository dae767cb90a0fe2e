"""What the event log says: for each subject where it stayed, what people did there, and what ended each stay."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field, replace
from itertools import groupby

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from wijkteam.engine.definition import MIGRATE, Workflow
from wijkteam.engine.vocabulary import Vocabulary
from wijkteam.events.contents import ToldEvent, stream
from wijkteam.events.model import Event


@dataclass(frozen=True)
class PastStep:
    """One step as it was taken; nobody in particular (None) took what the clock did."""

    name: str
    at: float
    """POSIX seconds."""
    actor_id: int | None

    @property
    def by_clock(self) -> bool:
        """Whether the passing of time took it."""
        return self.actor_id is None


@dataclass
class PastStay:
    """From entering a state, or a rung within it, until leaving; `left` is None for the stay that still lasts."""

    state: str
    rung: int | None
    entered: float
    steps: list[PastStep] = field(default_factory=list)
    """Steps that did not end it: notes, agreements, reminders."""
    left: PastStep | None = None


@dataclass
class Life:
    """One subject, from its opening."""

    opened_at: float
    stays: list[PastStay]

    @property
    def last(self) -> PastStay:
        """Where it ended, or is now."""
        return self.stays[-1]


def rung_steps(workflows: Iterable[Workflow], vocabulary: Vocabulary) -> frozenset[str]:
    """The names of all steps that can change the rung, in any version."""
    return frozenset(
        name
        for workflow in workflows
        for name, deed in [(workflow.opening.name, workflow.opening), *((t.name, t) for t in workflow.transitions)]
        if any(effect in vocabulary.effects and vocabulary.effects[effect].moves_rung for effect in deed.effects)
    )


def count_subjects(session: Session, kind: str) -> int:
    """How many subjects of this kind the log knows."""
    opened = (Event.subject_kind == kind) & (Event.sequence == 1)
    return session.scalar(select(func.count()).where(opened)) or 0


def read_lives(session: Session, kind: str, changing_rung: Collection[str]) -> Iterator[Life]:
    """Every subject of a kind, in one narrow query that streams; payloads only of steps that can change the rung.

    A rung whose payload was erased stays what it was before; None when it was never known.
    """
    telling = Event.name.in_(changing_rung) if changing_rung else None
    for _, events in groupby(stream(session, kind, telling=telling), key=lambda event: event.subject_id):
        yield _life(events)


def _life(events: Iterator[ToldEvent]) -> Life:
    first = next(events)
    moment = first.at.timestamp()
    life = Life(moment, [PastStay(first.state_to, _rung(first, None), moment)])
    for event in events:
        stay, state = life.last, event.state_to
        step = PastStep(event.name, event.at.timestamp(), event.actor_id)
        rung = _rung(event, stay.rung)
        if event.name == MIGRATE:
            stay.state = state
        elif state == stay.state and rung == stay.rung:
            stay.steps.append(step)
        else:
            stay.left = step
            life.stays.append(PastStay(state, rung, step.at))
    return life


def _rung(event: ToldEvent, before: int | None) -> int | None:
    rung: int | None = event.contents.changes.get("rung", before)
    return rung


def seen_until(lives: Iterable[Life], moment: float) -> list[Life]:
    """The same lives as somebody saw them at that moment: what came later is left out."""
    seen = []
    for life in lives:
        if life.opened_at < moment:
            seen.append(Life(life.opened_at, [_seen(stay, moment) for stay in life.stays if stay.entered < moment]))
    return seen


def _seen(stay: PastStay, moment: float) -> PastStay:
    left = stay.left if stay.left is not None and stay.left.at < moment else None
    return replace(stay, left=left, steps=[step for step in stay.steps if step.at < moment])


def last_moment(lives: Iterable[Life]) -> float:
    """The moment of the last step in these lives. Raises ValueError when there are none."""
    return max(max([stay.entered, *(step.at for step in stay.steps)]) for life in lives for stay in life.stays[-1:])
