"""A town full of rows with every relation between people and cases, written straight to the tables."""

from datetime import date, datetime, timedelta
from random import Random
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.conftest import Town
from wijkteam.access.model import BreakGlass, GuestAccess, NamedReader
from wijkteam.appointments.model import Appointment
from wijkteam.case_files.model import CaseFile
from wijkteam.cases.model import Household, HouseholdCase
from wijkteam.data_requests.model import DataRequest
from wijkteam.deadlines.model import Deadline
from wijkteam.documents.model import Document
from wijkteam.escalation.model import Backing, Behind, Escalation, StructuralEscalation
from wijkteam.events.model import Event, Notice
from wijkteam.legal_terms.model import LegalTerm
from wijkteam.letters.model import Letter
from wijkteam.mandate.model import Decision, Mandate, MandateRequest, Power
from wijkteam.measuring.model import Measurement
from wijkteam.network.model import Helper, Relation
from wijkteam.objections.model import Objection
from wijkteam.objections.queries import POWER
from wijkteam.people.model import Absence, Deputy, HeldFunction, Person, Team
from wijkteam.plans.model import Agreement, Approach, Goal, PlanConsent, PlanLine
from wijkteam.quotes.model import Quote
from wijkteam.residents.model import Resident, SamePerson
from wijkteam.retention.model import Correction
from wijkteam.search.model import PossibleDouble
from wijkteam.signals.model import ConductComplaint, ResidentSignal
from wijkteam.storage.columns import Moment
from wijkteam.storage.subject import SubjectColumns, new_id
from wijkteam.terms import clock
from wijkteam.tracks.model import Track
from wijkteam.zgw.model import Zaak, ZaakNews

FILLED: dict[type, Any] = {str: "x", int: 1, bool: False, bytes: b"x"}


class MadeUp:
    """Makes rows by chance, the same for the same seed."""

    def __init__(self, session: Session, seed: int) -> None:
        self.session = session
        self.chance = Random(seed)
        self.people = list(session.scalars(select(Person.id).order_by(Person.id)))
        self.teams = list(session.scalars(select(Team.id).order_by(Team.id)))[:3]
        self.power = session.scalars(select(Power.code).where(Power.code != POWER).order_by(Power.code)).first()

    def row(self, model: type[Any], **given: Any) -> Any:
        """A row in which whatever must be there and is not given, is something."""
        values: dict[str, Any] = {"id": new_id()} if issubclass(model, SubjectColumns) else {}
        for column in model.__table__.columns:
            if column.nullable or column.name in values or (column.primary_key and column.name == "id"):
                continue
            kind = datetime if isinstance(column.type, Moment) else column.type.python_type
            values[column.name] = {datetime: clock.now(), date: clock.today()}.get(kind, FILLED.get(kind))
        made = model(**{**values, **given})
        self.session.add(made)
        self.session.flush()
        return made

    def one(self, known: list[Any]) -> Any:
        return self.chance.choice(known)

    def maybe(self, known: list[Any]) -> Any:
        return self.one([None, *known])


def fill(town: Town, seed: int, cases: int = 12) -> None:
    """Cases with everything under them, whatever states and relations there can be; and people who are away."""
    work = town.clockwork()
    with work.transaction() as session:
        made = MadeUp(session, seed)
        _people(made)
        structurals = [_structural(made) for _ in range(3)]
        for _ in range(cases):
            _case(made, structurals)
        for _ in range(8):
            made.row(
                ResidentSignal,
                state=made.one(["received", "not_helped", "not_helped"]),
                rung=made.maybe([1, 2, 3, 4]),
                team_id=made.one(made.teams),
                handler_id=made.maybe(made.people),
                received_by=made.maybe(made.people),
            )
            handler = made.maybe(made.people)
            made.row(
                ConductComplaint,
                state="received",
                team_id=made.one(made.teams),
                handler_id=handler,
                about_id=made.maybe([each for each in made.people if each != handler]),
                received_by=made.maybe(made.people),
            )
            made.row(
                DataRequest,
                state="in_hand",
                received_by=made.one(made.people),
                handler_id=made.maybe(made.people),
                asked_id=made.maybe(made.people),
            )
        subjects = [(kind, each) for kind, model in SubjectColumns.kinds.items() for each in _ids(session, model)]
        for kind, subject in subjects:
            if made.chance.random() < 0.4:
                _under(made, kind, subject)


def _ids(session: Session, model: type[Any]) -> list[str]:
    return list(session.scalars(select(model.id).order_by(model.id)))


def _people(made: MadeUp) -> None:
    today = clock.today()
    held = list(made.session.scalars(select(HeldFunction).order_by(HeldFunction.id)))
    for each in made.chance.sample(held, 5):
        made.row(Absence, person_id=each.person_id, first_day=today, last_day=None)
        others = [person for person in made.people if person != each.person_id]
        made.row(Deputy, person_id=each.person_id, deputy_id=made.one(others), function=each.function, valid_from=today)
    for function in ("process_director", "payer", "objection_officer", "complaint_officer", "bestuurder", "manager"):
        person, team = made.one(made.people), made.maybe(made.teams)
        made.row(HeldFunction, person_id=person, function=function, team_id=team, valid_from=today)


def _structural(made: MadeUp) -> StructuralEscalation:
    found: StructuralEscalation = made.row(
        StructuralEscalation, state=made.one(["answered", "resolved"]), asked_by=made.one(made.people)
    )
    return found


def _case(made: MadeUp, structurals: list[StructuralEscalation]) -> None:
    people = made.people
    home, team = made.row(Household), made.one(made.teams)
    case = made.row(
        HouseholdCase,
        state=made.one(["open", "closed"]),
        household_id=home.id,
        team_id=team,
        owner_id=made.one(people),
        new_owner_id=made.maybe(people),
        next_step_by=made.one(people),
        protected_why=made.one([None, None, "Eigen huishouden"]),
    )
    here = {"case_id": case.id, "team_id": team}
    made.row(Track, state="open", **here, worker_id=made.one(people), ended_at=made.one([None, clock.now()]))
    made.row(LegalTerm, state="running", **here)
    lived = made.row(Resident, state="recorded", household_id=home.id, added_by=made.one(people))
    _family(made, case, lived)
    made.row(Correction, state="asked", case_id=case.id)
    for model in (Goal, PlanLine, Agreement, PlanConsent, Approach):
        made.row(model, state="open", **here)
    made.row(Measurement, state="stands", **here, measured_by=people[0])
    made.row(PossibleDouble, case_id=case.id, opened_by=people[0])
    made.row(Zaak, case_id=case.id, number=case.id)
    made.row(ZaakNews, case_id=case.id, url=f"https://zaken.example/statussen/{case.id}")
    made.row(NamedReader, case_id=case.id, person_id=made.one(people), named_by=made.one(people))
    for _ in range(3):
        _for_a_time(made, case.id)
    _escalation(made, case, here, structurals)
    _decided(made, case, here)


def _family(made: MadeUp, case: HouseholdCase, lived: Resident) -> None:
    by = {"added_by": made.one(made.people)}
    helper = made.row(Helper, state="helping", household_id=case.household_id, **by)
    made.row(
        Relation,
        state="current",
        household_id=case.household_id,
        resident_id=lived.id,
        to_resident_id=None,
        to_helper_id=helper.id,
        **by,
    )
    made.row(CaseFile, state="kept", case_id=case.id, **by)
    made.row(Quote, state="draft", case_id=case.id, person_id=made.one(made.people))
    made.row(Appointment, state="planned", case_id=case.id, goer_id=made.one(made.people))
    others = list(made.session.scalars(select(Resident.id).where(Resident.id != lived.id).order_by(Resident.id)))
    if others:
        made.row(SamePerson, resident_id=lived.id, other_id=made.one(others), noted_by=made.one(made.people))


def _for_a_time(made: MadeUp, case_id: str) -> None:
    until = clock.now() + timedelta(hours=made.one([-1, 1]))
    state = made.one(["in_force", "ended"])
    made.row(BreakGlass, state=state, case_id=case_id, person_id=made.one(made.people), until=until)
    today = clock.today()
    first, last = (today + timedelta(days=made.one(each)) for each in ([-1, 0, 1], [-1, 0, 1]))
    made.row(
        GuestAccess,
        state=made.one(["in_force", "ended"]),
        case_id=case_id,
        person_id=made.one(made.people),
        shared_by=made.one(made.people),
        first_day=first,
        last_day=last,
    )


def _escalation(
    made: MadeUp, case: HouseholdCase, here: dict[str, Any], structurals: list[StructuralEscalation]
) -> None:
    rung = made.one([1, 2, 3, 4])
    asked = made.row(
        Escalation,
        state=made.one(["asked", "asked_back", "answered", "resolved", "withdrawn"]),
        **here,
        asked_by=made.one(made.people),
        rung=rung,
        highest_rung=max(rung, made.one([1, 2, 3, 4])),
        respond_by=clock.now(),
    )
    if made.chance.random() < 0.4:
        made.row(Behind, structural_id=made.one(structurals).id, escalation_id=asked.id)
    given = {"given_by": made.one(made.people), "given_to": made.maybe(made.people), "state": "in_force"}
    for_what = made.one([{"case_id": case.id}, {"structural_id": made.one(structurals).id}])
    made.row(Backing, **given, **for_what)
    for kind, subject in (("escalation", asked.id), ("structural_escalation", made.one(structurals).id)):
        if made.chance.random() < 0.4:
            made.row(Notice, person_id=made.one(made.people), subject_kind=kind, subject_id=subject)


def _decided(made: MadeUp, case: HouseholdCase, here: dict[str, Any]) -> None:
    people = made.people
    requester = made.one(people)
    request = made.row(
        MandateRequest,
        state=made.one(["asked", "asked_back", "payment_ordered", "paid", "draft"]),
        case_id=made.one([case.id, case.id, None]),
        household_id=case.household_id,
        team_id=made.one([here["team_id"], None]),
        requester_id=requester,
        power=made.power,
        rung=made.one([1, 2, 3]),
        decided_by=made.maybe([each for each in people if each != requester]),
    )
    row = made.row(Mandate, power=made.power, function="team_lead", case_id=case.id, person_id=made.one(people))
    decision = made.row(
        Decision,
        power=made.power,
        case_id=made.one([case.id, case.id, None]),
        household_id=case.household_id,
        decided_by=made.one(people),
        mandate_id=row.id,
        request_id=request.id,
    )
    made.row(Letter, state="to_send", **here, decision_id=decision.id, written_by=made.one(people))
    kept = ",".join(str(each) for each in made.chance.sample(people, 3))
    made.row(
        Objection,
        state=made.one(["received", "in_hand", "heard", "decided"]),
        **here,
        household_id=case.household_id,
        decision_id=decision.id,
        registered_by=made.one(people),
        kept_from=kept,
        handler_id=made.maybe(people),
        outcome="founded",
        decided_by=made.one(people),
    )


def _under(made: MadeUp, kind: str, subject: str) -> None:
    about: dict[str, Any] = {"subject_kind": kind, "subject_id": subject}
    made.row(Event, **about, actor_id=None)
    made.row(Deadline, **about)
    made.row(Document, **about)
