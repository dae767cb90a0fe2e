"""Real deletion of one record: nothing readable stays of it, and its chain of events still holds.

In one transaction everything of a case goes: what its events recorded, the texts of its rows and of all that lives
within it, its files, its letters, what people were told about it, and when no other case of the household is left, who
or where that is. Links, digests and hashes of the events stay, and a row of `erasure` says why the payloads are gone.
"""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, cast

from sqlalchemy import CursorResult, delete, func, select, update
from sqlalchemy.orm import Session

from wijkteam.access.model import NamedReader, Reading
from wijkteam.cases.model import Household, HouseholdCase
from wijkteam.deadlines.model import Deadline
from wijkteam.documents.model import Document
from wijkteam.events.chain import digest
from wijkteam.events.model import Erasure, Event, Notice
from wijkteam.mandate.model import Decision, Mandate
from wijkteam.retention.contents import BESIDE_HOUSEHOLDS, emptied
from wijkteam.retention.selecting import CASE, READING, SIGNAL, kinds_within_a_case
from wijkteam.signals.model import ResidentSignal
from wijkteam.terms import clock

GONE = "vernietigd"
"""Why nobody reads a case that was destroyed: only named readers would, and nobody is named."""


@dataclass(frozen=True)
class Erased:
    """How many payloads went, and the digest over the heads of the chains that stay."""

    payloads: int
    proof: str


def erase(session: Session, kind: str, subject_id: str, list_id: str, at: datetime) -> Erased:
    """Destroy one record in the caller's transaction. Raises LookupError for a kind that is not destroyed."""
    if kind == CASE:
        return _erase_case(session, subject_id, list_id, at)
    if kind == SIGNAL:
        return _erase_subjects(session, [(SIGNAL, ResidentSignal, [subject_id])], list_id, at)
    if kind == READING:
        return _erase_readings(session, date.fromisoformat(subject_id))
    raise LookupError(f"a {kind} is not destroyed by itself")


def _erase_case(session: Session, case_id: str, list_id: str, at: datetime) -> Erased:
    within: list[tuple[str, type[Any], list[str]]] = [(CASE, HouseholdCase, [case_id])]
    for kind, model in kinds_within_a_case().items():
        ids = list(session.scalars(select(model.id).where(model.case_id == case_id).order_by(model.id)))
        if ids:
            within.append((kind, model, ids))
    erased = _erase_subjects(session, within, list_id, at)
    session.execute(_blindly(update(Decision).where(Decision.case_id == case_id).values(emptied(Decision))))
    session.execute(_blindly(update(Mandate).where(Mandate.case_id == case_id).values(emptied(Mandate))))
    session.execute(delete(NamedReader).where(NamedReader.case_id == case_id))
    session.execute(_blindly(update(HouseholdCase).where(HouseholdCase.id == case_id).values(protected_why=GONE)))
    _erase_household(session, case_id)
    session.expire_all()
    return erased


def _erase_household(session: Session, case_id: str) -> None:
    """Who or where, once all cases of the household were destroyed."""
    number = session.scalar(select(HouseholdCase.household_id).where(HouseholdCase.id == case_id))
    gone = select(Erasure.subject_id).where(Erasure.subject_kind == CASE, Erasure.sequence == 0)
    left = select(HouseholdCase.id).where(HouseholdCase.household_id == number, HouseholdCase.id.not_in(gone))
    if number is None or session.scalar(left.limit(1)) is not None:
        return
    session.execute(
        _blindly(update(Household).where(Household.id == number).values({**emptied(Household), "buurt_code": None}))
    )
    for erase_beside in BESIDE_HOUSEHOLDS:
        erase_beside(session, number)


def _erase_subjects(
    session: Session, chosen: list[tuple[str, type[Any], list[str]]], list_id: str | None, at: datetime
) -> Erased:
    payloads, heads = 0, []
    for kind, model, ids in chosen:
        mine = (Event.subject_kind == kind) & Event.subject_id.in_(ids)
        payloads += _count(session, update(Event).where(mine, Event.payload.is_not(None)).values(payload=None))
        heads += list(session.scalars(select(model.event_hash).where(model.id.in_(ids)).order_by(model.id)))
        session.execute(_blindly(update(model).where(model.id.in_(ids)).values(emptied(model))))
        session.execute(delete(Document).where(Document.subject_kind == kind, Document.subject_id.in_(ids)))
        session.execute(delete(Deadline).where(Deadline.subject_kind == kind, Deadline.subject_id.in_(ids)))
        _erase_notices(session, kind, ids)
        session.add_all(
            [Erasure(subject_kind=kind, subject_id=each, sequence=0, at=at, list_id=list_id) for each in ids]
        )
    session.flush()
    return Erased(payloads, digest("\n".join(heads)))


def _erase_notices(session: Session, kind: str, ids: list[str]) -> None:
    """What people were told; a mail that told of nothing else says nothing any more, and stays as a count."""
    session.execute(delete(Notice).where(Notice.subject_kind == kind, Notice.subject_id.in_(ids)))


def _erase_readings(session: Session, last: date) -> Erased:
    """Every line of the reading log up to and with a day on Dutch clocks."""
    before = datetime.combine(last + timedelta(days=1), time(), clock.NETHERLANDS)
    over = Reading.at < before
    count, first, newest = session.execute(
        select(func.count(Reading.id), func.min(Reading.id), func.max(Reading.id)).where(over)
    ).one()
    session.execute(delete(Reading).where(over))
    return Erased(count, digest(f"{first}-{newest}"))


def _count(session: Session, statement: Any) -> int:
    return cast(CursorResult[Any], session.execute(_blindly(statement))).rowcount


def _blindly(statement: Any) -> Any:
    """Without looking for the rows among what the session has in hand: that is read anew afterwards."""
    return statement.execution_options(synchronize_session=False)
