"""What can be asked about objections."""

from collections.abc import Collection
from datetime import date
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from wijkteam.objections.model import Objection
from wijkteam.storage.among import among
from wijkteam.storage.asking import written_once
from wijkteam.terms import clock

READY = "heard"
"""The state in which it waits for a decision."""
DECIDED, WITHDRAWN = "decided", "withdrawn"
ENDED = (DECIDED, WITHDRAWN)
OFFICER = "objection_officer"
POWER = "objection_decision"


def find_objection(session: Session, objection_id: str) -> Objection | None:
    """The objection with that id, as it stands in the database now."""
    return session.get(Objection, objection_id, populate_existing=True)


def objections_of_case(session: Session, case_id: str) -> list[Objection]:
    """All objections in a case, oldest first."""
    return list(session.scalars(*_of_case(case_id)))


@written_once
def _of_case(case_id: str) -> Select[Objection]:
    return select(Objection).where(Objection.case_id == case_id).order_by(Objection.opened_at)


def objections_against(session: Session, decision_id: int) -> list[Objection]:
    """All objections against a decision, oldest first."""
    rows = select(Objection).where(Objection.decision_id == decision_id)
    return list(session.scalars(rows.order_by(Objection.opened_at)))


def open_objections(session: Session) -> list[Objection]:
    """All objections that have not ended, oldest first."""
    return list(session.scalars(rows_open().order_by(Objection.received_on, Objection.id)))


def rows_open() -> Select[Any]:
    """The question for all objections that have not ended."""
    return select(Objection).where(~among(Objection.state, ENDED))


def undone(session: Session, decision_ids: Collection[int]) -> dict[int, str]:
    """What became of those of these decisions that an objection undid: revised or withdrawn (Awb 7:11(2))."""
    if not decision_ids:
        return {}
    rows = session.execute(
        select(Objection.decision_id, Objection.first_decision).where(
            among(Objection.decision_id, decision_ids), among(Objection.first_decision, ("revised", "withdrawn"))
        )
    )
    return {decision: became for decision, became in rows if became}


def ended_by_objection(session: Session, decision_ids: Collection[int]) -> dict[int, date]:
    """On which day an objection undid those of these decisions that were: from then on they hold no longer."""
    rows = session.execute(
        select(Objection.decision_id, Objection.ended_at).where(
            Objection.decision_id.in_(decision_ids), Objection.first_decision.in_(("revised", "withdrawn"))
        )
    )
    return {decision: clock.local(at).date() for decision, at in rows if at is not None}
