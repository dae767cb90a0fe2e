"""What can be done with legal terms: starting one; every other step is one of its workflow."""

from dataclasses import dataclass
from datetime import date

from wijkteam.legal_terms.model import LegalTerm
from wijkteam.storage.subject import new_id
from wijkteam.storage.work import Work


@dataclass(frozen=True)
class NewLegalTerm:
    """A matter of the table and the day from which it counts; a time of the day only for terms in hours."""

    case_id: str
    team_id: int
    matter: str
    started_on: date | str
    started_time: str | None = None
    concerns: str | None = None


def start_legal_term(work: Work, new: NewLegalTerm, term_id: str | None = None) -> LegalTerm:
    """Start a legal term in a case. Raises WrongFields or Refused; Blocked where the law knows no such term then."""
    with work.transaction() as session:
        term = LegalTerm(id=term_id or new_id(), case_id=new.case_id, team_id=new.team_id)
        with session.no_autoflush:
            work.open(
                term,
                {
                    "matter": new.matter,
                    "started_on": new.started_on,
                    "started_time": new.started_time,
                    "concerns": new.concerns,
                },
            )
            session.add(term)
        return term
