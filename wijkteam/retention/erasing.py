"""Real deletion of one record: nothing readable stays of it, and its chain of events still holds.

In one transaction everything of a case goes: what its events recorded, the texts of its rows and of all that lives
within it, its files, its letters, what people were told about it, and when no other case of the household is left, who
or where that is. The keys of its payloads go too, for what was copied before. Links, digests and hashes of the events
stay, and a row of `erasure` says why the payloads are gone.
"""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from wijkteam.access.model import BreakGlass, GlassTry, NamedReader, Reading
from wijkteam.cases.model import Household, HouseholdCase
from wijkteam.cases.queries import DESTROYED
from wijkteam.data_requests.model import DataRequest
from wijkteam.deadlines.model import Deadline
from wijkteam.documents.model import Document
from wijkteam.events.chain import digest
from wijkteam.events.erasing import erase_records
from wijkteam.events.model import Erasure, Notice
from wijkteam.figures.keeping import forget_case
from wijkteam.logs.leaves import LOGS, pack, root_of
from wijkteam.logs.model import ReadingErasure
from wijkteam.mandate.model import Decision, Mandate
from wijkteam.offline.model import SentOnce
from wijkteam.resident_mail.sending import forget_mail
from wijkteam.residents.model import Resident, SamePerson
from wijkteam.retention.contents import LOGS_OF_ACCESS, emptied
from wijkteam.retention.selecting import (
    CASE,
    COMPLAINT,
    DATA_REQUEST,
    READING,
    SIGNAL,
    kinds_of_a_household,
    kinds_within_a_case,
)
from wijkteam.search.keeping import forget_subjects
from wijkteam.signals.codes import forget_code
from wijkteam.signals.model import ConductComplaint, ResidentSignal
from wijkteam.terms import clock
from wijkteam.webhooks.model import WebhookDelivery
from wijkteam.zgw.service import forget_zaak

BY_THEMSELVES: dict[str, type[Any]] = {
    SIGNAL: ResidentSignal,
    COMPLAINT: ConductComplaint,
    DATA_REQUEST: DataRequest,
}
"""Kinds of subjects that live within no case, and are destroyed when their own term is over."""
BSN = ("bsn_sealed", "bsn_index", "bsn_ground", "bsn_purpose", "bsn_set_by", "bsn_set_at")
DAYS = ("birth_date", "lived_since", "left_on", "since", "until", "ended_on")
TEXTS = ("name", "role", "part_of_time", "where_to", "organisation", "does_what", "reach")
WHO = (*TEXTS, *DAYS, *BSN)
"""Of whoever lived in a household, helped it or belonged together: what is not even left as an empty text."""


@dataclass(frozen=True)
class Erased:
    """How many payloads went, and the digest over the heads of the chains that stay."""

    payloads: int
    proof: str


def erase(session: Session, kind: str, subject_id: str, list_id: str, at: datetime) -> Erased:
    """Destroy one record in the caller's transaction. Raises LookupError for a kind that is not destroyed."""
    if kind == CASE:
        return _erase_case(session, subject_id, list_id, at)
    if kind in BY_THEMSELVES:
        forget_code(session, kind, [subject_id])
        forget_mail(session, kind, [subject_id])
        return _erase_subjects(session, [(kind, BY_THEMSELVES[kind], [subject_id])], list_id, at)
    if kind == READING:
        return _erase_readings(session, date.fromisoformat(subject_id), list_id, at)
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
    session.execute(delete(SentOnce).where(SentOnce.case_id == case_id))
    session.execute(_blindly(update(HouseholdCase).where(HouseholdCase.id == case_id).values(protected_why=DESTROYED)))
    glasses = select(BreakGlass.id).where(BreakGlass.case_id == case_id)
    session.execute(_blindly(update(GlassTry).where(GlassTry.glass_id.in_(glasses)).values(sought="")))
    beside = _erase_household(session, case_id, list_id, at)
    forget_case(session, case_id)
    forget_zaak(session, case_id)
    session.execute(delete(WebhookDelivery).where(WebhookDelivery.case_id == case_id))
    session.expire_all()
    return Erased(erased.payloads + beside, erased.proof)


def _erase_household(session: Session, case_id: str, list_id: str, at: datetime) -> int:
    """Who or where and who lived there, once all cases of the household were destroyed; returns how many payloads."""
    number = session.scalar(select(HouseholdCase.household_id).where(HouseholdCase.id == case_id))
    gone = select(Erasure.subject_id).where(Erasure.subject_kind == CASE, Erasure.sequence == 0)
    left = select(HouseholdCase.id).where(HouseholdCase.household_id == number, HouseholdCase.id.not_in(gone))
    if number is None or session.scalar(left.limit(1)) is not None:
        return 0
    session.execute(
        _blindly(update(Household).where(Household.id == number).values({**emptied(Household), "buurt_code": None}))
    )
    forget_subjects(session, "household", [str(number)])
    return sum(
        _erase_at_home(session, kind, model, number, list_id, at) for kind, model in kinds_of_a_household().items()
    )


def _erase_at_home(session: Session, kind: str, model: type[Any], household_id: int, list_id: str, at: datetime) -> int:
    """Who lived in a household or helped it, also those who were removed: only that there was somebody stays."""
    gone = select(Erasure.subject_id).where(Erasure.subject_kind == kind, Erasure.sequence == 0)
    mine = select(model.id).where(model.household_id == household_id, model.id.not_in(gone))
    ids = list(session.scalars(mine.order_by(model.id)))
    if not ids:
        return 0
    erased = _erase_subjects(session, [(kind, model, ids)], list_id, at)
    if model is Resident:
        session.execute(delete(SamePerson).where(SamePerson.resident_id.in_(ids) | SamePerson.other_id.in_(ids)))
    found = {column.key for column in model.__table__.columns}
    nothing = dict.fromkeys((name for name in WHO if name in found), None)
    session.execute(_blindly(update(model).where(model.id.in_(ids)).values(nothing)))
    return erased.payloads


def _erase_subjects(
    session: Session, chosen: list[tuple[str, type[Any], list[str]]], list_id: str | None, at: datetime
) -> Erased:
    heads: list[str] = []
    for kind, model, ids in chosen:  # the rows first: whoever has one in hand is waited for, and then finds no key
        texts = emptied(model)
        if texts:
            session.execute(_blindly(update(model).where(model.id.in_(ids)).values(texts)))
        heads += list(session.scalars(select(model.event_hash).where(model.id.in_(ids)).order_by(model.id)))
        session.execute(delete(Document).where(Document.subject_kind == kind, Document.subject_id.in_(ids)))
        session.execute(delete(Deadline).where(Deadline.subject_kind == kind, Deadline.subject_id.in_(ids)))
        _erase_notices(session, kind, ids)
        forget_subjects(session, kind, ids)
    payloads = erase_records(session, {kind: ids for kind, _, ids in chosen}, list_id, at)
    return Erased(payloads, digest("\n".join(heads)))


def _erase_notices(session: Session, kind: str, ids: list[str]) -> None:
    """What people were told; a mail that told of nothing else says nothing any more, and stays as a count."""
    session.execute(delete(Notice).where(Notice.subject_kind == kind, Notice.subject_id.in_(ids)))


def before_midnight_after(last: date) -> datetime:
    """The moment before which a reading is over its term, when `last` is the last day over it on Dutch clocks."""
    return datetime.combine(last + timedelta(days=1), time(), clock.NETHERLANDS)


def _erase_readings(session: Session, last: date, list_id: str, at: datetime) -> Erased:
    """Every line of the reading log up to and with a day; the database lets them go once it was written down which."""
    before = before_midnight_after(last)
    over = Reading.at < before
    first, newest = session.execute(select(func.min(Reading.id), func.max(Reading.id)).where(over)).one()
    if first is None:
        return Erased(0, root_of(b""))
    numbers = frozenset(session.scalars(select(Reading.id).where(over)))
    rows = LOGS[READING].leaves(session, first - 1, newest)
    leaves = b"".join(pack(*each) for each in rows if each[0] in numbers)
    session.add(ReadingErasure(list_id=list_id, first_id=first, last_id=newest, before=before, leaves=leaves, at=at))
    session.flush()
    session.execute(_blindly(delete(Reading).where(over, Reading.id <= newest)))
    for log in LOGS_OF_ACCESS:
        session.execute(_blindly(delete(log).where(log.at < before)))
    return Erased(len(numbers), root_of(leaves))


def _blindly(statement: Any) -> Any:
    """Without looking for the rows among what the session has in hand: that is read anew afterwards."""
    return statement.execution_options(synchronize_session=False)
