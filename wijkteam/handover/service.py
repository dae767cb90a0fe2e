"""Handing over: every piece by its own step, all of them or none, after a look at what would happen."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from wijkteam.engine.fields import WrongFields
from wijkteam.engine.running import Refused, Stale
from wijkteam.engine.vocabulary import Reason
from wijkteam.handover.pieces import KINDS
from wijkteam.storage.work import Work, stale

LONGEST_SENTENCE = 300
MOST = 500


@dataclass(frozen=True)
class Assignment:
    """One piece of work with whom it goes to, the version that was seen, and a sentence that goes with it."""

    kind: str
    subject_id: str
    version: int
    to: int
    sentence: str = ""

    @property
    def key(self) -> str:
        """How a form names it."""
        return f"{self.kind}-{self.subject_id}"


@dataclass
class Outcome:
    """What was handed over (or would be), and why the rest was not, by the key of each piece."""

    done: list[Assignment] = field(default_factory=list)
    refused: dict[str, Reason] = field(default_factory=dict)


class NotHandedOver(Exception):
    """Something of it was refused, and so nothing was handed over."""

    def __init__(self, outcome: Outcome) -> None:
        super().__init__(", ".join(f"{key}: {reason.en}" for key, reason in outcome.refused.items()))
        self.outcome = outcome


class _OnlyLooking(Exception):
    """Ends a transaction that was to leave nothing behind."""


def look_ahead(work: Work, person_id: int, assignments: Sequence[Assignment]) -> Outcome:
    """What would happen, found by doing it and taking it all back. Raises WrongFields."""
    found = Outcome()
    try:
        with work.transaction():
            _do(work, person_id, assignments, found)
            raise _OnlyLooking
    except _OnlyLooking:
        return found


def hand_over(work: Work, person_id: int, assignments: Sequence[Assignment]) -> Outcome:
    """Hand over all of it in one transaction, or (raises NotHandedOver, WrongFields) nothing."""
    with work.transaction():
        found = Outcome()
        _do(work, person_id, assignments, found)
        if found.refused:
            raise NotHandedOver(found)
        return found


def _do(work: Work, person_id: int, assignments: Sequence[Assignment], found: Outcome) -> None:
    if len(assignments) > MOST or any(len(each.sentence) > LONGEST_SENTENCE for each in assignments):
        raise WrongFields.of("sentence", "Maak de zinnen korter.", "Please shorten the sentences.")
    order = list(KINDS)
    for each in sorted(assignments, key=lambda one: order.index(one.kind)):
        try:
            _hand(work, person_id, each)
        except WrongFields as wrong:
            found.refused[each.key] = next(iter(wrong.mistakes.values()))
        except Refused as refused:
            found.refused[each.key] = refused.reason
        else:
            found.done.append(each)


def _hand(work: Work, person_id: int, assignment: Assignment) -> None:
    kind = KINDS[assignment.kind]
    subject = work.session.get(kind.model, assignment.subject_id, populate_existing=True)
    if subject is None or getattr(subject, kind.holder) != person_id:
        raise Stale(stale().reason)
    fields = {kind.receiver: assignment.to, **kind.more(subject)}
    if kind.sentence is not None and assignment.sentence:
        fields[kind.sentence] = assignment.sentence
    work.fire(subject, kind.step, fields, _version(work, assignment, subject))
    work.session.flush()


def _version(work: Work, assignment: Assignment, subject: object) -> int:
    """The version that was seen; one more where an earlier piece of this same handover was of the same case."""
    seen = work.remembered.setdefault(("handed", type(subject).__name__, assignment.subject_id), assignment.version)
    work.remembered["handed", type(subject).__name__, assignment.subject_id] = seen + 1
    return int(seen)
