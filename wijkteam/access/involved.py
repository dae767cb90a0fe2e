"""Who took part in a decision, and so is kept from an objection against it."""

from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from wijkteam.letters import queries as letters
from wijkteam.mandate.agreeing import agreements, former_requesters
from wijkteam.mandate.model import Decision, Mandate, MandateRequest
from wijkteam.terms import clock


def involved_in(session: Session, decision_id: int) -> frozenset[int]:
    """The numbers of everybody who took part in a decision.

    Who took it (Awb 10:3(3)); who asked for it, agreed to it or decided on the request (Awb 7:5: hearing is done by
    others than those who prepared it); and where it was taken on a mandate for this one case (Awb 10:5), who decided
    on the requests by which that was given.
    """
    decision = session.get(Decision, decision_id)
    if decision is None:
        return frozenset()
    found: set[int | None] = {decision.decided_by}
    for request in _requests(session, decision):
        found |= {request.requester_id, request.decided_by, *former_requesters(request)}
        found |= {each.person_id for each in agreements(request)}
    return frozenset(number for number in found if number is not None)


def _requests(session: Session, decision: Decision) -> list[MandateRequest]:
    own = MandateRequest.id == decision.request_id
    row = session.get(Mandate, decision.mandate_id)
    if row is not None and row.case_id is not None:
        own |= (MandateRequest.case_id == row.case_id) & (MandateRequest.power == row.power)
    return list(session.scalars(select(MandateRequest).where(own)))


def made_known_on(session: Session, decision_id: int) -> date:
    """The day from which the term for objecting is counted: when the letter was sent or handed over.

    As long as that is not recorded, the day of the decision: an objection that comes before the term begins is no
    reason to turn it down (Awb 6:10). Raises LookupError.
    """
    decision = session.get(Decision, decision_id)
    if decision is None:
        raise LookupError(f"no decision {decision_id}")
    return letters.made_known_on(session, decision_id) or clock.local(decision.decided_at).date()
