"""People, teams, functions, households, open cases and residents as the workbook that is brought in elsewhere.

Protected cases are left out of it, for they would come in unprotected; so are residents who moved out. All of them
stand in the tables.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from wijkteam.cases.model import Household, HouseholdCase
from wijkteam.cases.queries import CLOSED
from wijkteam.engine.definition import Workflow
from wijkteam.events.contents import contents_of
from wijkteam.events.payloads import CannotOpenPayload
from wijkteam.events.queries import events_of
from wijkteam.exporting.records import open_number
from wijkteam.importing.road import ASIDE, ON, lacking, road_to
from wijkteam.importing.template import workbook
from wijkteam.keys.ring import KeyRing
from wijkteam.people.model import HeldFunction, Person, Team, TeamArea
from wijkteam.residents.model import Resident
from wijkteam.terms import clock

RECORDED = "recorded"
NOT_KNOWN = "(niet bekend)"
SAID_IN_EVENTS = {"evaluating": "how_it_goes", "avoiding": "contact_tried"}
"""What stands in no column of a case, by the state that asks for it."""
Cells = dict[str, Any]


def importable(session: Session, flow: Workflow, ring: KeyRing | None) -> tuple[bytes, dict[str, int]]:
    """The workbook, and how many rows of each kind stand in it; with a ring the numbers (BSN) too."""
    cases = _open_cases(session)
    homes = {each.household_id for each in cases}
    rows: Mapping[str, list[Cells]] = {
        "people": list(_people(session)),
        "teams": list(_teams(session)),
        "functions": list(_functions(session)),
        "households": list(_households(session, homes)),
        "cases": [_case(session, flow, each) for each in cases],
        "residents": list(_residents(session, homes, ring)),
    }
    return workbook(rows), {kind: len(each) for kind, each in rows.items()}


def _day(value: Any) -> str | None:
    return f"{value:%d-%m-%Y}" if value is not None else None


def _people(session: Session) -> Iterator[Cells]:
    for each in session.scalars(select(Person).where(Person.active).order_by(Person.id)):
        servant = "ja" if each.civil_servant else "nee"
        yield {"name": each.name, "email": each.email, "civil_servant": servant, "employer": each.employer}


def _teams(session: Session) -> Iterator[Cells]:
    for each in session.scalars(select(Team).order_by(Team.id)):
        codes = select(TeamArea.wijk_code).where(TeamArea.team_id == each.id).order_by(TeamArea.wijk_code)
        yield {"name": each.name, "wijken": " ".join(session.scalars(codes))}


def _functions(session: Session) -> Iterator[Cells]:
    rows = select(HeldFunction, Person.email, Team.name).join(Person, Person.id == HeldFunction.person_id)
    lasting = HeldFunction.valid_until.is_(None) | (HeldFunction.valid_until >= clock.today())
    rows = rows.outerjoin(Team, Team.id == HeldFunction.team_id).where(Person.active, lasting)
    for held, email, team in session.execute(rows.order_by(HeldFunction.id)):
        yield {
            "email": email,
            "function": held.function,
            "team": team,
            "valid_from": _day(held.valid_from),
            "valid_until": _day(held.valid_until),
            "consented_on": _day(held.consented_on),
            "employer_consented_on": _day(held.employer_consented_on),
        }


def _open_cases(session: Session) -> list[HouseholdCase]:
    case = HouseholdCase
    rows = select(case).where(case.state != CLOSED, case.protected_why.is_(None))
    return list(session.scalars(rows.order_by(case.opened_at, case.id)))


def _households(session: Session, homes: set[int]) -> Iterator[Cells]:
    for each in session.scalars(select(Household).order_by(Household.id)):
        if each.id in homes:
            yield {
                "household": f"H-{each.id}",
                "who_or_where": each.who_or_where,
                "buurt": each.buurt_code,
                "same_as": "nieuw",
            }


def _case(session: Session, flow: Workflow, case: HouseholdCase) -> Cells:
    """A case in the state in which it can come in elsewhere: one that is handed over as it was before that."""
    state = case.state if case.state in ("signalled", *ON, *ASIDE) else case.previous_state or "signalled"
    before = case.previous_state if state in ASIDE else None
    owner = session.get_one(Person, case.owner_id)
    cells: Cells = {
        "household": f"H-{case.household_id}",
        "owner": owner.email,
        "team": session.get_one(Team, case.team_id).name,
        "what_is_going_on": case.what_is_going_on,
        "next_step": case.next_step,
        "next_step_on": _day(case.next_step_on),
        "state": state,
        "before": before,
        "safety": case.safety,
        "question": case.question,
        "strengths": case.strengths,
        "plan": case.plan,
        "explained": _explained(session, case, state),
        "outcome": case.outcome,
        "began_on": _day(clock.local(case.opened_at)),
        "reference": case.id,
    }
    for column in lacking(flow, road_to(state, before), cells):
        cells[column] = "not_achieved" if column == "outcome" else NOT_KNOWN
    return cells


def _explained(session: Session, case: HouseholdCase, state: str) -> str | None:
    if state == "waiting":
        return case.waiting_for
    if state == "aftercare":
        return case.outcome_reason
    asked = SAID_IN_EVENTS.get(state)
    for event in reversed(events_of(session, HouseholdCase.workflow, case.id)) if asked else ():
        try:
            said = contents_of(event).fields.get(asked or "")
        except CannotOpenPayload:
            continue
        if said:
            return str(said)
    return None


def _residents(session: Session, homes: set[int], ring: KeyRing | None) -> Iterator[Cells]:
    for each in session.scalars(select(Resident).where(Resident.state == RECORDED).order_by(Resident.opened_at)):
        if each.household_id in homes:
            bsn = open_number(ring, each.id, each.bsn_sealed)
            yield {
                "household": f"H-{each.household_id}",
                "name": each.name,
                "birth_date": _day(each.birth_date),
                "role": each.role,
                "lived_since": _day(each.lived_since),
                "part_of_time": each.part_of_time,
                "bsn": bsn,
                "bsn_ground": each.bsn_ground if bsn else None,
                "bsn_purpose": each.bsn_purpose if bsn else None,
            }
