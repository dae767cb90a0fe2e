"""What somebody has in hand, piece by piece, and by which step each kind passes to another."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from wijkteam.cases.model import HouseholdCase
from wijkteam.cases.queries import CLOSED
from wijkteam.escalation.model import Escalation
from wijkteam.escalation.queries import ENDED as ANSWERED
from wijkteam.mandate.model import MandateRequest
from wijkteam.mandate.queries import ENDED as SETTLED
from wijkteam.signals.model import ResidentSignal
from wijkteam.signals.queries import ENDED as TOLD
from wijkteam.terms import clock
from wijkteam.terms.words import Words
from wijkteam.tracks.model import Track

NOTHING: dict[str, Any] = {}


@dataclass(frozen=True)
class Kind:
    """A kind of work: its table, the column of who has it, and the step by which another gets it."""

    name: str
    model: type[Any]
    holder: str
    step: str
    receiver: str
    """The field of the step that names the other."""
    sentence: str | None
    """The field that takes a sentence along; None where the step has none."""
    more: Callable[[Any], dict[str, Any]] = lambda _subject: NOTHING


def _same_next_step(track: Track) -> dict[str, Any]:
    """A track keeps its next step; one that is late already is for today."""
    return {"next_step": track.next_step, "next_step_on": max(track.next_step_on, clock.today())}


KINDS = {
    each.name: each
    for each in (
        Kind("case", HouseholdCase, "owner_id", "reassign", "new_owner", "handover"),
        Kind("next_step", HouseholdCase, "next_step_by", "hand_next_step", "next_step_by", "note"),
        Kind("track", Track, "worker_id", "hand_to", "worker", "note", _same_next_step),
        Kind("request", MandateRequest, "requester_id", "hand_over", "new_requester", "note"),
        Kind("signal", ResidentSignal, "handler_id", "hand_to", "handler", None),
    )
}
"""What can be handed over, in the order in which it is done."""


@dataclass(frozen=True)
class Piece:
    """One thing that somebody has in hand."""

    kind: Kind
    subject: Any

    @property
    def key(self) -> str:
        """How a form names it."""
        return f"{self.kind.name}-{self.subject.id}"


OFFERED = Words(
    "Deze casus is aangeboden en nog niet overgenomen. De eigenaar kan dat terugnemen.",
    "This case was offered and not taken over yet. Its owner can take that back.",
)
FOLLOWED = Words(
    "De eigenaar van de casus volgt deze opschaling. Zij gaat met de casus mee.",
    "The owner of the case follows this escalation. It goes along with the case.",
)


@dataclass(frozen=True)
class Staying:
    """What is not handed over by itself: an escalation that goes with its case, a case that was only offered."""

    subject: Any
    why: Words


def pieces_of(session: Session, person_id: int) -> list[Piece]:
    """Everything that a person has in hand, as far as this session's reader may read it."""
    case, track, request, signal = HouseholdCase, Track, MandateRequest, ResidentSignal
    asked = {
        "case": select(case).where(case.owner_id == person_id, case.state != CLOSED).order_by(case.next_step_on),
        "next_step": select(case)
        .where(case.next_step_by == person_id, case.owner_id != person_id, case.state != CLOSED)
        .order_by(case.next_step_on),
        "track": select(track)
        .where(track.worker_id == person_id, track.ended_at.is_(None))
        .order_by(track.next_step_on),
        "request": select(request)
        .where(request.requester_id == person_id, request.state.not_in(SETTLED), request.source.is_(None))
        .order_by(request.opened_at),
        "signal": select(signal)
        .where(signal.handler_id == person_id, signal.state.not_in(TOLD))
        .order_by(signal.opened_at),
    }
    return [
        Piece(KINDS[name], row)
        for name, rows in asked.items()
        for row in session.scalars(rows.order_by(KINDS[name].model.id))
    ]


def staying_with(session: Session, person_id: int) -> list[Staying]:
    """What else carries this person's name and is not handed over piece by piece, each with why."""
    case, asked = HouseholdCase, Escalation
    offered = select(case).where(case.new_owner_id == person_id, case.state != CLOSED).order_by(case.id)
    raised = select(asked).where(asked.asked_by == person_id, asked.state.not_in(ANSWERED)).order_by(asked.id)
    return [
        *(Staying(each, OFFERED) for each in session.scalars(offered)),
        *(Staying(each, FOLLOWED) for each in session.scalars(raised)),
    ]
