"""What can be done with escalations: asking, answering, moving along the ladder."""

from dataclasses import dataclass

from wijkteam.escalation.model import Escalation
from wijkteam.storage.subject import new_id
from wijkteam.storage.work import Work


@dataclass(frozen=True)
class NewEscalation:
    """One sentence and two choices; the rest may be left out."""

    case_id: str
    team_id: int
    question: str
    barrier: str
    kind: str = "question"
    remedy: str | None = None
    safety_at_stake: bool = False


def escalate(work: Work, new: NewEscalation, ladder: str = "ave", escalation_id: str | None = None) -> Escalation:
    """Ask the ladder: starts on its lowest staffed rung, or higher when safety is at stake.

    Raises WrongFields, or Blocked when nobody on the ladder could answer today.
    """
    with work.transaction() as session:
        escalation = Escalation(
            id=escalation_id or new_id(),
            case_id=new.case_id,
            team_id=new.team_id,
            asked_by=work.actor.person_id,
            ladder=ladder,
        )
        with session.no_autoflush:
            work.open(
                escalation,
                {
                    "question": new.question,
                    "barrier": new.barrier,
                    "kind": new.kind,
                    "remedy": new.remedy,
                    "safety_at_stake": new.safety_at_stake,
                },
            )
            session.add(escalation)
        return escalation
