"""Ending the access of somebody who leaves: only when nothing that is open still stands in their name."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from wijkteam.appointments.model import Appointment
from wijkteam.cases.model import HouseholdCase
from wijkteam.data_requests.model import DataRequest
from wijkteam.escalation.model import Breakthrough, Escalation, StructuralEscalation
from wijkteam.mandate.model import MandateRequest, RegisterChange
from wijkteam.objections.model import Objection
from wijkteam.people.service import WrongPerson
from wijkteam.signals.model import ConductComplaint, ResidentSignal
from wijkteam.signing_in import accounts
from wijkteam.storage.subject import SubjectColumns
from wijkteam.storage.work import Work
from wijkteam.tracks.model import Track

Mine = Callable[[int], ColumnElement[bool]]


def _case_of(person_id: int) -> ColumnElement[bool]:
    case = HouseholdCase
    return (case.owner_id == person_id) | (case.new_owner_id == person_id) | (case.next_step_by == person_id)


STANDS_ON: dict[type[SubjectColumns], Mine] = {
    HouseholdCase: _case_of,
    Appointment: lambda person_id: Appointment.goer_id == person_id,
    Track: lambda person_id: Track.worker_id == person_id,
    MandateRequest: lambda person_id: MandateRequest.requester_id == person_id,
    Escalation: lambda person_id: Escalation.asked_by == person_id,
    StructuralEscalation: lambda person_id: StructuralEscalation.asked_by == person_id,
    Breakthrough: lambda person_id: Breakthrough.owner_id == person_id,
    ResidentSignal: lambda person_id: ResidentSignal.handler_id == person_id,
    ConductComplaint: lambda person_id: ConductComplaint.handler_id == person_id,
    Objection: lambda person_id: Objection.handler_id == person_id,
    DataRequest: lambda person_id: (DataRequest.handler_id == person_id) | (DataRequest.asked_id == person_id),
    RegisterChange: lambda person_id: RegisterChange.proposer_id == person_id,
}
"""In whose name each kind of subject stands: who has to do something in it, or gets its answer."""
IN_NOBODYS_NAME = {
    "legal_term": "asked of the owner of its case, and goes along with it",
    "letter": "asked of the owner of its case, and goes along with it",
    "correction": "asked of the owner of its case and of privacy officers",
    "guest_access": "ends by itself; the owner of its case ends it",
    "resident": "belongs to a household",
    "helper": "belongs to a household",
    "relation": "belongs to a household",
    "case_file": "belongs to a case, for all who work on it",
    "quote": "belongs to a case; whoever works on it can take it back",
    **dict.fromkeys(
        ("goal", "plan_line", "agreement", "approach", "plan_consent", "measurement"),
        "part of the plan of a case, for all who work on it",
    ),
    "backing": "holds until its day, also for who comes after",
    "break_glass": "judged by any privacy officer",
    "full_export": "ends with its file; whoever holds the function asks for another",
    "destruction_list": "signed and carried out by whoever holds the function",
}
"""Kinds of subjects that stand in the name of no one person, and why."""


@dataclass(frozen=True)
class StillOpen:
    """Something open that stands in somebody's name: what kind it is, and its number; not whom it is about."""

    kind: str
    title: str
    subject_id: str


class StillStanding(WrongPerson):
    """Somebody in whose name something open stands cannot be missed yet."""


def stands_on(session: Session, engine: Any, person_id: int) -> list[StillOpen]:
    """Everything open that stands in somebody's name. Asked with a session that sees everything: it tells numbers."""
    found = []
    for model, mine in STANDS_ON.items():
        rows = session.scalars(select(model).where(mine(person_id)).order_by(model.opened_at, model.id))
        for each in rows:
            if not engine.has_ended(each):
                workflow = engine.workflow(each.workflow_name(), each.workflow_version)
                found.append(StillOpen(each.workflow_name(), workflow.title.nl, each.id))
    return found


def close_account(work: Work, person_id: int) -> int:
    """Somebody has left: no longer active, sessions and links end. Returns how many sessions ended.

    Raises StillStanding while something open stands in their name, and what `accounts.close_account` raises. Who must
    be kept out at once is: taking the password away and ending the sessions needs nothing to be handed over.
    """
    with work.transaction() as session:
        left = stands_on(session, work.engine, person_id) if work.actor.person_id != person_id else []
        if left:
            raise StillStanding(
                f"{len(left)} open things stand in the name of this person; hand them over first",
                f"Er staan nog {len(left)} open zaken op deze persoon. Laat die eerst overdragen. "
                "Moet iemand er meteen uit? Kies dan Herstellen: die persoon komt er niet meer in.",
            )
        return accounts.close_account(work, person_id)
