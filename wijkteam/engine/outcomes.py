"""What comes of trying something: the step that was taken, the options there are, or why not."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from wijkteam.engine.definition import Deed, State, Transition, Workflow
from wijkteam.engine.vocabulary import Authority, Reason, Situation, Vocabulary
from wijkteam.terms.term import Term, Until

ROLE, MANDATE, CHILDREN = "by", "decision", "children"
"""What stops a transition, where it is not a guard by its own name: the key of the definition that asks for it."""


class Refused(Exception):
    """The transition cannot be taken now; `reason` says why, for people, and `stopped_by` what in the definition."""

    def __init__(self, reason: Reason, nearest: Reason | None = None, stopped_by: str | None = None) -> None:
        super().__init__(reason.en)
        self.reason = reason
        self.nearest = nearest
        self.stopped_by = stopped_by


class NotOpen(Refused):
    """The state that the subject is in does not know this transition."""


class NotYours(Refused):
    """The actor holds none of the roles that may take this transition."""


class Blocked(Refused):
    """A guard says that it cannot be done now."""


class NoMandate(Refused):
    """No mandate in force covers this decision by this person."""


class Stale(Refused):
    """Someone else changed the subject since it was read."""


class UnknownWorkflow(LookupError):
    """There is no definition of that workflow in that version."""


@dataclass(frozen=True)
class Option:
    """One transition that the state knows: open, or blocked with the reason and who could do it."""

    transition: Transition
    open: bool
    reason: Reason | None = None
    who: tuple[Reason, ...] = ()
    authority: Authority | None = None
    stopped_by: str | None = None
    """Which guard says no, or else ROLE, MANDATE or CHILDREN; None when it is open."""


@dataclass(frozen=True)
class Step:
    """One change, as journals record it."""

    workflow: Workflow
    subject: Any
    name: str
    deed: Deed
    actor: Any
    at: datetime
    state_from: str | None
    state_to: str
    fields: Mapping[str, Any]
    changes: Mapping[str, Any]
    authority: Authority | None
    situation: Situation
    restarts_term: bool
    migrated: bool = False
    """Whether this was a move to another version, which lets the running term go on."""

    @property
    def state(self) -> State:
        """The state that the subject is in after this step."""
        return self.workflow.states[self.state_to]


class Journal(Protocol):
    """Something that keeps what a step leaves behind: events, deadlines, messages."""

    def record(self, step: Step, vocabulary: Vocabulary) -> None:
        """Write down one step, in the transaction of the caller."""


def term_of(step: Step, vocabulary: Vocabulary) -> Term | Until | None:
    """The term that runs in the state after this step, if one does."""
    rule = step.state.term
    if rule is None:
        return None
    if rule.within is not None:
        return Term(rule.within, rule.clock)
    return vocabulary.terms[rule.named or ""](step.subject, step.at)


def due_at(step: Step, vocabulary: Vocabulary, started: datetime) -> datetime | None:
    """The moment by which the state after this step is to be left; None where no term runs.

    `started` is when the term began: at this step, or for a move to another version when the running one did.
    """
    term = term_of(step, vocabulary)
    rule = step.state.term
    if term is None or rule is None:
        return None
    again = started > step.subject.state_since if step.migrated else step.state_from == step.state_to
    return term.end(rule.begins(step.subject.opened_at, started, again))
