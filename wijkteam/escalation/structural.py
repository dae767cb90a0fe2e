"""Raising a structural escalation: from many cases with one barrier to one question for the top of the ladder."""

from dataclasses import dataclass
from datetime import timedelta

from wijkteam.escalation.model import Behind, StructuralEscalation
from wijkteam.storage.subject import new_id
from wijkteam.storage.work import Work

PATTERN_OVER = timedelta(days=365)
"""Over how long escalations with one barrier count as one pattern."""


@dataclass(frozen=True)
class NewStructural:
    """One question, one barrier, and the escalations behind it by id."""

    question: str
    barrier: str
    behind: tuple[str, ...]


def written(escalation_ids: tuple[str, ...]) -> str:
    """Ids of escalations as the opening records them, so that the chain of events proves what stood behind it."""
    return " ".join(escalation_ids)


def raise_structural(work: Work, new: NewStructural, structural_id: str | None = None) -> StructuralEscalation:
    """Ask the top of the ladder about a barrier. Everyone behind it is told.

    Raises WrongFields, or Blocked when an escalation behind it has another barrier or may not be read.
    """
    with work.transaction() as session:
        behind = tuple(dict.fromkeys(new.behind))
        structural = StructuralEscalation(id=structural_id or new_id(), asked_by=work.actor.person_id)
        with session.no_autoflush:
            work.open(
                structural,
                {"question": new.question, "barrier": new.barrier, "behind": written(behind)},
            )
            session.add(structural)
        session.flush()
        session.add_all(Behind(structural_id=structural.id, escalation_id=each) for each in behind)
        return structural
