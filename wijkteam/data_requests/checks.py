"""When a step of a request about data can be taken: the rules of the AVG, each with its reason in words."""

from datetime import timedelta

from wijkteam.cases import queries as cases
from wijkteam.data_requests import terms
from wijkteam.data_requests.grounds import RefusalGrounds
from wijkteam.data_requests.model import DataRequest
from wijkteam.data_requests.queries import OFFICER, is_staff
from wijkteam.engine.vocabulary import Reason, Situation
from wijkteam.people import queries as people
from wijkteam.terms import clock
from wijkteam.terms.lengths import length_on

GRANTED, PARTLY, REFUSED = "granted", "partly", "refused"
LONGEST_WAIT = timedelta(days=62)
TOLD_TO_RECEIVERS = frozenset({"rectification", "erasure", "restriction"})
"""Of these the receivers of the data are told (AVG art. 19)."""


def received_on_is_possible(situation: Situation) -> Reason | None:
    """Not in the future, and no longer ago than the AVG itself."""
    received = situation.fields.get("received_on")
    if received is None:
        return None
    if received > clock.today():
        return Reason("De dag van ontvangst kan niet later zijn dan vandaag.", "It cannot have come in after today.")
    try:
        length_on(terms.ANSWERING, received)
    except LookupError:
        return Reason("Op die dag gold de AVG nog niet.", "The GDPR did not hold on that day.")
    return None


def told_on_is_possible(situation: Situation) -> Reason | None:
    """From the day on which it came in up to today."""
    told = situation.fields.get("told_on")
    if told is None or situation.subject.received_on <= told <= clock.today():
        return None
    return Reason("Kies een dag vanaf de ontvangst tot en met vandaag.", "Choose a day from when it came in to today.")


def handler_is_officer(situation: Situation) -> Reason | None:
    """Requests are handled by privacy officers."""
    handler = situation.fields.get("handler")
    if handler is None or handler in people.holder_ids(situation.work.session, OFFICER):
        return None
    return Reason("Deze persoon is geen privacyfunctionaris.", "This person is no privacy officer.")


def case_is_there(situation: Situation) -> Reason | None:
    """There is a case with that number."""
    number = situation.fields.get("case_number")
    if number is None or cases.find_case(situation.work.session, number.strip().lower()) is not None:
        return None
    return Reason("Er is geen casus met dit nummer.", "There is no case with this number.")


def identity_not_sure_yet(situation: Situation) -> Reason | None:
    """Proof is asked only as long as there is doubt (AVG art. 12(6))."""
    if situation.subject.identity_sure_on is None:
        return None
    return Reason("We weten al zeker wie het vraagt.", "We are sure already who asks.")


def proof_within_reach(situation: Situation) -> Reason | None:
    """The term stands still no longer than two months: who waits longer has to ask anew (a choice, no law)."""
    by = situation.fields.get("identity_by")
    if by is None or by <= clock.today() + LONGEST_WAIT:
        return None
    return Reason("Deze dag ligt te ver weg.", "This day lies too far away.")


def not_extended_yet(situation: Situation) -> Reason | None:
    """Once, by two months (AVG art. 12(3))."""
    if not situation.subject.extended:
        return None
    return Reason("Verlengen kan één keer (AVG 12 lid 3).", "It can be extended once (GDPR 12(3)).")


def told_within_first_month(situation: Situation) -> Reason | None:
    """The resident hears that it takes longer, and why, within the first month (AVG art. 12(3))."""
    last = terms.extend_by(situation.subject)
    told = situation.fields.get("told_on")
    if (told or clock.today()) <= last:
        return None
    return Reason(
        "Verlengen kan alleen als de inwoner het in de eerste maand hoorde (AVG 12 lid 3).",
        "It can be extended only when the resident was told within the first month (GDPR 12(3)).",
    )


def can_be_asked(situation: Situation) -> Reason | None:
    """Somebody who works here; of a household that we know only who owns one of its cases."""
    asked = situation.fields.get("asked")
    if asked is None:
        return None
    session, request = situation.work.session, situation.subject
    person = people.acting_person(session, asked)
    if person is None or not is_staff(person):
        return Reason("Deze persoon werkt hier niet.", "This person does not work here.")
    if request.household_id is None:
        return None
    if asked in {each.owner_id for each in cases.cases_of_household(session, request.household_id)}:
        return None
    return Reason(
        "Vraag het aan de eigenaar van een casus van dit huishouden.", "Ask the owner of a case of this household."
    )


def answer_in_time(situation: Situation) -> Reason | None:
    """An answer that comes after our own last day is of no use."""
    by = situation.fields.get("answer_by")
    last = terms.answer_by(situation.subject)
    if by is None or by <= max(last, clock.today()):
        return None
    return Reason("Kies een dag voordat de termijn afloopt.", "Choose a day before the term ends.")


def identity_is_sure(situation: Situation) -> Reason | None:
    """No data go out, and none are changed, before it is certain who asks."""
    if situation.fields.get("outcome") not in (GRANTED, PARTLY) or situation.subject.identity_sure_on is not None:
        return None
    return Reason("Leg eerst vast hoe u weet wie het vraagt.", "First record how you know who asks.")


def says_what_was_done(situation: Situation) -> Reason | None:
    """What was granted has been done."""
    if situation.fields.get("outcome") not in (GRANTED, PARTLY) or situation.fields.get("what_was_done"):
        return None
    return Reason("Schrijf op wat u hebt gedaan.", "Write down what you did.")


def receivers_or_why_not(situation: Situation) -> Reason | None:
    """Who got the data hears of their correction, erasure or restriction (AVG art. 19)."""
    request: DataRequest = situation.subject
    if request.kind not in TOLD_TO_RECEIVERS or situation.fields.get("outcome") not in (GRANTED, PARTLY):
        return None
    if situation.fields.get("receivers_told"):
        return None
    return Reason(
        "Schrijf op welke ontvangers u het vertelde, of waarom niet (AVG 19).",
        "Write down which receivers you told, or why not (GDPR 19).",
    )


class RefusalChecks:
    """What is refused, is refused on a ground of the law."""

    def __init__(self, table: RefusalGrounds) -> None:
        self.table = table

    def ground_fits(self, situation: Situation) -> Reason | None:
        """A ground that holds today for this kind of request where something is refused, and none where nothing is."""
        outcome, code = situation.fields.get("outcome"), situation.fields.get("refusal_ground")
        if outcome is None:
            return None
        if outcome == GRANTED:
            if code is None:
                return None
            return Reason("Wie alles krijgt, krijgt geen weigergrond.", "Who is granted all is refused on no ground.")
        ground = self.table.ground(code)
        if ground is None:
            return Reason("Kies op welke grond u weigert.", "Choose on which ground you refuse.")
        if ground.holds(situation.subject.kind, clock.today()):
            return None
        return Reason("Deze grond geldt niet voor dit soort verzoek.", "This ground is not for this kind of request.")
