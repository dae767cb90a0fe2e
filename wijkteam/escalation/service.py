"""What can be done with escalations: asking, and attaching files; every other step is one of the workflow."""

from dataclasses import dataclass

from wijkteam.documents.checking import checked_file
from wijkteam.documents.model import Document
from wijkteam.documents.service import NewDocument, keep_document
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


@dataclass(frozen=True)
class SentFile:
    """A file as it was sent: its name and type are what the sender says."""

    name: str
    declared: str
    content: bytes


def attach(work: Work, escalation_id: str, file: SentFile) -> Document:
    """Keep a file with an escalation; its name and SHA-256 stand on the chain of events.

    Two at once both succeed: they wait for each other. Raises WrongFields for a file that cannot be kept,
    LookupError where there is no such escalation, and what `Engine.fire` raises.
    """
    checked = checked_file(file.name, file.declared, file.content)
    with work.transaction() as session:
        escalation = session.get(Escalation, escalation_id, with_for_update=True, populate_existing=True)
        if escalation is None:
            raise LookupError(escalation_id)
        new = NewDocument("escalation", escalation_id, "attachment", checked.name, checked.media_type, checked.content)
        document = keep_document(work, new)
        fields = {"attachment": document.name, "attachment_digest": document.digest}
        work.fire(escalation, "attach", fields)
        return document
