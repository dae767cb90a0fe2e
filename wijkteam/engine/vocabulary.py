"""The names that a definition may use, and what they stand for in Python."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from wijkteam.engine.definition import Text
from wijkteam.terms.term import Term


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


@dataclass(frozen=True)
class Authority:
    """The answer of the mandate register: may this person take this decision now?"""

    allowed: bool
    reason: Reason | None = None
    nearest: str | None = None
    """Who can, where this person cannot."""
    mandate_id: int | None = None
    mandate_text: str | None = None


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


@dataclass(frozen=True)
class Role:
    """A relation of an actor to a subject: who holds it, and who else could act in it."""

    holds: Callable[[Situation], bool]
    who: Callable[[Situation], str]
    title: Text


Guard = Callable[[Situation], Reason | None]
Effect = Callable[[Situation], None]
DecisionRule = Callable[[Situation], Authority]
NamedTerm = Callable[[Any, datetime], Term]
Recipients = Callable[[Situation], list[int]]


@dataclass(frozen=True)
class Vocabulary:
    """Everything that definitions about one kind of subject may name."""

    subject: str
    roles: dict[str, Role] = field(default_factory=dict)
    guards: dict[str, Guard] = field(default_factory=dict)
    effects: dict[str, Effect] = field(default_factory=dict)
    decisions: dict[str, DecisionRule] = field(default_factory=dict)
    terms: dict[str, NamedTerm] = field(default_factory=dict)
    recipients: dict[str, Recipients] = field(default_factory=dict)
    lists: dict[str, dict[str, Text]] = field(default_factory=dict)
