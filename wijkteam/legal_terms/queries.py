"""What can be asked about legal terms."""

from collections.abc import Collection
from datetime import date
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from wijkteam.cases.queries import own_open_ids
from wijkteam.legal_terms.model import LegalTerm
from wijkteam.storage.among import among
from wijkteam.storage.asking import written_once

ENDED = ("met", "met_late", "run_out", "lapsed")


def find_legal_term(session: Session, term_id: str) -> LegalTerm | None:
    """The legal term with that id, as it stands in the database now."""
    return session.get(LegalTerm, term_id, populate_existing=True)


def legal_terms_of_case(session: Session, case_id: str) -> list[LegalTerm]:
    """All legal terms of a case: first those that are open, each by when it ends."""
    return list(session.scalars(*_of_case(case_id)))


@written_once
def _of_case(case_id: str) -> Select[LegalTerm]:
    rows = select(LegalTerm).where(LegalTerm.case_id == case_id)
    return rows.order_by(LegalTerm.ended_at.is_not(None), LegalTerm.ends_at, LegalTerm.id)


def nearly_over(session: Session, owner_id: int, until: date, most: int) -> list[str]:
    """Ids of the open legal terms in the open cases of an owner that end by a day, or are over; soonest first."""
    rows = rows_nearly_over(owner_id, until)
    return list(session.scalars(rows.order_by(_ENDS, LegalTerm.id).limit(most)))


_ENDS = func.coalesce(LegalTerm.suspended_until, LegalTerm.ends_on)


def rows_nearly_over(owner_id: int, until: date) -> Select[Any]:
    """The question for the ids of the open legal terms in the open cases of an owner that end by a day."""
    mine = LegalTerm.case_id.in_(own_open_ids(owner_id))
    return select(LegalTerm.id).where(mine, LegalTerm.ended_at.is_(None), until >= _ENDS)


def legal_terms(session: Session, term_ids: Collection[str]) -> list[LegalTerm]:
    """Legal terms by id."""
    if not term_ids:
        return []
    return list(session.scalars(select(LegalTerm).where(among(LegalTerm.id, term_ids))))
