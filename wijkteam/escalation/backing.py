"""Backing (rugdekking): giving it, and what can be asked about it."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, Select, or_, select
from sqlalchemy.orm import Session

from wijkteam.escalation.model import Backing, Behind, Escalation
from wijkteam.storage.asking import written_once
from wijkteam.storage.subject import new_id
from wijkteam.storage.work import Work

IN_FORCE = "in_force"
ENDED = ("ended", "withdrawn")


@dataclass(frozen=True)
class NewBacking:
    """For what deviation, until which day; with a power also the limit that it lifts."""

    deviation: str
    valid_until: date | str
    power: str | None = None
    amount: int | str | None = None
    """Up to which amount per decision and per household, in cents or as a person writes it."""
    case_id: str | None = None
    escalation_id: str | None = None
    """The escalation of the case on which it is given."""
    structural_id: str | None = None


def give_backing(work: Work, new: NewBacking, backing_id: str | None = None) -> Backing:
    """Stand behind a deviation, for one case or for a structural escalation, until a day.

    With a power it gives the owner of the case mandate for that case, under the giver's own mandate (Awb 10:5).
    Raises WrongFields, NotYours, NoMandate, or Blocked.
    """
    with work.transaction() as session:
        backing = Backing(
            id=backing_id or new_id(),
            case_id=new.case_id,
            structural_id=new.structural_id,
            escalation_id=new.escalation_id,
            given_by=work.actor.person_id,
        )
        with session.no_autoflush:
            work.open(
                backing,
                {
                    "deviation": new.deviation,
                    "valid_until": new.valid_until,
                    "power": new.power,
                    "amount": new.amount,
                },
            )
            session.add(backing)
        return backing


def find_backing(session: Session, backing_id: str) -> Backing | None:
    """The backing with that id, as it stands in the database now."""
    return session.get(Backing, backing_id, populate_existing=True)


def backings_of_case(session: Session, case_id: str) -> list[Backing]:
    """All backing of a case, also through structural escalations behind which it stands; what holds comes first."""
    return list(session.scalars(*_of_case(case_id)))


@written_once
def _of_case(case_id: str) -> Select[Backing]:
    mine = select(Escalation.id).where(Escalation.case_id == case_id)
    through = select(Behind.structural_id).where(Behind.escalation_id.in_(mine))
    return _those(or_(Backing.case_id == case_id, Backing.structural_id.in_(through)))


def backings_of_structural(session: Session, structural_id: str) -> list[Backing]:
    """All backing of a structural escalation; what holds comes first."""
    return list(session.scalars(_those(Backing.structural_id == structural_id)))


def _those(which: ColumnElement[bool]) -> Select[Backing]:
    by = Backing.ended_at.is_not(None), Backing.valid_until.desc(), Backing.id
    return select(Backing).where(which).order_by(*by)
