"""What can be asked about letters."""

from collections.abc import Collection
from datetime import date
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from wijkteam.cases.model import HouseholdCase
from wijkteam.documents.model import Document
from wijkteam.letters.model import Letter
from wijkteam.storage.among import among
from wijkteam.storage.asking import written_once

TO_SEND, KEPT, SENT, REPLACED, OVER = "to_send", "kept", "sent", "replaced", "over"


def find_letter(session: Session, letter_id: str) -> Letter | None:
    """The letter with that id, as it stands in the database now."""
    return session.get(Letter, letter_id, populate_existing=True)


def letters_of(session: Session, decision_id: int) -> list[Letter]:
    """All letters of a decision, the newest first: the others were replaced."""
    rows = select(Letter).where(Letter.decision_id == decision_id)
    return list(session.scalars(rows.order_by(Letter.opened_at.desc(), Letter.replaces_id.is_(None))))


def letters_of_case(session: Session, case_id: str) -> dict[int, Letter]:
    """The letter in force of each decision in a case."""
    return {letter.decision_id: letter for letter in session.scalars(*_in_force(case_id))}


@written_once
def _in_force(case_id: str) -> Select[Letter]:
    return select(Letter).where(Letter.case_id == case_id, Letter.state != REPLACED).order_by(Letter.opened_at)


def decisions_of(session: Session, letter_ids: Collection[str]) -> dict[str, int]:
    """Which decision each of these letters is about."""
    rows = session.execute(select(Letter.id, Letter.decision_id).where(among(Letter.id, letter_ids)))
    return {letter: decision for letter, decision in rows}


def made_known_on(session: Session, decision_id: int) -> date | None:
    """The day on which a decision was made known (Awb 3:41): that of the first letter that was sent; None if none."""
    return session.scalar(select(func.min(Letter.sent_on)).where(Letter.decision_id == decision_id))


def letters_to_send(session: Session, owner_id: int) -> list[Letter]:
    """The letters that wait to be sent in the cases of this owner, oldest first."""
    return list(session.scalars(rows_to_send(owner_id).order_by(Letter.opened_at)))


def rows_to_send(owner_id: int) -> Select[Any]:
    """The question for the letters that wait to be sent in the cases of this owner."""
    rows = select(Letter).join(HouseholdCase, HouseholdCase.id == Letter.case_id)
    return rows.where(Letter.state == TO_SEND, HouseholdCase.owner_id == owner_id)


def has_pdf(session: Session, letter_id: str) -> bool:
    """Whether the PDF of a letter is there."""
    return bool(with_pdf(session, [letter_id]))


def with_pdf(session: Session, letter_ids: Collection[str]) -> frozenset[str]:
    """Those of these letters of which the PDF is there."""
    if not letter_ids:
        return frozenset()
    made = select(Document.subject_id).where(Document.subject_kind == "letter", among(Document.subject_id, letter_ids))
    return frozenset(session.scalars(made))


def without_pdf(session: Session) -> list[str]:
    """The ids of all letters of which the PDF is not there yet, oldest first."""
    made = select(Document.id).where(Document.subject_kind == "letter", Document.subject_id == Letter.id)
    return list(session.scalars(select(Letter.id).where(~made.exists()).order_by(Letter.opened_at, Letter.id)))
