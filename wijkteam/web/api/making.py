"""What programs add: cases, and what begins in one. Each is one use of the system, as on the pages."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from flask import Response, abort, url_for

from wijkteam.appointments.service import NewAppointment, plan_appointment
from wijkteam.assembly import House
from wijkteam.cases.service import open_case
from wijkteam.engine.definition import FieldType
from wijkteam.engine.fields import WrongFields
from wijkteam.escalation.service import NewEscalation, escalate
from wijkteam.legal_terms.service import NewLegalTerm, start_legal_term
from wijkteam.mandate.service import request_mandate
from wijkteam.mandate.vocabulary import RESERVED
from wijkteam.people import queries as people
from wijkteam.plans.service import (
    NewAgreement,
    NewApproach,
    NewGoal,
    NewLine,
    add_line,
    agree_on,
    set_goal,
    try_approach,
)
from wijkteam.signals.service import NewSignal, record_signal
from wijkteam.tracks.service import NewTrack, begin_track
from wijkteam.web.acting import house, reading, work
from wijkteam.web.api.bodies import Asked, Shaped, read_body
from wijkteam.web.api.doing import after, made_id, once
from wijkteam.web.api.kinds import BY_NAME, Kind
from wijkteam.web.api.problems import camel
from wijkteam.web.api.shapes import Schema, field_schema
from wijkteam.web.api.subjects import find
from wijkteam.web.cases import asked_mandate, new_case
from wijkteam.web.household import works_here

Given = Mapping[str, Any]
LINE, TEXT, DAY, YES_NO = FieldType.LINE, FieldType.TEXT, FieldType.FUTURE_DATE, FieldType.YES_NO


@dataclass(frozen=True)
class Making:
    """One way to add something: what it asks, and the service that does it."""

    kind: Kind
    make: Callable[[Any, Given, str], Any]
    """Takes the case (None where there is none), what was sent, and the id for what is made."""
    in_case: bool = True
    more: Asked = field(default_factory=dict)
    """What is asked besides what the definition asks at the opening."""
    must: frozenset[str] = frozenset()
    """Of those, what has to be there."""
    may: frozenset[str] = frozenset()
    """What the definition asks, and the service fills in where it is left out."""
    never: frozenset[str] = frozenset()
    """What the definition asks, and the service always fills in."""
    for_workers: bool = False
    """Whether only who works on the case finds it there, and not who reads it on another ground."""
    case_of: Callable[[str], Any] | None = None
    """How the case is found, where it is not found as all others are; 404 when it is not there for this person."""

    @property
    def path(self) -> str:
        """Where it is sent to."""
        return f"/cases/{{caseId}}/{self.kind.collection}" if self.in_case else f"/{self.kind.collection}"

    def fields(self, home: House) -> Asked:
        """Everything that it asks, by name."""
        workflow = home.engine.workflow(self.kind.name)
        asked = {ask.field: workflow.fields[ask.field].type for ask in workflow.opening.questions}
        return {**{name: kind for name, kind in asked.items() if name not in self.never}, **self.more}

    def schema(self, home: House) -> Schema:
        """The schema of what is sent."""
        workflow = home.engine.workflow(self.kind.name)
        lists = home.engine.process(self.kind.name).vocabulary.lists
        asked = [ask for ask in workflow.opening.questions if ask.field not in self.never]
        known = {camel(ask.field): field_schema(workflow.fields[ask.field], lists) for ask in asked}
        known |= {camel(name): own_schema(kind) for name, kind in self.more.items()}
        must = {ask.field for ask in asked if ask.required} - self.may | self.must
        return {
            "type": "object",
            "additionalProperties": False,
            "required": sorted(camel(name) for name in must),
            "properties": known,
        }


OWN: dict[FieldType, Schema] = {
    LINE: {"type": "string", "maxLength": 300},
    TEXT: {"type": "string", "maxLength": 20_000},
    DAY: {"type": "string", "format": "date"},
    YES_NO: {"type": "boolean"},
    FieldType.MONEY: {"type": "string", "pattern": r"^[0-9]{1,10}\.[0-9]{2}$"},
    FieldType.DATE: {"type": "string", "format": "date"},
    FieldType.PERSON: {"type": "integer", "minimum": 1, "maximum": 2**31 - 1},
}


def own_schema(kind: FieldType | Shaped) -> Schema:
    """The schema of a field that no definition describes."""
    return dict(kind.schema) if isinstance(kind, Shaped) else OWN[kind]


def _case(_case: None, given: Given, made: str) -> Any:
    if "best_person" not in work().actor.functions:
        abort(404)
    return open_case(work(), new_case(given), made)


def _escalation(case: Any, given: Given, made: str) -> Any:
    new = NewEscalation(
        case.id,
        case.team_id,
        given.get("question", ""),
        given.get("barrier", ""),
        given.get("kind", "question"),
        given.get("remedy"),
        given.get("safety_at_stake", False),
    )
    return escalate(work(), new, escalation_id=made)


def _request(case: Any, given: Given, made: str) -> Any:
    return request_mandate(work(), asked_mandate(case, given), made)


def _track(case: Any, given: Given, made: str) -> Any:
    asked = {name: given.get(name, "") for name in ("life_domain", "goal", "next_step", "next_step_on")}
    return begin_track(work(), NewTrack(case.id, case.team_id, **asked, worker=given.get("worker")), made)


def _goal(case: Any, given: Given, made: str) -> Any:
    return set_goal(work(), NewGoal(case.id, case.team_id, **given), made)


def _line(case: Any, given: Given, made: str) -> Any:
    asked = {name: given.get(name, "") for name in ("kind", "line", "said_by")}
    return add_line(work(), NewLine(case.id, case.team_id, **asked, life_domain=given.get("life_domain")), made)


def _approach(case: Any, given: Given, made: str) -> Any:
    return try_approach(work(), NewApproach(case.id, case.team_id, given.get("kind", ""), given.get("what")), made)


def _agreement(case: Any, given: Given, made: str) -> Any:
    asked = {name: given.get(name, "") for name in ("what", "who")}
    new = NewAgreement(case.id, case.team_id, **asked, by_day=given.get("by_day"), goal_id=given.get("goal_id"))
    return agree_on(work(), new, made)


def _term(case: Any, given: Given, made: str) -> Any:
    asked = given.get("matter", ""), given.get("started_on", "")
    more = given.get("started_time"), given.get("concerns")
    return start_legal_term(work(), NewLegalTerm(case.id, case.team_id, *asked, *more), made)


def _appointment(case: Any, given: Given, made: str) -> Any:
    asked = dict.fromkeys(("what_for", "on_day", "at_time"), "")
    return plan_appointment(work(), NewAppointment(case.id, **{**asked, **given}), made)


def _signal(_case: None, given: Given, made: str) -> Any:
    team = given.get("team")
    if team is not None and team not in {each.id for each in people.teams(reading())}:
        raise WrongFields.of("team", "Kies een team.", "Choose a team.")
    told = (given.get("kind", ""), given.get("words", ""), given.get("resident"), given.get("contact"))
    return record_signal(work(), NewSignal(*told, None, team), made)


MAKINGS = (
    Making(
        BY_NAME["household_case"], _case, False, {"who_or_where": LINE, "buurt_code": LINE}, frozenset({"who_or_where"})
    ),
    Making(BY_NAME["escalation"], _escalation, may=frozenset({"kind"})),
    Making(
        BY_NAME["mandate_request"],
        _request,
        more={
            "power": LINE,
            "amount": FieldType.MONEY,
            "reason": TEXT,
            "until": DAY,
            **dict.fromkeys(RESERVED, YES_NO),
        },
        must=frozenset({"power", "reason"}),
    ),
    Making(BY_NAME["track"], _track),
    Making(BY_NAME["goal"], _goal, more={"track_id": LINE}, may=frozenset({"words", "life_domain"})),
    Making(BY_NAME["plan_line"], _line),
    Making(BY_NAME["approach"], _approach),
    Making(BY_NAME["agreement"], _agreement, more={"goal_id": LINE}, never=frozenset({"kind"})),
    Making(BY_NAME["legal_term"], _term),
    Making(BY_NAME["appointment"], _appointment, more={"is_next_step": YES_NO}),
    Making(BY_NAME["resident_signal"], _signal, False, {"team": FieldType.PERSON}),
)


def _begins_in(making: Making, case_id: str) -> Any:
    if making.case_of is not None:
        return making.case_of(case_id)
    case = find(BY_NAME["household_case"], case_id, to_work=True)[0]
    if making.for_workers and not works_here(case):
        abort(404)
    return case


def make(making: Making, case_id: str | None = None) -> Response:
    """Add it, and answer with what was made (201)."""
    case = _begins_in(making, case_id) if case_id is not None else None
    given = read_body(making.fields(house()))
    made = made_id()
    replayed = once(given, lambda: making.make(case, given, made))
    told = after(making.kind, made, 201, replayed)
    where: dict[str, Any] = {making.kind.argument: made}
    told.headers["Location"] = url_for(f"api.{making.kind.name}", **where)
    return told
