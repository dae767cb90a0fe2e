"""On what a ground for reading rests: in which function, on whose behalf, by which escalation, request or share."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from wijkteam.access.model import BreakGlass, GuestAccess, NamedReader
from wijkteam.cases.model import HouseholdCase
from wijkteam.escalation import queries as escalations
from wijkteam.escalation.model import Escalation
from wijkteam.mandate import queries as mandate
from wijkteam.objections import queries as objections
from wijkteam.people.acting import ActingPerson, Holding
from wijkteam.tracks import queries as tracks

if TYPE_CHECKING:
    from wijkteam.access.grounds import Grounds


@dataclass(frozen=True)
class Basis:
    """In which function somebody reads, who is away whose function it is, and the subject that gives the ground."""

    function: str | None = None
    on_behalf_of: int | None = None
    kind: str | None = None
    subject_id: str | None = None


NOTHING = Basis()


def basis_of(session: Session, grounds: "Grounds", person: ActingPerson, case: HouseholdCase, ground: str) -> Basis:
    """On what this ground of this person rests; as far as it can be said, for the ground itself was decided before."""
    find = _FOUND_BY.get(ground)
    found = find(session, grounds, person, case) if find is not None else None
    return found if found is not None else _held(person, case.team_id)


def _held(person: ActingPerson, team_id: int | None, function: str | None = None, subject: Any = None) -> Basis:
    """The holding in this team (of this function, where one is named), one's own before somebody else's."""
    fits = [each for each in person.holdings if function is None or each.function == function]
    fits.sort(key=lambda each: (each.standing_in_for is not None, each.team_id != team_id))
    held = next((each for each in fits if each.team_id in (None, team_id)), fits[0] if fits else None)
    kind, number = (subject.workflow_name(), subject.id) if subject is not None else (None, None)
    if held is None:
        return Basis(function, None, kind, number)
    return Basis(held.function, held.standing_in_for, kind, number)


def _by_team(_session: Session, _grounds: "Grounds", person: ActingPerson, case: HouseholdCase) -> Basis | None:
    mine: list[Holding] = [each for each in person.holdings if each.team_id == case.team_id]
    mine.sort(key=lambda each: each.standing_in_for is not None)
    return Basis(mine[0].function, mine[0].standing_in_for) if mine else None


def _by_name(session: Session, _grounds: "Grounds", person: ActingPerson, case: HouseholdCase) -> Basis | None:
    """By name one reads in one's own function, never for somebody else."""
    own = [each for each in person.holdings if each.standing_in_for is None]
    own.sort(key=lambda each: each.team_id != case.team_id)
    function = own[0].function if own else None
    if person.person_id in (case.owner_id, case.new_owner_id, case.next_step_by):
        return Basis(function)
    track = next(
        (
            each
            for each in tracks.tracks_of_case(session, case.id)
            if each.worker_id == person.person_id and each.ended_at is None
        ),
        None,
    )
    return Basis(function, None, "track", track.id) if track is not None else Basis(function)


def _by_escalation(session: Session, grounds: "Grounds", person: ActingPerson, case: HouseholdCase) -> Basis | None:
    ladder = grounds.escalation_ladder
    for each in escalations.open_escalations_of_case(session, case.id):
        if escalations.may_answer(session, person, each, ladder):
            return _held(person, each.team_id, _rung_function(grounds, person, each), each)
    return None


def _rung_function(grounds: "Grounds", person: ActingPerson, escalation: Escalation) -> str | None:
    """The function on the highest rung reached that the person holds; None when they only stand in for a whole rung."""
    reached = range(escalation.highest_rung, 0, -1)
    functions = [grounds.escalation_ladder.rung(number).function for number in reached]
    return next((each for each in functions if person.holds(each, escalation.team_id)), None)


def _by_request(session: Session, grounds: "Grounds", person: ActingPerson, case: HouseholdCase) -> Basis | None:
    for each in mandate.requests_of_case(session, case.id):
        if grounds.may_answer_request(person, each):
            functions = ["payer"] if each.state == "payment_ordered" else []
            functions += [grounds.mandate_ladder.rung(number).function for number in range(each.rung, 0, -1)]
            held = next((function for function in functions if person.holds(function, each.team_id)), None)
            return _held(person, each.team_id, held, each)
    return None


def _by_objection(session: Session, _grounds: "Grounds", person: ActingPerson, case: HouseholdCase) -> Basis | None:
    open_ones = [
        each
        for each in objections.objections_of_case(session, case.id)
        if each.state not in objections.ENDED and not each.keeps_out(person.person_id)
    ]
    open_ones.sort(key=lambda each: each.handler_id != person.person_id)
    if not open_ones:
        return None
    handles = open_ones[0].handler_id == person.person_id
    return _held(person, open_ones[0].team_id, objections.OFFICER if handles else None, open_ones[0])


def _by_being_named(session: Session, _grounds: "Grounds", person: ActingPerson, case: HouseholdCase) -> Basis | None:
    named = select(NamedReader.id).where(NamedReader.case_id == case.id, NamedReader.person_id == person.person_id)
    found = session.scalar(named)
    held = _held(person, case.team_id)
    return Basis(held.function, None, "named_reader", str(found)) if found is not None else None


def _by_share(session: Session, _grounds: "Grounds", person: ActingPerson, case: HouseholdCase) -> Basis | None:
    shared = select(GuestAccess).where(GuestAccess.case_id == case.id, GuestAccess.person_id == person.person_id)
    found = session.scalars(shared.order_by(GuestAccess.ended_at.is_not(None), GuestAccess.opened_at.desc())).first()
    return _held(person, case.team_id, "guest", found) if found is not None else None


def _by_glass(session: Session, _grounds: "Grounds", person: ActingPerson, case: HouseholdCase) -> Basis | None:
    broken = select(BreakGlass).where(BreakGlass.case_id == case.id, BreakGlass.person_id == person.person_id)
    found = session.scalars(broken.order_by(BreakGlass.opened_at.desc())).first()
    return _held(person, case.team_id, None, found) if found is not None else None


_FOUND_BY = {
    "member": _by_name,
    "team": _by_team,
    "escalation": _by_escalation,
    "request": _by_request,
    "objection": _by_objection,
    "named": _by_being_named,
    "guest": _by_share,
    "break_glass": _by_glass,
}
