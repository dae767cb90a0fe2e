"""Giving mandate for one case (Awb 10:5): bounded, dated, and never more than the giver holds."""

from dataclasses import dataclass
from datetime import date

from wijkteam.engine.outcomes import MANDATE
from wijkteam.engine.running import NoMandate
from wijkteam.engine.vocabulary import Reason, Situation
from wijkteam.mandate.model import Mandate
from wijkteam.mandate.register import Standing
from wijkteam.mandate.row import euros
from wijkteam.mandate.service import standing_shown
from wijkteam.people import queries as people
from wijkteam.terms import clock

LONGEST_NUMBER = 40


@dataclass(frozen=True)
class CaseMandate:
    """Mandate for one case to one person: for which power, up to which amount in cents, until which day."""

    power: str
    case_id: str
    person_id: int
    function: str
    """The function in which this person acts."""
    amount: int | None
    """For all decisions under it together."""
    until: date
    why: str


def grant_for_case(situation: Situation, new: CaseMandate) -> Mandate:
    """Give mandate for one case under the mandate that the acting person was shown to hold.

    Called by effects, inside the transaction of the step that grants; the step carries the authority, which the
    register gave for the same power and amount. The limits of the giver's row go on to hold by the chain. Raises
    NoMandate when no mandate was shown, and when the giver may not pass it on like this (Awb 10:9).
    """
    standing = standing_shown(situation, new.power, new.case_id)
    day = clock.local(situation.at).date()
    reason = _why_not(situation, standing, new, day)
    if reason is not None:
        raise NoMandate(reason, None, MANDATE)
    session = situation.work.session
    giver = standing.row
    count = session.query(Mandate).filter(Mandate.case_id == new.case_id).count()
    place = f"/{new.case_id}/{count + 1}"
    row = Mandate(
        number=giver.number[: LONGEST_NUMBER - len(place)] + place,
        kind=giver.kind,
        power=new.power,
        legal_ground=giver.legal_ground,
        body=giver.body,
        function=new.function,
        given_under=giver.id,
        ceiling_per_decision=new.amount,
        civil_servant_only=standing.civil_servant_only,
        team_id=standing.team_id,
        wijk_code=standing.wijk_code,
        case_id=new.case_id,
        person_id=new.person_id,
        conditions=new.why,
        valid_from=day,
        valid_until=_last_day(standing, new.until),
    )
    session.add(row)
    session.flush()
    situation.work.remembered.clear()
    return row


def _last_day(standing: Standing, until: date) -> date:
    return min([until, *(row.valid_until for row in standing.chain if row.valid_until is not None)])


def _why_not(situation: Situation, standing: Standing, new: CaseMandate, day: date) -> Reason | None:
    giver = standing.row
    if new.person_id == situation.actor.person_id:
        return Reason("U kunt uzelf geen mandaat geven.", "You cannot give mandate to yourself.")
    if not giver.may_pass_on or giver.pass_on_to not in (None, new.function):
        whom = people.function_title(situation.work.session, new.function)
        return Reason(
            f"Uw mandaat {giver.number} mag niet worden doorgegeven aan: {whom} (Awb 10:9).",
            f"Your mandate {giver.number} may not be passed on to: {whom}.",
        )
    if giver.case_id not in (None, new.case_id):
        return Reason("Dit mandaat is voor een andere casus.", "This mandate is for another case.")
    if new.until < day:
        return Reason("De einddatum ligt in het verleden.", "The last day lies in the past.")
    limit = standing.per_decision
    if new.amount is not None and limit is not None and new.amount > limit:
        return Reason(
            f"Uw eigen mandaat gaat tot {euros(limit)}.", f"Your own mandate goes up to {euros(limit, 'en')}."
        )
    holder = people.acting_person(situation.work.session, new.person_id)
    if holder is None or not any(each.function == new.function for each in holder.holdings):
        return Reason("Deze persoon heeft die functie niet.", "This person does not hold that function.")
    if standing.civil_servant_only and not holder.civil_servant:
        return Reason("Dit mag alleen een ambtenaar besluiten.", "Only a civil servant may decide this.")
    if not any(each.consented for each in holder.holdings if each.function == new.function):
        return Reason(
            "Dat deze persoon en de werkgever instemmen, is nog niet vastgelegd (Awb 10:4).",
            "It is not on record yet that this person and the employer agree.",
        )
    return None


def take_back_for_case(situation: Situation, mandate_id: int, why: str) -> None:
    """Revoke a mandate for one case from this moment on, and touch nothing before it (Awb 10:8)."""
    row = situation.work.session.get(Mandate, mandate_id)
    if row is not None and row.revoked_at is None:
        row.revoked_at = situation.at
        row.revoked_why = why
        situation.work.session.flush()
    situation.work.remembered.clear()
