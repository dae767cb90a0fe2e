"""On which ground a person reads a case: decided here and nowhere else."""

from collections.abc import Collection
from enum import StrEnum

from sqlalchemy.orm import Session

from wijkteam.access import lasting
from wijkteam.access.reading_log import log_reading as log_reading
from wijkteam.access.reading_rules import READS_BY_TEAM, ReadingRules
from wijkteam.cases import queries as cases
from wijkteam.cases.model import HouseholdCase
from wijkteam.engine.ladder import Ladder
from wijkteam.escalation import queries as escalations
from wijkteam.escalation import structural_queries as structurals
from wijkteam.escalation.model import Backing, Escalation, StructuralEscalation
from wijkteam.events.queries import was_told
from wijkteam.mandate import queries as mandate
from wijkteam.mandate.model import MandateRequest
from wijkteam.objections import queries as objections
from wijkteam.objections.model import Objection
from wijkteam.people.acting import ActingPerson
from wijkteam.tracks import queries as tracks


class Ground(StrEnum):
    """Why someone may read a case."""

    MEMBER = "member"
    """Owns it, was asked to take it over, has the next step, or works on an open track of it."""
    TEAM = "team"
    """Works in the team of the case."""
    ESCALATION = "escalation"
    """Has to answer an open escalation of the case, or answered one that is still open."""
    REQUEST = "request"
    """Has to answer an open mandate request of the case, or to pay it."""
    OBJECTION = "objection"
    """Handles an open objection in the case, or may have to decide on it, and took no part in the decision."""
    NAMED = "named"
    """Is named as a reader of an extra-protected case."""
    GUEST = "guest"
    """Works for another organisation with which this case is shared, for a period and on a legal ground."""
    OFFICER = "officer"
    """Is the privacy officer, and handles a request of the resident about the file."""
    BREAK_GLASS = "break_glass"
    """Broke the glass: read without another ground, for a stated reason and a short time; reviewed afterwards."""


READ_ONLY = frozenset({Ground.GUEST, Ground.BREAK_GLASS})
"""Grounds that give reading, and no step of the case."""


class Grounds:
    """Grounds for reading, given the ladders on which questions climb and the municipality's own rules.

    The same is said in SQL in `wijkteam.wall`, and once more as policies of PostgreSQL: change them together.
    """

    def __init__(self, escalation_ladder: Ladder, mandate_ladder: Ladder, rules: ReadingRules | None = None) -> None:
        self.escalation_ladder = escalation_ladder
        self.mandate_ladder = mandate_ladder
        self.rules = rules or ReadingRules()

    def ground(self, session: Session, person: ActingPerson, case: HouseholdCase) -> Ground | None:
        """The first ground on which the person may read the case now; None when there is none.

        Of an extra-protected case only being named counts. A guest may read less than others: see `full_ground`.
        """
        if case.protected_why is not None:
            return Ground.NAMED if lasting.is_named(session, case.id, person.person_id) else None
        mine = working_ground(session, person, case, self.rules.reads_by_team)
        if mine is not None:
            return mine
        open_ones = escalations.open_escalations_of_case(session, case.id)
        if any(self._answers_escalation(session, person, each) - self.rules.answers_without_case for each in open_ones):
            return Ground.ESCALATION
        requests = mandate.requests_of_case(session, case.id)
        if any(self._answers_request(person, request) - self.rules.answers_without_case for request in requests):
            return Ground.REQUEST
        if any(self._works_on(session, person, each) for each in objections.objections_of_case(session, case.id)):
            return Ground.OBJECTION
        if lasting.broke_glass(session, case.id, person.person_id):
            return Ground.BREAK_GLASS
        return Ground.GUEST if lasting.is_guest(session, case.id, person.person_id) else None

    def is_own(self, person: ActingPerson, case: HouseholdCase) -> bool:
        """Whether the case itself says that the person works in it: then nothing needs to be asked."""
        return case.protected_why is None and own_ground(person, case, self.rules.reads_by_team) is not None

    def full_ground(self, session: Session, person: ActingPerson, case: HouseholdCase) -> Ground | None:
        """The ground on which the person reads all of the case and what hangs under it; a guest has none."""
        found = self.ground(session, person, case)
        return None if found is Ground.GUEST else found

    def _answers_escalation(self, session: Session, person: ActingPerson, escalation: Escalation) -> frozenset[str]:
        return escalations.answers_as(session, person, escalation, self.escalation_ladder)

    def may_read_escalation(self, session: Session, person: ActingPerson, escalation: Escalation) -> bool:
        """Whoever may read its case, and whoever has to answer it also where the household is kept from them.

        After its end also who was told of it, so that they can read what came of it.
        """
        case = cases.find_case(session, escalation.case_id)
        if case is not None and self.full_ground(session, person, case) is not None:
            return True
        if self._answers_escalation(session, person, escalation):
            return True
        return escalation.state in escalations.ENDED and was_told(
            session, person.person_id, "escalation", escalation.id
        )

    def may_read_structural(self, session: Session, person: ActingPerson, structural: StructuralEscalation) -> bool:
        """Who asked it, who stands on the ladder, and everyone behind it; it holds no household."""
        ladder = {rung.function for rung in self.escalation_ladder.rungs}
        if person.person_id == structural.asked_by or ladder & person.functions:
            return True
        if was_told(session, person.person_id, "structural_escalation", structural.id):
            return True
        behind = structurals.escalations_behind(session, structural.id)
        if person.person_id in {each.asked_by for each in behind}:
            return True
        found = cases.cases(session, {each.case_id for each in behind})
        return person.person_id in {case.owner_id for case in found.values()}

    def may_read_backing(self, session: Session, person: ActingPerson, backing: Backing) -> bool:
        """Who gave or got it, and whoever may read what it is for, or a case that stands behind that."""
        if person.person_id in (backing.given_by, backing.given_to):
            return True
        if backing.case_id is not None:
            case = cases.find_case(session, backing.case_id)
            return case is not None and self.full_ground(session, person, case) is not None
        structural = structurals.find_structural(session, backing.structural_id or "")
        if structural is None or self.may_read_structural(session, person, structural):
            return structural is not None
        behind = cases.cases(session, {each.case_id for each in structurals.escalations_behind(session, structural.id)})
        return any(self.ground(session, person, case) is not None for case in behind.values())

    def may_answer_request(self, person: ActingPerson, request: MandateRequest) -> bool:
        """Whether an open request waits for this person, or waited on an earlier rung."""
        return bool(self._answers_request(person, request))

    def _answers_request(self, person: ActingPerson, request: MandateRequest) -> frozenset[str]:
        """The functions in which this person can answer an open request, or pay it."""
        if request.state == "payment_ordered":
            asked = [mandate.PAYER]
        elif request.state in ("asked", "asked_back"):
            asked = [self.mandate_ladder.rung(number).function for number in range(1, request.rung + 1)]
        else:
            asked = []
        return frozenset(function for function in asked if person.holds(function, request.team_id))

    def may_read_request(self, session: Session, person: ActingPerson, request: MandateRequest) -> bool:
        """Whether a person may read a request: who asked, who may answer, or whoever may read its case."""
        if person.person_id in (request.requester_id, request.decided_by) or self.may_answer_request(person, request):
            return True
        case = cases.find_case(session, request.case_id) if request.case_id else None
        return case is not None and self.full_ground(session, person, case) is not None

    def _works_on(self, session: Session, person: ActingPerson, objection: Objection) -> bool:
        """Whether an open objection asks this person for more than what it says itself: who handles or decides."""
        if objection.state in objections.ENDED or objection.keeps_out(person.person_id):
            return False
        handles = objection.handler_id == person.person_id and person.holds(objections.OFFICER, objection.team_id)
        return handles or (objection.state == objections.READY and self.decides_on_objections(session, person))

    def decides_on_objections(self, session: Session, person: ActingPerson) -> bool:
        """Whether some mandate to decide on objections is held by a function of this person today."""
        places = mandate.standing_places(session, objections.POWER)
        return any(person.holds(function, team_id) for function, team_id in places)

    def may_read_objection(self, session: Session, person: ActingPerson, objection: Objection) -> bool:
        """Whether a person may read all of an objection: notes, hearing and advice too.

        Only who handles objections, and who decides on this one once it waits for that; never who took part in the
        decision (Awb 7:5, 10:3(3)).
        """
        if objection.keeps_out(person.person_id):
            return False
        if person.person_id in (objection.handler_id, objection.decided_by):
            return True
        if person.holds(objections.OFFICER, objection.team_id):
            return True
        return objection.state == objections.READY and self.decides_on_objections(session, person)

    def may_see_objection(self, session: Session, person: ActingPerson, objection: Objection) -> bool:
        """Whether a person may see that there is an objection, where it stands and how it ended: with its case."""
        case = cases.find_case(session, objection.case_id)
        return case is not None and self.full_ground(session, person, case) is not None


def working_ground(
    session: Session, person: ActingPerson, case: HouseholdCase, by_team: Collection[str] = READS_BY_TEAM
) -> Ground | None:
    """The ground on which a person works on a case: by name, or in its team; None when they do not.

    On an extra-protected case nobody works who is not named.
    """
    if case.protected_why is not None and not lasting.is_named(session, case.id, person.person_id):
        return None
    own = own_ground(person, case, by_team)
    if own is not Ground.MEMBER and tracks.works_in(session, case.id, person.person_id):
        return Ground.MEMBER
    return own


def own_ground(person: ActingPerson, case: HouseholdCase, by_team: Collection[str]) -> Ground | None:
    """The ground on which a person works on a case by what the case itself says, where it is not protected."""
    if person.person_id in (case.owner_id, case.new_owner_id, case.next_step_by):
        return Ground.MEMBER
    return Ground.TEAM if case.team_id in teams_by(person, by_team) else None


def teams_by(person: ActingPerson, functions: Collection[str]) -> frozenset[int]:
    """The teams in which a person holds one of these functions now."""
    mine = (each for each in person.holdings if each.function in functions)
    return frozenset(each.team_id for each in mine if each.team_id is not None)
