"""From the steps of a request to its rounds of asking. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum

from wijkteam.engine.definition import MIGRATE
from wijkteam.mandate.what_if.past import Answer, Round


class Lies(StrEnum):
    """Where a request lies in a state, as far as asking goes."""

    WITH_DECIDER = "with_decider"
    WITH_ASKER = "with_asker"
    GRANTED = "granted"
    REFUSED = "refused"


LIES = {
    "asked": Lies.WITH_DECIDER,
    "draft": Lies.WITH_ASKER,
    "withdrawn": Lies.WITH_ASKER,
    "approved": Lies.GRANTED,
    "decided": Lies.GRANTED,
    "refused": Lies.REFUSED,
}
"""What the states of the workflow mean. In a state that is not named here nothing changes, and a round runs on."""
AGREES = frozenset({"agree"})
"""Steps by which a colleague agrees."""
CHANGES = frozenset({"amend"})
"""Steps that grant with a change, also where the amount stays the same."""


@dataclass(frozen=True)
class PastStep:
    """One step of a request; amounts in cents, as they stand after it (None: as before)."""

    name: str
    state_to: str
    actor_id: int | None
    at: datetime
    amount: int | None = None
    decided_amount: int | None = None


@dataclass
class _Running:
    """The round that runs now."""

    began: Round
    agreed: dict[int, datetime] = field(default_factory=dict)
    steps: int = 0

    def ended(self, answer: Answer, step: PastStep | None = None, decided: int | None = None) -> Round:
        return replace(
            self.began,
            answer=answer,
            ended_at=step.at if step else None,
            decided_amount=decided,
            agreed_at=tuple(sorted(self.agreed.values())),
            steps=self.steps,
            answered_by=step.actor_id if step else None,
        )


def rounds(steps: Iterable[PastStep], requester_id: int, amount: int | None) -> tuple[Round, ...]:
    """The rounds of asking in the steps of one request, in order; `amount` (cents) holds until a step tells another."""
    found: list[Round] = []
    running: _Running | None = None
    for step in steps:
        amount = step.amount if step.amount is not None else amount
        if step.name == MIGRATE:
            continue
        lies = LIES.get(step.state_to)
        if running is None:
            if lies is Lies.WITH_DECIDER:
                running = _Running(Round(step.at, amount, Answer.OPEN))
            continue
        _count(running, step, requester_id)
        if lies is not None and lies is not Lies.WITH_DECIDER:
            answer = _answer(lies, step, running.began.amount)
            decided = None
            if lies is Lies.GRANTED:
                decided = step.decided_amount if step.decided_amount is not None else running.began.amount
            found.append(running.ended(answer, step, decided))
            running = None
    if running is not None:
        found.append(running.ended(Answer.OPEN))
    return tuple(found)


def _count(running: _Running, step: PastStep, requester_id: int) -> None:
    """Steps of others than the asker are work; those of the clock are nobody's."""
    if step.actor_id is None or step.actor_id == requester_id:
        return
    running.steps += 1
    if step.name in AGREES:
        running.agreed.setdefault(step.actor_id, step.at)


def _answer(lies: Lies, step: PastStep, asked: int | None) -> Answer:
    if lies is Lies.WITH_ASKER:
        return Answer.TAKEN_BACK
    if lies is Lies.REFUSED:
        return Answer.REFUSED
    other = step.decided_amount is not None and step.decided_amount != asked
    return Answer.CHANGED if other or step.name in CHANGES else Answer.GRANTED
