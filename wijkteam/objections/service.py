"""What can be done with objections: writing one down when it comes in; every other step is one of its workflow."""

from dataclasses import dataclass
from datetime import date

from wijkteam.objections.model import Objection
from wijkteam.storage.subject import new_id
from wijkteam.storage.work import Work


@dataclass(frozen=True)
class NewObjection:
    """What a resident sent in against a decision, and when it came in."""

    case_id: str
    team_id: int
    household_id: int
    decision_id: int
    received_on: date | str
    grounds: str
    posted_on: date | str | None = None
    late_reason: str | None = None


def register_objection(work: Work, new: NewObjection, objection_id: str | None = None) -> Objection:
    """Write down an objection that came in; it waits for an officer who took no part in the decision.

    A closed case is no hindrance, and neither is a late objection: whether it is admissible is decided on.
    Raises WrongFields or Refused.
    """
    with work.transaction() as session:
        objection = Objection(
            id=objection_id or new_id(),
            case_id=new.case_id,
            team_id=new.team_id,
            household_id=new.household_id,
            decision_id=new.decision_id,
            registered_by=work.actor.person_id,
            kept_from="",
        )
        with session.no_autoflush:
            work.open(
                objection,
                {
                    "received_on": new.received_on,
                    "grounds": new.grounds,
                    "posted_on": new.posted_on,
                    "late_reason": new.late_reason,
                },
            )
            session.add(objection)
        return objection
