"""The names that a definition may use, and what they stand for in Python."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from wijkteam.engine.definition import Text
from wijkteam.engine.ladder import Ladder
from wijkteam.engine.rungs import RungMove, RungRule
from wijkteam.terms.term import Term, Until


class Actor(Protocol):
    """Whoever takes a transition: a person, or the clock."""

    @property
    def person_id(self) -> int | None:
        """The person's number; None for the clock."""

    @property
    def is_clock(self) -> bool:
        """Whether this is the passing of time and not a person."""


class Subject(Protocol):
    """Anything with a life cycle."""

    id: str
    workflow_version: int
    state: str
    previous_state: str | None
    version: int
    opened_at: datetime
    state_since: datetime

    @classmethod
    def workflow_name(cls) -> str:
        """Which workflow this subject follows."""

    def tracked(self) -> dict[str, Any]:
        """The values that events record and that their fold gives back."""


Fields = Mapping[str, Any]
"""Asked fields as read: text, dates, integer cents, choice codes, person numbers, booleans."""


@dataclass(frozen=True)
class Reason:
    """Why something cannot be done now, in words for people."""

    nl: str
    en: str


def in_words(who: str | Reason) -> Reason:
    """Who somebody is in words for people: a name as it is, and whatever else in both languages."""
    return who if isinstance(who, Reason) else Reason(who, who)


def one_of_them(several: Iterable[Reason]) -> Reason:
    """Any one of several: 'this or that'; empty for none."""
    found = [each for each in several if each.nl]
    return Reason(" of ".join(each.nl for each in found), " or ".join(each.en for each in found))


@dataclass(frozen=True)
class Authority:
    """The answer of the mandate register: may this person take this decision now?"""

    allowed: bool
    reason: Reason | None = None
    nearest: Reason | None = None
    """Who can, where this person cannot, in words for people."""
    mandate_id: int | None = None
    mandate_text: str | None = None
    eyes_needed: int = 0
    """How many more colleagues have to agree before this person may take it; 0 where that would not help."""


@dataclass(frozen=True)
class Situation:
    """What guards, effects, roles and decision rules look at."""

    subject: Any
    actor: Any
    fields: Fields
    at: datetime
    work: Any
    """The unit of work of the caller (session and all); the engine only hands it on."""
    authority: Authority | None = None
    """On which mandate this is done, where it is a decision; known once it was checked."""


NOTHING: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Role:
    """A relation of an actor to a subject: who holds it, and who else could act in it."""

    holds: Callable[[Situation], bool]
    who: Callable[[Situation], str | Reason]
    """Who holds it, in words for people; only a name is the same in every language. Empty for nobody."""
    title: Text
    functions: frozenset[str] | None = None
    """The functions whose holders can have this role; None when it takes no function."""


@dataclass(frozen=True)
class Guard:
    """Whether something can be done now: None, or the reason why not."""

    check: Callable[[Situation], Reason | None]
    reads: frozenset[str] = NOTHING
    """Asked fields that it looks at when they are there."""
    excludes: frozenset[str] = NOTHING
    """Guards that never let anything through at the same time as this one."""
    runs_out_by: frozenset[str] = NOTHING
    """Effects that make this guard say no in the end, however often they are repeated."""
    comes_back_by: frozenset[str] = NOTHING
    """Effects after which it may say yes again, so that together with those it never runs out."""
    rung_rule: RungRule | None = None
    """What it asks of the rung that the subject stands on; None when it looks at something else."""


@dataclass(frozen=True)
class Effect:
    """What a step does to the subject besides moving it."""

    apply: Callable[[Situation], None]
    reads: frozenset[str] = NOTHING
    """Asked fields that it works with when they are there."""
    needs: frozenset[str] = NOTHING
    """Asked fields that it cannot do without."""
    moves_rung: RungMove | None = None
    """Where it puts the subject on its ladder; None when it leaves the rung alone."""


@dataclass(frozen=True)
class DecisionRule:
    """Whether a mandate covers a decision."""

    judge: Callable[[Situation], Authority]
    reads: frozenset[str] = NOTHING
    needs: frozenset[str] = NOTHING
    powers: frozenset[str] | None = None
    """The powers that it decides on; None where the subject or a field says which."""


@dataclass(frozen=True)
class Recipients:
    """Whom a step tells, as person numbers."""

    find: Callable[[Situation], list[int]]
    can_read: bool = True
    """Whether they have a ground to read the subject that they are told about."""
    role: str | None = None
    """The role that all of them have; where a state's holder has it, the ball is theirs."""


@dataclass(frozen=True)
class Children:
    """The subjects of one kind that live within a subject."""

    open: Callable[[Situation], list[Any]]
    """Those that have not ended yet."""
    title: Text
    """What they are called, many of them: opschalingen, escalations."""


NamedTerm = Callable[[Any, datetime], Term | Until]
"""How long a subject may stay from a moment on, or until which moment where that was reckoned already."""


def fields(*names: str) -> frozenset[str]:
    """Names of asked fields, for `reads` and `needs`."""
    return frozenset(names)


@dataclass(frozen=True)
class Vocabulary:
    """Everything that definitions about one kind of subject may name."""

    subject: str
    roles: Mapping[str, Role] = field(default_factory=dict)
    guards: Mapping[str, Guard] = field(default_factory=dict)
    effects: Mapping[str, Effect] = field(default_factory=dict)
    decisions: Mapping[str, DecisionRule] = field(default_factory=dict)
    terms: Mapping[str, NamedTerm] = field(default_factory=dict)
    recipients: Mapping[str, Recipients] = field(default_factory=dict)
    lists: Mapping[str, Mapping[str, Text]] = field(default_factory=dict)
    children: Mapping[str, Children] = field(default_factory=dict)
    needed: frozenset[str] = NOTHING
    """States and transitions that pages, reports or rules know by name: no definition can do without."""
    ends: frozenset[str] | None = None
    """The final states that count as an end wherever open subjects are looked for; None when any may be."""
    after_end: frozenset[str] = NOTHING
    """Transitions in place that can also be taken once the subject has ended: they change who may know of it, and
    nothing of what happened."""
    parent: Callable[[Situation], Any] | None = None
    """The subject that one of this kind lives in, None when it stands alone."""
    ladder: Ladder | None = None
    """The ladder that its subjects stand on, by their `rung`."""
