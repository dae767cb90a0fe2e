"""What can be asked about legal terms."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from wijkteam.legal_terms.model import LegalTerm

ENDED = ("met", "met_late", "run_out", "lapsed")


def find_legal_term(session: Session, term_id: str) -> LegalTerm | None:
    """The legal term with that id, as it stands in the database now."""
    return session.get(LegalTerm, term_id, populate_existing=True)


def legal_terms_of_case(session: Session, case_id: str) -> list[LegalTerm]:
    """All legal terms of a case: first those that are open, each by when it ends."""
    rows = select(LegalTerm).where(LegalTerm.case_id == case_id)
    return list(session.scalars(rows.order_by(LegalTerm.ended_at.is_not(None), LegalTerm.ends_at, LegalTerm.id)))


def open_legal_terms_in(session: Session, case_ids: list[str]) -> list[LegalTerm]:
    """The open legal terms of these cases, soonest first."""
    rows = select(LegalTerm).where(LegalTerm.case_id.in_(case_ids), LegalTerm.ended_at.is_(None))
    return list(session.scalars(rows.order_by(LegalTerm.ends_at, LegalTerm.id)))
