"""What can be asked about structural escalations."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from wijkteam.engine.ladder import Ladder
from wijkteam.escalation.model import Behind, Escalation, StructuralEscalation
from wijkteam.escalation.standing import Standing
from wijkteam.people.acting import ActingPerson

ENDED = ("adopted", "resolved", "refused", "withdrawn")


def find_structural(session: Session, structural_id: str) -> StructuralEscalation | None:
    """The structural escalation with that id, as it stands in the database now."""
    return session.get(StructuralEscalation, structural_id, populate_existing=True)


def escalations_behind(session: Session, structural_id: str) -> list[Escalation]:
    """The escalations that stand behind a structural one, oldest first."""
    rows = select(Escalation).join(Behind, Behind.escalation_id == Escalation.id)
    return list(session.scalars(rows.where(Behind.structural_id == structural_id).order_by(Escalation.opened_at)))


def structurals_of(session: Session, escalation_ids: Collection[str]) -> list[StructuralEscalation]:
    """The structural escalations behind which any of these escalations stand, newest first."""
    if not escalation_ids:
        return []
    linked = select(Behind.structural_id).where(Behind.escalation_id.in_(escalation_ids))
    rows = select(StructuralEscalation).where(StructuralEscalation.id.in_(linked))
    return list(session.scalars(rows.order_by(StructuralEscalation.opened_at.desc(), StructuralEscalation.id)))


def structurals(session: Session) -> list[StructuralEscalation]:
    """All structural escalations: first those that are open, then the newest."""
    rows = select(StructuralEscalation)
    by = StructuralEscalation.ended_at.is_not(None), StructuralEscalation.opened_at.desc(), StructuralEscalation.id
    return list(session.scalars(rows.order_by(*by)))


def waits_for(session: Session, person: ActingPerson, ladder: Ladder) -> list[StructuralEscalation]:
    """The structural escalations that ask this person something now: the top of the ladder, or who asked."""
    standing = Standing(session, ladder, None)
    found = session.scalars(rows_open().order_by(StructuralEscalation.opened_at, StructuralEscalation.id))
    return [
        each
        for each in found
        if (standing.may_answer(person, each.rung) if each.state == "asked" else each.asked_by == person.person_id)
    ]


def rows_open() -> Select[Any]:
    """The question for the structural escalations that have not ended."""
    return select(StructuralEscalation).where(StructuralEscalation.ended_at.is_(None))


def asked_by(session: Session, person_id: int) -> list[StructuralEscalation]:
    """The structural escalations that a person asked and that wait for an answer, oldest first."""
    mine = StructuralEscalation.asked_by == person_id, StructuralEscalation.state == "asked"
    rows = select(StructuralEscalation).where(*mine)
    return list(session.scalars(rows.order_by(StructuralEscalation.opened_at, StructuralEscalation.id)))


def escalations_with(session: Session, barrier: str, since: datetime) -> list[Escalation]:
    """Escalations with this barrier that were asked since a moment, newest first."""
    rows = select(Escalation).where(Escalation.barrier == barrier, Escalation.opened_at >= since)
    return list(session.scalars(rows.order_by(Escalation.opened_at.desc(), Escalation.id)))
