"""What can be asked about escalations."""

from collections.abc import Collection

from sqlalchemy import select
from sqlalchemy.orm import Session

from wijkteam.engine.ladder import Ladder
from wijkteam.escalation.model import Escalation
from wijkteam.people.acting import ActingPerson

ENDED = ("resolved", "withdrawn")


def find_escalation(session: Session, escalation_id: str) -> Escalation | None:
    """The escalation with that id, as it stands in the database now."""
    return session.get(Escalation, escalation_id, populate_existing=True)


def escalations_of_case(session: Session, case_id: str) -> list[Escalation]:
    """All escalations of a case, newest first."""
    return list(
        session.scalars(select(Escalation).where(Escalation.case_id == case_id).order_by(Escalation.opened_at.desc()))
    )


def waiting_for(session: Session, person: ActingPerson, ladder: Ladder) -> list[Escalation]:
    """The escalations that this person can answer now, by the moment they must be answered."""
    rungs = [rung.number for rung in ladder.rungs if rung.function in person.functions]
    found = session.scalars(
        select(Escalation)
        .where(Escalation.state == "asked", Escalation.rung.in_(rungs))
        .order_by(Escalation.respond_by, Escalation.id)
    )
    return [each for each in found if person.holds(ladder.rung(each.rung).function, each.team_id)]


def asked_by(session: Session, person_id: int) -> list[Escalation]:
    """The open escalations that a person asked, oldest first."""
    return list(
        session.scalars(
            select(Escalation)
            .where(Escalation.asked_by == person_id, Escalation.state.not_in(ENDED))
            .order_by(Escalation.opened_at)
        )
    )


def phase_of(escalations: Collection[Escalation], ladder: Ladder) -> int:
    """The phase of a case (AVE, 1 to 4): that of its highest open question, or 1 when nothing is open."""
    phases = [
        ladder.rung(each.rung).phase or 1 for each in escalations if each.state not in ENDED and each.kind == "question"
    ]
    return max(phases, default=1)
