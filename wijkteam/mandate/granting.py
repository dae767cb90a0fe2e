"""Giving mandate for one case (Awb 10:5): bounded, dated, and never more than the giver holds."""

from dataclasses import dataclass
from datetime import date

from wijkteam.engine.running import NoMandate
from wijkteam.engine.vocabulary import Reason, Situation
from wijkteam.mandate.model import Mandate
from wijkteam.terms import clock


@dataclass(frozen=True)
class CaseMandate:
    """Mandate for one case to one person: for which power, up to which amount in cents, until which day."""

    power: str
    case_id: str
    person_id: int
    function: str
    """The function in which this person acts."""
    amount: int | None
    until: date
    why: str


def grant_for_case(situation: Situation, new: CaseMandate) -> Mandate:
    """Give mandate for one case under the mandate that the acting person was shown to hold.

    Called by effects, inside the transaction of the step that grants; the step carries the authority, which the
    register gave for the same power and amount. Raises NoMandate when no mandate was shown.
    """
    authority = situation.authority
    if authority is None or authority.mandate_id is None:
        raise NoMandate(Reason("Hiervoor is geen mandaat getoond.", "No mandate was shown for this."))
    session = situation.work.session
    giver = session.get(Mandate, authority.mandate_id)
    count = session.query(Mandate).filter(Mandate.case_id == new.case_id).count()
    row = Mandate(
        number=f"{giver.number}/{new.case_id}/{count + 1}",
        kind=giver.kind,
        power=new.power,
        legal_ground=giver.legal_ground,
        body=giver.body,
        function=new.function,
        given_under=giver.id,
        ceiling_per_decision=new.amount,
        ceiling_per_household=new.amount,
        civil_servant_only=giver.civil_servant_only,
        team_id=giver.team_id,
        case_id=new.case_id,
        person_id=new.person_id,
        conditions=new.why,
        valid_from=clock.local(situation.at).date(),
        valid_until=min(new.until, giver.valid_until) if giver.valid_until else new.until,
    )
    session.add(row)
    session.flush()
    situation.work.remembered.clear()
    return row


def take_back_for_case(situation: Situation, mandate_id: int, why: str) -> None:
    """Revoke a mandate for one case from this moment on, and touch nothing before it (Awb 10:8)."""
    row = situation.work.session.get(Mandate, mandate_id)
    if row is not None and row.revoked_at is None:
        row.revoked_at = situation.at
        row.revoked_why = why
        situation.work.session.flush()
    situation.work.remembered.clear()
